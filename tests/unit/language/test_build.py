"""What the values say that a rulebook becomes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from monitor.domain import condition as c
from monitor.domain.assessment import Activity, Level, Schedule, Standing, Status
from monitor.domain.basis import Basis
from monitor.domain.calendar import calendar_of
from monitor.domain.commitment import (
    About,
    Agreement,
    Conclusion,
    ConclusionKind,
    CoveragePolicy,
    Indicator,
    Severity,
    SourceGroup,
    Superseded,
    Thresholds,
)
from monitor.domain.due import After, Move, parse_span
from monitor.domain.recurring import Recurring
from monitor.domain.time import DAY, HOUR, WEEK, parse_occurred
from monitor.language.files import RulebookFile
from monitor.language.loader import load_rulebook
from monitor.language.meaning import agreement_hash
from monitor.language.reading import read_text

GOOD = Path(__file__).parent / "good"
HEAD = "agreement: s\ntitle: S\ndate: 2025-08-23\n"


def build(text, name="s.yaml"):
    reading = read_text(text.encode(), RulebookFile(Path(name), name))
    assert [str(fault) for fault in reading.faults] == []
    assert reading.agreement is not None
    return reading.agreement


def built(extra="", head=""):
    text = f"{HEAD}{head}commitments:\n  - id: a\n    title: A\n    quote: q\n{extra}"
    return build(text).commitments[0]


@pytest.fixture(scope="module")
def every_key():
    (agreement,) = load_rulebook([GOOD / "every-key.yaml"]).agreements
    return agreement


@pytest.fixture(scope="module")
def rules():
    (agreement,) = load_rulebook([GOOD / "every-condition.yaml"]).agreements
    return {rule.id: rule for rule in agreement.commitments[0].rules}


def test_an_agreement_keeps_what_its_file_says(every_key):
    assert every_key.id == "every-key"
    assert every_key.zone == "Asia/Tokyo"
    assert every_key.date == parse_occurred("2025-08-23")
    assert every_key.parties == ("JP", "NO")
    assert every_key.kinds == ("pilot-project",)
    assert every_key.source == "source.txt"
    assert every_key.coverage == CoveragePolicy(assumed=False, grace=2 * DAY)
    assert every_key.sources == (
        SourceGroup("official", 1, ("whitehouse.gov", "mofa.go.jp"), ("The White House",)),
        SourceGroup("press", 2, (), ("Yonhap", "KBS World")),
    )


def test_a_commitment_keeps_what_it_says_itself(every_key):
    bridge = every_key.commitments[0]
    assert bridge.key == "every-key/bridge"
    assert bridge.quote == "agree to build a bridge"
    assert bridge.guideline == "Full: it stands.\nNone: it does not."
    assert bridge.basis is Basis.EXPECTATION
    assert bridge.parties == ("KR",)
    assert bridge.start == parse_occurred("2025-09").start("Asia/Tokyo")
    assert bridge.deadline == parse_occurred("2026-12-31T12:00+09:00")
    moved = Move(
        parse_occurred("2027-06-30"), parse_occurred("2026-05"), "both", "https://example.org/1"
    )
    assert bridge.moved == (moved,)
    assert bridge.thresholds == Thresholds(10 * DAY, 2 * WEEK, 720 * HOUR, 5 * DAY, 12 * HOUR)
    assert (bridge.tier, bridge.severity) == (1, Severity.CRITICAL)
    assert bridge.about == About(
        ("bridge", "transport"), c.UpdatePattern(kind=("meeting", "agreement"), parties=("KR",))
    )
    assert bridge.superseded == Superseded(parse_occurred("2027-01-01"), "the tunnel")
    assert bridge.indicators == (
        Indicator("share", "Share built", "%", Decimal(0), Decimal("99.5")),
        Indicator("cost", "Cost", target=Decimal(1_000_000), at_most=True),
    )
    pile, opened, staffed, review, paid = bridge.milestones
    assert pile.due == parse_occurred("2025-12")
    assert pile.moved == (Move(parse_occurred("2026"), parse_occurred("2025-11"), "KR"),)
    assert pile.done == c.UpdatePattern(kind=("implementation",), text=c.TextTest(any=("pile",)))
    assert (opened.due, opened.done) == (None, None)
    calendar = calendar_of(("JP", "US-CA"))
    assert staffed.due == After(parse_span("10 working days"), "opened", calendar=calendar)
    year = parse_span("1 year")
    assert review.recurs == Recurring(year, parse_occurred("2026-01-01"), parse_occurred("2030"))
    assert paid.due == After(parse_span("6 months"), date=parse_occurred("2025-09-01"))


def test_a_date_may_be_counted_from_something():
    commitment = built(
        "    milestones:\n"
        "      - {id: m, title: M, due: {within: 6 months, after: 2025-09}}\n"
        "      - {id: n, title: N, due: {within: 9d}}\n"
        "    deadline: {within: 10 working days, after: {milestone: m}}\n",
        "defaults: {calendar: [JP, KR]}\n",
    )
    months, days = (milestone.due for milestone in commitment.milestones)
    assert months == After(parse_span("6 months"), date=parse_occurred("2025-09"))
    assert days == After(parse_span("9d"))
    calendar = calendar_of(("JP", "KR"))
    assert commitment.deadline == After(parse_span("10 working days"), "m", calendar=calendar)


def test_another_version_of_the_holidays_is_another_rulebook():
    due = "    deadline: {within: 10 working days}\n    calendar: JP\n"
    deadline = built(due).deadline
    other = replace(deadline.calendar, version="0.1")
    agreement = Agreement("s", "S", parse_occurred("2025"), "UTC", (built(due),))
    newer = replace(built(due), deadline=replace(deadline, calendar=other))
    assert agreement_hash(agreement) != agreement_hash(replace(agreement, commitments=(newer,)))


def test_a_commitment_that_says_nothing_is_watched_by_the_standard_profile():
    commitment = built()
    assert commitment.profile == "standard"
    assert commitment.about == About(("a",))
    assert commitment.thresholds == Thresholds()
    assert commitment.tier == 2
    assert [rule.id for rule in commitment.rules][:3] == ["met", "agreed", "enacted"]
    assert commitment.rules[0].where.file == "built-in/standard.yaml"


def test_defaults_beat_the_profile_that_they_name(every_key):
    talks = every_key.commitments[1]
    assert talks.profile == "slow-talks"
    assert talks.thresholds == Thresholds(80 * DAY, 180 * DAY, 365 * DAY, 20 * DAY, 2 * DAY)
    assert talks.severity is Severity.WARNING
    assert talks.labels == (("desk", "asia"), ("pace", "slow"), ("year", "2025"))


def test_a_profile_that_a_commitment_names_beats_the_defaults():
    commitment = built(
        "    profile: slow\n    stalled: 300d\n",
        "defaults: {quiet: 10d, dormant: 999d, tier: 1, severity: critical, labels: {a: d, b: d}}\n"
        "profiles: {slow: {quiet: 20d, tier: 3, labels: {a: p}}}\n",
    )
    assert commitment.thresholds == Thresholds(20 * DAY, 300 * DAY, 999 * DAY)
    assert (commitment.tier, commitment.severity) == (3, Severity.CRITICAL)
    assert commitment.labels == (("a", "p"), ("b", "d"))


def test_own_rules_follow_the_profiles_and_replace_those_of_the_same_id(every_key):
    bridge = every_key.commitments[0]
    assert [rule.id for rule in bridge.rules] == ["piloted", "opened", "talked"]
    assert bridge.rules[2].when == c.OnUpdate(c.UpdatePattern(kind=("meeting", "agreement")))
    rule = bridge.rules[1]
    assert rule.labels == (("kind", "good-news"),)
    assert rule.severity is Severity.INFO
    assert rule.note == "An open bridge is a bridge."
    assert rule.message is not None
    assert rule.message.endswith("{{literally}}")


def test_profile_none_gives_own_rules_only():
    rule = "{id: r, when: {silence: 9d}, then: stalled}"
    commitment = built(f"    profile: none\n    rules: [{rule}]\n")
    assert [rule.id for rule in commitment.rules] == ["r"]


def test_rules_of_a_profile_are_the_same_objects_in_every_commitment():
    lines = "".join(f"  - {{id: c{i}, title: C, quote: q}}\n" for i in range(3))
    own = "  - {id: own, title: C, quote: q, quiet: 9d, rules: [{id: r, when: {silence: 9d}, then: stalled}]}\n"
    first, second, third, fourth = build(
        f"{HEAD}parties: [JP]\ncommitments:\n{lines}{own}"
    ).commitments
    other = build(f"{HEAD}commitments:\n{lines}", "t.yaml").commitments[0]
    assert first.rules is second.rules is third.rules
    assert first.thresholds is second.thresholds
    assert first.parties is second.parties
    assert first.labels is second.labels
    assert fourth.rules[0] is first.rules[0]
    assert other.rules == first.rules


def test_everything_knows_where_it_stands_in_its_file(every_key):
    bridge = every_key.commitments[0]
    lines = (GOOD / "every-key.yaml").read_text().splitlines()
    assert lines[bridge.where.line - 1] == "  - id: bridge"
    assert lines[bridge.rules[1].where.line - 1] == "      - id: opened"
    assert lines[bridge.rules[0].where.line - 1] == "      - id: piloted"
    assert lines[bridge.milestones[1].where.line - 1].lstrip().startswith("- {id: opened")
    assert bridge.where.column == 5
    assert bridge.where.file.endswith("every-key.yaml")


def test_an_update_pattern_has_all_that_was_asked(rules):
    assert rules["update"].when == c.OnUpdate(
        c.UpdatePattern(
            kind=("meeting",),
            topics=("x",),
            parties=("JP",),
            all_parties=("JP", "KR"),
            source=("Yonhap",),
            tier=1,
            title=c.TextTest(any=("word",)),
            text=c.TextTest(any=("one", "two")),
            url=c.TextTest(regex="mofa\\.go"),
            milestone=("m",),
            indicator=("i",),
            value=c.Range(at_least=Decimal(3), at_most=Decimal(3)),
            moves=True,
        )
    )
    assert rules["texts"].when == c.OnUpdate(
        c.UpdatePattern(
            text=c.TextTest(any=("LNG",), all=("a", "b"), none=("c",), regex="^x"),
            value=c.Range(above=Decimal(1), below=Decimal("2.5")),
        )
    )
    assert rules["anything"].when == c.OnUpdate(c.UpdatePattern())


DELAY = c.UpdatePattern(kind=("delay",))
MEETING = c.UpdatePattern(kind=("meeting",))


@pytest.mark.parametrize(
    ("rule", "condition"),
    [
        ("count", c.Count(DELAY, 90 * DAY, 3, 5)),
        ("few", c.Count(MEETING, None, None, 0)),
        ("silence", c.Silence(180 * DAY)),
        ("silence-of", c.Silence(180 * DAY, MEETING)),
        (
            "sequence",
            c.Sequence(
                (c.UpdatePattern(kind=("agreement",)), c.UpdatePattern(kind=("legislation",))),
                365 * DAY,
            ),
        ),
        ("value", c.IndicatorTest("i", value=c.Range(at_least=Decimal(3)))),
        (
            "change",
            c.IndicatorTest(
                "i",
                change=c.Range(at_most=Decimal("-1.5")),
                within=90 * DAY,
                trend=c.Trend.FALLING,
                target=c.TargetState.MISSED,
            ),
        ),
        (
            "milestone",
            c.MilestoneTest("m", (c.MilestoneState.OVERDUE, c.MilestoneState.DONE_LATE)),
        ),
        ("near", c.Deadline(within=30 * DAY)),
        ("passed", c.Deadline(passed=True)),
        ("later", c.Deadline(passed=True, current=True)),
        ("slipped", c.Deadline(slips=c.Slips(2, 9))),
        ("gaps", c.MilestoneTest("again", missed=c.Slips(at_least=2))),
        (
            "step-slips",
            c.MilestoneTest(
                "m",
                (c.MilestoneState.PENDING,),
                c.Slips(at_least=1),
                c.Deadline(within=9 * DAY, current=True),
            ),
        ),
        (
            "status",
            c.StatusTest(
                None,
                1,
                2,
                (Activity.QUIET,),
                (Schedule.DUE_SOON,),
                (Standing.IN_FORCE,),
                (Status.ON_TRACK, Status.ADVANCING),
            ),
        ),
        ("other", c.StatusTest("every-condition/b", 3, 3)),
        ("self", c.StatusTest(None, 3, 3)),
        (
            "tree",
            c.All(
                (
                    c.Any((c.Silence(9 * DAY), c.Deadline(passed=True))),
                    c.Not(c.StatusTest("every-condition/b", status=(Status.DELIVERED,))),
                )
            ),
        ),
        (
            "noise",
            c.Any(
                (
                    c.OnUpdate(c.UpdatePattern(text=c.TextTest(any=("LNG",)))),
                    c.Not(c.OnUpdate(c.UpdatePattern(kind=("meeting", "agreement")))),
                )
            ),
        ),
    ],
)
def test_every_condition_becomes_its_value(rules, rule, condition):
    assert rules[rule].when == condition


@pytest.mark.parametrize(
    ("rule", "conclusion"),
    [
        ("update", Conclusion(ConclusionKind.ADVANCE, Level.LIMITED)),
        ("texts", Conclusion(ConclusionKind.SETBACK, Level.LIMITED)),
        ("anything", Conclusion(ConclusionKind.ADVANCE, Level.COMPLETE)),
        ("count", Conclusion(ConclusionKind.AT_RISK, reason="delays")),
        ("few", Conclusion(ConclusionKind.AT_RISK)),
        ("silence", Conclusion(ConclusionKind.STALLED)),
        ("silence-of", Conclusion(ConclusionKind.STALLED, reason="no meetings")),
        ("sequence", Conclusion(ConclusionKind.DELIVER, reason="agreed and enacted")),
        ("passed", Conclusion(ConclusionKind.REVERSE, reason="too late")),
        ("self", Conclusion(ConclusionKind.REVERSE)),
        ("noise", Conclusion(ConclusionKind.IGNORE)),
    ],
)
def test_every_conclusion_becomes_its_value(rules, rule, conclusion):
    assert rules[rule].then == conclusion


def test_a_rule_may_have_to_hold_and_to_recover(rules):
    assert rules["count"].hold == 7 * DAY
    assert rules["count"].recover == c.Silence(60 * DAY, DELAY)
    assert (rules["few"].hold, rules["few"].recover) == (0, None)


def test_about_without_topics_asks_for_none():
    commitment = built("    about: {kind: meeting}\n")
    assert commitment.about == About((), c.UpdatePattern(kind=("meeting",)))


def test_assumed_coverage_has_a_long_form():
    short = build(f"{HEAD}coverage: assumed\ncommitments: [{{id: a, title: A, quote: q}}]\n")
    long = build(
        f"{HEAD}coverage: {{assumed: true}}\ncommitments: [{{id: a, title: A, quote: q}}]\n"
    )
    assert short.coverage == long.coverage == CoveragePolicy(assumed=True)


def test_words_are_compared_in_one_spelling():
    commitment = built("    about: {topics: [Cafe\u0301, AI], parties: [jp]}\n")
    assert commitment.about.topics == ("café", "ai")


SAME = [
    # order of keys, flow or block style, comments, spelling of durations and lists
    "    about: {topics: [x]}\n    quiet: 14d\n",
    "    quiet: 2w  # a fortnight\n    about:\n      topics: x\n",
    "    quiet: 14 days\n    stalled: 180d\n    about: {topics: X}\n    rules: []\n",
]


def test_the_hash_is_of_what_a_file_means_and_not_of_how_it_looks():
    def hashed(extra):
        return build(f"{HEAD}commitments:\n  - id: a\n    title: A\n    quote: q\n{extra}").hash

    assert len({hashed(extra) for extra in SAME}) == 1
    assert len(hashed("")) == 16
    others = [
        "",
        "    tier: 3\n",
        "    deadline: 2027\n",
        "    rated: false\n",
        "    profile: norm\n",
    ]
    assert len({hashed(extra) for extra in [*others, SAME[0]]}) == len(others) + 1


def test_the_hash_sees_the_numbers_and_notes_of_a_rule_and_not_its_line():
    def hashed(rule, space=""):
        commitment = f"commitments:\n  - id: a\n    title: A\n    quote: q\n    rules: [{rule}]\n"
        return build(f"{HEAD}{space}{commitment}").hash

    base = "{id: r, when: {count: {update: {value: 3}, at_least: 3}}, then: at_risk}"
    assert hashed(base) == hashed(base, "\n# a comment\n\n")
    assert hashed(base) == hashed(base.replace("value: 3", "value: 3.0"))
    assert hashed(base) != hashed(base.replace("at_least: 3", "at_least: 4"))
    assert hashed(base) != hashed(base.replace("value: 3", "value: 4"))
    assert hashed(base) != hashed(base.replace("then: at_risk", "then: at_risk, note: n"))
