"""Routes in monitor.yaml: what they come to, and what is said of wrong ones."""

import pytest

from monitor.config import load_settings, policy_of
from monitor.domain.interval import Digest
from monitor.domain.matching import WORDS
from monitor.domain.time import DAY, HOUR
from monitor.errors import ConfigError
from monitor.language.routelints import lints
from monitor.language.routing import MatchModel

HEAD = """\
timezone: Asia/Seoul
receivers:
  - {name: desk, url: "https://a.example/"}
  - {name: boss, url: "https://b.example/"}
"""


@pytest.fixture
def read(tmp_path, monkeypatch):
    monkeypatch.delenv("MONITOR_CONFIG", raising=False)

    def from_text(text):
        file = tmp_path / "monitor.yaml"
        file.write_text(HEAD + text, encoding="utf-8")
        return policy_of(load_settings(file))

    return from_text


@pytest.fixture
def fault(read):
    def of(text):
        with pytest.raises(ConfigError) as caught:
            read(text)
        return caught.value.message.partition("monitor.yaml:")[2]

    return of


def told(policy, **facts):
    facts = {name.replace("_", ".", 1): [value] for name, value in facts.items()}
    return [name for leaf in policy.root.leaves(facts) for name in leaf.receivers]


def test_without_routes_everybody_is_told_everything_at_once(read):
    policy = read("")
    assert policy.plain
    assert told(policy, kind="stalled") == ["desk", "boss"]


def test_the_first_child_that_matches_takes_an_alert_and_the_others_only_where_it_goes_on(read):
    policy = read("""\
routes:
  receiver: desk
  routes:
    - {matchers: {severity: critical}, receiver: boss, continue: true}
    - {matchers: ['theme =~ "ener.*"', "kind != advanced,delivered"], receiver: [desk, boss]}
    - {matchers: {labels: {desk: [asia, emea]}, not: {party: JP}}, receiver: boss}
    - {matchers: {kind: summary}, receiver: []}
""")
    assert told(policy, kind="stalled") == ["desk"]
    assert told(policy, severity="critical") == ["boss"]
    assert told(policy, severity="critical", theme="energy") == ["boss", "desk", "boss"]
    assert told(policy, theme="energy", kind="delivered") == ["desk"]
    assert told(policy, labels_desk="asia", party="KR") == ["boss"]
    assert told(policy, labels_desk="asia", party="JP") == ["desk"]
    assert told(policy, kind="summary") == []


def test_a_route_has_from_the_one_above_what_it_does_not_say(read):
    policy = read("""\
routes:
  receiver: desk
  group_by: [agreement]
  repeat: 7d
  digest: weekly
  at: "08:30"
  on: fri
  routes:
    - {matchers: {severity: critical}, digest: immediate, wait: 1h}
    - {matchers: {severity: warning}, digest: daily, zone: UTC, escalate: [{after: 7d, receiver: boss}]}
    - {matchers: {severity: info}, group_by: []}
""")
    at_once, daily, weekly = policy.root.children
    assert policy.root.timing.digest == weekly.timing.digest == Digest(510, 4, "Asia/Seoul")
    assert (at_once.timing.digest, at_once.timing.wait) == (None, HOUR)
    assert daily.timing.digest == Digest(510, None, "UTC")
    assert [(s.after, s.receivers) for s in daily.timing.escalate] == [(7 * DAY, ("boss",))]
    assert {child.timing.repeat for child in policy.root.children} == {7 * DAY}
    assert (weekly.timing.group_by, daily.timing.group_by) == ((), ("agreement",))
    assert policy.receivers == {"desk", "boss"}


def test_intervals_are_named_and_stand_in_the_zone_of_the_file_unless_they_say_otherwise(read):
    policy = read("""\
intervals:
  office: {weekdays: mon-fri, times: "09:00-18:00"}
  off: [{dates: 2026-08-10/2026-08-14}, {weekdays: [sat, sun], zone: UTC}]
routes: {receiver: desk, active_intervals: office, mute_intervals: [off]}
""")
    (office,), (off,) = policy.root.timing.active, policy.root.timing.mute
    assert office.windows[0].zone == "Asia/Seoul"
    assert [window.zone for window in off.windows] == ["Asia/Seoul", "UTC"]


def test_rules_of_muting_agree_in_the_agreement_unless_they_say_otherwise(read):
    (one, other) = read("""\
mute_when:
  - {open: {commitment: framework, kind: at_risk}}
  - {open: ["kind=at_risk"], mutes: {kind: stalled}, equal: [], dependants: true}
""").mutes
    assert (one.equal, one.dependants) == (("agreement",), False)
    assert (other.equal, other.dependants) == ((), True)


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        (
            "routes: {receiver: desk2}",
            "5:20",
            "no receiver is called 'desk2', did you mean 'desk'?",
        ),
        ("routes: {routes: []}", "5:9", "the first route needs a `receiver`"),
        ("routes: {receiver: desk, matchers: {kind: stalled}}", "5:36", "no matchers"),
        ("routes: {receiver: desk, reciver: x}", "5:26", "did you mean 'receiver'"),
        (
            "routes: {receiver: desk, routes: [{matchers: {theem: x}}]}",
            "5:47",
            "unknown key 'theem', did you mean 'theme'",
        ),
        ("routes: {receiver: desk, routes: [{matchers: [stalled]}]}", "5:47", "is no matcher"),
        ("routes: {receiver: desk, routes: [{matchers: ['a =~ (']}]}", "5:47", "no regular expr"),
        ("routes: {receiver: desk, routes: [{matchers: kind=stale}]}", "5:46", "no kind is called"),
        (
            "routes: {receiver: desk, routes: [{matchers: {severity: grave}}]}",
            "5:57",
            "'info', 'warning' or 'critical'",
        ),
        (
            "routes: {receiver: desk, routes: [{matchers: {status: good}}]}",
            "5:55",
            "no status is called 'good'",
        ),
        ("routes: {receiver: desk, wait: 1 month}", "5:32", "months and years vary"),
        ("routes: {receiver: desk, digest: hourly}", "5:34", "'immediate', 'daily' or 'weekly'"),
        ("routes: {receiver: desk, digest: daily, on: mon}", "5:9", "digest: weekly"),
        ("routes: {receiver: desk, digest: daily, wait: 1h}", "5:9", "gathers by itself"),
        ("routes: {receiver: desk, digest: daily, at: '25:00'}", "5:45", "no time of day"),
        ("routes: {receiver: desk, group_by: [colour]}", "5:37", "cannot be grouped by 'colour'"),
        ("routes: {receiver: desk, zone: Mars}", "5:32", "no time zone"),
        ("routes: {receiver: desk, mute_intervals: nights}", "5:42", "no interval is called"),
        (
            "routes: {receiver: desk, escalate: [{after: 7d, receiver: bos}]}",
            "5:59",
            "did you mean 'boss'",
        ),
        (
            "routes: {receiver: desk, escalate: [{after: 7d, receiver: boss}, {after: 1d, receiver: boss}]}",
            "5:9",
            "later and later",
        ),
        ("intervals: {a: {weekdays: mon-fry}}", "5:27", "'fry' is no weekday"),
        ("intervals: {a: {times: 9-18}}", "5:24", "no time of day"),
        ("intervals: {a: {dates: 2026-13-01}}", "5:24", "no dates"),
        ("intervals: {a: {calendar: KRR}}", "5:27", "no calendar is called 'KRR'"),
        ("intervals: {a: {hours: 9}}", "5:17", "unknown key 'hours'"),
        ("mute_when: [{mutes: {kind: stalled}}]", "5:13", "required"),
    ],
)
def test_a_wrong_route_is_located(fault, text, where, what):
    message = fault(text)
    assert message.startswith(where), message
    assert what in message


@pytest.mark.parametrize(
    ("children", "wrong"),
    [
        ("[{matchers: {kind: stalled}}, {matchers: {kind: stalled, theme: x}}]", [1]),
        ("[{matchers: {kind: stalled}, continue: true}, {matchers: {kind: stalled}}]", []),
        ("[{receiver: boss}, {matchers: {kind: stalled}}]", [0, 1]),
        ("[{matchers: {kind: stalled}, routes: [{matchers: {kind: overdue}}]}]", ["0.0"]),
        ("[{matchers: {party: JP}, routes: [{matchers: {party: KR}}]}]", []),
    ],
)
def test_a_route_that_nothing_reaches_is_told(read, children, wrong):
    policy = read(f"routes: {{receiver: desk, routes: {children}}}")
    expected = [
        "routes" + "".join(f".routes[{n}]" for n in str(place).split(".")) for place in wrong
    ]
    remarks = lints(policy, ("desk", "boss"), 0)
    assert [path for path, text in remarks if not text.startswith("is told")] == expected


def test_a_receiver_that_no_route_names_is_told_as_such(read):
    silent = "routes: {receiver: desk}\n"
    assert lints(read(silent), ("desk", "boss"), 0) == [
        ("receiver boss", "is told nothing: no route names it")
    ]
    late = "routes: {receiver: desk, escalate: [{after: 7d, receiver: boss}]}\n"
    assert lints(read(late), ("desk", "boss"), 0) == []


def test_intervals_that_never_open_are_told_where_they_are_written(read):
    policy = read("""\
intervals:
  past: {dates: 2020-01-01/2020-12-31}
  weekend: {weekdays: sat-sun, calendar: KR}
  office: {weekdays: mon-fri, times: "09:00-18:00"}
routes:
  receiver: [desk, boss]
  active_intervals: past
  routes:
    - {matchers: {kind: stalled}, group_by: []}
    - {matchers: {kind: overdue}, active_intervals: weekend}
    - {matchers: {kind: at_risk}, active_intervals: office, mute_intervals: office}
    - {matchers: {kind: no_data}, active_intervals: office}
""")
    told = dict(lints(policy, ("desk", "boss"), 1_771_460_000))
    assert list(told) == ["routes", "routes.routes[1]", "routes.routes[2]"]
    assert told["routes"] == ("never waits: past leave it no hour in 400 days, so it tells at once")
    assert policy.root.timing.due(1_771_460_000, None).at == 1_771_460_000


def enums(schema):
    """Every list of words in a piece of a schema."""
    if isinstance(schema, dict):
        found = [schema["enum"]] if "enum" in schema else []
        return found + [words for part in schema.values() for words in enums(part)]
    return [words for part in schema for words in enums(part)] if isinstance(schema, list) else []


@pytest.mark.parametrize("field", ["severity", "kind", "phase"])
def test_the_words_that_an_editor_offers_are_those_that_there_are(field):
    properties = MatchModel.model_json_schema()["$defs"]["MatchModel"]["properties"]
    offered = enums(properties[field])
    assert offered
    assert {tuple(sorted(words)) for words in offered} == {tuple(sorted(WORDS[field]))}
