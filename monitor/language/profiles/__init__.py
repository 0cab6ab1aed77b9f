"""The built-in profiles: rules and clocks for kinds of commitments, as YAML beside this file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from monitor.language.context import Context
from monitor.language.document import Document, parse_document
from monitor.language.models import ProfileModel
from monitor.language.structure import validate

BUILT_IN = (
    "standard",
    "none",
    "funding",
    "legislation",
    "negotiation",
    "norm",
    "numeric-target",
    "one-off-act",
    "recurring-meeting",
    "standing-body",
)


@cache
def built_in(name: str) -> tuple[ProfileModel, Document]:
    """A built-in profile, and where its parts stand.

    Raises:
        KeyError: there is no built-in profile of that name.
        ValueError: the installation is damaged.
    """
    if name not in BUILT_IN:
        raise KeyError(name)
    raw = files(__name__).joinpath(f"{name}.yaml").read_bytes()
    document, faults = parse_document(raw, f"built-in/{name}.yaml")
    if document is not None:
        model = validate(ProfileModel, document.data, Context(), document, (), faults)
        if model is not None and not faults:
            return model, document
    raise ValueError(f"the built-in profile {name} is damaged: {faults[0]}")
