"""The one error a user is meant to read."""


class InputError(ValueError):
    """Something the user provided is wrong.

    The message is one sentence that names the file, key or atom at fault and says what would be right.
    """


def type_sentence(expected: str, value: object) -> str:
    """Say which type a value must have (JSON schema), and how to write it where YAML misreads it."""
    rule = f"must be of type {expected}"
    if expected == "integer" and isinstance(value, float):
        return f"{rule}, without a decimal point"
    if expected == "number" and isinstance(value, float):
        return f"{rule} and finite"
    if expected == "number" and isinstance(value, str):
        return f"{rule}, not text (YAML reads a power of ten only as in 1.0e-3)"
    return rule
