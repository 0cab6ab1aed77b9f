from __future__ import annotations

import json

import pytest

from monitor.errors import InputError
from monitor.sources.reader import Reject
from monitor.sources.rejects import RejectFile, reject_path, write_rejects

REJECTS = (
    Reject(2, 3, "2025-02-30: there is no such day", '{"title": "회담"}'),
    Reject(5, 9, "title is missing", 'a,"b\nc"'),
)


def test_each_reject_is_a_line_of_json(tmp_path):
    path = tmp_path / "feed.rejects.ndjson"
    assert write_rejects(path, REJECTS) == 2
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [reject._asdict() for reject in REJECTS]
    assert "회담" in lines[0]


def test_nothing_is_written_without_rejects_and_an_older_file_stays(tmp_path):
    path = tmp_path / "feed.rejects.ndjson"
    assert write_rejects(path, ()) == 0
    assert list(tmp_path.iterdir()) == []
    path.write_text("older")
    assert write_rejects(path, ()) == 0
    assert path.read_text() == "older"


def test_the_file_takes_its_place_only_when_the_block_ends_well(tmp_path):
    path = tmp_path / "feed.rejects.ndjson"
    path.write_text("older")
    with RejectFile(path) as file:
        file.add(REJECTS[:1])
        assert path.read_text() == "older"
        file.add(REJECTS[1:])
    assert len(path.read_text(encoding="utf-8").splitlines()) == file.count == 2
    assert list(tmp_path.iterdir()) == [path]


def test_a_reading_that_fails_leaves_the_older_file_and_no_other(tmp_path):
    path = tmp_path / "feed.rejects.ndjson"
    path.write_text("older")

    def broken():
        yield REJECTS[0]
        raise InputError("broken")

    with pytest.raises(InputError, match="broken"):
        write_rejects(path, broken())
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_a_clear_error(tmp_path):
    with pytest.raises(InputError, match=r"cannot write the rejects to .*No such file") as refused:
        write_rejects(tmp_path / "none" / "x.ndjson", REJECTS)
    assert "another place" in refused.value.hint
    directory = tmp_path / "x.ndjson"
    directory.mkdir()
    with pytest.raises(InputError, match="Is a directory"):
        write_rejects(directory, REJECTS)
    assert list(tmp_path.iterdir()) == [directory]


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("tokyo", "monitor.tokyo.rejects.ndjson"),
        ("../a b/c", "monitor.a-b-c.rejects.ndjson"),
        ("/", "monitor.input.rejects.ndjson"),
        ("회담", "monitor.회담.rejects.ndjson"),
    ],
)
def test_rejects_go_beside_the_store_whatever_the_source_is_called(tmp_path, source, file):
    assert reject_path(tmp_path / "monitor.db", source) == tmp_path / file
