"""Fig. 4: snapshots of the transitions, disordered Zn coloured by class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from scipy.spatial import cKDTree

from ..environments.classify import Classification
from ..environments.neighbours import wrapped
from ..mechanism.analysis import classified_frames
from .fig5_transition import snapshot_times
from .plot import Plot
from .render import draw_structure, same_scale, view_rotation
from .style import journal_style, letter_panels, panels, zinc_colours

DISORDERED_RADIUS_A, ORDERED_RADIUS_A = 1.5, 0.9
"""Radii of the balls; with the light shades of crystals they let disorder stand out."""


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


@journal_style()
def plot_snapshots(runs: Mapping[str, Sequence[Snapshot]], stick_A: float, crystals: Sequence[str]) -> Plot:
    """Draw a row of snapshots per framework, all at the same scale.

    Parameters
    ----------
    runs
        Snapshots by framework.
    stick_A
        Zn closer than this are joined, angstrom.
    crystals
        Names of the ordered classes, whose Zn are small and pale.

    Returns
    -------
    Plot
        Its numbers: Zn of every class in every panel.
    """
    rows, across = len(runs), max(len(snapshots) for snapshots in runs.values())
    figure, axes = panels(2, 5.2 * rows + 0.8, rows, across)
    present = {name for snapshots in runs.values() for shot in snapshots for name in shot.classes}
    colours = zinc_colours(sorted(present), crystals)
    tables = []
    for row, (framework, snapshots) in enumerate(runs.items()):
        for column, (ax, snapshot) in enumerate(zip(axes[row], snapshots, strict=True)):
            _draw_snapshot(ax, snapshot, colours, crystals, stick_A)
            ax.set_title(f"{snapshot.time_ps:.4g} ps")
            counts = pd.Series(snapshot.classes).value_counts()
            panel = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[row * across + column]
            tables += [(panel, framework, snapshot.time_ps, *entry) for entry in counts.items()]
        axes[row, 0].set_title(f"{framework}, {snapshots[0].time_ps:.4g} ps")
    same_scale(axes, extra_cm=0.8)
    letter_panels(axes.flat, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    handles = [
        Line2D([], [], ls="", marker="o", ms=4, color=colour, label=name) for name, colour in colours.items()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
    columns = ["panel", "framework", "time_ps", "class", "zinc"]
    return Plot(figure, pd.DataFrame(tables, columns=columns))


def _draw_snapshot(
    ax: Axes, snapshot: Snapshot, colours: Mapping[str, str], crystals: Sequence[str], stick_A: float
) -> None:
    ordered = np.isin(snapshot.classes, list(crystals))
    draw_structure(
        ax,
        snapshot.positions,
        [colours[name] for name in snapshot.classes],
        np.where(ordered, ORDERED_RADIUS_A, DISORDERED_RADIUS_A),
        sticks(snapshot.positions, stick_A),
        box=snapshot.box,
        rotation=view_rotation(-65.0, 15.0),
        bond_radius=0.3,
        pixels=700,
    )
