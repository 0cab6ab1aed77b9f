"""The order of keys: that of docs/rules.md, which is that of the models' fields."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_origin

from pydantic import BaseModel

from monitor.language.commitments import CommitmentModel
from monitor.language.counting import ShareModel
from monitor.language.layout.tree import Alias, Collection
from monitor.language.models import DefaultsModel, ProfileModel, RulebookModel
from monitor.language.rollup import CommitmentsModel, RollUpModel
from monitor.language.status import StatusModel

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.language.layout.tree import Entry, Node

_BEFORE: Mapping[type[BaseModel], str | None] = {
    CommitmentModel: "about",
    CommitmentsModel: "at_least",
    DefaultsModel: "profile",
    ProfileModel: "rules",
    RollUpModel: "needs",
    RulebookModel: "commitments",
    ShareModel: None,
    StatusModel: None,
}
"""The key of its own before which a model has what it inherits; None: after all of them.

Another model that has keys of both kinds has no order: its mappings stay as they are.
"""


class Form(NamedTuple):
    """What a mapping is read as; with `named` its keys are names, and its values are read so."""

    model: type[BaseModel]
    named: bool = False


@cache
def keys(model: type[BaseModel]) -> dict[str, int]:
    """The rank of each key; none where there is no order."""
    own = [name for name in model.__annotations__ if name in model.model_fields]
    above = (name for base in model.__bases__ for name in getattr(base, "model_fields", ()))
    inherited = [name for name in dict.fromkeys(above) if name not in own]
    if own and inherited and model not in _BEFORE:
        return {}
    before = _BEFORE.get(model)
    at = len(own) if before is None else own.index(before)
    names = [*own[:at], *inherited, *own[at:]]
    return {model.model_fields[name].alias or name: rank for rank, name in enumerate(names)}


def inside(form: Form | None, key: str) -> Form | None:
    """What the value of a key is read as; None where that is no mapping, nor a list of some."""
    if form is None:
        return None
    if form.named:
        return Form(form.model)
    for name, field in form.model.model_fields.items():
        if key == (field.alias or name):
            return _form(field.annotation)
    return None


def _form(annotation: Any) -> Form | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return Form(annotation)
    found = next((form for part in get_args(annotation) if (form := _form(part))), None)
    return Form(found.model, named=True) if found and get_origin(annotation) is dict else found


def ordered(entries: Sequence[Entry], form: Form | None) -> list[Entry]:
    """The pairs of a mapping in their order.

    They stay as they are where one is unknown or stands there twice, and where an alias would come
    before its anchor.
    """
    given = list(entries)
    if form is None or form.named:
        return given
    ranks = keys(form.model)
    names = [getattr(entry.key, "value", None) for entry in given]
    if len(set(names)) < len(names) or not all(name in ranks for name in names):
        return given
    wanted = sorted(given, key=lambda entry: ranks[entry.key.value])  # type: ignore[union-attr]
    return wanted if wanted == given or _keeps_anchors(given, wanted) else given


def _keeps_anchors(given: list[Entry], wanted: list[Entry]) -> bool:
    said = {id(entry): anchors_of(entry) for entry in given}
    for number, entry in enumerate(wanted):
        for later in wanted[number + 1 :]:
            if given.index(later) < given.index(entry):
                made, used = said[id(entry)]
                others_made, others_used = said[id(later)]
                if made & others_made or made & others_used or used & others_made:
                    return False
    return True


def anchors_of(entry: Entry) -> tuple[set[str], set[str]]:
    """The names of the anchors in an entry, and of the aliases."""
    made: set[str] = set()
    used: set[str] = set()
    waiting: list[Node | None] = [entry.key, entry.value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Alias):
            used.add(node.name)
        elif node is not None:
            made |= {word[1:] for word in node.properties.split() if word[0] == "&"}
        if isinstance(node, Collection):
            waiting += [part for inner in node.entries for part in (inner.key, inner.value)]
    return made, used
