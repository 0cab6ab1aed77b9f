from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from monitor.domain.time import parse_occurred
from monitor.domain.update import KINDS
from monitor.errors import InputError
from monitor.sources import document, lines
from monitor.sources.detect import Format
from monitor.sources.mapping import map_options
from monitor.sources.reader import Reading, Reject, read_updates

NOW = parse_occurred("2026-03-01T12:00Z").start("UTC")
FEED = Path(__file__).parents[3] / "seeds" / "updates-2025-08_2026-02.jsonl"
ONE = {"occurred_at": "2025-09-04", "kind": "meeting", "title": "They met"}
TWO = {"occurred_at": "2025-09-05", "kind": "funding", "title": "They paid", "topics": "b;a"}
BAD = {"occurred_at": "2025-02-30", "kind": "funding", "title": "They paid"}


def reading(content: bytes | str, name: str | None = "feed", **kwargs) -> Reading:
    data = content.encode() if isinstance(content, str) else content
    settings = {"recorded": NOW, "kinds": KINDS} | kwargs
    return read_updates(io.BytesIO(data), name=name, **settings)


def everything(one: Reading):
    batches = list(one)
    updates = [update for batch in batches for update in batch.updates]
    rejects = [reject for batch in batches for reject in batch.rejects]
    return updates, rejects


def titles(content: bytes | str, **kwargs) -> list[str]:
    updates, rejects = everything(reading(content, **kwargs))
    assert not rejects
    return [update.title for update in updates]


def fault(content: bytes | str, **kwargs) -> InputError:
    with pytest.raises(InputError) as refused:
        everything(reading(content, **kwargs))
    return refused.value


def ndjson(*records) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def table(*records, delimiter=",") -> str:
    stream = io.StringIO()
    columns = list({column: None for record in records for column in record})
    writer = csv.DictWriter(stream, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(records)
    return stream.getvalue()


def test_the_shipped_feed_is_read_to_its_last_record():
    one = read_updates(FEED, recorded=NOW, kinds=KINDS, mapping=map_options(["topics=subject"]))
    updates, rejects = everything(one)
    assert (len(updates), rejects, one.records, one.warnings) == (92, [], 92, ())
    assert len({update.id for update in updates}) == 92
    assert all(len(update.topics) == 1 for update in updates)
    assert one.newest == parse_occurred("2026-02-27")
    assert one.complete


def test_the_shipped_feed_without_its_mapping_says_what_is_not_read():
    one = read_updates(FEED, recorded=NOW, kinds=KINDS)
    updates, _ = everything(one)
    assert not any(update.topics for update in updates)
    assert one.warnings == (f"{FEED}: unknown column 'subject' in 92 records is not read",)


@pytest.mark.parametrize(
    ("content", "format_"),
    [
        (ndjson(ONE, TWO), Format.NDJSON),
        (json.dumps([ONE, TWO]), Format.JSON),
        (json.dumps([ONE, TWO], indent=2), Format.JSON),
        (json.dumps({"updates": [ONE, TWO]}), Format.JSON),
        (json.dumps({"version": {"a": [1]}, "updates": [ONE, TWO], "n": 2}, indent=1), Format.JSON),
        (table(ONE, TWO), Format.CSV),
        (table(ONE, TWO, delimiter=";"), Format.CSV),
        (table(ONE, TWO, delimiter="\t"), Format.CSV),
    ],
)
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_every_format_is_known_by_its_content(content, format_, bom):
    one = reading(bom + content.encode())
    updates, rejects = everything(one)
    assert one.format is format_
    assert rejects == []
    assert updates == everything(reading(ndjson(ONE, TWO)))[0]


@pytest.mark.parametrize("suffix", [".jsonl", ".ndjson", ".json", ".csv", ".TSV", ".txt", ""])
@pytest.mark.parametrize("content", ["", "\n \r\n\n", "\ufeff"])
def test_an_empty_file_holds_no_updates_and_no_fault(tmp_path, suffix, content):
    path = tmp_path / f"feed{suffix}"
    path.write_text(content)
    one = read_updates(path, recorded=NOW, kinds=KINDS)
    assert list(one) == []
    assert (one.records, one.complete, one.newest) == (0, True, None)


@pytest.mark.parametrize("content", ["[]", '{"updates": []}', "occurred_at,kind,title\n"])
def test_a_file_without_records_is_no_fault(content):
    assert everything(reading(content)) == ([], [])


def test_the_suffix_tells_the_format_and_a_declared_one_wins():
    assert reading(ndjson(ONE), name="x.jsonl", format="ndjson").records == 0
    assert titles(table(ONE), name="x.jsonl", format=Format.CSV) == ["They met"]
    assert (
        "x.json:2:1: not valid JSON: Extra data" in fault(ndjson(ONE, TWO), name="x.json").message
    )


def test_there_is_no_other_format():
    with pytest.raises(InputError, match="no format is called 'xml'") as refused:
        reading("", format="xml")
    assert refused.value.hint == "formats are ndjson, json, csv"


def test_a_bad_record_is_rejected_with_its_number_line_and_text_and_the_others_go_on():
    text = f"{json.dumps(ONE)}\n\n{json.dumps(BAD)}\r\n{{broken\n{json.dumps(TWO)}"
    updates, rejects = everything(reading(text))
    assert [update.title for update in updates] == ["They met", "They paid"]
    assert [reject[:2] for reject in rejects] == [(2, 3), (3, 4)]
    assert rejects[0].reason == "2025-02-30: there is no such day"
    assert rejects[0].record == json.dumps(BAD) + "\r"
    assert rejects[1].reason.startswith("not valid JSON: ")


def test_a_bad_record_of_a_document_is_rejected_with_the_line_where_it_begins():
    text = json.dumps({"updates": [ONE, BAD, 7, TWO]}, indent=2)
    updates, rejects = everything(reading(text))
    assert len(updates) == 2
    assert [reject[:3] for reject in rejects] == [
        (2, 8, "2025-02-30: there is no such day"),
        (3, 13, "a record must be an object with named fields, not the number 7"),
    ]
    assert json.loads(rejects[0].record) == BAD


def test_a_bad_row_is_rejected_with_the_line_where_it_begins():
    text = (
        "occurred_at,kind,title\n"
        '2025-09-04,meeting,"two\nlines"\n'
        "2025-09-04,meeting\n"
        "\n,,\n"
        "2025-02-30,meeting,never\n"
        '2025-09-04,meeting,"open" quote\n'
        "2025-09-06,meeting,last\n"
    )
    updates, rejects = everything(reading(text))
    assert [update.title for update in updates] == ["two\nlines", "last"]
    assert rejects == [
        Reject(2, 4, "2 cells, but the header names 3 columns", "2025-09-04,meeting"),
        Reject(3, 7, "2025-02-30: there is no such day", "2025-02-30,meeting,never"),
        Reject(4, 8, "',' expected after '\"'", '2025-09-04,meeting,"open" quote'),
    ]


def test_a_quote_that_is_never_closed_is_one_bad_row():
    updates, rejects = everything(reading('occurred_at,kind,title\n2025-09-04,meeting,"a\nb\n'))
    assert updates == []
    assert [reject[:3] for reject in rejects] == [(1, 2, "unexpected end of data")]


def test_a_row_that_grows_over_every_line_is_cut_off(monkeypatch):
    monkeypatch.setattr("monitor.sources.table.LINE_LIMIT", 100)
    text = "occurred_at,kind,title\n2025-09-04,meeting,a" + ',"x\n' + 'y","z\n' * 60
    _, rejects = everything(reading(text))
    assert "is a quote open?" in rejects[0].reason
    assert len(rejects[0].record) <= 100


def test_cells_that_are_empty_are_absent():
    assert titles("occurred_at,kind,title\n , ,\t\n2025,delay,x\n") == ["x"]
    (update,), _ = everything(reading("occurred_at,kind,title,value,id,url,\n2025,delay,x,, ,,\n"))
    assert (update.value, update.url) == (None, "")
    assert update.id.startswith("u_")


def test_lines_longer_than_the_limit_are_rejected_wherever_chunks_end(monkeypatch):
    monkeypatch.setattr(lines, "LINE_LIMIT", 200)
    good = json.dumps(ONE)
    text = f"{good}\n{'x' * 250}\n{good}\n{'y' * 5000}\n{good}\n{'z' * 300}"
    for size in (1, 7, 64, 199, 5000, 10_000):
        data = text.encode()
        chunks = (data[at : at + size] for at in range(0, len(data), size))
        entries = list(lines.ndjson_entries(chunks))
        kinds = [entry if isinstance(entry, bytes) else entry.reason for _, entry in entries]
        assert [number for number, _ in entries] == [1, 2, 3, 4, 5, 6]
        assert kinds[0::2] == [good.encode()] * 3
        assert set(kinds[1::2]) <= {"the line is longer than 0 MB"} | {"z" * 300}


def test_batches_hold_what_they_should():
    text = ndjson(*[ONE] * 7, BAD)
    sizes = [(len(b.updates), len(b.rejects)) for b in reading(text, batch=3)]
    assert sizes == [(3, 0), (3, 0), (1, 1)]


def test_a_batch_ends_early_when_its_records_are_large(monkeypatch):
    monkeypatch.setattr("monitor.sources.reader.BATCH_BYTES", 1000)
    text = ndjson(*[ONE | {"text": "x" * 600}] * 5)
    assert [len(b.updates) for b in reading(text)] == [2, 2, 1]
    assert [len(b.updates) for b in reading(table(*[ONE | {"text": "x" * 600}] * 5))] == [2, 2, 1]


class Endless(io.RawIOBase):
    """NDJSON without an end, which knows how much was asked of it."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        block = (ndjson(ONE) * (size // len(ndjson(ONE)) + 1)).encode()[:size]
        block = block[: block.rfind(b"\n") + 1]
        self.given += len(block)
        return block


def test_a_stream_is_read_only_as_far_as_its_batches_are_asked_for():
    stream = Endless()
    batches = iter(read_updates(stream, recorded=NOW, kinds=KINDS, batch=1000))
    assert len(next(batches).updates) == 1000
    assert stream.given <= 3 * 1024 * 1024


def test_a_stream_that_was_given_stays_open_and_is_read_once():
    stream = io.BytesIO(ndjson(ONE).encode())
    one = read_updates(stream, recorded=NOW, kinds=KINDS)
    assert one.name == "standard input"
    list(one)
    assert not stream.closed
    with pytest.raises(RuntimeError, match="once"):
        list(one)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("[\n{} {}]", "feed:2:4: not valid JSON: Expecting ',' delimiter"),
        ('[{"a": 1},\n', "feed:2:1: not valid JSON: Expecting value"),
        ("[1, ]", "feed:1:5: not valid JSON: Expecting value"),
        ("[]\n[]", "feed:2:1: not valid JSON: Extra data"),
        ('[{"a": tru}]', "feed:1:8: not valid JSON: Expecting value"),
        ('{"a" 1}', "feed:1:6: not valid JSON: Expecting ':' delimiter"),
        ('{"a": 1 "b": 2}', "feed:1:9: not valid JSON: Expecting ',' delimiter"),
        ("{a: 1}", "feed:1:2: not valid JSON: Expecting property name"),
        ('{"updates": [}', "feed:1:14: not valid JSON: Expecting value"),
        ("{}", "feed: an object without a list 'updates'"),
        ('{"a": [], "b": 1}', "feed: an object without a list 'updates' (it has 'a', 'b')"),
        ('{"updates": {}}', "feed: an object without a list 'updates' (it has 'updates')"),
        ('{"updates": [], "updates": []}', "feed: 'updates' stands there twice"),
        ("7", "feed: neither a list nor an object"),
        ("[" * 100_000, "feed: not valid JSON: nested too deeply"),
    ],
)
def test_a_document_that_cannot_be_used_gives_one_error_and_nothing_else(text, where):
    assert fault(text, format="json").message.startswith(where)


def test_a_document_broken_at_its_end_gives_no_update_at_all():
    batches = iter(reading(f"[{json.dumps(ONE)}, {json.dumps(TWO)}", batch=1))
    with pytest.raises(InputError, match="delimiter"):
        next(batches)


def test_a_document_over_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(document, "DOCUMENT_LIMIT", 2**20)
    error = fault("[" + " " * 2**20 + "]", format="json")
    assert error.message == "feed: a JSON document of more than 1 MB"
    assert "NDJSON" in error.hint


def test_a_document_with_lines_as_records_gets_a_hint():
    assert "ndjson" in fault(ndjson(ONE, TWO), name="feed.json").hint


def test_numbers_without_bounds_in_a_document_cost_one_record():
    text = f'[{json.dumps(ONE)}, {{"x": {"9" * 5000}}}, {{"x": 1e99999999999}}]'
    updates, rejects = everything(reading(text))
    assert (len(updates), len(rejects)) == (1, 2)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (table(ONE).encode("utf-16"), "feed is not UTF-8 (it looks like UTF-16)"),
        (table(ONE).encode("utf-16-le"), "feed is not UTF-8 (it looks like UTF-16)"),
        ("occurred_at,title\n2025,é\n".encode("latin-1"), "feed:2: not UTF-8 (byte 0xe9)"),
        ('[{"a": "é"}]'.encode("latin-1"), "feed:1: not UTF-8 (byte 0xe9)"),
        (b"\x1f\x8b\x08\0", "feed is compressed with gzip"),
        (b"PK\x03\x04....", "feed is a spreadsheet or a zip archive"),
        (b"SQLite format 3\0", "feed is a database"),
    ],
)
def test_a_file_that_is_no_utf8_text_is_refused_with_what_to_do(data, message):
    error = fault(data)
    assert error.message == message
    assert error.hint


def test_a_line_that_is_not_utf8_is_one_bad_record_where_lines_are_records():
    data = ndjson(ONE).encode() + b'{"title": "\xe9"}\n' + ndjson(TWO).encode()
    updates, rejects = everything(reading(data))
    assert len(updates) == 2
    assert rejects[0].record == '{"title": "\\xe9"}'


def test_a_row_far_down_that_is_not_utf8_is_one_bad_row():
    data = table(*[ONE] * 3000).encode() + b"2025,delay,\xe9\n" + b"2025-09-06,delay,last\n"
    updates, rejects = everything(reading(data))
    assert len(updates) == 3001
    assert [reject[1:3] for reject in rejects] == [
        (3002, "not UTF-8 (byte 0xe9): save the file as UTF-8")
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "feed:1: the first line names no column that is known (it has 'a', 'b')"),
        ("\n\ntitle,kind,title\n", "feed:3: column 'title' stands there twice"),
        ('"title\n', "feed:1: the header cannot be read: unexpected end of data"),
    ],
)
def test_a_table_without_a_usable_header_is_refused(text, message):
    assert fault(text, format="csv").message == message


def test_a_mapped_column_that_no_record_has_is_an_error_that_names_those_there_are():
    mapping = map_options(["topics=subjekt"])
    for text in (ndjson(ONE | {"subject": "x"}), table(ONE | {"subject": "x"})):
        error = fault(text, mapping=mapping)
        assert error.message == "feed: no record has the mapped column 'subjekt'"
        assert error.hint == "its columns are kind, occurred_at, subject, title"


def test_a_mapped_column_that_all_records_lack_is_named_even_if_all_are_refused():
    error = fault(ndjson({"date": "2025"}), mapping=map_options(["occurred_at=datum"]))
    assert error.hint == "its columns are date"


def test_a_mapped_column_may_come_after_the_first_batch():
    mapping = map_options(["topics=subject"])
    text = ndjson(ONE, ONE, ONE | {"subject": "x"})
    assert len(titles(text, mapping=mapping, batch=1)) == 3
    for batch in (1, 2, 3, 4):
        assert "no record has" in fault(ndjson(ONE, ONE), mapping=mapping, batch=batch).message


def test_a_mapped_column_that_does_not_come_in_20000_records_is_an_error(monkeypatch):
    monkeypatch.setattr("monitor.sources.reader.BATCH", 4)
    batches = iter(reading(ndjson(*[ONE] * 6), mapping=map_options(["topics=subject"]), batch=2))
    next(batches)
    with pytest.raises(InputError, match="no record has"):
        next(batches)


def test_a_mapped_column_may_be_rare_or_empty():
    mapping = map_options(["topics=subject"])
    assert len(titles(ndjson(ONE, ONE, ONE | {"subject": "x"}), mapping=mapping)) == 3
    assert len(titles(table(ONE | {"subject": ""}), mapping=mapping)) == 1
    assert titles("", mapping=mapping) == []


def test_a_delimiter_is_chosen_by_the_columns_it_makes_known():
    text = 'occurred_at;kind;title;"a,b,c,d,e"\n2025-09-04;meeting;Rome, Paris;x\n'
    assert titles(text) == ["Rome, Paris"]


@pytest.mark.parametrize(
    ("dates", "newest"),
    [
        (["2025-09-04", "2025-09-03"], "2025-09-04"),
        (["2025-09", "2025-08-31", "2025"], "2025-09"),
        (["2025-09-04T01:00+14:00", "2025-09-03T12:00Z"], "2025-09-03T12:00Z"),
        (["2025-09-04T00:00-10:00", "2025-09-04T09:00Z"], "2025-09-04T00:00-10:00"),
        (["2025-09-04 10:00", "2025-09-04T09:00"], "2025-09-04 10:00"),
        (["2026-03-02", "2027", "2025-01-01"], "2025-01-01"),
        (["2027"], None),
    ],
)
@pytest.mark.parametrize("batch", [1, 10])
def test_the_newest_occurrence_is_the_latest_that_is_not_in_the_future(dates, newest, batch):
    for order in (dates, dates[::-1]):
        one = reading(ndjson(*[ONE | {"occurred_at": date} for date in order]), batch=batch)
        everything(one)
        assert (one.newest.text if one.newest else None) == newest


def test_a_file_that_cannot_be_opened_is_a_clear_error(tmp_path):
    for path, why in (
        (tmp_path / "none.csv", "No such file or directory"),
        (tmp_path, "Is a directory"),
        (Path("a\0b"), "null byte"),
    ):
        with pytest.raises(InputError, match=why):
            list(read_updates(path, recorded=NOW, kinds=KINDS))


def test_a_stream_that_fails_is_a_clear_error():
    class Failing(io.RawIOBase):
        def read(self, size=-1):
            raise OSError(5, "Input/output error")

    with pytest.raises(InputError, match="cannot read standard input: Input/output error"):
        list(read_updates(Failing(), recorded=NOW, kinds=KINDS))
