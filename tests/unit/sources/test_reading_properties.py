from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.domain.time import parse_occurred
from monitor.domain.update import KINDS, content_id
from monitor.errors import InputError
from monitor.sources.fields import TEXT_LIMIT, TITLE_LIMIT
from monitor.sources.mapping import FIELDS, IDENTITY, field_map
from monitor.sources.reader import read_updates

NOW = parse_occurred("2026-03-01T12:00Z").start("UTC")
MAPPINGS = (
    IDENTITY,
    field_map({"topics": "subject", "kind": "=delay"}),
    field_map({"title": "text", "text": "title", "kind": {"values": {"x": "delay"}}}),
)

# Fields and values that are nearly right reach deeper than noise does.
DATES = ["2025-09-04", "2025-02-30", "2031"]
WORDS = ["delay", "meeting", "x", "", " ", "a,b;c", "ü", "\0", "\ud800"]
URLS = ["http://a", "http://[", "http://\u2100"]
NUMBERS = ["NaN", "1e999", "-0.50", "9" * 400]
scraps = st.sampled_from([*DATES, *WORDS, *URLS, *NUMBERS])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | scraps | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(scraps, inner, max_size=2),
    max_leaves=4,
)
keys = st.sampled_from([*FIELDS, "subject", "-topics", "updates"]) | scraps
least = {"occurred_at": "2025-09-04", "kind": "delay", "title": "t"}
records = st.dictionaries(keys, values, max_size=8).map(lambda given: least | given) | values
lines = st.lists(records.map(json.dumps) | st.text(max_size=10), max_size=5).map("\n".join)
documents = st.lists(records, max_size=4).map(json.dumps)
wrapped = st.lists(records, max_size=4).map(lambda given: json.dumps({"updates": given}))
cells = st.lists(scraps | st.text(max_size=5) | st.just('"'), min_size=1, max_size=5)
tables = st.builds(
    lambda header, rows, sign: "\n".join(map(sign.join, [header, *rows])),
    st.lists(st.sampled_from([*FIELDS, "subject", "", "x"]), min_size=1, max_size=5),
    st.lists(cells, max_size=4),
    st.sampled_from(",;\t"),
)
texts = (lines | documents | wrapped | tables).map(lambda text: text.encode(errors="surrogatepass"))
cut = st.builds(lambda data, at: data[: at % (len(data) + 1)], texts, st.integers(0, 500))
anything = st.binary(max_size=200) | texts | cut


@settings(deadline=None)
@given(
    anything,
    st.sampled_from([None, "ndjson", "json", "csv"]),
    st.sampled_from(MAPPINGS),
    st.sampled_from([None, KINDS]),
    st.integers(1, 4),
)
@example(b'{"a": [1\n2]}', None, IDENTITY, None, 1)
@example(b"[" * 100_000, None, IDENTITY, None, 1)
@example(b'{"updates": [' + b'{"a":' * 100_000, None, IDENTITY, None, 1)
def test_any_bytes_are_updates_rejects_or_one_input_error(data, format_, mapping, kinds, batch):
    reading = read_updates(
        io.BytesIO(data), recorded=NOW, kinds=kinds, format=format_, mapping=mapping, batch=batch
    )
    accepted = rejected = 0
    try:
        for updates, rejects in reading:
            assert 0 < len(updates) + len(rejects) <= batch
            accepted, rejected = accepted + len(updates), rejected + len(rejects)
            for update in updates:
                assert_sound(update, kinds)
            for reject in rejects:
                assert reject.reason
                assert "\n" not in reject.reason
                reject.reason.encode()
                reject.record.encode()
    except InputError as error:
        fault = f"{error.message} {error.hint}"
        assert fault.encode().count(b"\n") == 0
    else:
        assert reading.complete
        assert (reading.records, reading.rejected) == (accepted + rejected, rejected)
    assert all(warning.encode() for warning in reading.warnings)


def assert_sound(update, kinds):
    assert update.recorded <= NOW
    assert 0 < len(update.title) <= TITLE_LIMIT * 3
    assert len(update.text) <= TEXT_LIMIT * 3
    assert kinds is None or update.kind in kinds
    assert update.topics == tuple(sorted(set(update.topics)))
    assert update.occurred == parse_occurred(update.occurred.text)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        assert update.occurred.start(zone) < update.occurred.end(zone)
    assert 0 < len(update.id) <= 200
    json.dumps([*update[3:14], str(update.value)], ensure_ascii=False).encode()
    assert update.value is None or (
        update.value == round(update.value, 6) and abs(update.value) < 10**12
    )
    assert "\0" not in "".join(part for part in update if isinstance(part, str))


def usual(alphabet):
    return st.text(alphabet, max_size=12)


printable = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
names = st.lists(
    usual(st.characters(exclude_categories=["Cs"], exclude_characters="\0,;")), max_size=3
)
flat = st.fixed_dictionaries(
    {
        "occurred_at": st.sampled_from(["2025", "2025-09", "2025-09-04", "2025-09-04T10:00Z"]),
        "kind": st.sampled_from(KINDS),
        "title": usual(printable).filter(str.strip).map(lambda text: "t" + text),
    },
    optional={
        "id": st.text("aZ0._:/-", min_size=1, max_size=9),
        "topics": names,
        "parties": names,
        "source": usual(printable),
        "text": usual(printable),
        "unit": usual(printable),
        "indicator": usual(printable),
        "url": st.sampled_from(["", "https://example.org/ü?a=b", "http://localhost:80"]),
        "value": st.decimals(-(10**12) + 1, 10**12 - 1, places=6),
    },
)


def collect(data: str, format_: str, batch: int = 3):
    reading = read_updates(
        io.BytesIO(data.encode()), recorded=NOW, kinds=KINDS, format=format_, batch=batch
    )
    batches = list(reading)
    assert not any(rejects for _, rejects in batches)
    return [update for updates, _ in batches for update in updates]


def as_json(record) -> str:
    """Numbers as their digits, which json.dumps cannot write."""
    rest = {key: value for key, value in record.items() if key != "value"}
    text = json.dumps(rest, ensure_ascii=len(record["title"]) % 2 == 0)
    return text[:-1] + f', "value": {record["value"]:f}}}' if "value" in record else text


def as_csv(rows, delimiter: str) -> str:
    columns = ["occurred_at", "kind", "title", *sorted({c for row in rows for c in row})]
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, dict.fromkeys(columns), delimiter=delimiter)
    writer.writeheader()
    for row in rows:
        lists = {key: ";".join(value) for key, value in row.items() if isinstance(value, list)}
        number = {"value": f"{row['value']:f}"} if "value" in row else {}
        writer.writerow(row | lists | number)
    return stream.getvalue()


@settings(deadline=None)
@given(st.lists(flat, max_size=5), st.sampled_from(",;\t"))
@example([least | {"source": "\x1f"}], ",")  # white space to Python, not to pydantic
def test_ndjson_json_and_csv_of_the_same_records_give_the_same_updates(rows, delimiter):
    expected = collect("\n".join(map(as_json, rows)), "ndjson")
    assert collect(f"[{', '.join(map(as_json, rows))}]", "json") == expected
    assert collect(as_csv(rows, delimiter), "csv") == expected
    assert len(expected) == len(rows)


@settings(deadline=None)
@given(st.lists(flat, max_size=6), st.randoms(use_true_random=False), st.integers(1, 6))
def test_neither_order_nor_batching_changes_an_update(rows, random, batch):
    texts = list(map(as_json, rows))
    expected = sorted(collect("\n".join(texts), "ndjson"), key=repr)
    random.shuffle(texts)
    shuffled = collect("\n".join(texts), "ndjson", batch)
    assert sorted(shuffled, key=repr) == expected
    for update in shuffled:
        assert update.id == content_id(update) or not update.id.startswith("u_")


@pytest.mark.long
@settings(deadline=None, max_examples=5_000)
@given(anything, st.sampled_from([None, "ndjson", "json", "csv"]), st.sampled_from(MAPPINGS))
def test_any_bytes_at_length(data, format_, mapping):
    reading = read_updates(
        io.BytesIO(data), recorded=NOW, kinds=KINDS, format=format_, mapping=mapping
    )
    try:
        batches = list(reading)
    except InputError as error:
        assert error.message  # noqa: PT017 - an error is one good answer of two
    else:
        assert sum(len(u) + len(r) for u, r in batches) == reading.records
