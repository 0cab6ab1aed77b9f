"""Small rulebooks in few words come from tests/support/making.py, which is no package."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
