"""Checking plain values against a JSON schema, more strictly than JSON schema itself."""

import math
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.validators import extend

from .errors import type_sentence

# JSON schema takes 2.0 for an integer, and Python's NaN passes every limit; neither is what a key means.
_TYPES = Draft202012Validator.TYPE_CHECKER.redefine_many(
    {
        "integer": lambda _, value: isinstance(value, int) and not isinstance(value, bool),
        "number": lambda _, value: (
            isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        ),
        "object": lambda _, value: isinstance(value, Mapping) and all(isinstance(key, str) for key in value),
    }
)
_Validator = extend(Draft202012Validator, type_checker=_TYPES)


def violation(content: Any, schema: Mapping[str, Any]) -> ValidationError | None:
    """Return what best explains why a value is not valid, None if it is.

    Parameters
    ----------
    content
        Value as YAML or JSON gives it.
    schema
        JSON schema, draft 2020-12. Besides, integers must have no decimal point, numbers must be finite, and
        keys must be text.
    """
    return best_match(_Validator(schema).iter_errors(content))


def type_rule(error: ValidationError) -> str:
    """Say which type a value must have, and how to write it where YAML reads something else than meant."""
    expected, value = error.validator_value, error.instance
    if expected == "object" and isinstance(value, Mapping):
        key = next(key for key in value if not isinstance(key, str))
        return f"its key {key!r} must be text; put it in quotes"
    return type_sentence(expected, value)
