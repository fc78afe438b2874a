"""One sentence for whatever is wrong with a configuration."""

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ..errors import InputError, type_sentence

Schema = Mapping[str, Any]

_TYPES = {
    "int": "integer",
    "float": "number",
    "finite": "number",
    "string": "string",
    "bool": "boolean",
    "tuple": "array",
    "list": "array",
    "dict": "object",
    "mapping": "object",
    "model": "object",
}
_LIMITS = {
    "greater_than_equal": ("ge", "must be at least {:g}"),
    "greater_than": ("gt", "must be greater than {:g}"),
    "less_than_equal": ("le", "must be at most {:g}"),
    "less_than": ("lt", "must be less than {:g}"),
    "too_short": ("min_length", "needs at least {:g} entries"),
    "too_long": ("max_length", "must have at most {:g} entries"),
    "string_too_short": ("min_length", "must have at least {:g} character"),
    "string_pattern_mismatch": ("pattern", "must match {}"),
}


def sentence(error: ValidationError, schema: Schema, where: str = "") -> str:
    """Say in one sentence what is wrong with a configuration and what would be right.

    Parameters
    ----------
    error
        What pydantic found.
    schema
        JSON schema of the model, which knows the description of every key.
    where
        Path of the model within the configuration, for a section by itself.

    Returns
    -------
    str
        Names the key by its path, the offending value and the rule it breaks; of several errors an unknown
        key comes first, because a typing error makes a key both unknown and missing, then a missing one.
    """

    def at(path: tuple[int | str, ...]) -> str:
        return ".".join(map(str, (where, *path) if where else path)) or "the top level"

    errors = error.errors(include_url=False)
    unknown = [one for one in errors if one["type"] == "extra_forbidden" or _names_no_field(one)]
    missing = [one for one in errors if one["type"] == "missing"]
    first: Mapping[str, Any] = (unknown or missing or errors)[0]
    kind, path, value = first["type"], tuple(first["loc"]), first["input"]
    own = first.get("ctx", {}).get("error")
    if isinstance(own, InputError):
        return str(own)
    if unknown:
        parent = path[:-2] if path[-1] == "[key]" else path[:-1]
        return _unknown_key(value if path[-1] == "[key]" else path[-1], at(parent), _node(parent, schema))
    if kind == "missing":
        return f"configuration: the key {path[-1]!r} is missing in {at(path[:-1])}."
    if kind == "invalid_key" or (path[-1] == "[key]" and kind == "string_type"):
        path = path[:-1] if kind == "invalid_key" else path[:-2]
        rule = f"its key {value!r} must be text; put it in quotes"
        return f"configuration: {at(path)}{_meaning(path, schema)} has a wrong key: {rule}."
    path = tuple(part for part in path if part != "[key]")
    rule = _rule(kind, first.get("ctx", {}), value, _node(path, schema))
    return f"configuration: {at(path)}{_meaning(path, schema)} is {value!r}, but {rule}."


def _names_no_field(error: Mapping[str, Any]) -> bool:
    return error["loc"][-1:] == ("[key]",) and error["type"] == "literal_error"


def _unknown_key(key: Any, parent: str, node: Schema) -> str:
    known = list(node.get("properties", {})) or list(node.get("propertyNames", {}).get("enum", ()))
    close = difflib.get_close_matches(str(key), known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"known keys are {', '.join(known)}."
    return f"configuration: unknown key {key!r} in {parent}; {hint}"


def _rule(kind: str, context: Mapping[str, Any], value: Any, node: Schema) -> str:
    if kind in _LIMITS:
        name, text = _LIMITS[kind]
        return text.format(context[name])
    if kind == "literal_error":
        return f"must be one of {node.get('enum', [node.get('const')])}"
    if kind == "value_error":
        return str(context["error"])
    return type_sentence(_TYPES.get(kind.split("_")[0], kind), value)


def _meaning(path: tuple[int | str, ...], schema: Schema) -> str:
    text = _node(path, schema).get("description", "").rstrip(".")
    return f" ({text})" if text else ""


def _node(path: tuple[int | str, ...], schema: Schema) -> Schema:
    """Follow a path of keys and places through a JSON schema; what no schema describes is empty."""
    node = resolved(schema, schema)
    for part in path:
        if isinstance(part, int):
            inside = node.get("items", {})
        else:
            patterns = list(node.get("patternProperties", {}).values())
            inside = node.get("properties", {}).get(part) or node.get("additionalProperties") or {}
            inside = patterns[0] if patterns and not inside else inside
        node = resolved(inside if isinstance(inside, Mapping) else {}, schema)
    return node


def resolved(node: Schema, schema: Schema) -> Schema:
    """Follow a reference; what stands beside it, such as the description of this use, wins."""
    options = [option for option in node.get("anyOf", ()) if option.get("type") != "null"]
    if options:
        return {**resolved(options[0], schema), **node}
    if "$ref" not in node:
        return node
    target = schema["$defs"][node["$ref"].rsplit("/", 1)[-1]]
    return {**target, **{key: value for key, value in node.items() if key != "$ref"}}
