"""Checksums of a finished run's trajectory: written at its end, checked before anything is read of it."""

from functools import cache
from pathlib import Path

from .errors import InputError
from .files import read_json, sha256_of

GUARDED = ("trajectory.xtc",)
"""Files whose content no later check would miss: a flipped bit in a frame is an atom in another place."""


def checksums_of(folder: str | Path) -> dict[str, str]:
    """Return the SHA-256 checksums of the `GUARDED` files of a run folder, for its ``provenance.json``."""
    return {name: sha256_of(Path(folder) / name) for name in GUARDED}


def check_trajectory(folder: str | Path) -> None:
    """Check the trajectory of a run folder against the checksum that the run recorded.

    A file is summed once in a process as long as its size and its time of change stay the same. Runs from
    before checksums were recorded pass.

    Parameters
    ----------
    folder
        Run folder.

    Raises
    ------
    InputError
        A file is missing, or the trajectory is not the one that the run wrote.
    """
    recorded = read_json(Path(folder) / "provenance.json").get("sha256", {})
    for name in GUARDED:
        path = Path(folder) / name
        if isinstance(recorded, dict) and name in recorded:
            state = path.stat()
            if _sum(path, state.st_mtime_ns, state.st_size) != recorded[name]:
                raise InputError(
                    f"{path}: damaged or replaced since the run ended, its checksum is not the recorded one; "
                    "restore it from a copy, or delete the run and repeat it."
                )


@cache
def _sum(path: Path, changed_ns: int, size: int) -> str:
    return sha256_of(path)
