"""JSON that is the same to the octet wherever and whenever it is made."""

from __future__ import annotations

import json
from typing import Any


def canonical(value: Any) -> bytes:
    """JSON in UTF-8, in one order of keys.

    Raises:
        TypeError, ValueError: the value holds what JSON has no word for.
    """
    text = json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8", errors="replace")
