from __future__ import annotations

import json
from decimal import Decimal

import pytest

from monitor.domain.time import Precision, parse_occurred
from monitor.domain.update import KINDS, Update, content_id
from monitor.errors import ConfigError
from monitor.sources.mapping import IDENTITY, field_map
from monitor.sources.record import BadRecordError, RecordReader

NOW = parse_occurred("2026-03-01T12:00Z").start("UTC")
LEAST = {"occurred_at": "2025-09-04", "kind": "meeting", "title": "They met"}


def reader(mapping=IDENTITY, **kwargs) -> RecordReader:
    return RecordReader(recorded=NOW, kinds=KINDS, mapping=mapping, **kwargs)


def read(_mapping=IDENTITY, **fields) -> Update:
    return reader(_mapping).from_json(json.dumps(LEAST | fields).encode())


def reason(_mapping=IDENTITY, **fields) -> str:
    record = {key: value for key, value in (LEAST | fields).items() if value is not ...}
    with pytest.raises(BadRecordError) as refused:
        reader(_mapping).from_json(json.dumps(record).encode())
    with pytest.raises(BadRecordError) as as_mapping:
        reader(_mapping).from_mapping(record)
    assert str(as_mapping.value) == str(refused.value)
    return str(refused.value)


def test_the_least_record_is_an_update_with_an_id_made_of_its_content():
    update = read()
    assert update == Update(update.id, parse_occurred("2025-09-04"), NOW, "meeting", "They met")
    assert update.id == content_id(update)


def test_every_field_is_read():
    update = read(
        id="feed/7",
        topics=["Hydrogen", " clean-energy ", "hydrogen"],
        parties="kr; jp",
        source=" Yonhap ",
        url="https://example.org/a?b#c",
        text="More",
        agreement="a",
        commitment="c",
        milestone="m",
        indicator="i",
        value=15,
        unit="%",
        supersedes="feed/5",
        retracts="feed/6",
        moves_to=" 2026-06-30 ",
    )
    assert update == Update(
        "feed/7",
        parse_occurred("2025-09-04"),
        NOW,
        "meeting",
        "They met",
        ("clean-energy", "hydrogen"),
        ("JP", "KR"),
        "Yonhap",
        "https://example.org/a?b#c",
        "More",
        "a",
        "c",
        "m",
        "i",
        Decimal(15),
        "%",
        "feed/5",
        "feed/6",
        parse_occurred("2026-06-30"),
    )


def test_null_and_empty_mean_absent_for_every_optional_field():
    optional = set(json.loads('["id","topics","parties","source","url","text","agreement"]')) | {
        "commitment",
        "milestone",
        "indicator",
        "value",
        "unit",
        "supersedes",
        "retracts",
        "moves_to",
        "recorded_at",
    }
    plain = read()
    assert read(**dict.fromkeys(optional)) == plain
    assert read(**dict.fromkeys(optional, "")) == plain


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("2025", Precision.YEAR),
        ("2025-09", Precision.MONTH),
        ("2025-09-04", Precision.DAY),
        ("2025-09-04T15:30", Precision.SECOND),
        ("2025-09-04 15:30:05", Precision.SECOND),
        ("2025-09-04T15:30:05.25+09:00", Precision.SECOND),
        ("2025-09-04T06:30Z", Precision.SECOND),
    ],
)
def test_a_date_is_kept_as_written_with_its_precision(text, precision):
    occurred = read(occurred_at=text).occurred
    assert occurred == (text, precision)
    assert occurred == parse_occurred(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2025-02-30", "2025-02-30: there is no such day"),
        ("2025-13", "2025-13: there is no such month"),
        ("2025-00-10", "2025-00-10: there is no such month"),
        ("2025-02-30T10:00", "2025-02-30T10:00: there is no such day"),
        ("2025-02-03T25:00Z", "2025-02-03T25:00Z: there is no such time"),
        ("2025-02-03T10:00+24:00", "2025-02-03T10:00+24:00: there is no such time"),
        ("0000", "0000: there is no such year here, only 0002 to 9998"),
        ("9999-12-31", "9999-12-31: there is no such year here, only 0002 to 9998"),
        ("yesterday", "'yesterday' is not a date"),
        ("20250904", "'20250904' is not a date"),
        ("2025-W05-1T10:00", "'2025-W05-1T10:00' is not a date"),
        ("٢٠٢٥", "'٢٠٢٥' is not a date"),
        ("2025-9-4", "write 2025, 2025-09, 2025-09-04 or 2025-09-04T15:30+09:00"),
        ("", "'' is not a date"),
    ],
)
def test_an_impossible_date_is_refused_with_what_is_wrong_about_it(text, why):
    assert why in reason(occurred_at=text)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"title": ...}, "title is missing"),
        ({"title": ..., "Headline": "x"}, "title is missing (map it: title=Headline)"),
        ({"occurred_at": ..., "date": "x"}, "occurred_at is missing (map it: occurred_at=date)"),
        ({"occurred_at": ..., "ocurred_at": "x"}, "occurred_at is missing (there is 'ocurred_at')"),
        ({"kind": ..., "title": ...}, "kind is missing; title is missing"),
        ({"title": " \n"}, "title is empty"),
        ({"title": None}, "title must be text, not null"),
        ({"title": 7}, "title must be text, not the number 7"),
        ({"title": ["a"]}, "title must be text, not a list"),
        ({"title": {"a": 1}}, "title must be text, not an object"),
        ({"text": True}, "text must be text, not true or false"),
        ({"title": "x" * 10_001}, "title is longer than 10,000 characters"),
        ({"title": "a\0b"}, "title holds the character U+0000, which is not text"),
        ({"topics": ["a\0"]}, "topics holds the character U+0000, which is not text"),
        ({"occurred_at": 2025}, "occurred_at must be text, not the number 2025"),
        ({"kind": ""}, "kind is empty"),
        ({"kind": "Meeting"}, "is not a lower-case word of letters, digits, - and _"),
        ({"kind": "Meeting"}, "did you mean 'meeting'?"),
        ({"kind": "agrement"}, "unknown kind 'agrement', did you mean 'agreement'?"),
        ({"kind": "zzz"}, "unknown kind 'zzz': known are agreement, announcement, delay"),
        ({"id": "a b"}, "id 'a b' must be 1 to 200 letters, digits and . _ : / -"),
        ({"id": "x" * 201}, "must be 1 to 200 letters"),
        ({"moves_to": "2026-02-30"}, "moves_to: 2026-02-30: there is no such day"),
        (
            {"moves_to": "soon"},
            "moves_to: 'soon' is not a date: write 2025, 2025-09, 2025-09-04 or 2025-09-04T15:30",
        ),
        ({"retracts": "ü"}, "retracts 'ü' must be the id of an update"),
        ({"id": "a", "retracts": "a"}, "a retracts or supersedes itself"),
        ({"id": "a", "supersedes": "a"}, "a retracts or supersedes itself"),
        ({"url": "ftp://example.org"}, "url 'ftp://example.org' must begin with http:// or"),
        ({"url": "javascript:alert(1)"}, "must begin with http:// or https://"),
        ({"url": "https://a b"}, "and hold no blank"),
        ({"url": "https:///path"}, "and a host"),
        ({"url": "http://[::1"}, "must begin with http:// or https:// and a host"),
        ({"url": "http://\u2100.com"}, "is malformed"),
        ({"source": "x" * 201}, "source is longer than 200 characters"),
        ({"topics": 5}, "topics must be a text or a list of texts, not 5"),
        ({"topics": [None]}, "topics must be texts, not null"),
        ({"topics": [["a"]]}, "topics must be texts, not ['a']"),
        ({"topics": ["x"] * 101}, "topics has 101 entries: at most 100"),
        ({"topics": ",".join(map(str, range(101)))}, "topics has 101 entries: at most 100"),
        ({"topics": "x" * 5001}, "topics is longer than 5,000 characters"),
        ({"parties": ["x" * 201]}, "is longer than 200 characters"),
        ({"value": True}, "value must be a number, not True"),
        ({"value": [1]}, "value must be a number, not [1]"),
        ({"value": "NaN"}, "value NaN is not a finite number"),
        ({"value": "-Infinity"}, "value -Infinity is not a finite number"),
        ({"value": "1,5"}, "value '1,5' is not a number: write for instance 15 or -2.75"),
        ({"value": "1_000"}, "is not a number"),
        ({"value": "15 %"}, "is not a number"),
        ({"value": "\u0661\u0665"}, "is not a number"),
        ({"value": 10**12}, "is too large: at most 12 digits before the point"),
        ({"value": "-1e12"}, "is too large"),
        ({"value": "0.0000001"}, "value 0.0000001 has more than 6 decimals"),
        ({"recorded_at": "2026-03-02"}, "recorded_at 2026-03-02 is in the future"),
        ({"recorded_at": "soon"}, "'soon' is not a date"),
        (
            {"recorded_at": "2025-09-03T09:59Z"},
            "03T09:59Z is before it occurred (2025-09-04): a forecast is not a report",
        ),
    ],
)
def test_a_bad_record_is_refused_with_a_reason(fields, why):
    assert why in reason(**fields)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{", "not valid JSON: EOF while parsing an object at column 1"),
        (b"[]", "a record must be an object with named fields, not a list"),
        (b"7", "a record must be an object with named fields, not the number 7"),
        (b'{"title": "\\ud800"}', "not valid JSON"),
        (b'{"title": "\xff"}', "not valid JSON"),
        (b'{"a": ' + b"[" * 5000 + b"]" * 5000 + b"}", "not valid JSON: recursion limit"),
        (b'{"a": 1} {"a": 2}', "not valid JSON: trailing characters"),
    ],
)
def test_a_line_that_is_no_json_object_is_refused(line, why):
    with pytest.raises(BadRecordError) as refused:
        reader().from_json(line)
    assert why in str(refused.value)


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_json_number_that_is_not_finite_is_refused(literal):
    line = json.dumps(LEAST)[:-1] + f', "value": {literal}}}'
    with pytest.raises(BadRecordError, match=r"finite|too large"):
        reader().from_json(line.encode())


def test_half_a_surrogate_pair_is_refused_in_a_record_that_never_was_json():
    with pytest.raises(BadRecordError, match="title holds half a surrogate pair"):
        reader().from_mapping(LEAST | {"title": "\ud800"})
    with pytest.raises(BadRecordError, match="the name of a column holds half a surrogate pair"):
        reader().from_mapping(LEAST | {"\ud800": "x"})
    with pytest.raises(BadRecordError, match="topics holds the character U\\+DFFF"):
        reader().from_mapping(LEAST | {"topics": "\udfff"})


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("12345678901.123456", "12345678901.123456"),
        ("999999999999.999999", "999999999999.999999"),
        ("0.1", "0.1"),
        ("15.000", "15"),
        ("1.5e3", "1500"),
        ("-0.0", "0"),
        ("-2.750000", "-2.75"),
        ("0.000001", "0.000001"),
    ],
)
def test_a_number_is_read_exactly_as_it_is_written(written, exact):
    line = json.dumps(LEAST)[:-1] + f', "value": {written}}}'
    for update in (reader().from_json(line.encode()), read(value=written)):
        assert str(update.value) == exact


def test_a_double_cannot_hide_decimals_that_are_too_many():
    line = json.dumps(LEAST)[:-1] + ', "value": 0.1000000000000000001}'
    with pytest.raises(BadRecordError, match="more than 6 decimals"):
        reader().from_json(line.encode())


def test_one_text_has_one_spelling_and_one_id():
    composed, decomposed = "S\u00e9oul \ud55c", "Se\u0301oul \u1112\u1161\u11ab"
    first, second = read(title=composed, topics=composed), read(title=decomposed, topics=decomposed)
    assert first == second
    assert first.title == composed
    assert first.topics == (composed.lower(),)


def test_escaped_and_plain_unicode_are_the_same_update():
    record = LEAST | {"title": "정상회담 — “수소”", "topics": ["수소"]}
    escaped = reader().from_json(json.dumps(record).encode())
    plain = reader().from_json(json.dumps(record, ensure_ascii=False).encode())
    assert escaped == plain == reader().from_mapping(record)


def test_any_kind_is_allowed_when_no_kinds_are_given():
    update = RecordReader(recorded=NOW, kinds=None).from_mapping(LEAST | {"kind": "pilot-project"})
    assert update.kind == "pilot-project"


def test_an_archive_tells_when_it_learned():
    assert read(recorded_at="2025-09-05T10:00+09:00").recorded == parse_occurred(
        "2025-09-05T01:00Z"
    ).start("UTC")


def test_recorded_on_a_day_means_its_last_second_but_not_the_future():
    in_seoul = reader(zone="Asia/Seoul")
    day = in_seoul.from_mapping(LEAST | {"recorded_at": "2025-09-05"})
    assert day.recorded == parse_occurred("2025-09-05T14:59:59Z").start("UTC")
    assert read(recorded_at="2026-03-01").recorded == NOW
    assert read(recorded_at="2026").recorded == NOW


def test_a_date_may_be_recorded_as_soon_as_it_begins_anywhere_on_earth():
    early = parse_occurred("2025-09-03T10:00Z").start("UTC")
    assert read(recorded_at="2025-09-03T10:00Z").recorded == early


def test_recorded_at_does_not_change_the_id():
    assert read(recorded_at="2025-09-05").id == read().id


def test_an_update_dated_in_the_future_is_kept_with_a_warning():
    one = reader()
    assert one.from_mapping(LEAST | {"occurred_at": "2026-06-01"}).recorded == NOW
    one.from_mapping(LEAST | {"occurred_at": "2026-03-01T12:00:01Z"})
    one.from_mapping(LEAST | {"occurred_at": "2026-03-02"})  # begun on Kiritimati by now
    one.from_mapping(LEAST | {"occurred_at": "2026"})
    (warning,) = one.warnings()
    assert warning == (
        "2 dated in the future, the first 2026-06-01: kept, and counted when that day comes"
    )


def test_unknown_columns_are_counted_and_a_near_miss_is_suggested():
    one = reader()
    for _ in range(3):
        one.from_mapping(LEAST | {"topic": "x", "weather": "fine"})
    assert sorted(one.warnings()) == [
        "unknown column 'topic' in 3 records is not read, did you mean 'topics'?",
        "unknown column 'weather' in 3 records is not read",
    ]


def test_a_column_that_is_not_read_may_hold_what_it_likes():
    for strange in ("a\0b", {"deep": ["\0"]}, 1e300, "x" * 200_000):
        assert read(notes=strange) == read()


def test_a_missing_field_is_looked_for_among_columns_with_strange_names():
    assert '(there is "titl\'e")' in reason(title=..., **{"titl'e": "x"})


def test_data_used_as_column_names_do_not_fill_the_memory():
    one = reader()
    for number in range(1500):
        one.from_mapping(LEAST | {f"column {number}": 1})
    assert len(one._unknown) == 1000
    assert len(list(one.warnings())) == 21


def test_a_mapped_field_is_read_from_its_column_only():
    mapping = field_map({"topics": "subject", "commitment": "subject"})
    one = reader(mapping)
    update = one.from_mapping(LEAST | {"subject": "Trade", "topics": "other", "-topics": "x"})
    assert (update.topics, update.commitment) == (("trade",), "Trade")
    assert list(one.warnings()) == [
        "column 'topics' is not read: the mapping fills topics otherwise"
    ]


def test_two_fields_can_change_places():
    mapping = field_map({"title": "text", "text": "title"})
    update = read(mapping, title="long", text="short")
    assert (update.title, update.text) == ("short", "long")


def test_a_constant_wins_over_whatever_the_record_says():
    mapping = field_map({"kind": "=statement", "parties": "=kr, jp"})
    for given in ("meeting", 5, None, "no such kind"):
        update = read(mapping, kind=given)
        assert (update.kind, update.parties) == ("statement", ("JP", "KR"))


def test_a_constant_that_does_not_suit_its_field_is_a_fault_of_the_configuration():
    with pytest.raises(ConfigError, match="url 'example' must begin with http"):
        reader(field_map({"url": "=example"}))


def test_values_are_translated_and_others_pass():
    mapping = field_map(
        {
            "kind": {"column": "typ", "values": {"Treffen": "meeting"}},
            "topics": {"values": {"Wasserstoff": "hydrogen"}},
        }
    )
    update = read(mapping, typ=" Treffen ", topics="Wasserstoff; trade")
    assert (update.kind, update.topics) == ("meeting", ("hydrogen", "trade"))
    assert read(mapping, typ="delay", topics=["Wasserstoff"]).kind == "delay"
    assert "kind" in reason(mapping, typ="Anderes")


def test_a_fault_names_the_column_of_the_file_and_the_field():
    mapping = field_map({"title": "headline"})
    assert reason(mapping) == "headline (read as title) is missing"
