"""The JSON Schema accepts what loads, and refuses what has a fault of form."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from schemas import nodes, undescribed

from monitor.language.document import parse_document
from monitor.language.schema import json_schema

BAD = Path(__file__).parent / "bad"
GOOD = Path(__file__).parent / "good"

NEEDS_THE_WHOLE_FILE = {
    # ids that exist, or are unique
    "duplicate-commitment", "duplicate-indicator", "duplicate-milestone", "duplicate-rule",
    "profile-asks-for-a-measure", "profile-named-like-a-built-in", "profile-needs-an-indicator", "status-circle",
    "unknown-agreement", "unknown-commitment", "unknown-default-profile", "unknown-indicator",
    "unknown-party", "unknown-weights", "parties-counted-but-none-listed",
    "profile-counts-parties", "unknown-kind", "unknown-milestone", "unknown-milestone-in-a-pattern", "unknown-profile",
    # values that have to fit each other
    "clocks-out-of-order", "deadline-before-date", "default-clocks-out-of-order",
    "profile-clocks-out-of-order", "for-with-an-update", "ignore-asks-for-silence",
    "dwell-on-an-event",
    "recover-on-an-event", "update-only-under-not", "update-only-under-not-in-recover",
    "within-without-change", "weights-above-total", "party-weighed-twice", "weights-of-nothing", "weights-too-large",
    "share-above-everything", "milestones-counted-but-none-declared",
    "milestone-count-of-an-unknown-one", "target-before-baseline",
    "due-after-itself", "due-after-two-things", "due-after-unknown-milestone", "due-both",
    "due-after-without-within", "due-circle", "due-span-too-long",
    "commitment-count-weighs-nothing", "unknown-theme", "unknown-agreement-in-a-count",
    "unknown-commitment-in-a-count", "circle-through-a-theme", "circle-of-itself",
    "circle-of-roll-ups", "roll-up-needs-too-much", "roll-up-of-unknown",
    "commitment-count-listed-and-chosen", "per-party-without-parties", "per-party-and-roll-up",
    "per-party-of-unknown-weights", "per-party-weighed-without-a-share", "circle-through-a-part",
    "unknown-part",
    # what only a calendar, a file system or a parser of its own knows
    "bad-regex", "regex-of-the-future", "impossible-date", "due-impossible-date", "moved-to-no-date", "moved-without-deadline",
    "moved-without-due", "every-and-due", "every-hour", "until-without-every", "until-before-from",
    "until-before-the-first-date", "due-after-what-recurs", "deadline-after-what-recurs",
    "moved-though-it-recurs", "unknown-calendar", "unknown-time-zone",
    "missing-source-document", "source-is-a-url", "number-too-fine", "share-too-fine", "unbalanced-brace",
    "placeholder-with-attribute", "unknown-placeholder",
}  # fmt: skip


@pytest.fixture(scope="module")
def validator():
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("path", sorted(GOOD.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_schema_accepts_a_good_rulebook(validator, path):
    document, _ = parse_document(path.read_bytes(), path.name)
    assert document is not None
    assert [error.message for error in validator.iter_errors(document.data)] == []


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_schema_refuses_a_fault_of_form(validator, path):
    document, faults = parse_document(path.read_bytes(), path.name)
    if document is None or faults:
        assert faults, "YAML itself is at fault: no schema ever sees it"
        return
    accepted = validator.is_valid(document.data)
    assert accepted == (path.stem in NEEDS_THE_WHOLE_FILE)


def test_every_key_is_described_for_an_editor():
    assert undescribed(json_schema()) == []


def test_no_other_keys_are_allowed_anywhere():
    models = json_schema()["$defs"]
    closed = [name for name, model in models.items() if model.get("type") == "object"]
    assert len(closed) > 15
    assert [name for name in closed if models[name].get("additionalProperties") is not False] == []


def test_optional_never_means_that_null_is_allowed():
    assert [path for path, node in nodes(json_schema()) if node.get("type") == "null"] == []


def test_an_editor_is_offered_the_kinds_levels_and_states():
    text = str(json_schema())
    for word in ("leadership_change", "substantial", "due_soon", "done_late", "expectation"):
        assert f"'{word}'" in text


def test_exactly_one_key_is_said_so_that_an_editor_still_offers_keys_on_an_empty_line():
    """`maxProperties: 1` silences the YAML language server there, see test_yaml_language_server."""
    models = json_schema()["$defs"]
    assert [path for path, node in nodes(models) if "maxProperties" in node] == []
    for name in ("ConditionModel", "ConclusionModel"):
        model = models[name]
        assert [one["required"] for one in model["oneOf"]] == [[key] for key in model["properties"]]
