"""YAML 1.2 as the loader reads it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from monitor.language.document import MAX_BYTES, Document, parse_document

GOOD = Path(__file__).parent / "good"

MEANINGS = {
    "NO": "NO",
    "yes": "yes",
    "on": "on",
    "12:30": "12:30",
    "2025-08-23": "2025-08-23",
    "1_000": "1_000",
    "true": True,
    "False": False,
    "15": 15,
    "-3": -3,
    "0o17": 15,
    "0x1F": 31,
    "010": 10,
    "0.1": Decimal("0.1"),
    "1.": Decimal(1),
    ".5": Decimal("0.5"),
    "1e3": Decimal(1000),
    "1e99999": float("inf"),
    ".inf": float("inf"),
    "-.INF": float("-inf"),
    "'15'": "15",
    '"true"': "true",
    "!!str 15": "15",
    "! 15": "15",
    "1.2.3": "1.2.3",
    "-": "-",
    ".": ".",
    "+": "+",
}


def parsed(text: str) -> Document:
    document, faults = parse_document(text.encode(), "a.yaml")
    assert faults == []
    assert document is not None
    return document


@pytest.mark.parametrize(("written", "meant"), MEANINGS.items())
def test_scalars_mean_what_the_core_schema_of_yaml_1_2_says(written, meant):
    text = written if written == "-" else f"a: {written}"
    if written == "-":
        text = "a: '-'"
    value = parsed(text).data["a"]
    assert value == meant
    assert type(value) is type(meant)


def test_the_place_of_every_key_and_value_is_known():
    document = parsed("a:\n  - b: 1\n    longer: [x, y]\n")
    assert str(document.locate(("a",), key=True)) == "a.yaml:1:1"
    assert str(document.locate(("a", 0))) == "a.yaml:2:5"
    assert str(document.locate(("a", 0, "longer"), key=True)) == "a.yaml:3:5"
    assert str(document.locate(("a", 0, "longer", 1))) == "a.yaml:3:17"


def places(node, path=()):
    """(path, is it a key, line, column) of everything, from the nodes of another composer."""
    yield path, False, node.start_mark.line + 1, node.start_mark.column + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, key.value)
            yield inner, True, key.start_mark.line + 1, key.start_mark.column + 1
            yield from places(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for index, part in enumerate(node.value):
            yield from places(part, (*path, index))


ALIASED = "a: &x {b: [1, &y 2]}\nc: *x\nd:\n- *y\n- &z {e: *x}\n- *z\n"


@pytest.mark.parametrize(
    "raw",
    [ALIASED.encode(), *(path.read_bytes() for path in sorted(GOOD.glob("*.yaml")))],
    ids=["aliased", *(path.stem for path in sorted(GOOD.glob("*.yaml")))],
)
def test_every_key_and_value_stands_where_another_composer_finds_it(raw):
    document = parsed(raw.decode("utf-8-sig"))
    expected = list(places(yaml.compose(raw, yaml.SafeLoader)))
    assert len(expected) > 10
    for path, key, line, column in expected:
        found = document.locate(path, key=key)
        assert (found.line, found.column) == (line, column), path


def test_the_places_of_all_items_of_a_list_are_those_of_each():
    document = parsed("a:\n- 1\n- {b: 2}\n-   [3]\nc: []\n")
    assert document.items(("a",)) == [document.locate(("a", n)) for n in range(3)]
    assert document.items(("c",)) == []


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x08", "\x0b", "\x1f", "\x7f", "\x80", "\x84", "\x9f", "\ufffe", "\uffff"],
)
@pytest.mark.parametrize("before", ["", "§ é 、 "])
def test_no_control_character_may_stand_anywhere(character, before):
    _, faults = parse_document(f"a: 1\nb: {before}{character}\n".encode(), "a.yaml")
    assert [(f.code, f.location.line, f.location.column) for f in faults] == [
        ("control-character", 2, 4 + len(before))
    ]


@pytest.mark.parametrize(
    "text", ["\ta", "\x85", "\xa0", "§", "é", "、", "수소", "😀", "\ue000", "\ufffd"]
)
def test_what_is_no_control_character_may(text):
    assert parsed(f'a: "x{text}x"\n').data["a"].startswith("x")


def test_what_is_missing_is_located_at_the_nearest_thing_above_it():
    document = parsed("a:\n  - b: 1\n")
    assert str(document.locate(("a", 0, "c", 3))) == "a.yaml:2:5"
    assert str(document.locate(("a", 7))) == "a.yaml:2:3"
    assert document.existing(("a", 0, "c", 3)) == ("a", 0)
    assert document.existing(("a", 0, "b", "c")) == ("a", 0, "b")


def test_columns_count_characters_and_not_bytes():
    document = parsed("title: {日本: 韓国, 次: 値}\n")
    assert str(document.locate(("title", "次"))) == "a.yaml:1:20"


def test_a_byte_order_mark_is_no_text():
    document, faults = parse_document(b"\xef\xbb\xbfa: 1\n", "a.yaml")
    assert faults == []
    assert document is not None
    assert document.data == {"a": 1}


def test_an_alias_stands_for_what_was_anchored():
    document = parsed("a: &x [1, 2]\nb: *x\nc: {d: &y {e: 1}, f: *y}\n&k key: *x\n")
    assert document.data["b"] == [1, 2]
    assert document.data["c"]["f"] == {"e": 1}
    assert document.data["key"] == [1, 2]
    assert str(document.locate(("b", 1))) == "a.yaml:1:11"


def test_a_plain_merge_sign_is_refused_and_a_quoted_one_is_a_key():
    assert parsed("'<<': 1").data == {"<<": 1}
    _, faults = parse_document(b"a: &x {b: 1}\nc: {<<: *x}\n", "a.yaml")
    assert [fault.code for fault in faults] == ["merge-key"]


def test_every_duplicate_key_is_told_and_the_first_one_counts():
    document, faults = parse_document(b"a: 1\na: 2\nb: {c: 1, c: 2}\na: 3\n", "a.yaml")
    assert [str(fault.location) for fault in faults] == ["a.yaml:2:1", "a.yaml:3:11", "a.yaml:4:1"]
    assert document is not None
    assert document.data == {"a": 1, "b": {"c": 1}}


def test_a_file_of_too_many_bytes_is_not_read():
    document, faults = parse_document(b"a: " + b"x" * MAX_BYTES, "a.yaml")
    assert document is None
    assert [fault.code for fault in faults] == ["too-large"]


def test_reading_stops_after_very_many_faults():
    document, faults = parse_document(b"a: 1\n" * 1_000, "a.yaml")
    assert document is None
    assert len(faults) == 200


@pytest.mark.parametrize("opener", ["[", "{a: ", "- ", "? "])
def test_nesting_without_end_is_a_fault_and_not_a_crash(opener):
    document, faults = parse_document((opener * 50_000).encode(), "a.yaml")
    assert document is None
    assert len(faults) == 1


@given(st.binary(max_size=200))
def test_any_bytes_give_a_document_or_faults(raw):
    document, faults = parse_document(raw, "a.yaml")
    assert document is not None or faults


YAMLISH = st.text(alphabet=st.sampled_from("ab:-[]{},&*#'\"|>? \n\t!%@`0.~<\\"), max_size=60)


@given(YAMLISH)
def test_anything_that_looks_like_yaml_gives_a_document_or_located_faults(text):
    document, faults = parse_document(text.encode(), "a.yaml")
    assert document is not None or faults
    assert all(fault.location.line >= 1 and fault.location.column >= 1 for fault in faults)
