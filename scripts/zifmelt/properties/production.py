"""The part of a run that is averaged: its last segment, after all heating and equilibration."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
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
    return float(sum(segment["duration_ps"] for segment in _segments(folder)[:-1]))


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
    interval = read_json(Path(folder) / "provenance.json")["frame_interval_ps"]
    count = _segments(folder)[-1]["duration_ps"] / interval + 1
    frames = read_frames(folder, elements, stride=max(1, int(np.ceil(count / most))))
    (chosen,) = np.nonzero(frames.times > production_start(folder) - 1e-3)
    if len(chosen) == 0:
        raise InputError(f"{folder}: no frame lies in the last segment; store frames more often.")
    chosen = chosen[-most:]
    return replace(
        frames, positions=frames.positions[chosen], boxes=frames.boxes[chosen], times=frames.times[chosen]
    )


def production_thermo(folder: str | Path) -> pd.DataFrame:
    """Read the rows of ``thermo.csv`` that belong to the last segment."""
    thermo = read_thermo(folder)
    return thermo[thermo["time_ps"] > production_start(folder) - 1e-3].reset_index(drop=True)


def _segments(folder: str | Path) -> list[dict[str, Any]]:
    path = Path(folder) / "provenance.json"
    segments = read_json(path).get("protocol")
    if not segments:
        raise InputError(f"{path}: protocol is missing; it should list the segments of the run.")
    return segments
