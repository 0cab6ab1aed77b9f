"""Adding an item to a list: the rest of the file stays as it is, to the byte."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from monitor.errors import InputError, RulebookError
from monitor.language.document import parse_document
from monitor.language.layout.adding import add_item

ITEM = ["  - id: new", "    note: |", "      x", "", "      y"]


def add(text):
    return add_item(text.encode(), "x.yaml", "commitments", ITEM).decode()


def test_it_stands_behind_the_last_item_and_its_comments():
    text = "commitments:\n  - id: a  # one\n    # the end of a\n  # the end of all\n\n# next\ntitle: A\n"
    assert add(text) == (
        "commitments:\n  - id: a  # one\n    # the end of a\n  # the end of all\n\n"
        "  - id: new\n    note: |\n      x\n\n      y\n\n# next\ntitle: A\n"
    )


def test_it_takes_the_column_of_the_others():
    assert add("commitments:\n- id: a\n") == (
        "commitments:\n- id: a\n\n- id: new\n  note: |\n    x\n\n    y\n"
    )
    assert "\n        - id: new\n          note: |\n            x\n" in add(
        "commitments:\n        - a\n"
    )


def test_a_file_without_an_end_of_line_gets_one():
    assert add("commitments:\n  - id: a").startswith("commitments:\n  - id: a\n\n  - id: new\n")


def test_line_ends_and_a_byte_order_mark_stay():
    raw = b"\xef\xbb\xbfcommitments:\r\n  - id: a\r\ntitle: A\r\n"
    done = add_item(raw, "x.yaml", "commitments", ["  - id: b"])
    assert done == b"\xef\xbb\xbfcommitments:\r\n  - id: a\r\n\r\n  - id: b\r\ntitle: A\r\n"


def test_a_list_that_is_not_there_is_begun_at_the_end():
    assert add("title: A\n\n\n").startswith("title: A\n\ncommitments:\n  - id: new\n")


@pytest.mark.parametrize(
    "end", ["|+\n      x\n\n\n", "|+\n      x\n", ">\n      x\n\n\n", "|-\n      x"]
)
def test_the_last_text_of_the_last_item_keeps_its_end(end):
    text = f"commitments:\n  - id: a\n    note: {end}"
    before = parse_document(text.encode(), "x.yaml")[0].data["commitments"]
    assert parse_document(add(text).encode(), "x.yaml")[0].data["commitments"][:-1] == before


@pytest.mark.parametrize(
    "text", ["commitments: [{id: a}]\n", "commitments: x\n", "a: 1\ncommitments: []\n"]
)
def test_a_list_in_brackets_is_refused(text):
    with pytest.raises(InputError, match=r"x.yaml:\d:1: `commitments` is not a list of lines"):
        add(text)


def test_what_is_not_a_file_of_keys_is_refused():
    with pytest.raises(RulebookError):
        add("a: [1\n")
    with pytest.raises(InputError, match="not a mapping"):
        add("- a\n")


def test_a_list_that_an_alias_stands_for_is_refused():
    with pytest.raises(InputError, match="would change something else"):
        add("commitments: &all\n  - a\ntitle: *all\n")


@given(data=st.data())
def test_nothing_else_of_any_file_is_touched(support, data):
    text, _ = data.draw(support("yamls").documents())
    parsed, faults = parse_document(text.encode(), "x.yaml")
    assume(parsed is not None and not faults)
    lists = [name for name, value in parsed.data.items() if isinstance(value, list)]
    key = data.draw(st.sampled_from(lists or list(parsed.data)))
    assume(lists or "&" not in text)
    if not lists:
        with pytest.raises(InputError, match="is not a list of lines"):
            add_item(text.encode(), "x.yaml", key, ["  - id: the-new-one"])
        return
    try:
        done = add_item(text.encode(), "x.yaml", key, ["  - id: the-new-one"]).decode()
    except InputError:
        brackets = re.search(rf"^[\"']?{key}[\"']?:[^#]*\[", text, re.MULTILINE)
        assume(brackets is None and "*" not in text)
        raise
    rest = [line for line in done.split("\n") if line.strip() != "- id: the-new-one"]
    assert [line for line in rest if line] == [line for line in text.split("\n") if line]
