"""The catalogues are complete, and say in three languages what the engine says in one."""

import string

import pytest

from monitor.domain.alert import AlertKind, Phase
from monitor.domain.assessment import Level, Schedule, Status
from monitor.notify.telling import letter
from monitor.notify.texts import LANGUAGES, catalogue, texts
from monitor.services import wording


@pytest.fixture(scope="session")
def messages(support):
    return support("messages")


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_catalogue_has_every_key_and_placeholder(language):
    english, other = catalogue("en"), catalogue(language)
    assert list(other) == list(english)
    for key, text in english.items():
        assert placeholders(other[key]) == placeholders(text), key
        assert other[key].strip()


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_no_sentence_was_left_in_english(language):
    same = [k for k, text in catalogue(language).items() if text == catalogue("en")[k]]
    assert same == []


def test_the_english_headlines_are_those_of_the_alerts():
    for (kind, phase), sentence in wording._SENTENCES.items():
        assert catalogue("en")[f"{kind.value}.{phase.value}"] == sentence


def test_every_word_of_the_domain_is_in_the_catalogue():
    words = catalogue("en")
    for group, values in (
        ("status", [s.value for s in Status]),
        ("level", [level.word for level in Level]),
        ("schedule", [s.value for s in Schedule]),
        ("kind", [k.value for k in AlertKind]),
    ):
        missing = [v for v in values if f"{group}.{v}" not in words]
        assert missing == [], group


@pytest.mark.parametrize(
    ("said", "korean"),
    [
        (
            "no first advance in 180d of watching, since 2025-08-23",
            "2025-08-23부터 관찰한 180d 동안 첫 진전 없음",
        ),
        ("no longer at risk: it was put off", "해소됨: 이행 위험: it was put off"),
        ("advanced to limited", "진전, 이행 수준 제한적"),
        ("advanced to substantial: money is voted", "진전, 이행 수준 상당함: money is voted"),
        ("overdue (deadline 2026-05-31)", "기한 초과 (기한 2026-05-31)"),
        ("whatever an author wrote", "whatever an author wrote"),
    ],
)
def test_the_engines_sentences_are_said_in_another_language_and_an_authors_stay(said, korean):
    assert texts("ko").reason(said) == korean
    assert texts("en").reason(said) == said


def test_a_headline_is_translated_unless_the_rule_has_its_own_words(messages):
    assert letter(messages.message(), "ko").title == "Clean energy 0: 진전 없이 정체, 2026-02-19"
    late = messages.message(messages.an_alert(found_late=True))
    assert letter(late, "ja").title == "Clean energy 0:進展なく停滞, 2026-02-19 [後から判明]"
    own = messages.message(messages.an_alert(message="Nobody builds the plant, 2026-02-19"))
    assert letter(own, "ko").title == "Nobody builds the plant, 2026-02-19"


def test_summaries_corrections_and_new_judgements_are_translated(messages):
    rows = [{"title": "A", "status": "stalled", "since": "2026-01-01"}] * 2
    summary = messages.an_alert(
        kind=AlertKind.SUMMARY,
        phase=Phase.ONCE,
        message="G: 2 commitments watched: 2 stalled",
        body={"title": "G", "commitments": rows},
    )
    assert letter(messages.message(summary), "ko").title == "G: 약속 2건 관찰 중: 2 정체"
    body = {"title": "A", "status": "on_track", "since": "2026-01-01"}
    gone = messages.an_alert(
        kind=AlertKind.CORRECTION,
        phase=Phase.ONCE,
        message="Correction: “old” does not hold; it is on track since 2026-01-01",
        body={**body, "said": {"id": "a", "message": "old"}, "holds": None},
    )
    assert (
        letter(messages.message(gone), "ja").title
        == "訂正:「old」は成り立たない。2026-01-01から順調"
    )
    anew = messages.an_alert(
        kind=AlertKind.RULES_CHANGED,
        phase=Phase.ONCE,
        message="A: on track since 2026-01-01, because the rules changed",
        body=body,
    )
    assert (
        letter(messages.message(anew), "ko").title == "A: 규칙 변경에 따라 2026-01-01부터 순조로움"
    )
