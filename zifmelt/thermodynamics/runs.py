"""What a run folder's path says about the run."""

import re
from pathlib import Path

from ..errors import InputError


def conditions(folder: str | Path) -> tuple[str, float, int]:
    """Read phase or framework, temperature and replica off a run folder's path.

    Parameters
    ----------
    folder
        Ends in ``{name}/{temperature}K/r{replica}``, as the folders of sampling and coexistence runs do.

    Returns
    -------
    name, temperature, replica : tuple
        Temperature in K.

    Raises
    ------
    InputError
        The path has another form.
    """
    found = re.search(r"([^/]+)/([\d.]+)K/r(\d+)$", Path(folder).as_posix())
    if found is None:
        raise InputError(f"{folder}: a run folder must end in <name>/<temperature>K/r<replica>.")
    name, temperature, replica = found.groups()
    return name, float(temperature), int(replica)
