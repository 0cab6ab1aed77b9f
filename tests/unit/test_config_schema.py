"""The JSON Schema of monitor.yaml accepts what loads, and refuses what has a fault of form."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from schemas import undescribed

from monitor.cli.init import starter
from monitor.config import load_settings
from monitor.config_schema import FILE, config_schema
from monitor.errors import ConfigError
from monitor.language.document import parse_document

ROOT = Path(__file__).parents[2]
BAD = Path(__file__).parent / "configuration" / "bad"
GOOD = Path(__file__).parent / "configuration" / "good"

NEEDS_THE_WHOLE_FILE = {
    # names that exist, or are unique
    "two-sources-of-one-name", "route-to-nobody-that-is-known", "interval-that-is-not-there",
    # values that have to fit each other
    "routes-without-receiver", "route-that-gathers-twice", "route-on-a-day-without-week",
    "escalation-out-of-order",
    # what only a calendar or a parser of its own knows
    "source-covers-until-no-date", "unknown-zone", "route-with-a-time-that-is-none",
    "route-grouped-by-what-is-not-there", "matcher-that-is-no-sentence",
    "interval-of-unknown-days", "interval-in-an-unknown-place",
}  # fmt: skip


@pytest.fixture(scope="module")
def validator():
    schema = config_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    for name in ("MONITOR_CONFIG", "MONITOR_STORE", "MONITOR_RULES", "MONITOR_TIMEZONE"):
        monkeypatch.delenv(name, raising=False)


def read(raw, name):
    document, faults = parse_document(raw, name)
    assert document is not None, faults
    return {} if document.data is None else document.data


def blocks(support):
    """Every configuration on the page."""
    page = support("pages").Page("docs/cli.md")
    for title in ("monitor.yaml", "receivers", "heartbeat", "example"):
        yield from (block.text for block in page.blocks("yaml", title))


@pytest.mark.parametrize("path", sorted(GOOD.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_good_configuration_is_read_and_accepted(validator, path):
    load_settings(path)
    found = validator.iter_errors(read(path.read_bytes(), path.name))
    assert [error.message for error in found] == []


@pytest.mark.parametrize("path", sorted(BAD.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_bad_one_is_refused_with_its_place_and_by_the_schema_where_that_can_know(validator, path):
    with pytest.raises(ConfigError) as refused:
        load_settings(path)
    assert refused.value.message.startswith(f"{path}:")
    accepted = validator.is_valid(read(path.read_bytes(), path.name))
    assert accepted == (path.stem in NEEDS_THE_WHOLE_FILE)


def test_what_is_shipped_and_documented_is_accepted(validator, support):
    fresh = starter("monitor.yaml", 0).encode()
    texts = [fresh, (ROOT / "monitor.yaml").read_bytes(), *map(str.encode, blocks(support))]
    assert len(texts) > 5
    for text in texts:
        assert [error.message for error in validator.iter_errors(read(text, "x"))] == []


def test_the_schema_that_is_shipped_is_the_one_that_is_made():
    shipped = json.loads((ROOT / "rules" / FILE).read_text(encoding="utf-8"))
    assert shipped == config_schema(), f"run: monitor config schema > rules/{FILE}"


def test_every_key_is_described_for_an_editor():
    assert undescribed(config_schema()) == []
