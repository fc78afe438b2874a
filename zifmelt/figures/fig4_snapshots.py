"""Fig. 4: snapshots of the transitions, disordered Zn coloured by class."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from ..environments.classify import Classification
from ..environments.neighbours import wrapped
from ..mechanism.analysis import classified_frames
from .fig5_transition import snapshot_times
from .render import draw_structure, view_rotation
from .style import DOUBLE_COLUMN, PHASE_COLOURS, save_figure, use_style

CRYSTAL_COLOUR = "#d4d4d8"
RADII = {True: 1.5, False: 0.9}
"""Radii of disordered and of crystalline Zn, angstrom."""


@dataclass(frozen=True)
class Snapshot:
    """Zn of one frame.

    Attributes
    ----------
    time_ps
        Time, ps.
    positions
        Shape (n, 3), angstrom, inside the box.
    box
        Shape (3, 3), angstrom.
    classes
        Shape (n,), names.
    """

    time_ps: float
    positions: np.ndarray
    box: np.ndarray
    classes: np.ndarray


def take_snapshots(
    folder: str | Path, classification: Classification, crystals: Sequence[str]
) -> list[Snapshot]:
    """Read the four frames of a run that `snapshot_times` chooses."""
    wanted = snapshot_times(classification.thermal_fractions(), crystals)
    names = np.array(classification.classes)
    chosen: dict[int, Snapshot] = {}
    for frames, assigned in classified_frames(folder, classification, every_ps=0.0):
        for number, time in enumerate(wanted):
            frame = int(np.argmin(np.abs(frames.times - time)))
            taken = chosen.get(number)
            if taken is None or abs(frames.times[frame] - time) < abs(taken.time_ps - time):
                box = frames.boxes[frame]
                inside = wrapped(frames.positions[frame], box)
                chosen[number] = Snapshot(float(frames.times[frame]), inside, box, names[assigned[frame]])
    return [chosen[number] for number in sorted(chosen)]


def sticks(positions: np.ndarray, longest: float) -> np.ndarray:
    """Pairs of Zn closer than `longest` angstrom, without those across the boundary, shape (pairs, 2)."""
    return cKDTree(positions).query_pairs(longest, output_type="ndarray")


def plot_snapshots(runs: dict[str, list[Snapshot]], stick_A: float, stem: str | Path) -> None:
    """Draw a row of snapshots per framework.

    Parameters
    ----------
    runs
        Snapshots by framework.
    stick_A
        Zn closer than this are joined, angstrom.
    stem
        Path of the figure without suffix.
    """
    use_style()
    rows = len(runs)
    figure, axes = plt.subplots(rows, 4, figsize=(DOUBLE_COLUMN, 1.9 * rows), squeeze=False)
    letters = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    tables = []
    for line, (framework, snapshots) in zip(axes, runs.items(), strict=True):
        for axis, snapshot in zip(line, snapshots, strict=True):
            disordered = np.isin(snapshot.classes, list(PHASE_COLOURS))
            draw_structure(
                axis,
                snapshot.positions,
                [PHASE_COLOURS.get(name, CRYSTAL_COLOUR) for name in snapshot.classes],
                np.where(disordered, RADII[True], RADII[False]),
                sticks(snapshot.positions, stick_A),
                box=snapshot.box,
                rotation=view_rotation(-65.0, 15.0),
                bond_radius=0.3,
                pixels=700,
            )
            letter = next(letters)
            axis.set_title(f"{letter}  {framework}, {snapshot.time_ps:.4g} ps")
            counts = pd.Series(snapshot.classes).value_counts()
            tables += [
                (letter, framework, snapshot.time_ps, name, int(number)) for name, number in counts.items()
            ]
    handles = [plt.Line2D([], [], ls="", marker="o", color=c, label=n) for n, c in PHASE_COLOURS.items()]
    handles.append(plt.Line2D([], [], ls="", marker="o", color=CRYSTAL_COLOUR, label="crystal"))
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    save_figure(
        figure, stem, pd.DataFrame(tables, columns=["panel", "framework", "time_ps", "class", "zinc"])
    )
