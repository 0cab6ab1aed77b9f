"""Labels from files, each fault with its place; and how rules are held against them."""

import json

import pytest

from monitor.domain.assessment import Level, Status
from monitor.domain.time import DAY
from monitor.errors import InputError
from monitor.services.backtest.labels import read_labels
from monitor.services.backtest.replay import Span, backtest
from monitor.services.backtest.scoring import score, score_body
from monitor.services.memory import Memory


@pytest.fixture(scope="module")
def making(support):
    return support("making")


@pytest.fixture(scope="module")
def book(making):
    """c0 delays on day 10 and 20; c1 begins on day 50."""
    slips = making.rule("slips", making.on("delay"), making.AT_RISK)
    better = making.rule("better", making.on("funding"), making.advance(Level.SUBSTANTIAL))
    late = making.commitment(name="c1", start=making.day(50))
    return making.rulebook(making.agreement(making.commitment(slips, better), late))


@pytest.fixture(scope="module")
def replayed(support, making, book):
    engine = support("ledger").engine_of(book)
    about = {"commitment": "c0"}
    news = [making.update(10, "delay", **about), making.update(20, "delay", title="Again", **about)]
    return backtest(Memory(news, []), engine, Span(making.day(0), making.day(100)), DAY)


CSV = "commitment,date,label,note\nc0,2025-01-31,at risk,said\ng0/c0,2025-01-05,On-Track,\n"
RECORDS = [
    {"commitment": "c0", "date": "2025-01-31", "label": "at_risk"},
    {"commitment": "c0", "date": "2025-01-05", "label": "on_track"},
]
YAML = """\
- {commitment: c0, date: 2025-01-31, label: at risk}
- {commitment: c0, date: 2025-01-05, label: on_track}
"""


@pytest.fixture
def read(tmp_path, book, replayed):
    def call(name, text):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_labels(path, name, book.commitments, replayed.span)

    return call


@pytest.mark.parametrize(
    ("name", "text", "wheres"),
    [
        ("l.csv", CSV, ["l.csv:2", "l.csv:3"]),
        ("l.csv", "\ufeff" + CSV, ["l.csv:2", "l.csv:3"]),
        ("l.json", json.dumps(RECORDS), ["l.json, record 1", "l.json, record 2"]),
        ("l.jsonl", "\n\n".join(map(json.dumps, RECORDS)), ["l.jsonl:1", "l.jsonl:3"]),
        ("l.yaml", YAML, ["l.yaml:1:3", "l.yaml:2:3"]),
    ],
)
def test_labels_are_read_from_every_form(read, name, text, wheres):
    found = read(name, text)
    assert [(one.key, one.date, one.status) for one in found] == [
        ("g0/c0", "2025-01-31", Status.AT_RISK),
        ("g0/c0", "2025-01-05", Status.ON_TRACK),
    ]
    assert [one.where for one in found] == wheres


HEAD = "commitment,date,label\n"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("l.csv", HEAD + "c7,2025-01-31,stalled\n", "l.csv:2: no commitment is called 'c7'"),
        ("l.csv", HEAD + "c0,2025-01-31,staled\n", "l.csv:2: no headline is called 'staled'"),
        ("l.csv", HEAD + "c0,2025-02-30,stalled\n", "l.csv:2: '2025-02-30': there is no such date"),
        ("l.csv", HEAD + "c0,,stalled\n", "l.csv:2: date is missing"),
        ("l.csv", HEAD + "c0,2026-01-31,stalled\n", "l.csv:2: 2026-01-31 is not replayed; --from"),
        ("l.csv", HEAD + "c1,2025-01-31,stalled\n", "l.csv:2: c1 begins on 2025-02-20"),
        ("l.csv", HEAD + "c0,2025-02-01,stalled\n" * 2, "l.csv:3: l.csv:2 labels this day already"),
        ("l.csv", HEAD, "l.csv: there is no label in it"),
        ("l.csv", "what,date,label\n", "l.csv:1: no column is called 'commitment'"),
        ("l.csv", "", "l.csv:1: no column is called 'commitment'"),
        ("l.csv", b"\xff\xfe", "l.csv: this is not UTF-8 text"),
        ("l.json", "{", "l.json: this is not JSON"),
        ("l.json", "{}", "l.json: this is no list of labels"),
        ("l.json", "[1]", "l.json, record 1: this is no mapping"),
        ("l.jsonl", "{}\n", "l.jsonl:1: commitment is missing"),
        ("l.yaml", "a: b\n", "l.yaml: this is no list of labels"),
        ("l.yaml", "- {a: b\n", "l.yaml:"),
        ("l.txt", "", "l.txt: the ending does not say what it is"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(read, name, text, said):
    with pytest.raises(InputError) as raised:
        read(name, text)
    assert raised.value.message.startswith(said)


def test_every_fault_is_told_and_of_very_many_the_first(read):
    with pytest.raises(InputError) as raised:
        read("l.csv", HEAD + "c7,2025-01-31,stalled\n" * 25)
    assert raised.value.message.splitlines()[-1] == "… and 5 more"
    assert len(raised.value.message.splitlines()) == 21


def test_a_file_that_is_not_there_is_told(tmp_path, book, replayed):
    with pytest.raises(InputError, match=r"l\.csv: no such file"):
        read_labels(tmp_path / "l.csv", "l.csv", book.commitments, replayed.span)


def test_hits_precision_recall_and_leads_are_counted(read, replayed):
    text = (
        "c0,2025-01-05,not started\n"  # hit, 4 days after the beginning
        "c0,2025-01-21,at_risk\n"  # hit, since day 10
        "c0,2025-01-11,at_risk\n"  # hit on the very day
        "c0,2025-01-31,advancing\n"  # found at_risk
    )
    found = score(replayed, read("l.csv", HEAD + text), "l.csv")
    assert found.hits == 3
    body = score_body(found)
    assert body["accuracy"] == 0.75
    at_risk, advancing, not_started = body["headlines"]
    assert at_risk == {
        "label": "at_risk", "n": 2, "found": 3, "hits": 2, "precision": 0.6667, "recall": 1.0,
        "f1": 0.8, "lead": {"n": 2, "least": 0.0, "median": 5.0, "most": 10.0},
    }  # fmt: skip
    assert (advancing["n"], advancing["found"], advancing["precision"]) == (1, 0, None)
    assert (advancing["recall"], advancing["f1"], advancing["lead"]["median"]) == (0.0, None, None)
    assert not_started["lead"] == {"n": 1, "least": 4.0, "median": 4.0, "most": 4.0}
    assert {"label": "advancing", "found": "at_risk", "n": 1} in body["confusion"]
    assert sum(row["n"] for row in body["confusion"]) == body["n"] == 4


def test_a_condition_that_opened_before_the_headline_leads_longer(read, support, making):
    """Nobody looked from day 20 to day 30: the headline was another, the risk was not over."""
    one = making.commitment(making.rule("slips", making.on("delay"), making.AT_RISK))
    engine = support("ledger").engine_of(making.rulebook(making.agreement(one, assumed=False)))
    rows = [making.looked(None, 20), making.looked(30, 101)]
    memory = Memory([making.update(10, "delay")], rows)
    found = backtest(memory, engine, Span(making.day(0), making.day(100)), DAY)
    (course,) = found.courses
    assert [spell.status.value for spell in course.spells] == [
        "not_started", "at_risk", "no_data", "at_risk"
    ]  # fmt: skip
    (row,) = score(found, read("l.csv", HEAD + "c0,2025-02-10,at risk\n"), "l.csv").rows
    assert row.since == making.day(10)
    assert row.lead == 30 * DAY


def test_a_commitment_that_the_rules_lack_is_a_miss(read, support, making, replayed):
    other = making.rulebook(making.agreement(making.commitment(name="c9")))
    engine = support("ledger").engine_of(other)
    without = backtest(Memory([], []), engine, replayed.span, DAY)
    found = score(without, read("l.csv", HEAD + "c0,2025-01-31,at_risk\n"), "l.csv")
    assert found.hits == 0
    assert score_body(found)["confusion"] == [{"label": "at_risk", "found": None, "n": 1}]
