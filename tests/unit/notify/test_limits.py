"""Whatever there is to tell, a message is within what its receiver takes, and hides nothing."""

import json
from email import policy

import pytest

from monitor.domain.alert import AlertKind, Phase
from monitor.notify import mail, webhook
from monitor.notify.apprise import BODY, TITLE, _texts
from monitor.notify.forms import alertmanager
from monitor.notify.forms.alertmanager import AlertmanagerForm
from monitor.notify.forms.discord import DiscordForm
from monitor.notify.forms.ntfy import NtfyForm
from monitor.notify.forms.slack import SlackForm
from monitor.notify.forms.teams import TeamsForm
from monitor.notify.mail import Mailbox, compose
from monitor.notify.telling import letter
from monitor.notify.texts import LANGUAGES
from monitor.notify.webhook import WebhookForm
from monitor.notify.wording import Own, Wording

NOW = 1_771_460_000
BOX = Mailbox("127.0.0.1", "Monitor <monitor@example.org>", ["desk@example.org"])
WIDE = 'long 수소 🚢 \\"word & <b>' * 2000
CONTROL = "\x01\x02" * 20_000
LINES = "one\n" * 20_000


class Same:
    """A template that says one thing of every message."""

    def __init__(self, body):
        self.body = body

    def render(self, message, said):
        return Own(None, self.body)


def slack(message, wording):
    body = json.loads(SlackForm(wording).parcel(message, NOW).body)
    assert 1 <= len(body["blocks"]) <= 50
    assert len(body["text"]) < 4000
    for block in body["blocks"]:
        if block["type"] == "header":
            assert 1 <= len(block["text"]["text"]) <= 150
        if block["type"] == "section":
            assert 1 <= len(block["text"]["text"]) <= 3000
    return [e["text"] for b in body["blocks"] if b["type"] == "context" for e in b["elements"]]


def teams(message, wording):
    body = TeamsForm(wording).parcel(message, NOW).body
    assert len(body) <= 21_000
    card = json.loads(body)["attachments"][0]["content"]["body"]
    return [run["text"] for run in card[-1].get("inlines", ())]


def discord(message, wording):
    (embed,) = json.loads(DiscordForm(wording).parcel(message, NOW).body)["embeds"]
    assert 1 <= len(embed["title"]) <= 256
    assert len(embed.get("description", "")) <= 4096
    assert len(embed.get("fields", [])) <= 25
    for field in embed.get("fields", []):
        assert 1 <= len(field["name"]) <= 256
        assert 1 <= len(field["value"]) <= 1024
    assert len(embed["footer"]["text"]) <= 2048
    texts = [embed["title"], embed.get("description", ""), embed["footer"]["text"]]
    texts += [text for field in embed.get("fields", []) for text in (field["name"], field["value"])]
    assert sum(len(text.encode("utf-16-le")) // 2 for text in texts) <= 6000
    return [embed["footer"]["text"]]


def ntfy(message, wording):
    body = json.loads(NtfyForm(wording, "topic").parcel(message, NOW).body)
    assert len(body["message"].encode()) <= 4096
    assert len(body["title"].encode()) <= 250
    return [body["message"]]


def apprise(message, wording):
    title, body = _texts(*wording.letter(message))
    assert len(title) <= TITLE
    assert len(body) <= BODY
    return [body]


def mails(message, wording):
    mail = compose(message, wording, BOX, NOW)
    assert len(mail.as_bytes(policy=policy.SMTP)) <= 4_000_000
    return [part.get_content() for part in mail.walk() if not part.is_multipart()]


FORMS = {
    "slack": slack, "teams": teams, "discord": discord, "ntfy": ntfy, "apprise": apprise,
    "email": mails,
}  # fmt: skip


@pytest.fixture(scope="session")
def messages(support):
    return support("messages")


def crowd(messages, count, text=None):
    """A message of many alerts, each with a text in every place that has one."""
    if text is None:
        return messages.many(count)
    alerts = [messages.hostile(text)._replace(id=f"a_{n:024}") for n in range(count)]
    return messages.message(*alerts, identity="m_1")


def summary(messages):
    """Of a large agreement, which is one alert with a line for each commitment."""
    rows = [
        {
            "id": f"c{n}",
            "title": f"{n} {'w' * (n % 90)}",
            "status": "stalled",
            "since": "2026-01-01",
        }
        for n in range(5000)
    ]
    body = {"title": "G", "commitments": rows}
    alert = messages.an_alert(kind=AlertKind.SUMMARY, phase=Phase.ONCE, commitment=None, body=body)
    return messages.message(alert)


def reports(messages):
    """One alert that rests on two thousand reports."""
    alert = messages.an_alert()
    (reason,) = alert.body["reasons"]
    (report,) = reason["updates"]
    updates = [{**report, "id": f"u{n}", "title": f"Report {n}"} for n in range(2000)]
    body = {**alert.body, "reasons": [{**reason, "updates": updates}]}
    return messages.message(alert._replace(body=body))


LARGE = {
    "a digest of 5,000": lambda m: crowd(m, 5000),
    "a digest of 300 that say too much": lambda m: crowd(m, 300, WIDE),
    "one that says too much": lambda m: m.message(m.hostile(WIDE)),
    "one of control characters": lambda m: m.message(m.hostile(CONTROL)),
    "one of many lines": lambda m: m.message(m.hostile(LINES)),
    "a large summary": summary,
    "two thousand reports": reports,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", LARGE)
@pytest.mark.parametrize("form", FORMS)
def test_what_is_too_large_is_shortened_and_says_so_and_how_to_see_it(
    messages, form, what, language
):
    message = LARGE[what](messages)
    said = FORMS[form](message, Wording(language))
    see = f"list --message {message.id}" if len(message.alerts) > 1 else f"show {message.id}"
    whole = form == "email" and len(message.alerts) == 1
    # of many, the table of a mail has room for more than its plain text
    assert any(f"monitor alerts {see}" in text for text in said) is not whole


@pytest.mark.parametrize("form", FORMS)
def test_what_fits_says_nothing_of_the_kind(messages, form):
    for message in (messages.message(), messages.many(3)):
        for text in FORMS[form](message, Wording()):
            assert "monitor alerts" not in text


@pytest.mark.parametrize("body", [WIDE, CONTROL, LINES * 20], ids=["wide", "control", "lines"])
@pytest.mark.parametrize("form", FORMS)
def test_the_words_of_a_template_are_shortened_in_the_same_way(messages, form, body):
    if form == "email":
        body *= 100
    said = FORMS[form](messages.message(), Wording(template=Same(body)))
    assert f"monitor alerts show {messages.message().id}" in said[-1]


@pytest.mark.parametrize("form", ["slack", "teams", "discord", "ntfy", "apprise", "email"])
def test_a_digest_tells_as_many_as_fit_and_counts_the_others(messages, form):
    texts = {
        "slack": lambda m: SlackForm(Wording()).parcel(m, NOW).body.decode(),
        "teams": lambda m: TeamsForm(Wording()).parcel(m, NOW).body.decode(),
        "discord": lambda m: DiscordForm(Wording()).parcel(m, NOW).body.decode(),
        "ntfy": lambda m: NtfyForm(Wording(), "t").parcel(m, NOW).body.decode(),
        "apprise": lambda m: _texts(*Wording().letter(m))[1],
        "email": lambda m: compose(m, Wording(), BOX, NOW).get_body(("plain",)).get_content(),
    }
    said = texts[form](messages.many(20_000))
    told = sum(f"Clean energy {n}: stalled" in said for n in range(20_000))
    assert told >= 20
    assert f"… and {20_000 - told} more" in said


def test_of_an_endless_alert_both_parts_of_a_mail_are_shortened(messages):
    for text in mails(messages.message(messages.hostile(WIDE * 10)), Wording()):
        assert f"monitor alerts show {messages.hostile('').id}" in text


def test_a_mail_has_a_line_for_each_of_5_000_alerts(messages):
    mail = compose(messages.many(5000), Wording(), BOX, NOW)
    for kind in ("plain", "html"):
        text = mail.get_body((kind,)).get_content()
        assert [n for n in range(5000) if f"Clean energy {n}: stalled" not in text] == []


def test_alertmanager_is_told_of_every_alert_however_many_and_each_says_that_it_is_shorter(
    messages,
):
    for message, small in ((crowd(messages, 5000), False), (crowd(messages, 300, WIDE), True)):
        parcel = AlertmanagerForm(Wording()).parcel(message, NOW)
        bodies = json.loads(parcel.body)
        assert [body["annotations"]["id"] for body in bodies] == [a.id for a in message.alerts]
        assert (len(parcel.body) <= alertmanager.LARGEST) is small
        for body in bodies:
            notes = body["annotations"]["description"]
            assert f"monitor alerts show {body['annotations']['id']}" in notes


# ---- The generic webhook --------------------------------------------------------------------------------


def sent(message, limit=webhook.LARGEST):
    body = WebhookForm("receiver 'desk'", (), limit=limit).parcel(message, NOW).body
    assert len(body) <= limit
    return json.loads(body)["data"]


def test_a_webhook_is_sent_everything_that_fits(messages):
    for message in (messages.message(), messages.many(100)):
        assert "shortened" not in sent(message)


def test_details_are_the_first_to_go_and_those_of_the_last_alerts(messages):
    message = messages.many(300)
    data = sent(message)
    gone = data["shortened"]
    assert len(data["alerts"]) == 300
    assert gone == {
        "details": gone["details"],
        "messages": 0,
        "alerts": 0,
        "see": "monitor alerts list --message m_many",
    }
    full, brief = (
        [("reasons" in alert["details"]) for alert in part]
        for part in (
            data["alerts"][: 300 - gone["details"]],
            data["alerts"][300 - gone["details"] :],
        )
    )
    assert all(full)
    assert full
    assert not any(brief)
    assert brief
    assert data["alerts"][-1]["details"]["after"] == {"level": "limited", "status": "stalled"}


def test_of_a_digest_that_is_still_too_large_the_last_alerts_are_counted(messages):
    data = sent(messages.many(5000))
    gone = data["shortened"]
    assert len(data["alerts"]) + gone["alerts"] == 5000
    assert len(data["alerts"]) > 300
    assert [alert["id"] for alert in data["alerts"]] == [
        alert.id for alert in messages.many(5000).alerts[: len(data["alerts"])]
    ]


def test_one_alert_keeps_what_it_is_about_whatever_it_says(messages):
    data = sent(messages.message(messages.hostile(CONTROL)), limit=16_384)
    alert = messages.hostile("")
    assert data["shortened"] == {
        "details": 1,
        "messages": 1,
        "alerts": 0,
        "see": f"monitor alerts show {alert.id}",
    }
    assert (data["commitment"], data["kind"]) == (alert.commitment, "stalled")
    assert data["message"].endswith("…")
    assert data["details"]["before"] == {"level": "limited", "status": "on_track"}


def test_the_body_is_the_same_in_every_retry_also_where_it_is_shortened(messages):
    form = WebhookForm("receiver 'desk'", ())
    assert (
        form.parcel(messages.many(3000), NOW).body
        == form.parcel(messages.many(3000), NOW + 900).body
    )


def test_a_command_that_shows_the_rest_is_named_in_every_language(messages):
    for language in LANGUAGES:
        assert letter(messages.many(2), language).see == "monitor alerts list --message m_many"


def test_a_mail_is_small_enough_for_a_server_that_nobody_has_configured():
    assert 2 * mail.PART * 4 / 3 < 10_240_000
