"""`monitor report` in the world that is shipped."""

import json
import shutil
from contextlib import chdir

import pytest
from typer.testing import CliRunner

from monitor.cli.app import app
from monitor.errors import UsageError

NOW = ("--now", "2026-02-28")


def call(*args):
    return CliRunner().invoke(app, [*args, *NOW])


@pytest.fixture(scope="module")
def tokyo(support, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokyo")
    for name in ("rules", "seeds"):
        shutil.copytree(support("pages").ROOT / name, folder / name)
    shutil.copy(support("pages").ROOT / "monitor.yaml", folder)
    with chdir(folder):
        assert call("run").exit_code == 0
        yield folder


def test_a_report_counts_quotes_and_cites(tokyo):
    shown = call("report").stdout
    assert shown.startswith("# Japan")
    assert "(n = 14)" in shown
    assert "| energy | 1 | 1 stalled |" in shown
    assert "> strengthen cooperation in areas such as clean energy\n" in shown
    assert "- **stalled** since 2026-02-19, level none\n" in shown
    assert "- next, if nothing is heard: 2026-03-01, no data" in shown
    assert "](<https://www.koreaherald.com/" in shown
    assert "on the scale" not in shown


def test_all_forms_tell_the_same(tokyo):
    body = json.loads(call("report", "--scale", "pam", "-o", "json").stdout)
    (agreement,) = body["agreements"]
    page = call("report", "--scale", "pam", "-o", "html").stdout
    text = call("report", "--scale", "pam").stdout
    assert page.startswith("<!DOCTYPE html>")
    assert page.count("<section>") == len(agreement["commitments"]) == 14
    for one in agreement["commitments"]:
        rating = f"on the scale: {one['rating']['value']}, {one['rating']['word']}"
        assert rating in page
        assert rating in text
        assert len(one["evidence"]) <= 5
    status = json.loads(call("status", "--scale", "pam", "-o", "json").stdout)
    assert agreement["scale"] == status["scale"]


def test_a_report_shows_another_day_by_what_was_known(tokyo):
    shown = call("report", "--as-of", "2025-10-01").stdout
    assert shown.splitlines()[2].startswith(
        "As of 2025-10-01T23:59:59+09:00, by what was known at "
    )
    assert "stalled** since" not in shown
    assert "- next, if nothing is heard: 2025-" in shown


def test_an_unknown_agreement_is_refused_with_a_hint(tokyo):
    error = call("report", "jp-kr-tokio-2025").exception
    assert isinstance(error, UsageError)
    assert "jp-kr-tokyo-2025" in error.hint


def test_before_the_first_run_it_says_what_to_do(tokyo, tmp_path):
    result = CliRunner().invoke(app, ["--store", str(tmp_path / "new.db"), "report", *NOW])
    assert result.exit_code == 0
    assert "run `monitor run`" in result.stderr
