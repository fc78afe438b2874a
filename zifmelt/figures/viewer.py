"""An interactive 3D view of a transition as one HTML file that needs nothing from elsewhere."""

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np

from ..environments.classify import Classification
from ..environments.neighbours import wrapped
from ..files import write_text
from ..mechanism.analysis import classified_frames
from .fig4_snapshots import DISORDERED_RADIUS_A, ORDERED_RADIUS_A, sticks
from .style import zinc_colours

TEMPLATE = Path(__file__).with_name("viewer.html")
STEPS_PER_A = 10
"""Coordinates are stored as whole numbers of 0.1 angstrom."""


def write_viewer(
    folder: str | Path,
    classification: Classification,
    crystals: Sequence[str],
    title: str,
    stick_A: float,
    most_frames: int,
    path: str | Path,
) -> None:
    """Write the Zn of a run, coloured by class, with a time slider.

    The structure at rest that a run from a crystal begins with is left out, see
    `zifmelt.environments.classify.thermal_rows`.

    Parameters
    ----------
    folder
        Run folder.
    classification
        Classes of its Zn.
    crystals
        Names of the ordered classes, whose Zn are small and pale.
    title
        Heading of the page.
    stick_A
        Zn closer than this are joined, angstrom.
    most_frames
        Most frames to keep, equally spaced; they make the size of the file.
    path
        HTML file.
    """
    times = classification.times_ps
    every = (times[-1] - times[0]) / most_frames if len(times) > 1 else 0.0
    frames = []
    for chunk, assigned in classified_frames(folder, classification, float(every)):
        for positions, box, time, classes in zip(
            chunk.positions, chunk.boxes, chunk.times, assigned, strict=True
        ):
            if time > 0:
                frames.append(_frame(wrapped(positions, box), box, time, classes, stick_A))
    names = classification.classes
    colours = zinc_colours(names, crystals)
    content = {
        "classes": names,
        "colours": [colours[name] for name in names],
        "radii": [ORDERED_RADIUS_A if name in crystals else DISORDERED_RADIUS_A for name in names],
        "frames": frames,
    }
    page = TEMPLATE.read_text(encoding="utf-8").replace("__TITLE__", escape(title))
    write_text(path, page.replace("__DATA__", json.dumps(content, separators=(",", ":"))))


def _frame(
    positions: np.ndarray, box: np.ndarray, time: float, classes: Sequence[int], stick_A: float
) -> dict[str, object]:
    return {
        "time_ps": round(float(time), 3),
        "box": np.round(box, 3).tolist(),
        "positions": np.round(positions * STEPS_PER_A).astype(int).ravel().tolist(),
        "classes": np.asarray(classes).tolist(),
        "sticks": sticks(positions, stick_A).ravel().tolist(),
    }
