"""What a person may throw at `rules check` and `rules test` by mistake or from malice.

Always: an answer soon, what is wrong and where, what to do, no traceback. The faults inside of a
rulebook, one file each, are in tests/unit/language/bad.
"""

import os
import re
from pathlib import Path

import pytest

from monitor.errors import InputError, MonitorError

GOOD = """agreement: own
title: Own
date: 2025-01-01
commitments:
  - {id: one, title: The first, quote: one}
"""


@pytest.fixture
def shell(support, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return support("shell").Shell(tmp_path / "none.db")


@pytest.fixture
def check(shell, tmp_path):
    """Check what a file holds; exit code and lines."""

    def run(content, *arguments):
        raw = content if isinstance(content, bytes) else content.encode()
        (tmp_path / "book.yaml").write_bytes(raw)
        result = shell("rules", "check", "book.yaml", *arguments)
        return result.exit_code, result.stdout.splitlines()

    return run


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefg", "bcdefgh", strict=True)
)

INPUTS = {
    "broken": (GOOD + "  - {id: two", r"book\.yaml:6:\d+: error: .*not closed"),
    "tabs": (GOOD.replace("  - {", "\t- {"), r"book\.yaml:5:1: error: a tab in the indentation; indent with spaces"),
    "duplicate key": (GOOD.replace("title: Own", "date: 2024\ntitle: Own"), r"book\.yaml:4:1: error: the key 'date' stands here twice, first in line 2"),
    "merge key": (GOOD + "defaults:\n  <<: {tier: 1}\n", r"book\.yaml:7:3: error: merge keys are not supported .*; use defaults or a profile"),
    "billion laughs": (BOMB, r"book\.yaml:\d+:\d+: error: the aliases of this file stand for more than 100,000 values"),
    "UTF-16": (GOOD.encode("utf-16"), r"book\.yaml:1:1: error: the byte 0xff is not UTF-8; save the file as UTF-8"),
    "Latin-1": (GOOD.replace("Own", "Über uns").encode("latin-1"), r"book\.yaml:2:8: error: the byte 0xdc is not UTF-8; save the file as UTF-8"),
    "empty": ("", r"book\.yaml:1:1: error: the file is empty"),
    "only white space": ("\n  \n", r"book\.yaml:1:1: error: the file is empty"),
    "binary": (bytes(range(32, 127)) + b"\x00", r"book\.yaml:1:96: error: the control character U\+0000"),
    "50 MB": (b"# " + b"x" * 50_000_000, r"book\.yaml:1:1: error: the file is larger than 5 MB; split it into several files"),
    "deep": ("a: " + "[" * 200_000, r"book\.yaml:1:\d+: error: nested more than 60 levels deep"),
    "deep blocks": ("- " * 100_000, r"book\.yaml:1:\d+: error: nested more than 60 levels deep"),
}  # fmt: skip


@pytest.mark.parametrize("name", INPUTS)
def test_what_is_no_rulebook_is_told_with_its_place_and_a_way_out(check, name):
    content, told = INPUTS[name]
    code, lines = check(content)
    assert code == 2
    assert re.match(told, lines[0]), lines[0]
    assert all(len(line) < 500 for line in lines)


def test_anchors_and_a_byte_order_mark_are_fine(check):
    text = GOOD.replace("title: Own", "title: &own Own\nparties: [*own]")
    code, lines = check(b"\xef\xbb\xbf" + text.encode())
    assert (code, [line for line in lines if "error" in line]) == (0, [])


def test_of_ten_thousand_faults_fifty_are_shown_and_all_are_counted(check, shell):
    many = GOOD + "".join(f"  - {{id: c{n}, title: T, qote: q{n}}}\n" for n in range(5_000))
    code, lines = check(many)
    assert code == 2
    assert len(lines) == 51
    assert lines[-1] == "… and 9950 more; --all shows them"
    with pytest.raises(MonitorError) as caught:
        shell("--rules", "book.yaml", "run")
    assert len(caught.value.faults) == 51
    assert caught.value.faults[-1] == "… and 9950 more"
    assert "10000 faults in book.yaml" in caught.value.message


def paths(shell, *names):
    result = shell("rules", "check", *names)
    return result.exit_code, result.stdout


def test_a_folder_that_is_called_like_a_file_is_a_folder(shell, tmp_path):
    (tmp_path / "book.yaml").mkdir()
    assert paths(shell, "book.yaml") == (
        2,
        "book.yaml: error: no rulebook in this folder; rulebooks end in .yaml or .yml\n",
    )
    (tmp_path / "book.yaml" / "real.yaml").write_text(GOOD)
    assert paths(shell, "book.yaml")[0] == 0


def test_a_pipe_is_refused_at_once(shell, tmp_path):
    os.mkfifo(tmp_path / "pipe.yaml")
    os.mkfifo(tmp_path / "pipe.test.yaml")
    assert paths(shell, "pipe.yaml") == (
        2,
        "pipe.yaml: error: not a regular file; a pipe is read as standard input: -\n",
    )
    (tmp_path / "book.yaml").write_text(GOOD)
    assert paths(shell, ".")[0] == 0, "in a folder it is passed over"
    with pytest.raises(InputError, match=r"pipe\.test\.yaml: not a regular file"):
        shell("rules", "test", "pipe.test.yaml")


def test_links_that_go_round_or_nowhere_are_told(shell, tmp_path):
    (tmp_path / "round.yaml").symlink_to("round.yaml")
    (tmp_path / "gone.yaml").symlink_to("nothing.yaml")
    code, text = paths(shell, "round.yaml", "gone.yaml")
    assert code == 2
    assert "gone.yaml: error: this link leads nowhere: no such file" in text
    assert "round.yaml: error: this link leads nowhere: too many levels" in text


def test_a_folder_that_holds_itself_is_read_once(shell, tmp_path):
    inner = tmp_path / "rules" / "inner"
    inner.mkdir(parents=True)
    (inner / "book.yaml").write_text(GOOD)
    (inner / "again").symlink_to("..", target_is_directory=True)
    (inner / "book.test.yaml").write_text(
        "rules: book.yaml\ntests: [{name: x, covers_until: 2025-02, never: [{commitment: one, status: stalled}]}]\n"
    )
    assert paths(shell, "rules")[0] == 0
    result = shell("rules", "test", "rules")
    assert result.stderr.startswith("1 test ")


def test_a_link_out_of_the_folder_is_not_followed(shell, tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "own.yaml").write_text(GOOD)
    (tmp_path / "secret.yaml").write_text("password: hunter2\n")
    (tmp_path / "rules" / "leak.yaml").symlink_to("../secret.yaml")
    code, text = paths(shell, "rules")
    assert code == 0
    assert "rules/leak.yaml: info: this link leaves the folder and is not followed" in text
    assert "hunter2" not in text
    assert "password" not in text


def test_a_source_is_never_shown_only_compared(shell, tmp_path):
    """A source may lie elsewhere: `../seeds/article.txt` is usual. Nothing of it is printed."""
    (tmp_path / "rules").mkdir()
    (tmp_path / "secret.txt").write_text("hunter2")
    text = GOOD.replace("title: Own", "title: Own\nsource: ../secret.txt")
    (tmp_path / "rules" / "own.yaml").write_text(text)
    code, said = paths(shell, "rules")
    assert code == 0
    assert "the quote does not occur in ../secret.txt" in said
    assert "hunter2" not in said


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(shell, tmp_path):
    file = tmp_path / "book.yaml"
    file.write_text(GOOD)
    file.chmod(0)
    code, text = paths(shell, "book.yaml")
    assert (code, text) == (
        2,
        "book.yaml: error: cannot be read: permission denied; check its permissions\n",
    )


def test_a_read_that_the_system_refuses_is_told(shell, tmp_path, monkeypatch):
    """As the test above, for whom nothing is forbidden."""
    file = tmp_path / "book.yaml"
    file.write_text(GOOD)

    really = Path.open

    def refuse(path, *arguments, **options):
        if path.name == "book.yaml":
            raise PermissionError(13, "Permission denied")
        return really(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    code, text = paths(shell, "book.yaml")
    assert code == 2
    assert "cannot be read: permission denied; check its permissions" in text


def test_a_file_of_tests_is_read_as_carefully(shell, tmp_path):
    file = tmp_path / "book.test.yaml"
    for content, told in (
        (b"rules: \xff", "is not UTF-8"),
        (b"# " + b"x" * 6_000_000, "larger than 5 MB"),
        (b"", "the file is empty"),
        (b"rules: x\n\ttests: 1", "a tab in the indentation"),
    ):
        file.write_bytes(content)
        with pytest.raises(MonitorError) as caught:
            shell("rules", "test", "book.test.yaml")
        assert any(told in fault for fault in caught.value.faults), content[:20]
