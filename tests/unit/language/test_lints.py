"""One small rulebook for each lint, and one beside it that is fine."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.language.faults import FaultSeverity
from monitor.language.lintcodes import LINTS
from monitor.language.loader import check_rulebook

SOURCES = "sources: {o: {tier: 1, names: [X]}}\n"
QUIET = {"no-source", "complete-out-of-reach"}
"""Said about nearly every small rulebook here."""


@pytest.fixture
def lints(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(extra="", head=SOURCES, *, topics_seen=None, quote="q", more=""):
        text = (
            f"agreement: s\ntitle: S\ndate: 2025-08-23\n{head}"
            f"commitments:\n  - id: a\n    title: A\n    quote: {quote}\n{extra}{more}"
        )
        (tmp_path / "s.yaml").write_text(text)
        report = check_rulebook([Path("s.yaml")], topics_seen=topics_seen)
        assert [str(fault) for fault in report.errors] == []
        assert report.size is not None
        assert all(lint.severity is LINTS[lint.code].severity for lint in report.lints)
        return report.lints

    return run


def codes(found):
    return [fault.code for fault in found if fault.code not in QUIET]


def rule(when, then="stalled", more=""):
    return f"      - {{id: r, when: {when}, then: {then}{more}}}\n"


def rules(*lines):
    return "    rules:\n" + "".join(lines)


MILESTONES = "    milestones: [{id: m, title: M}, {id: due, title: D, due: 2026}]\n"
INDICATORS = "    indicators: [{id: i, title: I}, {id: t, title: T, target: 3}]\n"

NEVER = {
    "{count: {update: {kind: delay}, at_least: 3, at_most: 2}}": "at_least 3 is more than at_most 2",
    "{count: {update: {value: {above: 2, below: 2}}, at_least: 1}}": "no number lies between 2 and 2",
    "{update: {value: {at_least: 3, at_most: 2}}}": "no number lies between 3 and 2",
    "{update: {value: {above: 1, at_most: 1}}}": "no number lies between 1 and 1",
    "{update: {text: {all: [LNG], none: [lng]}}}": "the term 'lng' is asked for and excluded",
    "{update: {title: {any: [a, b], none: [A, B, c]}}}": "every term asked for is excluded",
    "{sequence: {steps: [{}, {value: {above: 2, below: 1}}]}}": "no number lies between 2 and 1",
    "{deadline: passed}": "the commitment has no deadline",
    "{deadline: {within: 9d}}": "the commitment has no deadline",
    "{milestone: {milestone: m, is: [overdue, due_soon]}}": "the milestone 'm' has no due date",
    "{indicator: {indicator: i, target: met}}": "the indicator 'i' has no target",
    "{indicator: {indicator: i, change: {above: 3, below: 1}}}": "no number lies between 3 and 1",
    "{status: {level: {at_least: substantial, at_most: limited}}}": "the lowest level asked for",
    "{all: [{silence: 9d}, {deadline: passed}]}": "the commitment has no deadline",
    "{any: [{deadline: passed}, {deadline: {within: 9d}}]}": "the commitment has no deadline",
}

PACE = (
    "    milestones: [{id: m, title: M}, {id: due, title: D, due: 2026}]\n"
    "    indicators: [{id: bare, title: B, target: 3}, {id: zero, title: Z, baseline: 3, target: 3},"
    " {id: open, title: O, baseline: 1, target: 3}, {id: aim, title: A, baseline: 1},"
    " {id: fine, title: F, baseline: 1, target: 3, target_date: 2027}]\n"
)
PACE_NEVER = {
    "{indicator: {indicator: bare, pace: behind}}": "'bare' has no baseline: it has no pace",
    "{indicator: {indicator: aim, pace: behind}}": "'aim' has no target: it has no pace",
    "{indicator: {indicator: zero, pace: on}}": "'zero' has a baseline that is its target",
    "{indicator: {indicator: open, pace: on}}": "has no target_date, and the commitment no deadline",
    "{indicator: {indicator: fine, pace: {above: 9%, below: 9%}}}": "no number lies between 9 and 9",
    "{milestones: {at_least: 3}}": "it asks for 3 milestones of 2",
    "{milestones: {of: m, at_least: 2}}": "it asks for 2 milestones of 1",
    "{milestones: {is: overdue, at_least: 2}}": "only 1 of 2 milestones have a due date",
    "{milestones: {is: [due_soon, overdue], of: m, share: {above: 0%}}}": "only 0 of 1 milestones",
    "{milestones: {at_least: 2, at_most: 1}}": "at_least 2 is more than at_most 1",
    "{milestones: {share: {above: 9%, below: 9%}}}": "no number lies between 9 and 9",
}
PACE_MAYBE = [
    "{indicator: {indicator: fine, pace: behind}}",
    "{milestones: {at_least: 2}}",
    "{milestones: {is: overdue, at_least: 1}}",
    "{milestones: {is: overdue, at_most: 1}}",
    "{milestones: {is: [overdue, done], at_least: 2}}",
]


@pytest.mark.parametrize("when", PACE_NEVER)
def test_what_has_no_pace_or_no_such_milestones_never_fires(lints, when):
    (found,) = [f for f in lints(PACE + rules(rule(when))) if f.code == "never-fires"]
    assert PACE_NEVER[when] in found.message


def test_a_deadline_that_waits_for_a_milestone_makes_no_pace(lints):
    deadline = "    deadline: {within: 90d, after: {milestone: m}}\n"
    when = rules(rule("{indicator: {indicator: open, pace: on}}"))
    (found,) = [f for f in lints(PACE + deadline + when) if f.code == "never-fires"]
    assert "has no target_date, and the deadline waits for a milestone" in found.message


@pytest.mark.parametrize("when", PACE_MAYBE)
def test_what_has_a_pace_and_milestones_may_fire(lints, when):
    assert codes(lints(PACE + rules(rule(when)))) == []


OTHERS = "".join(f"  - {{id: {i}, title: T, quote: {i}}}\n" for i in "bc")
OTHERS_NEVER = {
    "{commitments: {of: [b, c], status: stalled, at_least: 3}}": "it asks for 3 commitments of 2",
    "{commitments: {of: b, status: stalled, at_least: 2, at_most: 1}}": "at_least 2 is more than",
    "{commitments: {of: b, status: stalled, share: {above: 9%, below: 9%}}}": "no number lies",
    "{commitments: {of: b, level: {at_least: substantial, at_most: limited}, at_least: 1}}": "lowest",
}


@pytest.mark.parametrize("when", OTHERS_NEVER)
def test_more_commitments_than_are_listed_will_never_stand_so(lints, when):
    found = [f for f in lints(rules(rule(when)), more=OTHERS) if f.code == "never-fires"]
    assert OTHERS_NEVER[when] in found[0].message


PARTIES_NEVER = {
    "{parties: {update: {}, at_least: 3}}": "it asks for 3 parties of 2",
    "{parties: {update: {}, at_least: 2, at_most: 1}}": "at_least 2 is more than at_most 1",
    "{parties: {update: {}, share: {above: 50%, below: 50%}}}": "no number lies between 50 and 50",
    "{parties: {update: {}, share: {of: w, at_least: 55%}}}": "together have 50% of w, not 55%",
    "{parties: {update: {}, share: {of: w, above: 50%}}}": "together have 50% of w, not more than 50%",
    "{parties: {update: {value: {above: 2, below: 1}}, at_least: 1}}": "no number lies between",
}
PARTIES_MAYBE = [
    "{parties: {update: {}, at_least: 2}}",
    "{parties: {update: {}, at_most: 3}}",
    "{parties: {update: {}, share: {of: w, at_least: 50%}}}",
    "{parties: {update: {}, share: {at_least: 100%}}}",
]
WEIGHING = (
    f"{SOURCES}parties: [JP, KR]\nweights: {{w: {{total: 100, parties: {{JP: 30, KR: 20}}}}}}\n"
)


@pytest.mark.parametrize("when", PARTIES_NEVER)
def test_more_parties_than_there_are_will_never_have_done_it(lints, when):
    (found,) = [f for f in lints(rules(rule(when)), WEIGHING) if f.code == "never-fires"]
    assert PARTIES_NEVER[when] in found.message


@pytest.mark.parametrize("when", PARTIES_MAYBE)
def test_as_many_parties_as_there_are_may_do_it(lints, when):
    assert codes(lints(rules(rule(when)), WEIGHING)) == ["weights-do-not-sum"]


def test_weights_that_leave_somebody_out_are_told(lints):
    head = f"{SOURCES}parties: [JP, KR, US]\nweights: {{w: {{parties: {{JP: 30, KR: 20}}}}}}\n"
    (found,) = [f for f in lints(head=head) if f.code == "party-without-weight"]
    assert found.message == "no weight for US: they weigh nothing"
    assert (found.location.line, found.path) == (6, "weights.w.parties")


MAYBE = [
    "{count: {update: {kind: delay}, at_least: 3, at_most: 3}}",
    "{count: {update: {value: {above: 2, below: 1}}, at_most: 1}}",
    "{update: {value: {at_least: 2, at_most: 2}}}",
    "{update: {value: {at_least: 2}}}",
    "{update: {text: {any: [a, b], none: [a]}}}",
    "{any: [{deadline: passed}, {silence: 9d}]}",
    "{not: {deadline: passed}}",
    "{milestone: {milestone: m, is: [overdue, done]}}",
    "{milestone: {milestone: due, is: overdue}}",
    "{indicator: {indicator: t, target: met}}",
    "{indicator: {indicator: i, value: {above: 1}}}",
    "{status: {level: limited}}",
]


@pytest.mark.parametrize("when", NEVER)
def test_a_rule_that_can_never_fire_is_told_with_its_reason(lints, when):
    found = [f for f in lints(MILESTONES + INDICATORS + rules(rule(when))) if f.code not in QUIET]
    assert [fault.code for fault in found] == ["never-fires"]
    assert found[0].severity is FaultSeverity.WARNING
    assert NEVER[when] in found[0].message
    assert found[0].path == "commitments[0].rules[0].when"


@pytest.mark.parametrize("when", MAYBE)
def test_a_rule_that_might_fire_is_left_alone(lints, when):
    assert codes(lints(MILESTONES + INDICATORS + rules(rule(when)))) == []


def test_a_rule_of_a_profile_is_judged_without_a_commitment(lints):
    head = SOURCES + (
        "profiles: {p: {rules: [{id: d, when: {deadline: passed}, then: stalled},"
        " {id: n, when: {update: {value: {above: 2, below: 1}}}, then: at_risk}]}}\n"
    )
    found = [f for f in lints("    profile: p\n", head) if f.code not in QUIET]
    assert [(f.code, f.path) for f in found] == [("never-fires", "profiles.p.rules[1].when")]


def test_a_recovery_that_never_comes_is_told(lints):
    line = rule("{silence: 9d}", more=", recover: {deadline: passed}")
    assert codes(lints(rules(line))) == ["never-recovers"]


def test_a_count_of_at_least_nothing_always_holds(lints):
    assert codes(lints(rules(rule("{count: {update: {}, at_least: 0}}")))) == ["always-holds"]


UNDONE = [
    ("{status: {standing: in_force}}", "at_risk"),
    ("{not: {status: {standing: at_risk}}}", "at_risk"),
    ("{not: {status: {status: at_risk}}}", "at_risk"),
    ("{all: [{silence: 9d}, {status: {status: [advancing, on_track]}}]}", "at_risk"),
    ("{any: [{status: {last_known: not_started}}, {status: {status: on_track}}]}", "at_risk"),
    ("{status: {status: [overdue, on_track]}}", "at_risk"),
    ("{status: {standing: [in_force, reversed]}}", "at_risk"),
    ("{status: {activity: [active, quiet], level: {at_most: limited}}}", "stalled"),
    ("{not: {status: {activity: [stalled, dormant]}}}", "stalled"),
]


@pytest.mark.parametrize(("when", "then"), UNDONE, ids=str)
def test_a_rule_whose_conclusion_ends_its_condition_is_told(lints, when, then):
    found = lints(rules(rule(when, then, ", for: 1h")))
    assert codes(found) == ["undoes-itself"]
    what = then.replace("_", " ")
    text = f"the rule 'r' undoes itself: once it is {what}, its condition does not hold"
    assert text in str(next(fault for fault in found if fault.code == "undoes-itself"))


KEPT = [
    ("{status: {activity: quiet}}", "at_risk", ""),
    (
        "{all: [{status: {status: [overdue, on_track]}}, {status: {schedule: overdue}}]}",
        "at_risk",
        "",
    ),
    ("{status: {status: [overdue, at_risk]}}", "at_risk", ""),
    ("{status: {standing: reversed}}", "at_risk", ""),
    ("{not: {status: {status: overdue}}}", "stalled", ""),
    ("{all: [{update: {kind: delay}}, {status: {standing: in_force}}]}", "at_risk", ""),
    ("{status: {standing: in_force}}", "at_risk", ", recover: {silence: 9d}"),
    ("{status: {level: {at_most: limited}}}", "{advance: substantial}", ""),
    ("{any: [{silence: 9d}, {status: {standing: in_force}}]}", "at_risk", ""),
    ("{not: {status: {commitment: b, standing: at_risk}}}", "at_risk", ""),
]


@pytest.mark.parametrize(("when", "then", "more"), KEPT, ids=str)
def test_a_rule_that_may_stand_is_not(lints, when, then, more):
    other = "  - {id: b, title: B, quote: q}\n"
    found = lints(rules(rule(when, then, more)), more=other)
    assert codes(found) == ["duplicate-quote"]


def test_a_milestone_that_nothing_can_match_is_told(lints):
    done = "{text: {all: [x], none: [x]}}"
    extra = f"    milestones: [{{id: m, title: M, done: {done}}}]\n"
    assert codes(lints(extra)) == ["never-matches"]


IGNORED = [
    ("{kind: meeting}", "{kind: [meeting, dispute]}"),
    ("{kind: meeting, topics: x, tier: 1}", "{topics: [x, y], tier: 2}"),
    ("{text: {any: [LNG]}}", "{text: [LNG, oil]}"),
    ("{text: {all: [LNG, gas]}}", "{text: LNG}"),
    ("{all_parties: [A, B]}", "{all_parties: A}"),
    ("{kind: meeting}", "{}"),
]
NOT_IGNORED = [
    ("{kind: [meeting, dispute]}", "{kind: meeting}"),
    ("{kind: meeting}", "{kind: meeting, tier: 2}"),
    ("{}", "{topics: x}"),
    ("{text: LNG}", "{title: LNG}"),
    ("{text: LNG}", "{text: {any: LNG, none: oil}}"),
    ("{value: 3}", "{value: {at_least: 2}}"),
    ("{all_parties: A}", "{all_parties: [A, B]}"),
]


def ignoring(narrow, wide):
    ignore = f"      - {{id: noise, when: {{any: [{{update: {wide}}}]}}, then: ignore}}\n"
    return rules(rule(f"{{update: {narrow}}}", "at_risk"), ignore)


@pytest.mark.parametrize(("narrow", "wide"), IGNORED)
def test_a_rule_whose_updates_are_all_ignored_is_told(lints, narrow, wide):
    (found,) = (
        f for f in lints("    profile: none\n" + ignoring(narrow, wide)) if f.code not in QUIET
    )
    assert found.code == "shadowed-by-ignore"
    assert "the rule 'noise' ignores every update" in found.message


@pytest.mark.parametrize(("narrow", "wide"), NOT_IGNORED)
def test_a_rule_some_of_whose_updates_are_read_is_left_alone(lints, narrow, wide):
    assert codes(lints("    profile: none\n" + ignoring(narrow, wide))) == []


def test_a_rule_outside_of_about_is_told(lints):
    about = "    about: {topics: x, kind: [meeting]}\n"
    (found,) = (
        f
        for f in lints(about + rules(rule("{update: {kind: [dispute, delay]}}", "at_risk")))
        if f.code not in QUIET
    )
    assert found.code == "outside-about"
    assert "only updates that name the commitment can match" in found.message
    assert codes(lints(about + rules(rule("{update: {kind: [meeting, delay]}}", "at_risk")))) == []


def test_minutes_that_were_meant_as_months_are_told(lints):
    found = lints(
        "    quiet: 3m\n"
        + rules(
            rule("{silence: 6m}"),
        )
    )
    assert codes(found) == ["tiny-duration", "tiny-duration"]
    assert "m means minutes" in str(found)
    assert codes(lints("    quiet: 1d\n")) == []


def test_a_dwell_of_minutes_is_told_one_of_hours_is_not(lints):
    short = rule("{silence: 90d}", more=", dwell: 7m")
    assert codes(lints("    dwell: 7m\n" + rules(short))) == ["tiny-duration", "tiny-duration"]
    assert codes(lints("    dwell: 12h\n" + rules(short.replace("7m", "6h")))) == []


def test_a_profile_that_nobody_has_is_told(lints):
    head = SOURCES + "profiles: {p: {quiet: 80d}, d: {quiet: 80d}}\ndefaults: {profile: d}\n"
    found = [f for f in lints("    profile: standard\n", head) if f.code not in QUIET]
    assert [(f.code, f.path) for f in found] == [("unused-profile", "profiles.p")]


def test_a_source_in_two_tiers_is_told(lints):
    head = (
        "sources: {o: {tier: 1, names: [X]}, p: {tier: 2, names: [x, Y]}, q: {tier: 2, names: Y}}\n"
    )
    assert codes(lints(head=head)) == ["source-in-two-tiers"]


def test_a_step_before_the_start_is_told(lints):
    extra = (
        "    milestones: [{id: m, title: M, due: 2025-07}, {id: n, title: N, due: 2025}]\n"
        "    superseded: {on: 2024, by: x}\n"
    )
    assert codes(lints(extra)) == ["before-start", "before-start"]


def test_a_local_time_that_the_clocks_skip_or_repeat_is_told(lints):
    head = SOURCES + "timezone: Europe/Berlin\n"
    profile = "    profile: one-off-act\n"
    for text, word in (("2026-03-29T02:30", "never"), ("2025-10-26T02:30", "twice")):
        (found,) = [
            f for f in lints(f"    deadline: {text}\n{profile}", head) if f.code not in QUIET
        ]
        assert (found.code, word in found.message) == ("unclear-local-time", True)
    assert codes(lints(f"    deadline: 2025-10-26T02:30+02:00\n{profile}", head)) == []


def test_working_days_of_nowhere_are_told(lints):
    due = "    profile: one-off-act\n    deadline: {within: 9 working days}\n"
    assert codes(lints(due)) == ["working-days-without-calendar"]
    assert codes(lints(due + "    calendar: JP\n")) == []


def test_an_unrated_commitment_has_to_say_why(lints):
    assert codes(lints("    rated: false\n")) == ["unrated-without-reason"]
    assert codes(lints("    rated: false\n    guideline: nobody publishes it\n")) == []


def test_a_deadline_that_no_rule_can_meet_is_told(lints):
    assert codes(lints("    deadline: 2027\n")) == ["deadline-out-of-reach"]
    delivers = rules(rule("{update: {kind: meeting}}", "deliver"))
    completes = rules(rule("{update: {kind: meeting}}", "{advance: complete}"))
    assert codes(lints("    deadline: 2027\n" + delivers)) == []
    assert codes(lints("    deadline: 2027\n" + completes)) == []
    assert codes(lints("    deadline: 2027\n    profile: one-off-act\n")) == []


def test_levels_out_of_reach_are_told_once_for_a_file(lints):
    more = "".join(f"  - {{id: b{i}, title: B, quote: b{i}}}\n" for i in range(7))
    found = [f for f in lints(more=more) if f.code == "complete-out-of-reach"]
    assert [f.message for f in found] == [
        "no rule can complete 8 of 8 commitments (a, b0, b1, b2, b3 and 3 more)"
    ]
    assert found[0].severity is FaultSeverity.INFO


def test_sources_too_weak_to_move_anything_are_told(lints):
    (found,) = (f for f in lints(head="") if f.code not in QUIET)
    assert found.code == "nobody-watching"
    assert "no source of tier 2 or better" in found.message
    weak = "sources: {p: {tier: 2, names: [X]}}\n"
    assert codes(lints("    tier: 1\n", weak)) == ["nobody-watching"]
    assert codes(lints("    tier: 2\n", weak)) == []
    assert codes(lints("    tier: 3\n", "")) == []


def test_a_rule_with_a_tier_or_without_updates_moves_levels_by_itself(lints):
    tiered = rules(rule("{update: {kind: meeting, tier: 3}}", "{advance: limited}"))
    assert codes(lints("    profile: none\n" + tiered, "")) == []
    silent = rules(rule("{silence: 90d}", "{setback: none}"))
    assert codes(lints("    profile: none\n" + silent, "")) == []
    steps = rules(rule("{sequence: {steps: [{tier: 3}, {tier: 3}]}}", "deliver"))
    assert codes(lints("    profile: none\n" + steps, "")) == []


def test_topics_that_were_never_seen_are_told_where_the_feed_is_known(lints):
    about = "    about: {topics: [clean-enregy]}\n"
    (found,) = (f for f in lints(about, topics_seen={"clean-energy"}) if f.code not in QUIET)
    assert found.code == "topics-never-seen"
    assert "nobody watches 'a', did you mean 'clean-energy'?" in str(found)
    assert codes(lints(about)) == []
    assert codes(lints(topics_seen={"a"})) == []
    assert codes(lints("    about: {kind: meeting}\n", topics_seen={"a"})) == []


def test_a_single_topic_that_looks_misspelt_is_told(lints):
    about = "    about: {topics: [hydrogen, clean-enregy, unheard-of]}\n"
    found = [
        f for f in lints(about, topics_seen={"clean-energy", "hydrogen"}) if f.code not in QUIET
    ]
    assert [(f.code, f.suggestion) for f in found] == [
        ("topic-never-seen", "did you mean 'clean-energy'?")
    ]
    many = "    about: {topics: [hydrogen, x, y]}\n"
    found = lints(many, topics_seen={"hydrogen"})
    assert codes(found) == []


SOURCE = "The parties “agree to build\na bridge” and to keep each other\u2019s\u00a0ceiling.\n"


@pytest.mark.parametrize(
    "quote",
    [
        '"agree   to build a bridge"',
        "'The parties \"agree to'",
        "each other's ceiling.",
        "each other\u2019s ceiling.",
        "'parties “agree'",
    ],
)
def test_white_space_and_the_curve_of_quotation_marks_carry_no_meaning(lints, tmp_path, quote):
    (tmp_path / "source.txt").write_text(SOURCE)
    assert codes(lints(head=SOURCES + "source: source.txt\n", quote=quote)) == []


def test_a_quote_that_is_not_in_the_source_is_told_with_where_it_parts(lints, tmp_path):
    (tmp_path / "source.txt").write_text(SOURCE)
    (found,) = (
        f
        for f in lints(head=SOURCES + "source: source.txt\n", quote="agree to build a tunnel")
        if f.code not in QUIET
    )
    assert found.code == "quote-not-in-source"
    assert found.suggestion == "it agrees up to 'agree to build a' and parts at 'tunnel'"
    (found,) = (
        f
        for f in lints(head=SOURCES + "source: source.txt\n", quote="zebra crossing")
        if f.code not in QUIET
    )
    assert found.suggestion == "not even its first word does"


def test_a_source_that_is_no_text_is_told(lints, tmp_path):
    (tmp_path / "source.txt").write_bytes(b"caf\xe9")
    assert codes(lints(head=SOURCES + "source: source.txt\n")) == ["unreadable-source"]


def test_a_rulebook_without_a_source_is_told(lints):
    assert "no-source" in [fault.code for fault in lints()]


def test_two_commitments_with_one_quote_are_told(lints):
    more = '  - {id: b, title: B, quote: "q"}\n'
    found = [f for f in lints(more=more) if f.code == "duplicate-quote"]
    assert [(f.message, f.severity) for f in found] == [
        ("the same quote as 'a'", FaultSeverity.INFO)
    ]


def test_commitments_of_two_agreements_that_share_a_topic_are_told_once(tmp_path):
    for name in ("x", "y", "z"):
        lines = "".join(f"  - {{id: c{i}, title: C, quote: q{i}}}\n" for i in range(3))
        (tmp_path / f"{name}.yaml").write_text(
            f"agreement: {name}\ntitle: A\ndate: 2025\n{SOURCES}commitments:\n{lines}"
        )
    found = [f for f in check_rulebook([tmp_path]).lints if f.code == "shared-topic"]
    assert [f.message for f in found] == [
        "3 commitments with the id, and so the topic, of another agreement's: 'c0' of 'x'"
    ] * 2
