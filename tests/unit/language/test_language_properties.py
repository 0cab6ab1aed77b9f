"""Whatever stands in a file: a rulebook or a RulebookError, never anything else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import RulebookError
from monitor.language.document import parse_document
from monitor.language.files import RulebookFile
from monitor.language.loader import Size, check_rulebook, load_rulebook
from monitor.language.reading import read_text

GOOD = Path(__file__).parent / "good"
TEXTS = [path.read_text(encoding="utf-8") for path in sorted(GOOD.glob("*.yaml"))]


def verdict(raw: bytes) -> bool:
    """Whether it loads; every fault has a place and prints in one line."""
    reading = read_text(raw, RulebookFile(GOOD / "x.yaml", "x.yaml"))
    for fault in reading.faults:
        assert fault.location.line >= 1
        assert fault.location.column >= 1
        assert len(str(fault).splitlines()) == 1
    assert (reading.agreement is None) == bool(reading.faults)
    return reading.agreement is not None


def size_of(book):
    rules = sum(len(commitment.rules) for commitment in book.commitments.values())
    return Size(len(book.agreements), len(book.commitments), rules)


@given(st.text(max_size=200))
def test_any_text_is_refused_in_good_order(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("any") / "a.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    report = check_rulebook([path])
    if report.errors:
        with pytest.raises(RulebookError) as caught:
            load_rulebook([path])
        assert caught.value.faults
    else:
        assert report.size == size_of(load_rulebook([path]))


@st.composite
def damaged(draw):
    """A good rulebook of which a piece was cut, doubled, or replaced."""
    text = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        piece = draw(
            st.one_of(
                st.just(""),
                st.just(text[start:end] * 2),
                st.text(alphabet="ab9:-[]{},&*#'\"|>\n \t!~.", max_size=6),
                st.sampled_from(["null", "true", "15", "1e400", ".nan", "[]", "{}", "*x", "[[1]]"]),
            )
        )
        text = text[:start] + piece + text[end:]
    return text


@given(damaged())
def test_a_damaged_rulebook_loads_or_is_refused_in_good_order(text):
    verdict(text.encode())


JUNK = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**15), 10**15),
        st.sampled_from(["a", "none", "standard", "90d", "2025-08-23", "x" * 200, "", " ", "{x}"]),
        st.text(max_size=8),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["id", "when", "then", "update", "kind", "all", "not", "any", "x"]),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=8,
)


def flow(value) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(part) for part in value) + "]"
    if isinstance(value, str):
        return '"' + "".join(c if c.isalnum() or c in " {}-" else "_" for c in value) + '"'
    return {None: "null", True: "true", False: "false"}.get(value, str(value))


PLACES = [
    "date", "timezone", "parties", "source", "kinds", "coverage", "defaults", "sources", "profiles",
    "commitments",
]  # fmt: skip
IN_COMMITMENT = [
    "quiet", "tier", "severity", "labels", "title", "basis", "rated", "profile", "about", "deadline",
    "milestones", "indicators", "superseded", "rules",
]  # fmt: skip
IN_RULE = ["when", "then", "for", "recover", "severity", "labels", "message", "note"]


@given(st.sampled_from(PLACES), JUNK)
def test_junk_under_any_key_of_a_file_is_refused_in_good_order(key, junk):
    lines = {
        "agreement": "a",
        "title": "A",
        "date": "2025",
        "commitments": "[{id: a, title: A, quote: q}]",
    }
    lines[key] = flow(junk)
    verdict("".join(f"{k}: {v}\n" for k, v in lines.items()).encode())


@given(st.sampled_from(IN_COMMITMENT), JUNK)
def test_junk_under_any_key_of_a_commitment_is_refused_in_good_order(key, junk):
    fields = {"id": "a", "title": "A", "quote": "q", key: flow(junk)}
    commitment = ", ".join(f"{k}: {v}" for k, v in fields.items())
    text = f"agreement: a\ntitle: A\ndate: 2025\ncommitments: [{{{commitment}}}]\n"
    verdict(text.encode())


@given(st.sampled_from(IN_RULE), JUNK)
def test_junk_under_any_key_of_a_rule_is_refused_in_good_order(key, junk):
    fields = {"id": "a", "when": "{silence: 9d}", "then": "stalled", key: flow(junk)}
    rule = ", ".join(f"{k}: {v}" for k, v in fields.items())
    text = (
        "agreement: a\ntitle: A\ndate: 2025\n"
        f"commitments: [{{id: a, title: A, quote: q, rules: [{{{rule}}}]}}]\n"
    )
    verdict(text.encode())


@given(st.integers(0, 10**6))
def test_every_place_that_is_told_is_inside_of_the_file(seed):
    text = TEXTS[seed % len(TEXTS)]
    lines = text.splitlines()
    del lines[seed % len(lines)]
    raw = "\n".join(lines).encode()
    _, faults = parse_document(raw, "x.yaml")
    assert all(fault.location.line <= len(lines) + 1 for fault in faults)


@pytest.mark.parametrize("path", sorted(GOOD.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_good_rulebook_loads_without_errors(path):
    report = check_rulebook([path])
    assert [str(fault) for fault in report.errors] == []
    assert report.size == size_of(load_rulebook([path]))
