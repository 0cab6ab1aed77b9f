"""Programs of Node.js that judge what is written, where they are installed.

`NODE_TOOLS` names a folder in which `npm install` has put what tests/node/package.json asks for.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

PACKAGES = Path(__file__).parents[1] / "node"


def _missing(what):
    assert not os.environ.get("CI"), f"{what} is missing in CI: NODE_TOOLS names no folder with it"
    pytest.skip(f"no {what}: npm install in a copy of tests/node, named by NODE_TOOLS")


def program(name):
    """The path of a program. Where it is not installed the test is skipped, but never in CI."""
    folder = os.environ.get("NODE_TOOLS")
    here = Path(folder, "node_modules", ".bin", name) if folder else None
    return str(here) if here and here.exists() else shutil.which(name) or _missing(name)


def read_by_mermaid(texts):
    """What mermaid's own parser finds in flowcharts: boxes and edges of each, or an error."""
    folder = os.environ.get("NODE_TOOLS", "")
    if not folder or not Path(folder, "node_modules", "mermaid").is_dir():
        _missing("mermaid")
    done = subprocess.run(
        ["node", PACKAGES / "mermaid.mjs"],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
