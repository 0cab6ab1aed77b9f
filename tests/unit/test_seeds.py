"""The shipped evidence is what its manifest says, byte for byte."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from monitor.domain.time import Precision, parse_occurred
from monitor.domain.update import KINDS

SEEDS = Path(__file__).parents[2] / "seeds"
MANIFEST = json.loads((SEEDS / "manifest.json").read_text(encoding="utf-8"))
FILES = {entry["name"]: entry for entry in MANIFEST["files"]}
ARTICLE = "000_671e2ea46023a681.txt"
UPDATES = "updates-2025-08_2026-02.jsonl"


@pytest.fixture(scope="module")
def updates():
    lines = (SEEDS / UPDATES).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("name", FILES)
def test_a_seed_has_the_size_and_checksum_of_the_manifest(name):
    content = (SEEDS / name).read_bytes()
    assert len(content) == FILES[name]["bytes"]
    assert hashlib.sha256(content).hexdigest() == FILES[name]["sha256"]


@pytest.mark.parametrize("name", FILES)
def test_a_seed_says_what_it_is_where_it_comes_from_and_since_when(name):
    entry = FILES[name]
    assert entry["what"]
    assert entry["origin"]
    assert date.fromisoformat(entry["retrieved"]) == date(2026, 11, 22)


def test_every_file_of_the_folder_is_accounted_for():
    own = {"manifest.json", "README.md"}
    assert {path.name for path in SEEDS.iterdir()} == {ARTICLE, UPDATES} | own
    assert set(FILES) == {ARTICLE, UPDATES}


def test_the_seeds_that_a_rulebook_uses_are_used_by_it():
    for entry in FILES.values():
        for user in entry["used_by"]:
            text = (SEEDS.parent / user).read_text(encoding="utf-8")
            assert f"../seeds/{entry['name']}" in text


def test_the_readme_names_every_seed():
    readme = (SEEDS / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in readme for name in (*FILES, "manifest.json"))


def test_the_feed_has_as_many_records_as_the_manifest_says(updates):
    assert len(updates) == FILES[UPDATES]["records"] == 92


def test_no_record_of_the_feed_stands_twice(updates):
    assert max(Counter(json.dumps(u, sort_keys=True) for u in updates).values()) == 1


def test_every_record_has_every_field_and_no_other(updates):
    fields = set(FILES[UPDATES]["fields"])
    for number, update in enumerate(updates, 1):
        assert set(update) == fields, f"record {number}"
        assert all(isinstance(v, str) and v.strip() for v in update.values()), f"record {number}"


def test_every_record_has_a_day_a_known_kind_and_an_address(updates):
    for number, update in enumerate(updates, 1):
        assert parse_occurred(update["occurred_at"]).precision is Precision.DAY, f"record {number}"
        assert update["kind"] in KINDS, f"record {number}"
        address = urlsplit(update["url"])
        assert address.scheme in {"http", "https"}, f"record {number}"
        assert "." in (address.hostname or ""), f"record {number}"


def test_the_feed_is_in_order_and_ends_inside_its_coverage(updates):
    days = [date.fromisoformat(update["occurred_at"]) for update in updates]
    entry = FILES[UPDATES]
    assert days == sorted(days)
    assert days[0] == date.fromisoformat(entry["occurred"]["first"])
    assert days[-1] == date.fromisoformat(entry["occurred"]["last"])
    assert days[-1] <= date.fromisoformat(entry["covers_until"]) == date(2026, 2, 28)


def test_the_mapping_of_the_manifest_names_a_column_of_the_feed(updates):
    assert set(FILES[UPDATES]["mapping"].values()) <= set(updates[0])
