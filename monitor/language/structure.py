"""pydantic's complaints -> faults that point at the offending key or value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from monitor.language.conditions import CONDITION_KEYS, ConditionModel
from monitor.language.faults import did_you_mean, listing, shorten
from monitor.language.forms import plain_type
from monitor.language.patterns import PatternModel, Strict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.language.context import Context
    from monitor.language.document import Document
    from monitor.language.faults import Fault, Path

M = TypeVar("M", bound=Strict)


def validate(
    model: type[M],
    data: Any,
    context: Context,
    document: Document,
    prefix: Path,
    faults: list[Fault],
) -> M | None:
    """Read `data`, which stands at `prefix` in the document; None where it has faults."""
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            fault = _fault(model, detail, document, prefix)
            if fault:
                faults.append(fault)
        return None


def _fault(
    root: type[Strict], detail: Mapping[str, Any], document: Document, prefix: Path
) -> Fault | None:
    kind, value = detail["type"], detail["input"]
    loc: Path = detail["loc"]
    on_key = False
    hint: str | None = None
    if kind == "extra_forbidden":
        on_key = True
        message, hint = _unknown_key(root, loc)
        kind = "unknown-key"
    elif kind == "missing":
        owner = _model_at(root, loc[:-1])
        message = f"{owner.NOUN if owner else 'this'} needs `{loc[-1]}`"
        kind, loc = "missing-key", loc[:-1]
    elif value is None:
        return None  # the document has already said that it is empty
    elif "message" in (context := detail.get("ctx") or {}):
        message, hint = context["message"], context["hint"]
        for step in context["at"]:
            loc = loc[:-1] if step == ".." else (*loc, step)
        on_key = kind in ("one-key", "for-an-instant", "recover-from-event", "idle-within")
    else:
        kind, message, hint = _plain(root, loc, detail)
    path = (*prefix, *(step for step in loc if step != "[key]"))
    return document.fault(path, message, kind, hint, key=on_key or "[key]" in loc)


def _unknown_key(root: type[Strict], loc: Path) -> tuple[str, str | None]:
    key = loc[-1]
    owner = _model_at(root, loc[:-1])
    if owner is None:
        return f"unknown key '{shorten(str(key))}'", None
    known = [field.alias or name for name, field in owner.model_fields.items()]
    message = f"unknown key '{shorten(str(key))}' in {owner.NOUN}"
    if owner is ConditionModel and key in PatternModel.model_fields:
        return message, f"did you mean update: {{{key}: …}}?"
    hint = did_you_mean(key, known)
    if hint is None and owner is not ConditionModel and key in CONDITION_KEYS and len(known) > 12:
        hint = "conditions stand under when: of a rule"
    return message, hint or f"known are {', '.join(known)}"


def _plain(root: type[Strict], loc: Path, detail: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """Code, message and suggestion for pydantic's own complaints."""
    kind, value = detail["type"], detail["input"]
    context = detail.get("ctx") or {}
    if kind in ("enum", "literal_error"):
        known = re.findall(r"'([^']*)'", str(context.get("expected", "")))
        if known and isinstance(value, str):
            message = f"unknown word '{shorten(value)}'"
            return "unknown-word", message, did_you_mean(value, known) or f"write {listing(known)}"
        expected = str(context.get("expected", "")).replace("True", "true") or "another value"
        return "unknown-word", f"must be {expected}, not {_shown(value)}", None
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        owner = _model_at(root, loc)
        noun = owner.NOUN if owner else "this"
        hint = "write key: value"
        if owner is PatternModel and isinstance(value, str):
            hint = f"did you mean {{kind: {shorten(value)}}}?"
        elif owner is not None:
            keys = [field.alias or name for name, field in owner.model_fields.items()]
            hint = f"its keys are {', '.join(keys)}"
        return "not-a-mapping", f"{noun} is a mapping, not {plain_type(value)}", hint
    if kind == "tuple_type":
        return "not-a-list", f"must be a list, not {plain_type(value)}", "begin each item with -"
    if kind == "too_short":
        least = context.get("min_length", 1)
        what = "is empty" if not value else f"has fewer than {least} items"
        return "too-few", f"the list {what}", "leave it out" if least == 1 else None
    if kind == "too_long":
        return "too-many", f"the list has more than {context.get('max_length')} items", None
    if kind.startswith("bool"):
        return "not-a-boolean", f"must be true or false, not {_shown(value)}", None
    if kind == "recursion_loop":
        return "recursive-alias", "this stands inside of itself", None
    return kind.replace("_", "-"), str(detail["msg"]), None


def _shown(value: Any) -> str:
    return f"'{shorten(value)}'" if isinstance(value, str) else plain_type(value)


def _model_at(root: type[Strict], loc: Path) -> type[Strict] | None:
    """The model that reads what stands at `loc`."""
    current: type[Strict] | None = root
    container = False
    for step in loc:
        if current is None:
            return None
        if isinstance(step, int) or container:
            container = False
            continue
        field = next(
            (f for name, f in current.model_fields.items() if step in (f.alias, name)), None
        )
        if field is None:
            return None
        container = "dict[" in str(field.annotation)
        current = _model_in(field.annotation)
    return current


def _model_in(annotation: Any) -> type[Strict] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation if issubclass(annotation, Strict) else None
    found = (_model_in(part) for part in get_args(annotation))
    return next((model for model in found if model), None)
