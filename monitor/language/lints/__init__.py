"""Judgements about a rulebook that loads: what its author probably did not mean.

Every lint has a code. Only what is certain is said; a lint that cries wolf is switched off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.language.lints.file import lint_file
from monitor.language.lints.quotes import lint_quotes
from monitor.language.lints.rules import lint_rules
from monitor.language.lints.watching import lint_watching

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from monitor.language.draft import Reading
    from monitor.language.faults import Fault

    Judge = Callable[[Reading], Iterator[Fault]]


def judges(topics_seen: Collection[str] | None = None) -> tuple[Judge, ...]:
    """Each says what there is to say about one file, in no order.

    A file is read with its document; one with errors has no agreement and gives nothing.

    Args:
        topics_seen: every topic that updates ever had; None: not known.
    """

    def watching(reading: Reading) -> Iterator[Fault]:
        return lint_watching(reading, topics_seen)

    return lint_file, lint_quotes, lint_rules, watching
