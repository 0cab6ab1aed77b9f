"""Every built-in profile against the typical life of such a commitment."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.app import app
from monitor.language.profiles import BUILT_IN

HERE = Path(__file__).parent / "profiles"


def test_every_profile_with_rules_has_a_life():
    assert {p.name.removesuffix(".test.yaml") for p in HERE.glob("*.test.yaml")} == {*BUILT_IN} - {
        "none"
    }


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.test.yaml")))
def test_a_typical_life_is_judged_as_the_profile_says(name):
    result = CliRunner().invoke(app, ["rules", "test", str(HERE / name)])
    assert result.exit_code == 0, result.output
