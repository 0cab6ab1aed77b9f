"""The JSON Schema of monitor.yaml, for editors and other tools.

Made of the models that read the file. It cannot know what only the whole file knows, such as
whether a route names a receiver that there is, nor what is behind it: `monitor doctor` does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, create_model

from monitor.language.forms import OneOrMany
from monitor.language.hours import Windows
from monitor.language.lintcodes import LINTS, LintLevel
from monitor.language.routing import MuteModel, RouteModel
from monitor.language.schema import schema_of
from monitor.receiver_settings import AnyReceiver, HeartbeatSettings
from monitor.settings import Settings

FILE = "config.schema.json"
"""Its name, in the folder of the rules."""

_FORMS: dict[str, Any] = {
    "rules": Annotated[list[Path], OneOrMany()],
    "receivers": list[AnyReceiver],
    "heartbeat": HeartbeatSettings,
    "lints": dict[Literal[tuple(sorted(LINTS))], LintLevel],  # type: ignore[misc]
    "routes": RouteModel,
    "intervals": dict[str, Windows],
    "mute_when": tuple[MuteModel, ...],
}
"""What `Settings` leaves open: who has it waits for its models; or it has a short form."""


def config_schema() -> dict[str, Any]:
    """Draft 2020-12; short forms included."""
    fields: dict[str, Any] = {}
    for name, form in _FORMS.items():
        known = Settings.model_fields[name]
        fields[name] = (form, Field(default=None, description=known.description))
    whole = create_model("Configuration", __base__=Settings, **fields)
    return schema_of(whole, "Configuration of the commitment monitor")
