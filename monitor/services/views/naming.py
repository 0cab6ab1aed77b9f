"""Which commitment a person means: its id, or agreement/id where two agreements share one."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from monitor.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN = 5


def commitment_key(name: str, keys: Iterable[str]) -> str:
    """The key of the commitment that is called `name`.

    Args:
        name: an id or a key ("agreement/id").
        keys: those that there are.

    Raises:
        UsageError: there is none (near misses are suggested), or more than one (they are listed).
    """
    known = list(keys)
    found = [key for key in known if name in (key, _id(key))]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"{len(found)} commitments are called {name!r}",
            hint=f"say which: {', '.join(found)}",
        )
    raise UsageError(f"no commitment is called {name!r}", hint=_hint(name, known))


def one_of(word: str, known: Iterable[str], noun: str) -> str:
    """`word`, if it is one of the known.

    Raises:
        UsageError: it is not; near misses are suggested, or all are listed.
    """
    words = list(dict.fromkeys(known))
    if word in words:
        return word
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(words) or 'none'}"
    raise UsageError(f"no {noun} is called {word!r}", hint=hint)


def _id(key: str) -> str:
    return key.partition("/")[2]


def _hint(name: str, keys: list[str]) -> str:
    wanted = name.lower()
    near = get_close_matches(_id(wanted) or wanted, [_id(key) for key in keys], n=3, cutoff=0.6)
    if not near:
        near = [_id(key) for key in keys if wanted in _id(key)][:_SHOWN]
    if near:
        return f"did you mean {' or '.join(dict.fromkeys(near))}?"
    return "`monitor status` lists them"
