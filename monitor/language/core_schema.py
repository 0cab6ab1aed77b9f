"""What a plain scalar means: YAML 1.2's core schema.

`NO` is Norway, `12:30` is text, and only true and false are booleans. A number with a fraction
becomes a `Decimal`, so that 0.1 stays 0.1.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

LONGEST = 40
"""Characters of a number. The engine's range needs 20."""

TOO_LONG = object()

CONSTANTS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
NUMERIC_START = frozenset("-+.0123456789")
"""What is in neither of the two is text."""

_INT = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def resolve(value: str) -> Any:
    """None, bool, int, Decimal, float (infinite or no number), str, or `TOO_LONG`."""
    if value in CONSTANTS:
        return CONSTANTS[value]
    if value[0] not in NUMERIC_START:
        return value
    if _INT.fullmatch(value):
        if len(value) > LONGEST:
            return TOO_LONG
        base = {"0o": 8, "0x": 16}.get(value[:2], 10)
        return int(value, base)
    if _FLOAT.fullmatch(value):
        if len(value) > LONGEST:
            return TOO_LONG
        exponent = value.lower().partition("e")[2]
        return Decimal(value) if len(exponent) <= 4 else math.inf
    if _INFINITE.fullmatch(value):
        return float(value.replace(".", "").lower())
    return value
