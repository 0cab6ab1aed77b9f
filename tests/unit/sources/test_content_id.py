from __future__ import annotations

import hashlib
import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.time import parse_occurred
from monitor.domain.update import Update, content_id
from monitor.sources.mapping import FieldMap
from monitor.sources.record import RecordReader

texts = st.text(max_size=20)
names = st.lists(texts, max_size=3).map(tuple)
maybe = st.none() | texts
updates = st.builds(
    Update,
    id=texts,
    occurred=st.sampled_from(["2025", "2025-09-04", "2025-09-04T10:00Z"]).map(parse_occurred),
    recorded=st.integers(0, 10**9),
    kind=texts,
    title=texts,
    topics=names,
    parties=names,
    source=texts,
    url=texts,
    text=texts,
    agreement=maybe,
    commitment=maybe,
    milestone=maybe,
    indicator=maybe,
    value=st.none() | st.decimals(allow_nan=False, allow_infinity=False, places=6),
    unit=maybe,
    supersedes=maybe,
    retracts=maybe,
    moves_to=st.none() | st.sampled_from(["2026", "2026-06-30"]).map(parse_occurred),
)


@settings(deadline=None)
@given(updates)
def test_it_is_the_hash_of_the_compact_json_text_of_the_content(update):
    value = None if update.value is None else str(update.value.normalize())
    content = [update.occurred.text, *update[3:14], value, *update[15:18]]
    content += [] if update.moves_to is None else [update.moves_to.text]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
    assert content_id(update) == "u_" + digest


words = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20
) | st.text("aB,; /'\"\\\n\x7f", max_size=8)
plain = st.fixed_dictionaries(
    {"title": words.map(lambda text: f"T{text}")},
    optional={
        "topics": st.lists(words, max_size=3),
        "parties": st.lists(words, max_size=3),
        "source": words,
        "text": words,
        "agreement": words,
        "value": st.integers(-9, 9) | st.sampled_from(["1.50", 0.25]),
    },
)


@settings(deadline=None)
@given(plain)
def test_a_record_without_an_id_gets_this_one(fields):
    record = {"occurred_at": "2025-09-04", "kind": "meeting", **fields}
    reader = RecordReader(recorded=10**9, kinds=None)
    update = reader.from_json(json.dumps(record, ensure_ascii=False).encode())
    assert update.id == content_id(update)


def test_what_a_mapping_puts_into_a_record_is_escaped_as_well():
    """The line itself holds nothing that would have to be."""
    line = json.dumps({"occurred_at": "2025-09-04", "kind": "x", "title": "T", "topics": ["a"]})
    for mapping in (
        FieldMap(constants=(("source", 'The "Wire"'),)),
        FieldMap(values=(("topics", (("a", 'a "b" \\'),)),)),
        FieldMap(constants=(("title", "„T“"),), values=(("kind", (("x", "meeting"),)),)),
    ):
        reader = RecordReader(recorded=2 * 10**9, kinds=None, mapping=mapping)
        update = reader.from_json(line.encode())
        assert update.id == content_id(update)


def test_it_never_changes_between_versions():
    update = Update("", parse_occurred("2025-09-04"), 0, "meeting", "They “met”", ("a", "b"))
    assert content_id(update) == "u_07ec88515dd14a1988b88037"
    full = update._replace(value=Decimal("1.50"), unit="%", retracts="x")
    assert content_id(full) == "u_1f11a57a32a4dd6e48137484"
    moved = update._replace(moves_to=parse_occurred("2026-06-30"))
    assert content_id(moved) not in (content_id(update), content_id(full))
