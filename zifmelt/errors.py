"""The one error a user is meant to read."""


class InputError(ValueError):
    """Something the user provided is wrong.

    The message is one sentence that names the file, key or atom at fault and says what would be right.
    """
