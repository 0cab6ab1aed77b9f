"""The catalogues are complete, and say in three languages what the engine says in one."""

import ast
import re
import string
from pathlib import Path

import pytest

import monitor
from monitor.domain.alert import AlertKind, Phase
from monitor.domain.assessment import Level, Schedule, Status
from monitor.notify.telling import letter
from monitor.notify.texts import LANGUAGES, catalogue, texts
from monitor.services.alerts import wording


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
    assert [
        key for key in same if re.search(r"[a-z]", re.sub(r"\{\w+\}", "", texts("en")[key]))
    ] == []


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
    said = f"{messages.an_alert().message} [found late]"
    late = messages.message(messages.an_alert(found_late=True, message=said))
    assert letter(late, "ja").title == "Clean energy 0:進展なく停滞, 2026-02-19 [後から判明]"
    own = messages.message(messages.an_alert(message="Nobody builds the plant, 2026-02-19"))
    assert letter(own, "ko").title == "Nobody builds the plant, 2026-02-19"


CHANGED = {"name": "x", "how": "changed", "where": "a.yaml:1", "before": "aa", "after": "bb"}
RULES = {"before": "1", "after": "2", "differences": [CHANGED]}


def test_summaries_corrections_and_new_judgements_are_translated(messages):
    rows = [{"title": "A", "status": "stalled", "since": "2026-01-01"}] * 2
    summary = messages.an_alert(
        kind=AlertKind.SUMMARY,
        phase=Phase.ONCE,
        message="G: 2 commitments watched: 2 stalled",
        body={"title": "G", "commitments": rows},
    )
    assert letter(messages.message(summary), "ko").title == "G: 약속 2건 관찰 중: 2 정체"
    lone = summary._replace(
        message="G: 1 commitment watched: 1 stalled",
        body={"title": "G", "commitments": rows[:1]},
    )
    assert letter(messages.message(lone), "ko").title == "G: 약속 1건 관찰 중: 1 정체"
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
        message="A: on track since 2026-01-01 instead of stalled, because the rules changed: rule 'x' changed (a.yaml:1) (version 1 → 2)",
        body={**body, "before": {"status": "stalled"}, "rules": RULES},
    )
    assert letter(messages.message(anew), "ko").title == (
        "A: 정체 대신 2026-01-01부터 순조로움, 규칙이 바뀌었기 때문: 규칙 'x' 변경됨 (a.yaml:1)"
        " (판 1 → 2)"
    )


ENDED = "no longer at risk: it was put off, after it came and went 3 times"
MOVED = "overdue (deadline 2026-05-31, moved to 2026-09-01 by Ministry of Ports, 2 slips, opening 2026-04-01, 3 missed)"


def test_what_came_and_went_and_dates_that_were_moved_are_translated():
    assert texts("ko").reason(ENDED) == "해소됨: 이행 위험: it was put off, 3번 나타났다 사라진 뒤"
    said = texts("ja").reason(MOVED)
    assert said == (
        "期限超過(期限 deadline 2026-05-31、2026-09-01に変更、変更者 Ministry of Ports、延期2回,"
        " opening 2026-04-01、未履行3回)"
    ).replace("期限 deadline", "期限")


@pytest.mark.parametrize(
    ("said", "korean"),
    [
        ("met late (first 2025-01-08, second 2025-01-13)", "기한 후 이행 (first 2025-01-08, second 2025-01-13)"),
        ("due soon (first 2025-01-08, deadline 2025-01-13)", "기한 임박 (first 2025-01-08, 기한 2025-01-13)"),
        ("no deadline", "기한 없음"),
    ],
)  # fmt: skip
def test_a_schedule_is_translated_also_where_only_milestones_have_dates_or_nothing_has(
    said, korean
):
    assert texts("ko").reason(said) == korean


SAID = {"id": "a", "message": "A: stalled, 2026-01-01"}
CAUSE = {"how": "retraction", "title": "It was not so", "source": "Wire"}


@pytest.mark.parametrize(
    ("message", "body", "korean"),
    [
        (
            "Correction: “A: stalled, 2026-01-01” stands after all; a retraction says so: “It was not so” (Wire)",
            {"said": SAID, "holds": {"at": 1, "message": SAID["message"]}, "changed_by": [CAUSE]},
            "정정: “A: 진전 없이 정체, 2026-01-01” 알림은 결국 사실임. 철회 보도에 따름: “It was not so” (출처: Wire)",
        ),
        (
            "Correction: A was not at risk since 2026-01-01, as was said, but stalled since 2025-12-01; a late report says so: “It was not so” and 1 more",
            {
                "said": SAID,
                "holds": {"status": "stalled", "since": "2025-12-01"},
                "changed_by": [{**CAUSE, "how": "late", "source": ""}, CAUSE],
            },
            "정정: A, 앞서 알린 “2026-01-01부터 이행 위험”이 아니라 “2025-12-01부터 정체”이었음. 늦게 들어온 보도에 따름: “It was not so” 외 1건",
        ),
    ],
)
def test_corrections_are_translated_with_who_says_so(messages, message, body, korean):
    alert = messages.an_alert(
        kind=AlertKind.CORRECTION,
        phase=Phase.ONCE,
        message=message,
        body={"title": "A", "status": "stalled", "since": "2025-12-01", **body},
    )
    assert letter(messages.message(alert), "ko").title == korean
    assert letter(messages.message(alert), "en").title == message


TERMS = [
    {"name": "quiet", "how": "changed", "where": None, "before": "30d", "after": "60d"},
    {
        "name": "the order of the rules",
        "how": "changed",
        "where": None,
        "before": None,
        "after": None,
    },
    {"name": "about", "how": "changed", "where": None, "before": "#12", "after": "#34"},
    {"name": "tier", "how": "changed", "where": None, "before": "2", "after": "3"},
]


@pytest.mark.parametrize(
    ("message", "body", "japanese"),
    [
        (
            "A: stalled since 2026-01-01, still, but level none → limited, last known at risk → stalled, because the rules changed: quiet 30d → 60d, the order of the rules changed, about changed and 1 more (version 1 → 2)",
            {"rules": {"before": "1", "after": "2", "differences": TERMS}, "before": {"status": "stalled", "level": "none", "last_known": "at_risk"}, "status": "stalled", "since": "2026-01-01", "level": "limited", "last_known": "stalled"},
            "A:引き続き2026-01-01から停滞、ただし履行の程度 なし → 限定的, 最後に分かっている状態 履行の懸念 → 停滞、規則が変わったため: quiet 30d → 60d, 規則の順序を変更, aboutを変更ほか1件(版 1 → 2)",
        ),
        (
            "A: watched again, stalled since 2026-01-01; because the rules changed (version 1)",
            {"rules": {"before": "1", "after": "1"}, "before": {"status": "no_data"}, "status": "stalled", "since": "2026-01-01"},
            "A:監視を再開、2026-01-01から停滞、規則が変わったため(版 1)",
        ),
        (
            "A: no longer watched, it was on track; the rulebook does not have it any more (version 1)",
            {"rules": {"before": "1", "after": None}, "before": {"status": "on_track"}},
            "A:監視を終了、それまでは順調、規則集にもう載っていない(版 1)",
        ),
    ],
)  # fmt: skip
def test_what_other_rules_led_to_is_translated(messages, message, body, japanese):
    alert = messages.an_alert(
        kind=AlertKind.RULES_CHANGED, phase=Phase.ONCE, message=message, body={"title": "A", **body}
    )
    assert letter(messages.message(alert), "ja").title == japanese


ROOT = Path(monitor.__file__).parent

NOT_TOLD = {
    "stands again": "a part of an id",
    "by “": "of `explain`",
    "dwell": "names a number",
    "count within": "names a number",
    "share of": "names a number",
    "pace of": "names a number",
    "milestones": "names a number",
}
"""Pieces of text that stand in no sentence that is sent, and what they are."""

SPOKEN = re.compile(r"[A-Za-z]{2,}.*[ ,;:(“]|[ ,;:(“].*[A-Za-z]{2,}", re.DOTALL)


def modules():
    """{name: syntax tree} of what may make sentences."""
    found = {}
    for layer in ("domain", "engine", "services"):
        for file in (ROOT / layer).rglob("*.py"):
            parts = file.relative_to(ROOT.parent).with_suffix("").parts
            found[".".join(parts)] = ast.parse(file.read_text(encoding="utf-8"))
    return found


def speaking(trees):
    """Functions that can put words into a reason or an alert, by (module, name).

    All of the modules that make these, and of the modules that they import those that return text.
    """
    found = {}
    for module, tree in trees.items():
        nodes = list(ast.walk(tree))
        calls = {getattr(n.func, "id", "") for n in nodes if isinstance(n, ast.Call)}
        if not module.startswith("monitor.domain") and calls & {"Reason", "Alert"}:
            found |= {(module, n.name): n for n in nodes if isinstance(n, ast.FunctionDef)}
            for node in nodes:
                if not isinstance(node, ast.ImportFrom):
                    continue
                for name in (node.module, *(f"{node.module}.{a.name}" for a in node.names)):
                    for one in ast.walk(trees.get(name, ast.Pass())):
                        returned = getattr(one, "returns", None)
                        if returned is not None and "str" in ast.unparse(returned):
                            found[name, one.name] = one
    return found


def said_in(function):
    """The pieces of text of its f-strings, but for those of errors."""
    errors = {id(x) for n in ast.walk(function) if isinstance(n, ast.Raise) for x in ast.walk(n)}
    for node in ast.walk(function):
        if isinstance(node, ast.JoinedStr) and id(node) not in errors:
            for piece in node.values:
                if isinstance(piece, ast.Constant) and SPOKEN.search(piece.value):
                    yield re.sub(r"\s*\(version .*", "", piece.value).strip(" ,;:()")


def test_every_sentence_that_can_be_made_is_in_the_catalogue_so_that_it_can_be_translated():
    functions = speaking(modules())
    assert {name for _, name in functions} >= {"_silence", "summary_correction", "causes_words"}
    known = "\n".join(catalogue("en").values())
    pieces = {piece: name for name, function in functions.items() for piece in said_in(function)}
    missing = {p: name for p, name in pieces.items() if p not in known and p not in NOT_TOLD}
    assert missing == {}, "put it into monitor/notify/texts, in every language"
    assert NOT_TOLD.keys() <= pieces.keys(), "this is no longer said"
