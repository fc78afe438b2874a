"""The part of a run that is averaged: its last segment, after all heating and equilibration."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import InputError
from ..trajectory import Frames, in_production, production_start, read_frames, read_thermo, recorded


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
    interval = recorded(folder, "frame_interval_ps")
    count = recorded(folder, "frames") - 1 - round(production_start(folder) / interval)
    frames = read_frames(folder, elements, stride=max(1, int(np.ceil(count / most))))
    (chosen,) = np.nonzero(in_production(folder, frames.times))
    if len(chosen) == 0:
        raise InputError(f"{folder}: no frame lies in the last segment; store frames more often.")
    chosen = chosen[-most:]
    return replace(
        frames, positions=frames.positions[chosen], boxes=frames.boxes[chosen], times=frames.times[chosen]
    )


def production_thermo(folder: str | Path) -> pd.DataFrame:
    """Read the rows of ``thermo.csv`` that belong to the last segment."""
    thermo = read_thermo(folder)
    return thermo[in_production(folder, thermo["time_ps"])].reset_index(drop=True)
