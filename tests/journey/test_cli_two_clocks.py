"""Every command that shows a state, as of any day and by what was known on any other."""

import json
import random
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FEED = ROOT / "seeds" / "updates-2025-08_2026-02.jsonl"
DAYS = ("2025-10-15", "2026-01-10", "2026-02-28")
ASKED = ("clean-energy", "us-tariff-kr")


def feed():
    return [line for line in FEED.read_text(encoding="utf-8").splitlines() if line.strip()]


def take_in(shell, folder, lines, now, number):
    path = folder / f"part-{number}.ndjson"
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    arguments = ("ingest", path, "--map", "topics=subject", "--source", "feed", "--now", now)
    result = shell(*arguments, "--covers-until", "2026-02-28", "--any-kind")
    assert result.exit_code == 0, result.output


def answers(shell):
    """What each command prints of some days, as bytes."""
    found = []
    for day in DAYS:
        view = ("--as-of", day, "--known-at", "2026-04-01", "--now", "2026-04-01", "-o", "json")
        found.append(shell("status", *view).stdout)
        lines = shell("check", *view).stdout.splitlines()  # when it last ran is no part of the past
        found += [line for line in lines if "last_run" not in line]
        found += [shell("explain", name, *view).stdout for name in ASKED]
    return found


@pytest.fixture(scope="module")
def whole(support, tmp_path_factory):
    """All at once, in the order of the feed."""
    folder = tmp_path_factory.mktemp("whole")
    shell = support("shell").Shell(folder / "m.db")
    take_in(shell, folder, feed(), "2026-03-01", 0)
    shell.answers = answers(shell)
    return shell


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_past_is_the_same_to_the_byte_however_the_updates_came_in(
    whole, support, tmp_path, seed
):
    chance = random.Random(seed)
    lines = feed()
    chance.shuffle(lines)
    lines += chance.sample(lines, 10)  # some twice
    cuts = sorted(chance.sample(range(1, len(lines)), seed + 1))
    shell = support("shell").Shell(tmp_path / "m.db")
    for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(lines)], strict=True)):
        take_in(shell, tmp_path, lines[start:end], f"2026-03-{1 + number:02}", number)
        if chance.random() < 0.5:
            shell("run", "--now", f"2026-03-{1 + number:02}")
    assert answers(shell) == whole.answers


def test_check_judges_any_day_by_what_was_known_on_any_other(whole):
    def judged(*view):
        result = whole("check", *view, "-o", "json", "--now", "2026-04-01")
        return result.exit_code, json.loads(result.stdout)

    code, body = judged("--as-of", "2025-10-15")
    assert (code, body["verdict"]) == (0, "well")
    assert body["as_of"] == body["now"] == "2025-10-15T23:59:59+09:00"
    assert body["known_at"] == "2026-04-01T23:59:59+09:00"
    code, body = judged("--as-of", "2026-02-28")
    assert (code, body["counts"]["stalled"]) == (1, 1)
    code, body = judged("--known-at", "2026-02-01")  # nothing was taken in by then
    assert (code, body["verdict"]) == (3, "unknown")
    assert body["counts"]["no_data"] == body["commitments"]
    line = whole("check", "--format", "nagios", "--as-of", "2026-02-28", "--now", "2026-04-01")
    assert (line.exit_code, line.stdout[:16]) == (1, "MONITOR WARNING ")


def test_check_says_the_same_with_and_without_naming_the_present(whole):
    plain = whole("check", "-o", "json", "--now", "2026-04-01")
    named = whole("check", "-o", "json", "--now", "2026-04-01", "--as-of", "2026-04-01")
    assert plain.stdout == named.stdout
    assert plain.exit_code == named.exit_code == 3


def test_coverage_is_listed_by_what_was_known(whole):
    def listed(*view):
        shown = whole("coverage", "list", "-o", "json", "--now", "2026-04-01", *view).stdout
        return json.loads(shown)

    assert [row["source"] for row in listed()["rows"]] == ["feed"]
    assert listed("--known-at", "2026-02-01")["rows"] == []
    assert listed("--as-of", "2026-02-01")["agreements"][0]["watched"] is True
    assert listed("--as-of", "2026-03-15")["agreements"][0]["watched"] is False


def test_alerts_are_listed_by_when_it_happened_and_when_it_was_made(support, tmp_path):
    shell = support("shell").Shell(tmp_path / "m.db")
    for now in ("2025-10-01", "2025-12-01", "2026-03-05"):
        shell("run", "--now", now)

    def listed(*options):
        shown = shell("alerts", "list", "--limit", "99", "-o", "json", *options).stdout
        return json.loads(shown)["alerts"]

    everything = listed()
    early = listed("--known-at", "2025-11-01")
    assert [alert["kind"] for alert in early] == ["summary"]
    happened = listed("--as-of", "2025-11-15")
    assert 1 < len(happened) < len(everything)
    assert happened == [a for a in everything if a["at"] <= "2025-11-15T15:00:00Z"]


def test_history_shows_both_dates_and_the_lag_as_text_and_as_json(whole):
    body = json.loads(whole("history", "us-tariff-kr", "-o", "json").stdout)
    row = body["transitions"][1]
    assert (row["at"][:10], row["recorded"][:10]) == ("2025-10-29", "2026-03-01")
    assert row["lag_seconds"] == 124 * 86_400 - 1
    shown = whole("history", "us-tariff-kr").stdout
    assert "recorded 2026-03-01, 123d later" in shown
