"""Whether two texts say the same: nothing but order of keys, layout and quotes differs."""

from __future__ import annotations

from typing import Any

from yaml import events

from monitor.language.compose import TEXT_TAGS, Loader
from monitor.language.core_schema import TOO_LONG, resolve


def said(text: str) -> Any:
    """What a text says, with its anchors, aliases and tags; the pairs of a mapping are sorted.

    An alias is its name, and which of the anchors of that name it means.
    """
    loader = Loader(text)
    stack: list[tuple[Any, list[Any]]] = [(None, [])]
    anchors: dict[str, int] = {}
    try:
        while (event := loader.get_event()) is not None:
            if isinstance(event, events.AliasEvent):
                name = event.anchor or ""
                stack[-1][1].append(("*", name, anchors.get(name, 0)))
                continue
            anchor = getattr(event, "anchor", None)
            if isinstance(event, events.NodeEvent) and anchor:
                anchors[anchor] = anchors.get(anchor, 0) + 1
            if isinstance(event, events.ScalarEvent):
                stack[-1][1].append((_scalar(event), anchor))
            elif isinstance(event, events.CollectionStartEvent):
                kind = "{" if isinstance(event, events.MappingStartEvent) else "["
                stack.append(((kind, event.tag, anchor), []))
            elif isinstance(event, events.CollectionEndEvent):
                head, parts = stack.pop()
                if head[0] == "{":
                    parts = sorted(zip(parts[::2], parts[1::2], strict=True), key=_key)
                stack[-1][1].append((head, tuple(parts)))
    finally:
        loader.dispose()
    return stack[0][1]


def _key(pair: Any) -> str:
    return repr(pair[0])


def _scalar(event: Any) -> tuple[str, str]:
    if event.tag not in TEXT_TAGS:
        return event.tag, event.value
    if event.tag is not None or event.style:
        return "str", event.value
    found = resolve(event.value)
    return "number" if found is TOO_LONG else type(found).__name__, event.value
