"""The JSON Schema of the settings, for editors: draft 2020-12."""

from typing import Any

from perfci.settings.model import Settings

_ABOUT = ("title", "description", "default")


def json_schema() -> dict[str, Any]:
    """Return the schema of `perfci.yml`; every key has a title and a description."""
    schema = Settings.model_json_schema()
    tables = schema["$defs"]
    for table in (schema, *tables.values()):
        required = table.get("required", [])
        for name, key in table.get("properties", {}).items():
            _describe(name, key, tables)
            if name not in required:
                _allow_null(key)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **schema,
        "title": "perfci settings",
    }


def _describe(name: str, key: dict[str, Any], tables: dict[str, Any]) -> None:
    """Repeat at a section's key what its table says: editors look no further."""
    table = tables.get(key.get("$ref", "").rpartition("/")[2], {})
    key.setdefault("title", name.replace("_", " ").capitalize())
    key.setdefault("description", table.get("description", ""))


def _allow_null(key: dict[str, Any]) -> None:
    """Let a key that may be left out be null: that means "not set"."""
    null = {"type": "null"}
    choices = key.get("anyOf")
    if choices and null in choices:
        return
    about = {part: key.pop(part) for part in _ABOUT if part in key}
    choices = choices or [dict(key)]
    key.clear()
    key.update(about, anyOf=[*choices, null])
