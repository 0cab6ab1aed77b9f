"""`monitor rules fmt`: which files, what is written, what is said, and what is never lost."""

import os
import stat
from pathlib import Path

import pytest

from monitor.errors import RulebookError, UsageError

GOOD = "agreement: own\ntitle: Own\ndate: 2025-01-01\ncommitments:\n  - {id: one, title: One, quote: one}\n"
LOOSE = "title: Own  # why\nagreement:   own\ndate: 2025-01-01\ncommitments:\n- {id: one, title: One, quote: one}\n"
TIGHT = GOOD.replace("title: Own\n", "title: Own  # why\n")
TEST = "tests:\n- never: [{commitment: one, status: stalled}]\n  covers_until: 2025-02\n  name: x\nrules: loose.yaml\n"


@pytest.fixture
def world(support, tmp_path, monkeypatch):
    """A folder with rulebooks and a configuration; commands run in it."""
    monkeypatch.chdir(tmp_path)
    Path("rules").mkdir()
    Path("rules/loose.yaml").write_text(LOOSE)
    Path("rules/good.yaml").write_text(GOOD.replace("own", "good"))
    Path("monitor.yaml").write_text("rules: [rules]\n")
    return support("shell").Shell(tmp_path / "none.db", tmp_path / "monitor.yaml")


def fmt(world, *arguments):
    return world("rules", "fmt", *arguments)


def test_what_is_configured_is_formatted_and_only_what_changes_is_named(world):
    result = fmt(world)
    assert result.exit_code == 0
    assert result.stdout == "formatted rules/loose.yaml\n"
    assert result.stderr == "1 file formatted, 1 file unchanged\n"
    assert Path("rules/loose.yaml").read_text() == TIGHT
    again = fmt(world)
    assert (again.exit_code, again.stdout) == (0, "")
    assert again.stderr == "2 files unchanged\n"


def test_a_file_that_is_formatted_is_not_touched(world):
    os.utime("rules/good.yaml", (1, 1))
    fmt(world)
    assert Path("rules/good.yaml").stat().st_mtime == 1


def test_tests_of_rules_are_formatted_with_their_folder(world):
    Path("rules/loose.test.yaml").write_text(TEST)
    fmt(world)
    assert Path("rules/loose.test.yaml").read_text() == (
        "rules: loose.yaml\ntests:\n  - name: x\n    covers_until: 2025-02\n"
        "    never: [{commitment: one, status: stalled}]\n"
    )
    assert world("rules", "test").exit_code == 0


def test_check_writes_nothing_and_fails(world):
    result = fmt(world, "--check")
    assert result.exit_code == 1
    assert result.stdout == "would format rules/loose.yaml\n"
    assert result.stderr == "1 file would be formatted, 1 file unchanged\n"
    assert Path("rules/loose.yaml").read_text() == LOOSE
    fmt(world)
    assert fmt(world, "--check").exit_code == 0


def test_diff_shows_what_would_change(world):
    result = fmt(world, "rules/loose.yaml", "--diff")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[:2] == ["--- rules/loose.yaml", "+++ rules/loose.yaml (formatted)"]
    assert "-agreement:   own" in lines
    assert "+agreement: own" in lines
    assert Path("rules/loose.yaml").read_text() == LOOSE


@pytest.mark.parametrize("flags", [(), ("--stdin-name", "rules/loose.yaml")])
def test_standard_input_goes_to_standard_output(world, flags):
    result = world("rules", "fmt", "-", *flags, input=LOOSE)
    assert result.exit_code == 0
    assert result.stdout == TIGHT
    assert result.stderr == ""


def test_a_broken_file_is_told_and_stays_and_the_others_are_formatted(world):
    Path("rules/broken.yaml").write_text("agreement: [x\n")
    result = fmt(world)
    assert result.exit_code == 2
    assert "rules/broken.yaml:1:12: error: " in result.stderr
    assert "1 file formatted, 1 file unchanged, 1 file not formatted" in result.stderr
    assert Path("rules/broken.yaml").read_text() == "agreement: [x\n"
    assert Path("rules/loose.yaml").read_text() == TIGHT


def test_a_rulebook_with_faults_of_the_language_is_formatted_all_the_same(world):
    Path("rules/loose.yaml").write_text("agreement:   own\nfoo:   bar\n")
    assert fmt(world).exit_code == 0
    assert Path("rules/loose.yaml").read_text() == "agreement: own\nfoo: bar\n"


def test_a_link_stays_a_link_and_a_mode_stays(world):
    Path("rules/loose.yaml").rename("real.yaml")
    Path("real.yaml").chmod(0o640)
    Path("link.yaml").symlink_to("real.yaml")
    fmt(world, "link.yaml")
    assert Path("link.yaml").is_symlink()
    assert Path("real.yaml").read_text() == TIGHT
    assert stat.S_IMODE(Path("real.yaml").stat().st_mode) == 0o640


def test_what_cannot_be_written_is_told_and_leaves_nothing_behind(world, monkeypatch):
    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    result = fmt(world)
    assert result.exit_code == 2
    assert "cannot write" in result.stderr
    assert "No space left on device" in result.stderr
    assert Path("rules/loose.yaml").read_text() == LOOSE
    assert sorted(p.name for p in Path("rules").iterdir()) == ["good.yaml", "loose.yaml"]


def test_a_file_that_is_not_there_is_told(world):
    with pytest.raises(RulebookError) as caught:
        fmt(world, "none.yaml")
    assert caught.value.faults == ("none.yaml: error: no such file or folder; check the path",)


def test_a_name_for_standard_input_needs_standard_input(world):
    with pytest.raises(UsageError, match="goes with -"):
        fmt(world, "--stdin-name", "x.yaml")


def test_the_starter_is_formatted(world):
    world("init", "watch", "--now", "2026-03-01")
    result = fmt(world, "watch/rules", "--diff")
    assert result.stdout == ""
    assert result.exit_code == 0
