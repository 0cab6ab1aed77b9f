"""pydantic's complaints -> faults that point at the offending key or value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from monitor.language.conditions import CONDITION_KEYS, ConditionModel
from monitor.language.counting import PartiesModel
from monitor.language.faults import did_you_mean, listing, shorten
from monitor.language.forms import plain_type
from monitor.language.models import HeaderModel, RulebookModel
from monitor.language.patterns import PatternModel, Strict
from monitor.language.rules import RuleModel

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
        found = (_fault(model, d, document, prefix) for d in error.errors(include_url=False))
        faults += dict.fromkeys(fault for fault in found if fault)
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
    elif kind == "too_short" and len(value) >= detail["ctx"]["min_length"]:
        return None  # only the items that could be read are too few; those that could not are told
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
    message = f"unknown key '{shorten(str(key))}' in {owner.NOUN}"
    if owner is ConditionModel and key in PatternModel.model_fields:
        return message, f"did you mean update: {{{key}: …}}?"
    if owner is RuleModel and key in CONDITION_KEYS:
        return message, f"did you mean when: {{{key}: …}}?"
    known = _keys(RulebookModel if owner is HeaderModel else owner)
    return message, did_you_mean(key, known) or f"known are {', '.join(known)}"


def _keys(owner: type[Strict], *, required: bool = False) -> list[str]:
    """Those that must be given come first."""
    fields = sorted(owner.model_fields.items(), key=lambda item: not item[1].is_required())
    return [f.alias or name for name, f in fields if f.is_required() or not required]


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
        elif owner is PartiesModel and isinstance(value, str):
            hint = f"did you mean update: {{parties: {shorten(value)}}}?"
        elif owner is not None:
            keys = _keys(owner, required=True) or _keys(owner)
            hint = f"write {': …, '.join(keys)}: …"
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
