"""What `rules fmt` makes of a file, case by case."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import InputError, RulebookError
from monitor.language.commitments import CommitmentModel
from monitor.language.conditions import ConditionModel
from monitor.language.document import parse_document
from monitor.language.layout import formatting
from monitor.language.layout.formatting import formatted
from monitor.language.layout.order import Form, inside, keys
from monitor.language.models import RulebookModel

LONG = "One date slips in every negotiation, and two within a season are a pattern until none has slipped"


def fmt(text: str) -> str:
    return formatted(text.encode(), "x.yaml").decode()


def data(text: str) -> object:
    document, _ = parse_document(text.encode(), "x.yaml")
    return document and document.data


# ---- Order ------------------------------------------------------------------------------------------


def test_keys_stand_in_the_order_of_the_documentation():
    text = "title: A\ncommitments:\n- title: One\n  rules: []\n  stalled: 200d\n  profile: norm\n  id: one\nagreement: a\n"
    assert fmt(text) == (
        "agreement: a\ntitle: A\ncommitments:\n"
        "  - id: one\n    title: One\n    profile: norm\n    stalled: 200d\n    rules: []\n"
    )


def test_what_a_commitment_may_inherit_stands_behind_its_profile():
    ranks = keys(CommitmentModel)
    assert ranks["profile"] < ranks["quiet"] < ranks["labels"] < ranks["about"] < ranks["rules"]


def _models(model):
    for name, field in model.model_fields.items():
        form = inside(Form(model), field.alias or name)
        if form is not None:
            yield form.model
            if form.model is not ConditionModel:
                yield from _models(form.model)


def test_every_mapping_of_the_rule_language_has_an_order():
    found = {RulebookModel, ConditionModel, *_models(ConditionModel), *_models(RulebookModel)}
    assert len(found) > 30
    for model in found:
        assert set(keys(model)) == {f.alias or n for n, f in model.model_fields.items()}, model


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("{for: 60d, update: {kind: delay}}", "{update: {kind: delay}, for: 60d}"),
        (
            "{update: {title: x, kind: delay}, for: 9d}",
            "{update: {kind: delay, title: x}, for: 9d}",
        ),
    ],
)
def test_keys_inside_of_a_condition_have_their_order_too(given, wanted):
    head = "agreement: a\ncommitments:\n  - id: one\n    rules:\n      - when: {silence: "
    assert fmt(f"{head}{given}}}\n") == f"{head}{wanted}}}\n"


def test_comments_go_with_their_keys():
    text = "commitments:\n  - title: One  # in a few words\n    # the id is a topic, too\n    id: one\n"
    assert fmt(text) == (
        "commitments:\n  # the id is a topic, too\n  - id: one\n    title: One  # in a few words\n"
    )


def test_the_head_of_a_file_stays_at_its_head():
    text = "# a\n\n# b\ntitle: A\n# c\nagreement: a\n"
    assert fmt(text) == "# a\n\n# b\n# c\nagreement: a\ntitle: A\n"


@pytest.mark.parametrize(
    "text",
    [
        "agreement: a\nsources:\n  press: {tier: 2, names: [B]}\n  away: {tier: 1, names: [A]}\n",
        "title: A\nfoo: 1\nagreement: a\n",
        "title: A\ntitle: B\nagreement: a\n",
        "title: &t A\nagreement: *t\n",
    ],
    ids=["names of the author", "an unknown key", "a key that stands twice", "an alias"],
)
def test_an_order_that_is_not_ours_to_change_stays(text):
    assert fmt(text) == text


# ---- Comments and empty lines -----------------------------------------------------------------------


def test_a_comment_that_is_indented_deeper_than_what_follows_belongs_to_the_block_above():
    text = "commitments:\n- id: one\n  rules:\n  - id: r\n  # more rules\n# the next\n- id: two\n"
    assert fmt(text) == (
        "commitments:\n  - id: one\n    rules:\n      - id: r\n      # more rules\n"
        "  # the next\n  - id: two\n"
    )


def test_comments_in_brackets_open_the_brackets():
    text = "about: {topics: [a, # first\n  b], # both\n  # tiers\n  tier: 2}\n"
    assert (
        fmt(text) == "about:\n  topics:  # both\n    - a  # first\n    - b\n  # tiers\n  tier: 2\n"
    )


def test_comments_of_several_lines_stay_below_each_other():
    text = "hosts:\n    - go.kr        # ministries\n    - whitehouse.gov  # the house\n"
    assert fmt(text) == "hosts:\n  - go.kr        # ministries\n  - whitehouse.gov  # the house\n"


def test_commitments_have_an_empty_line_between_them_and_no_more():
    text = "commitments:\n\n\n  - id: one\n    title: One\n  - id: two\n    title: Two\n\n\n\n  - {id: three}\n  - {id: four}\n"
    assert fmt(text) == (
        "commitments:\n  - id: one\n    title: One\n\n  - id: two\n    title: Two\n\n"
        "  - {id: three}\n  - {id: four}\n"
    )


def test_a_comment_that_allows_a_lint_keeps_its_line_whole():
    rule = (
        "{id: late, when: {deadline: passed}, then: stalled, note: " + LONG.replace(",", "") + "}"
    )
    head = "agreement: a\ntitle: A\ndate: 2025-01-01\ncommitments:\n  - id: one\n    title: One\n    quote: q\n    rules:\n"
    text = f"{head}      - {rule}  # monitor: allow never-fires -- a date follows\n"
    assert fmt(text) == text


# ---- Texts ------------------------------------------------------------------------------------------


def test_a_long_text_is_folded():
    assert fmt(f"note: {LONG} for long.\n") == (
        "note: >-\n  One date slips in every negotiation, and two within a season are a pattern until none"
        " has slipped\n  for long.\n"
    )


def test_a_text_that_was_folded_already_keeps_its_lines():
    text = (
        "note: >-\n  Words are not progress.\n  An announcement moves nothing.\n\n  It is said.\n"
    )
    assert fmt(text) == text


def test_a_folded_line_that_is_too_long_is_broken():
    done = fmt(f"note: >\n  {LONG} {LONG}\n\n  And so on.\n")
    assert all(len(line) <= 100 for line in done.splitlines())
    assert data(done) == {"note": f"{LONG} {LONG}\nAnd so on.\n"}


def test_a_text_line_for_line_stays_so():
    text = f"guideline: |\n  {LONG} {LONG}\n    indented\n\n  end\n"
    assert fmt(text) == text


def test_a_pattern_is_never_folded():
    text = f"regex: '{LONG} {LONG}'\n"
    assert fmt(text) == text.replace("'", '"')
    assert fmt(text.replace("One", r"\bOne")) == text.replace("One", r"\bOne")


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("'%'", '"%"'),
        ("'it''s'", '"it\'s"'),
        (r"'\d'", r"'\d'"),
        ("'\"'", "'\"'"),
        ('"tab\\t"', '"tab\\t"'),
        ("plain", "plain"),
        ('"plain"', '"plain"'),
        ("NO", "NO"),
        ("~", "~"),
    ],
)
def test_quotes_are_double_where_that_needs_no_escape_and_stay_where_they_are(given, wanted):
    assert fmt(f"a: {given}\n") == f"a: {wanted}\n"


def test_a_long_list_is_filled_and_aligned():
    words = ", ".join(f"word number {n}" for n in range(12))
    done = fmt(f"any: [{words}]\n")
    first, *rest = done.splitlines()
    assert len(first) <= 100
    assert all(line.startswith(" " * 6 + "word") for line in rest)
    assert data(done) == {"any": words.split(", ")}


def test_a_long_mapping_does_without_braces():
    done = fmt(f"when: {{update: {{kind: meeting, text: {{any: [{LONG}, b]}}}}}}\n")
    assert done.startswith("when:\n  update:\n    kind: meeting\n    text:")


def test_letters_of_full_width_take_two_columns():
    words = ["合意された共同声明の全文"] * 5
    assert len(fmt(f"any: [{', '.join(words)}]\n").splitlines()) == 2


# ---- What is kept as it is --------------------------------------------------------------------------


def test_line_ends_stay_and_a_byte_order_mark_goes():
    raw = b"\xef\xbb\xbftitle: A\r\n# c\r\nagreement: a  # d\r\n"
    assert formatted(raw, "x.yaml") == b"# c\r\nagreement: a  # d\r\ntitle: A\r\n"


def test_anchors_merge_keys_tags_and_markers_stay():
    text = "# head\n---\na: &x !t\n  b: &y [1, 2]\nc:\n  <<: *x\n  d: !!str 3\ne: *y\n"
    assert fmt(text) == text


def test_an_anchor_of_a_mapping_in_a_list_does_not_become_that_of_its_first_key():
    text = "- &x\n  id: a\n- *x\n"
    assert fmt(text) == text


def test_what_has_faults_of_the_language_is_formatted_all_the_same():
    assert fmt("agreement:   a\nfoo:   [1,2]\n") == "agreement: a\nfoo: [1, 2]\n"


def test_what_is_not_yaml_is_told_with_its_place():
    with pytest.raises(RulebookError) as caught:
        fmt("a: [1\n")
    assert caught.value.faults[0].startswith("x.yaml:1:4: error: ")


def test_a_directive_is_refused_rather_than_lost():
    with pytest.raises(InputError, match=r"x.yaml:1:1: '%YAML' would be lost"):
        fmt("%YAML 1.2\n---\na: 1\n")


@pytest.mark.parametrize("text", ["plain\n", "{}\n", "&x []\n"])
def test_a_file_without_keys_is_told_of(text):
    with pytest.raises(InputError, match="there are no keys in it"):
        fmt(text)


def test_a_file_in_braces_does_without_them():
    assert fmt("{title: A, agreement: a}  # c\n") == "agreement: a  # c\ntitle: A\n"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("a: x\u2028  y\n", 'a: "x\\Ly"\n'),
        ("a: 'x\u2029\u2029y'\n", 'a: "x\\P\\Py"\n'),
        ('a: "x\x85  y"\n', "a: x y\n".replace("x y", '"x y"')),
    ],
)
def test_rare_ends_of_lines_are_escaped(given, wanted):
    assert data(fmt(given)) == data(given)
    assert fmt(given) == wanted


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        (lambda text: text.replace("1", "2"), "would mean something else"),
        (lambda text: text.replace("# c", "# d"), "a comment would be lost"),
        (lambda text: text.replace("# c", "# cc"), "does not settle"),
        (lambda text: text.replace("a:", "a: ["), "no YAML any more"),
    ],
)
def test_a_formatter_that_goes_wrong_refuses(monkeypatch, fault, why):
    write = formatting.write
    monkeypatch.setattr(formatting, "write", lambda *given: fault(write(*given)))
    with pytest.raises(InputError, match=why):
        fmt("a:   1 # c\n")


# ---- What is shipped --------------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["rules", "monitor/language/profiles"])
def test_what_is_shipped_is_formatted(folder):
    root = Path(__file__).parents[4]
    files = sorted((root / folder).glob("*.yaml"))
    assert files
    for file in files:
        raw = file.read_bytes()
        assert formatted(raw, file.name) == raw, file
