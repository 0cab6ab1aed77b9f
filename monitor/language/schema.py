"""The JSON Schema of a rulebook file, for editors and other tools.

Made of the same models that read the files, so that it cannot say anything else. It cannot know
what only a whole file knows (ids that exist, dates in order): `monitor rules check` does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

from monitor.language.models import RulebookModel

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Schema(GenerateJsonSchema):
    """Optional means that a key may be left out, never that it may be empty."""

    schema_dialect = DIALECT

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if made.get("default", ...) in (None, [], (), {}):
            del made["default"]
        return made


def json_schema() -> dict[str, Any]:
    """Of a rulebook. Draft 2020-12; short forms included."""
    return schema_of(RulebookModel, "Rulebook of the commitment monitor")


def schema_of(model: type[BaseModel], title: str) -> dict[str, Any]:
    """Of what a model reads."""
    body = _untitled(model.model_json_schema(by_alias=True, schema_generator=_Schema))
    return {
        "$schema": DIALECT,
        "title": title,
        **{key: value for key, value in body.items() if key not in ("$schema", "title")},
    }


def _untitled(node: Any, *, names: bool = False) -> Any:
    """Without the titles that pydantic makes of names: editors would show those first."""
    if isinstance(node, list):
        return [_untitled(part) for part in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _untitled(value, names=key in ("properties", "$defs"))
        for key, value in node.items()
        if names or key != "title" or not isinstance(value, str)
    }
