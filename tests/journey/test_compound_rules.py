"""Worked examples of compound facts: the rulebooks of docs/rules.md against histories."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor.cli.app import app

HERE = Path(__file__).parent / "compound"


@pytest.mark.parametrize("name", sorted(path.name for path in HERE.glob("*.test.yaml")))
def test_the_example_concludes_what_happened(support, tmp_path, name):
    agreement = name.removesuffix(".test.yaml")
    blocks = support("pages").Page("docs/rules.md").blocks("yaml", "rulebook")
    (block,) = [b for b in blocks if b.text.startswith(f"agreement: {agreement}\n")]
    (tmp_path / f"{agreement}.yaml").write_text(block.text, encoding="utf-8")
    file = shutil.copy(HERE / name, tmp_path)
    result = CliRunner().invoke(app, ["rules", "test", str(file)])
    assert result.exit_code == 0, result.output
