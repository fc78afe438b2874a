"""Building frozen dataclasses from plain mappings, strictly."""

import dataclasses
import difflib
import types
import typing
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import InputError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")


def from_mapping(kind: type[Record], content: Mapping[str, Any], where: str) -> Record:
    """Build a dataclass from a mapping, refusing unknown, missing and wrongly typed entries.

    Parameters
    ----------
    kind
        Dataclass whose fields are numbers, strings, booleans, tuples, mappings or other such dataclasses.
    content
        Values by field name; integers are taken for floats and lists for tuples.
    where
        Name of the mapping for messages, e.g. ``protocol segment 2``.

    Returns
    -------
    Record
        Instance of `kind`.

    Raises
    ------
    InputError
        An entry is unknown, missing or has the wrong type.
    """
    fields = {field.name: field for field in dataclasses.fields(kind)}
    for key in content:
        if key not in fields:
            close = difflib.get_close_matches(str(key), fields, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"known entries are {', '.join(fields)}."
            raise InputError(f"{where}: unknown entry {key!r}; {hint}")
    required = [name for name, field in fields.items() if _has_no_default(field)]
    for name in required:
        if name not in content:
            raise InputError(f"{where}: the entry {name!r} is missing.")
    hints = typing.get_type_hints(kind)
    return kind(**{key: _converted(value, hints[key], f"{where}, {key}") for key, value in content.items()})


def _has_no_default(field: dataclasses.Field) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _converted(value: Any, hint: Any, where: str) -> Any:
    if isinstance(hint, types.UnionType):
        if value is None and type(None) in hint.__args__:
            return None
        hint = next(option for option in hint.__args__ if option is not type(None))
    kind: Any = typing.get_origin(hint) or hint
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        if isinstance(value, kind):
            return value
        if isinstance(value, Mapping):
            return from_mapping(kind, value, where)
    elif kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    elif kind is tuple and isinstance(value, list | tuple):
        return tuple(value)
    elif isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    raise InputError(f"{where}: {value!r} should be of type {getattr(kind, '__name__', kind)}.")
