"""The part of a run that is averaged: its last segment, after all heating and equilibration."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from ..errors import InputError
from ..files import read_json
from ..trajectory import Frames, read_frames, read_thermo


def production_start(folder: str | Path) -> float:
    """Return when the last segment of a run begins, ps.

    Raises
    ------
    InputError
        ``provenance.json`` is missing or has no protocol.
    """
    path = Path(folder) / "provenance.json"
    segments = read_json(path).get("protocol", {}).get("segments")
    if not segments:
        raise InputError(f"{path}: protocol.segments is missing; it should list the segments of the run.")
    return float(sum(segment["duration_ps"] for segment in segments[:-1]))


def production_frames(folder: str | Path, elements: tuple[str, ...], most: int) -> Frames:
    """Read at most `most` equally spaced frames of the last segment.

    Parameters
    ----------
    folder
        Run folder.
    elements
        Chemical symbols to keep.
    most
        Largest number of frames.

    Returns
    -------
    Frames
        As `zifmelt.trajectory.read_frames` gives them.

    Raises
    ------
    InputError
        The run cannot be read or has no frame in its last segment.
    """
    frames = read_frames(folder, elements)
    (chosen,) = (frames.times > production_start(folder) - 1e-6).nonzero()
    if len(chosen) == 0:
        raise InputError(f"{folder}: no frame lies in the last segment; store frames more often.")
    chosen = chosen[:: -(-len(chosen) // most)]
    return replace(
        frames, positions=frames.positions[chosen], boxes=frames.boxes[chosen], times=frames.times[chosen]
    )


def production_thermo(folder: str | Path) -> pd.DataFrame:
    """Read the rows of ``thermo.csv`` that belong to the last segment."""
    thermo = read_thermo(folder)
    return thermo[thermo["time_ps"] > production_start(folder) - 1e-6].reset_index(drop=True)
