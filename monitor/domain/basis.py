"""What makes a commitment one."""

from __future__ import annotations

from enum import StrEnum


class Basis(StrEnum):
    """Whether the source promises it, or somebody merely expects it."""

    PLEDGE = "pledge"
    EXPECTATION = "expectation"
