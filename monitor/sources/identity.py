"""The id of a record that has none of its own: made of what it says.

On the way of nearly every report, hence three ways to one text, which a property test compares.
"""

from __future__ import annotations

from typing import Any

import pydantic_core

from monitor.domain.update import id_of_content, id_of_text

NO_MORE = (None,) * 9
"""The fields that most records do not have."""

_NULLS = NO_MORE[:8]  # the last is only in an id where it is there


def identify(told: tuple[Any, ...], more: tuple[Any, ...], *, bare: bool) -> str:
    """What `content_id` says of an update that has no id yet.

    Args:
        told: the fields after its id, as far as most records have them.
        more: the other fields; `NO_MORE` itself where there are none.
        bare: no text in it has to be escaped in JSON.
    """
    if more is not NO_MORE:
        return id_of_content((*told, *more))
    (occurred, _), _, kind, title, topics, parties, source, url, text = told
    if not bare:
        # Made in one go; nothing in a clean record is unlike in the two encoders.
        fields = (occurred, kind, title, topics, parties, source, url, text)
        return id_of_text(pydantic_core.to_json((*fields, *_NULLS)))
    # Nothing has to be escaped, so that the same text needs no encoder at all.
    return id_of_text(
        f'["{occurred}","{kind}","{title}",{_listed(topics)},{_listed(parties)},"{source}",'
        f'"{url}","{text}",null,null,null,null,null,null,null,null]'.encode()
    )


def _listed(names: tuple[str, ...]) -> str:
    """The JSON of names in which nothing has to be escaped."""
    return '["' + '","'.join(names) + '"]' if names else "[]"
