"""What a rulebook was read from: the same where the bytes are, and only there."""

import os
from pathlib import Path

import pytest

from monitor.language import origin
from monitor.language.loader import load_rulebook
from monitor.language.origin import Digester, origin_of

TEXT = """\
agreement: {id}
title: A pact
date: 2025-01-01
timezone: UTC
commitments:
  - {{id: one, title: One, quote: we will do one}}
"""


@pytest.fixture
def folder(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(TEXT.format(id=name))
    return tmp_path


def digest(*paths):
    found = origin_of(paths)
    return None if found is None else found.digest


def test_the_loader_and_who_only_looks_agree(folder):
    assert load_rulebook([folder]).origin == digest(folder)


def test_it_is_the_same_from_elsewhere_and_after_a_touch(folder, monkeypatch):
    before = digest(folder)
    os.utime(folder / "a.yaml", (1, 1))
    monkeypatch.chdir(folder)
    assert digest(Path()) == before


def test_one_byte_changes_it_even_if_the_file_keeps_its_date_and_size(folder):
    before, file = digest(folder), folder / "a.yaml"
    dates = file.stat()
    file.write_text(file.read_text().replace("A pact", "B pact"))
    os.utime(file, ns=(dates.st_atime_ns, dates.st_mtime_ns))
    assert digest(folder) != before


def test_a_file_more_or_another_order_changes_it(folder):
    before = digest(folder)
    assert digest(folder / "b.yaml", folder / "a.yaml") != before
    assert digest(folder / "a.yaml", folder / "b.yaml") == before
    (folder / "c.yaml").write_text(TEXT.format(id="c"))
    assert digest(folder) != before


def test_rows_of_files_that_are_alike_end_to_end_are_not_the_same():
    one, other = Digester(), Digester()
    for raw in (b"ab", b"c"):
        one.add(raw)
    for raw in (b"a", b"bc"):
        other.add(raw)
    assert one.digest != other.digest


def test_another_version_of_the_program_reads_anew(folder, monkeypatch):
    before = digest(folder)
    monkeypatch.setattr(origin, "__version__", "another")
    assert digest(folder) != before


def test_there_is_none_where_something_cannot_be_read(folder):
    assert digest(folder, folder / "missing.yaml") is None
    (folder / "c.yaml").symlink_to(folder / "nowhere")
    assert digest(folder / "c.yaml") is None


def test_it_holds_while_the_documents_are_there_that_the_files_name(folder):
    found = origin_of([folder])
    assert found is not None
    assert found.holds([None, None])
    assert not found.holds([None, "text.txt"])
    (folder / "text.txt").write_text("the text")
    assert found.holds([None, "text.txt"])
    assert found.holds(["text.txt", " text.txt "])
    assert not found.holds(["a\0b", None])
