"""`monitor rules new`: from a passage of an article to a commitment in a rulebook."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.errors import InputError, RulebookError, UsageError
from monitor.language.loader import load_rulebook

ARTICLE = """\
Northport and Southport, 1 September 2025. The mayors of the two towns agreed today to open a night
ferry before the summer of 2026. The harbours will exchange their accident reports every quarter.
"""
TOP = (
    "--agreement", "harbour-2025", "--agreement-title", "Northport and Southport",
    "--date", "2025-09-01", "--press", "The Coast Courier", "--party", "NO", "--party", "SO",
)  # fmt: skip
FERRY = ("--quote", "open a night ferry before the summer of 2026", "--title", "A night ferry")
BOOK = Path("rules/harbour.yaml")
INTO = ("--into", str(BOOK))


@pytest.fixture
def world(support, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("article.txt").write_text(ARTICLE)
    Path("monitor.yaml").write_text("rules: [rules]\n")
    return support("shell").Shell(tmp_path / "none.db", tmp_path / "monitor.yaml")


def new(world, *arguments):
    return world("rules", "new", *arguments)


@pytest.fixture
def begun(world):
    """With a rulebook that has one commitment."""
    new(world, "article.txt", *INTO, *TOP, "--passage", "3", "--title", "Accident reports")
    return world


# ---- Passages ---------------------------------------------------------------------------------------


def test_passages_are_found_by_words_and_shown_with_their_numbers_and_neighbours(world):
    result = new(world, "article.txt", "--find", "ferry SUMMER")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "      … Northport and Southport, 1 September 2025.",
        "   2  The mayors of the two towns agreed today to open a night ferry before the summer of",
        "      2026.",
        "      The harbours will exchange their accident reports every quarter.",
    ]
    assert "--passage N" in result.stderr


def test_words_that_no_passage_has_fail(world):
    result = new(world, "article.txt", "--find", "balloon")
    assert (result.exit_code, result.stdout) == (1, "no passage has any of these words\n")


def test_passages_with_some_of_the_words_are_shown_where_none_has_all(world):
    result = new(world, "article.txt", "--find", "ferry accident")
    assert result.stdout.startswith("no passage has all of these words")


def test_a_quote_that_is_not_in_the_document_is_refused(world):
    with pytest.raises(UsageError, match="parts at 'train'"):
        new(world, "article.txt", "--quote", "open a night train", "--title", "A train")


@pytest.mark.parametrize("number", [0, 4])
def test_a_passage_that_is_not_there_is_refused(world, number):
    with pytest.raises(UsageError, match="the document has 3"):
        new(world, "article.txt", "--passage", number, "--title", "A")


# ---- Writing ----------------------------------------------------------------------------------------


def test_without_a_rulebook_it_is_printed_and_nothing_is_written(world):
    result = new(
        world, "article.txt", *FERRY, "--deadline", "2026-05-31", "--profile", "one-off-act"
    )
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:3] == [
        "  - id: a-night-ferry",
        "    title: A night ferry",
        "    quote: open a night ferry before the summer of 2026",
    ]
    assert "    profile: one-off-act" in lines
    assert not Path("rules").exists()


def test_a_rulebook_is_begun_with_what_it_needs(world):
    result = new(world, "article.txt", *INTO, *TOP, *FERRY, "--done", "sails", "--test")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["rules/harbour.yaml", "rules/harbour.test.yaml"]
    assert result.stderr.splitlines()[-2:] == [
        "next: monitor rules check", "then: monitor rules test, monitor run"
    ]  # fmt: skip
    (agreement,) = load_rulebook([BOOK]).agreements
    assert (agreement.id, agreement.source, agreement.parties) == (
        "harbour-2025", "../article.txt", ("NO", "SO")
    )  # fmt: skip
    assert world("rules", "check", "--strict").exit_code == 0
    assert world("rules", "fmt", "--check").exit_code == 0
    assert world("rules", "test").exit_code == 0


def test_a_schema_beside_it_is_named(world):
    Path("rules").mkdir()
    Path("rules/monitor.schema.json").write_text("{}")
    new(world, "article.txt", *INTO, *TOP, *FERRY)
    assert BOOK.read_text().startswith("# yaml-language-server: $schema=./monitor.schema.json\n")


def test_a_second_commitment_touches_nothing_of_the_first(begun):
    before = BOOK.read_text().replace("title: Accident", "title:   Accident") + "# the end\n"
    BOOK.write_text(before)
    result = new(begun, *INTO, *FERRY, "--theme", "sea", "--party", "NO", "--topic", "ferry")
    assert result.exit_code == 0
    added = BOOK.read_text()
    at = added.index("\n  - id: a-night-ferry")
    assert before == added[:at] + added[added.index("# the end") :]
    _, second = load_rulebook([BOOK]).agreements[0].commitments
    assert (second.theme, second.parties, second.about.topics) == ("sea", ("NO",), ("ferry",))


def test_a_second_test_is_added_to_the_first(begun):
    new(begun, *INTO, *FERRY, "--id", "ferry", "--test")
    new(begun, *INTO, "--passage", "2", "--title", "Again", "--test", "--profile", "negotiation")
    assert "rules: harbour.yaml\n" in Path("rules/harbour.test.yaml").read_text()
    result = begun("rules", "test")
    assert result.exit_code == 0
    assert "✓ again stalls when nothing is heard of it" in result.stdout
    assert begun("rules", "fmt", "--check").exit_code == 0


def test_a_dry_run_shows_it_and_writes_nothing(begun):
    before = BOOK.read_text()
    result = new(begun, *INTO, *FERRY, "--dry-run")
    assert result.stdout.startswith("  - id: a-night-ferry\n")
    assert BOOK.read_text() == before


def test_a_target_has_its_numbers(begun):
    numbers = ("--baseline", "24", "--target", "15", "--unit", "µg/m³", "--deadline", "2030")
    new(begun, *INTO, *FERRY, "--profile", "numeric-target", *numbers)
    (indicator,) = load_rulebook([BOOK]).agreements[0].commitments[1].indicators
    assert (str(indicator.baseline), str(indicator.target), indicator.unit) == ("24", "15", "µg/m³")


def test_profiles_are_listed_with_what_they_are_for(begun):
    BOOK.write_text(
        BOOK.read_text() + "profiles: {own: {description: Mine. And more., quiet: 9d}}\n"
    )
    lines = new(begun, *INTO, "--profiles").stdout.splitlines()
    assert lines[0] == "own                Mine."
    assert "negotiation        Talks that shall end in a text." in lines


def test_a_shell_completes_the_profiles(world):
    env = {
        "_MONITOR_COMPLETE": "complete_zsh",
        "_TYPER_COMPLETE_ARGS": "monitor rules new --profile no",
    }
    told = subprocess.run(
        [Path(sys.executable).with_name("monitor")], env=world.environment(env), capture_output=True, text=True,
        timeout=60, check=False,
    ).stdout  # fmt: skip
    assert '"norm"' in told
    assert '"none"' in told
    assert "negotiation" not in told


# ---- Refusing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "missing"),
    [
        (("article.txt",), "--quote, --title"),
        ((*INTO, *FERRY), "--agreement, --agreement-title, --date"),
        ((*FERRY, "--profile", "numeric-target"), "--baseline, --target"),
    ],
)
def test_what_is_missing_is_named_where_nobody_can_be_asked(world, arguments, missing):
    with pytest.raises(UsageError) as caught:
        new(world, *arguments)
    assert caught.value.message == f"missing: {missing}"
    assert not Path("rules").exists()


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("--deadline", "soon"), "is not a date"),
        (("--deadline", "2020"), "the deadline 2020 lies before the commitment"),
        (("--profile", "negotiaton"), "did you mean 'negotiation'?"),
        (("--id", "accident-reports"), "twice|there already"),
        (("--id", "Night Ferry"), "did you mean 'night-ferry'?"),
    ],
)
def test_what_rules_check_would_refuse_is_not_written(begun, arguments, fault):
    before = BOOK.read_text()
    with pytest.raises(RulebookError) as caught:
        new(begun, *INTO, *FERRY, *arguments)
    (said,) = caught.value.faults
    assert any(part in said for part in fault.split("|")), said
    assert BOOK.read_text() == before
    assert sorted(p.name for p in Path("rules").iterdir()) == ["harbour.yaml"]


def test_a_rulebook_with_faults_is_mended_first(begun):
    BOOK.write_text(BOOK.read_text() + "foo: 1\n")
    with pytest.raises(RulebookError) as caught:
        new(begun, *INTO, *FERRY)
    assert "unknown key 'foo'" in caught.value.faults[0]


def test_faults_of_another_rulebook_are_none_of_this_one(begun):
    Path("rules/broken.yaml").write_text("foo: 1\n")
    assert new(begun, *INTO, *FERRY).exit_code == 0
    assert "broken" not in new(begun, *INTO, *FERRY, "--id", "again").stderr


def test_an_agreement_that_another_rulebook_has_is_not_begun(begun):
    with pytest.raises(RulebookError) as caught:
        new(begun, "article.txt", "--into", "rules/two.yaml", *TOP, *FERRY)
    assert "there already is an agreement 'harbour-2025'" in caught.value.faults[0]
    assert not Path("rules/two.yaml").exists()


def test_a_list_in_brackets_is_refused(begun):
    text = BOOK.read_text()
    BOOK.write_text(
        text[: text.index("commitments:")] + "commitments: [{id: a, title: A, quote: A}]\n"
    )
    with pytest.raises(InputError, match="is not a list of lines"):
        new(begun, *INTO, *FERRY)


def test_a_file_that_is_no_rulebook_is_refused(world):
    Path("other.yaml").write_text("store: x\n")
    with pytest.raises(UsageError, match=r"other\.yaml is no rulebook"):
        new(world, "article.txt", "--into", "other.yaml", *FERRY)


def test_another_document_than_that_of_the_rulebook_is_refused(begun):
    Path("other.txt").write_text(ARTICLE)
    with pytest.raises(UsageError, match=r"quotes from article\.txt, not from other\.txt"):
        new(begun, "other.txt", *INTO, *FERRY)
    assert new(begun, "article.txt", *INTO, *FERRY).exit_code == 0


def test_a_document_that_cannot_be_read_is_told(world):
    Path("image.txt").write_bytes(b"\xff\xd8")
    with pytest.raises(InputError, match=r"image.txt is not UTF-8 text"):
        new(world, "image.txt", *FERRY)
    with pytest.raises(InputError, match=r"none.txt"):
        new(world, "none.txt", *FERRY)


def test_tests_of_another_rulebook_are_left_alone(begun):
    Path("rules/harbour.test.yaml").write_text(
        "rules: other.yaml\ntests:\n  - {name: x, covers_until: 2026, never: [{commitment: a, status: stalled}]}\n"
    )
    before = BOOK.read_text()
    with pytest.raises(UsageError, match="tests another rulebook"):
        new(begun, *INTO, *FERRY, "--test")
    assert BOOK.read_text() == before


def test_without_a_document_it_is_said_that_nothing_was_compared(world):
    result = new(world, *FERRY)
    assert result.exit_code == 0
    assert "nothing was compared with the quote" in result.stderr


def test_a_rulebook_that_names_no_source_is_told_how(begun):
    BOOK.write_text(BOOK.read_text().replace("source: ../article.txt\n", ""))
    result = new(begun, "article.txt", *INTO, *FERRY)
    assert "with `source: ../article.txt` `rules check` compares its quotes" in result.stderr


# ---- On a terminal ----------------------------------------------------------------------------------


def answer(world, tmp_path, text, *arguments):
    """What is printed, and the exit code, where a person types these answers."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        world.command("rules", "new", *arguments), cwd=tmp_path, env=world.environment({"PYTHONUTF8": "1"}),
        stdin=slave, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    os.close(slave)
    os.write(master, text.encode())
    out, err = process.communicate(timeout=120)
    os.close(master)
    return out.strip(), err, process.returncode  # click writes a space where it asks


def test_on_a_terminal_everything_is_asked_for_and_checked_at_once(world, tmp_path):
    answers = [
        "article.txt", "Harbour 2025", "harbour-2025", "The harbours", "someday", "2025-09-01",
        "NO, SO", "The Coast Courier",
        "ferry", "2", "open a night train", "open a night ferry before the summer of 2026",
        "A night ferry", "", "one-of-act", "one-off-act", "transport", "", "2024", "2026-05-31", "",
        "sails, maiden voyage", "y", "y",
    ]  # fmt: skip
    out, err, code = answer(world, tmp_path, "\n".join(answers) + "\n", *INTO)
    assert code == 0, err
    assert out.splitlines() == ["rules/harbour.yaml", "rules/harbour.test.yaml"]
    for said in (
        "did you mean 'harbour-2025'?", "'someday' is not a date",
        "this does not stand in the document: it agrees up to 'open a night' and parts at 'train'",
        "there is no profile 'one-of-act', did you mean 'one-off-act'?",
        "the deadline 2024 lies before", "one-off-act        One act that is done or not done",
        "   2  The mayors of the two towns", "next: monitor rules check",
    ):  # fmt: skip
        assert said in err, err
    (agreement,) = load_rulebook([BOOK]).agreements
    (ferry,) = agreement.commitments
    assert (ferry.id, ferry.theme, [rule.id for rule in ferry.rules][-1]) == (
        "a-night-ferry", "transport", "done"
    )  # fmt: skip
    assert world("rules", "test").exit_code == 0


def test_who_says_no_has_nothing_written(world, tmp_path):
    out, err, code = answer(world, tmp_path, "n\n", "article.txt", *INTO, *TOP, *FERRY)
    assert (out, code) == ("", 1)
    assert "- id: a-night-ferry" in err
    assert not Path("rules").exists()


def test_yes_asks_nothing_even_on_a_terminal(world, tmp_path):
    out, _, code = answer(world, tmp_path, "", "article.txt", *INTO, *TOP, *FERRY, "--yes")
    assert (out, code) == ("rules/harbour.yaml", 0)
