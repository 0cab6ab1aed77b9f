"""Law 7 for who reads no English: whatever is said of a random history is said in his language.

No list of sentences or of functions: every alert that comes of random rulebooks, reports and edits
is told in each language, and nothing that is left in Latin letters may be ours.
"""

import re

from drawing import effort
from drawn_rulebooks import rulebooks
from hypothesis import given
from stepping import RUN, house
from strategies import cases

from monitor.domain.edition import Difference
from monitor.domain.message import Message
from monitor.notify.telling import lines
from monitor.notify.texts import LANGUAGES, texts
from monitor.notify.wording import Wording

FOREIGN = [language for language in LANGUAGES if language != "en"]
WRITTEN = re.compile(
    r"\d{4}-\d\d-\d\d(T[\d:]+(Z|[+-][\d:]+)?)?"  # dates
    r"|\b\d[\d.]*(d|h|min|m|s|w)\b"  # durations
    r"|\ba_[0-9a-f]{24}\b|\b[0-9a-f]{7}\b"  # ids and versions
    r"|https?://\S+"
)
LATIN = re.compile(r"[A-Za-z]{2,}(?:[ '-]+[A-Za-z]+)*")


def authors_words(rulebook, batches):
    """Everything in a rulebook and in reports that somebody wrote, the longest first."""
    found = set()
    for agreement in rulebook.agreements:
        found |= {agreement.id, agreement.title}
        for commitment in agreement.commitments:
            found |= {commitment.key, commitment.id, commitment.title, commitment.quote}
            found |= {milestone.id for milestone in commitment.milestones}
            found |= set(commitment.parties)
            for dated in (commitment, *commitment.milestones):
                found |= {move.by for move in dated.moved}
            if commitment.superseded is not None:
                found |= {str(getattr(commitment.superseded, "reason", "") or "")}
            for rule in commitment.rules:
                found |= {rule.id, str(rule.where), rule.then.reason or ""}
                found |= set(re.split(r"\{\w+\}", rule.message or ""))
    for batch in batches:
        for update in batch.updates:
            found |= {update.title, update.source, *update.parties}
    return sorted((text for text in found if text.strip(" :,")), key=len, reverse=True)


def left(text, known):
    """What is written in Latin letters and is nobody's but ours."""
    text = WRITTEN.sub(" ", text)
    for one in known:
        text = text.replace(one, " ")
    return LATIN.findall(text)


def keys_of_rules(alerts):
    """Names and values of a rulebook's keys, which stay as they are written there."""
    return {
        part
        for alert in alerts
        for row in (alert.body.get("rules") or {}).get("differences", ())
        if (difference := Difference(**row)).where is None
        for part in (difference.name, difference.before, difference.after)
        if part and not part.startswith(("the order", "the assessment"))
    }


def assert_told(there, authors):
    """Everything that is in a database can be told in every language."""
    alerts = there.alerts()
    known = sorted({*authors, *keys_of_rules(alerts)}, key=len, reverse=True)
    with there.store.read() as reader:
        reasons = {reason.text for row in reader.transitions() for reason in row.transition.reasons}
    for language in FOREIGN:
        words = texts(language)
        for text in reasons:
            assert left(words.reason(text), known) == [], (language, text)
        for message in (*([alert] for alert in alerts), *([alerts] if alerts else ())):
            said, _ = Wording(language).letter(Message("m_1", "desk", tuple(message)))
            for line in (said.title, *lines(said)):
                assert left(line, known) == [], (language, line)


@effort(20, 200)
@given(cases())
def test_nothing_that_is_said_of_a_history_is_left_in_english(case):
    rulebook, batches = case
    with house(rulebook) as there:
        for batch in batches:
            there.feed(batch, RUN)
        assert_told(there, authors_words(rulebook, batches))


@effort(10, 100)
@given(cases(), rulebooks())
def test_nothing_that_is_said_of_an_edit_is_left_in_english(case, edited):
    rulebook, batches = case
    with house(rulebook) as there:
        there.feed(batches[0], RUN)
        there.rules(edited)
        there.feed(batches[-1], RUN)
        assert_told(there, authors_words(rulebook, batches) + authors_words(edited, ()))


def test_the_guard_sees_a_sentence_that_is_in_no_catalogue():
    assert left("약속 1: it has moved, 2026-01-01", ["약속 1"]) == ["it has moved"]
    assert left("약속 1: 정체, 2026-01-01 180d", ["약속 1"]) == []
