"""The JSON schema and the table of all keys, made from the records so that neither can drift."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from .messages import resolved
from .whole import Configuration

Plain = Mapping[str, Any]

HEADER = "# Made from zifmelt/configuration by `python -m zifmelt.configuration`; change it there.\n"

INTRODUCTION = """# Configuration

Made from `zifmelt/configuration` by `python -m zifmelt.configuration`; change it there.

A configuration file lies on top of `config/config.yaml` and holds what differs. Every key is checked before
anything runs; an unknown one is refused. `<name>` stands for a name of your choice. The last column is the
paper's protocol, `config/config.yaml`; of several entries it shows the first.

| Key | Meaning and unit | Type and limits | Paper |
|---|---|---|---|
"""


def json_schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of the configuration."""
    schema = Configuration.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_without_titles(schema)}


def schema_text() -> str:
    """Return the schema as the text of ``workflow/schemas/config.schema.yaml``."""
    return HEADER + yaml.safe_dump(json_schema(), sort_keys=False, width=120, allow_unicode=True)


def table_text(paper: Plain) -> str:
    """Return the text of ``docs/configuration.md``.

    Parameters
    ----------
    paper
        The content of ``config/config.yaml``, for the last column.
    """
    rows = [
        f"| `{key}` | {_escaped(node.get('description', ''))} | {_escaped(_kind(node))} | {_shown(value)} |"
        for key, node, value in _keys(json_schema(), paper)
    ]
    return INTRODUCTION + "\n".join(rows) + "\n"


def _without_titles(node: Any) -> Any:
    """Drop the titles that pydantic makes of names; they say nothing that the names do not."""
    if isinstance(node, dict):
        return {
            key: _without_titles(value)
            for key, value in node.items()
            if not (key == "title" and isinstance(value, str))
        }
    return [_without_titles(entry) for entry in node] if isinstance(node, list) else node


def _keys(schema: Plain, paper: Any) -> Iterator[tuple[str, Plain, Any]]:
    """List every key by its dotted path with its node of the schema and the paper's value."""

    def walk(node: Plain, path: str, value: Any) -> Iterator[tuple[str, Plain, Any]]:
        inside = dict(node.get("properties", {}))
        further = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
        nested = [entry for entry in further if isinstance(entry, Mapping) and entry.get("type") != "object"]
        if path and not inside:
            yield path, node, value
        for key, entry in inside.items():
            below = value.get(key) if isinstance(value, Mapping) else None
            yield from walk(resolved(entry, schema), f"{path}.{key}" if path else key, below)
        for entry in nested:
            below = next(iter(value.values()), None) if isinstance(value, Mapping) else None
            target = resolved(entry, schema)
            if target.get("properties"):
                yield from walk(target, f"{path}.<name>", below)
        items = resolved(node.get("items", {}), schema)
        if items.get("properties"):
            yield from walk(items, f"{path}[]", value[0] if value else None)

    return walk(schema, "", paper)


def _kind(node: Plain) -> str:
    """Type and limits in words."""
    if "enum" in node:
        return " or ".join(map(str, node["enum"]))
    names = {"array": "list", "object": "by name", "string": "text", "null": "nothing"}
    options = [str(option.get("type")) for option in node.get("anyOf", ())] or [str(node.get("type"))]
    kind = " or ".join(names.get(option, option) for option in options)
    limits = {
        "exclusiveMinimum": "> {}",
        "minimum": ">= {}",
        "exclusiveMaximum": "< {}",
        "maximum": "<= {}",
        "minItems": "{} or more",
        "minProperties": "{} or more",
    }
    return ", ".join([kind, *(text.format(node[name]) for name, text in limits.items() if name in node)])


def _shown(value: Any) -> str:
    if value is None:
        return ""
    text = yaml.safe_dump(value, default_flow_style=True, width=10**6, sort_keys=False)
    text = text.removesuffix("\n").removesuffix("\n...").strip()
    return f"`{_escaped(text)}`" if len(text) <= 60 else "see the file"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
