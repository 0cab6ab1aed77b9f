"""Messages in the forms of the services: complete, within their limits, and harmless."""

import json

import pytest

from monitor.domain.alert import AlertKind, Phase
from monitor.domain.message import MessageReason
from monitor.notify.forms.alertmanager import AlertmanagerForm
from monitor.notify.forms.discord import DiscordForm
from monitor.notify.forms.ntfy import NtfyForm
from monitor.notify.forms.slack import SlackForm
from monitor.notify.forms.teams import TeamsForm
from monitor.notify.wording import Wording

NOW = 1_771_460_000
FORMS = {
    "slack": SlackForm(Wording()),
    "teams": TeamsForm(Wording()),
    "discord": DiscordForm(Wording()),
    "ntfy": NtfyForm(Wording(), "topic"),
    "alertmanager": AlertmanagerForm(Wording()),
}
FACTS = (
    "Clean energy 0: stalled",
    "on track → stalled",
    "2026-02-19",
    "no advance in 180d of watching, since 2025-08-23",
    "slipping (rules/jp-kr.yaml:12)",
    "strengthen cooperation in areas such as clean energy",
    "Officials meet",
    "https://news.example/a",
    "an update that advances it",
)


@pytest.fixture(scope="session")
def messages(support):
    return support("messages")


def body_of(form, message, now=NOW):
    return json.loads(FORMS[form].parcel(message, now).body)


def texts_in(value):
    """Every text in a body, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)


@pytest.mark.parametrize("form", FORMS)
def test_a_message_tells_all_that_a_reader_needs(messages, form):
    said = "\n".join(texts_in(body_of(form, messages.message())))
    assert [fact for fact in FACTS if fact not in said] == []


@pytest.mark.parametrize("form", FORMS)
def test_the_same_message_is_the_same_in_every_retry(messages, form):
    first, second = (FORMS[form].parcel(messages.message(), NOW) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("form", ["slack", "teams", "discord", "ntfy"])
def test_a_message_of_many_says_how_many_and_names_the_first(messages, form):
    said = "\n".join(texts_in(body_of(form, messages.many(158))))
    assert "158 alerts: 158 stalled" in said
    assert "Clean energy 0: stalled" in said
    assert "more" in said or "Clean energy 157" in said


def test_alertmanager_gets_every_alert_of_a_message(messages):
    alerts = body_of("alertmanager", messages.many(158))
    assert len({alert["labels"]["commitment"] for alert in alerts}) == 158


def test_a_correction_names_the_earlier_alert(messages):
    correction = messages.an_alert(kind=AlertKind.CORRECTION, phase=Phase.ONCE, opening="a_before")
    for form in FORMS:
        said = "\n".join(texts_in(body_of(form, messages.message(correction))))
        assert "a_before" in said.replace("\\", ""), form  # Discord is told to show it as it is


@pytest.mark.parametrize("reason", [r for r in MessageReason if r.value in ("reminder", "test")])
@pytest.mark.parametrize("form", ["slack", "teams", "discord", "ntfy"])
def test_what_is_said_again_or_for_a_test_says_so(messages, form, reason):
    said = "\n".join(texts_in(body_of(form, messages.message(reason=reason, identity="m_1"))))
    assert {"reminder": "Reminder: ", "test": "Test, nothing has happened: "}[reason.value] in said


# ---- Nothing in an update can do more than be read -----------------------------------------------------


def test_slack_mentions_nobody_and_links_nowhere_else(messages):
    body = body_of("slack", messages.message(messages.hostile("<!channel> <https://evil|x> a&b")))
    for block in body["blocks"]:
        if block["type"] == "section":
            text = block["text"]["text"].replace("<https://%3C!channel%3E", "")
            assert "<!" not in text
            assert "<https://evil" not in text
    assert "<!" not in body["text"]


def test_discord_mentions_nobody_and_shows_markdown_as_it_is(messages):
    body = body_of(
        "discord", messages.message(messages.hostile("@everyone **b** [x](https://evil)"))
    )
    assert body["allowed_mentions"] == {"parse": []}
    for field in body["embeds"][0]["fields"]:
        if field["name"] != "Evidence":
            assert "**b**" not in field["value"]
            assert "[x](" not in field["value"].replace("\\[x\\](", "")


def test_teams_has_only_text_runs(messages):
    body = body_of(
        "teams", messages.message(messages.hostile("**b** [x](https://evil) <at>all</at>"))
    )
    card = body["attachments"][0]["content"]
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}


@pytest.mark.parametrize("form", FORMS)
def test_a_link_that_is_no_web_address_is_left_out(messages, form):
    alert = messages.an_alert()
    update = {**alert.body["reasons"][0]["updates"][0], "url": "javascript:alert(1)"}
    reasons = [{**alert.body["reasons"][0], "updates": [update]}]
    said = json.dumps(
        body_of(form, messages.message(alert._replace(body={**alert.body, "reasons": reasons})))
    )
    assert "javascript" not in said


@pytest.mark.parametrize("form", FORMS)
def test_a_lone_surrogate_does_not_keep_a_message_from_being_sent(messages, form):
    assert FORMS[form].parcel(messages.message(messages.hostile("bad \ud800 letter")), NOW).body


# ---- What each service is told beside the words ---------------------------------------------------------


def test_the_worst_severity_leads_and_a_resolution_is_good(messages):
    worst = messages.message(
        messages.an_alert(severity="info"), messages.an_alert(1, severity="critical")
    )
    good = messages.message(messages.an_alert(phase=Phase.RESOLVED, severity="info"))
    assert body_of("ntfy", worst)["priority"] == 5
    assert body_of("ntfy", good)["tags"] == ["white_check_mark"]
    assert body_of("discord", worst)["embeds"][0]["color"] == 0xC0392B
    assert body_of("discord", good)["embeds"][0]["color"] == 0x27AE60


def test_ntfy_is_given_its_token_and_the_link_to_open(messages):
    parcel = NtfyForm(Wording(), "desk", "tk_secret").parcel(messages.message(), NOW)
    assert parcel.headers["authorization"] == "Bearer tk_secret"
    body = json.loads(parcel.body)
    assert (body["topic"], body["click"]) == ("desk", "https://news.example/a")


def test_at_alertmanager_a_resolution_has_the_labels_of_its_opening(messages):
    opening = messages.an_alert(severity="critical", labels=(("desk", "asia"),))
    ending = messages.an_alert(phase=Phase.RESOLVED, severity="info", labels=(), opening=opening.id)
    (opened,) = body_of("alertmanager", messages.message(opening))
    (resolved,) = body_of("alertmanager", messages.message(ending))
    assert opened["labels"] == resolved["labels"]
    assert opened["labels"]["alertname"] == "CommitmentStalled"
    assert opened["startsAt"] == "2026-02-18T22:50:00Z"
    assert opened["endsAt"] > "2036-01-01"
    assert resolved["endsAt"] == "2026-02-18T22:50:00Z"
    assert "startsAt" not in resolved


def test_at_alertmanager_events_are_told_apart_and_end_by_themselves(messages):
    first, second = (
        body_of(
            "alertmanager",
            messages.message(messages.an_alert(n, kind=AlertKind.ADVANCED, phase=Phase.ONCE)),
        )[0]
        for n in (1, 2)
    )
    assert first["labels"]["alert"] != second["labels"]["alert"]
    assert first["endsAt"] == "2026-02-20T00:13:20Z"
