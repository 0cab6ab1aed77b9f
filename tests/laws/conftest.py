"""The laws draw from tests/support/strategies.py, which is no package: put it on the path."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
