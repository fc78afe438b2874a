"""Fig. 6: an exchange of ligands (iii) as it happened in a run."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from ..environments.neighbours import find_neighbours
from ..mechanism.bonds import Bonds, atoms_of
from ..mechanism.events import exchanges_of
from ..mechanism.periodic import nearest_image
from ..trajectory import Frames, iterate_frames
from .plot import Plot
from .render import ELEMENT_COLOURS, ELEMENT_RADII, draw_structure, same_scale
from .style import explain_absence, journal_style, letter_panels, panels

REACH_A = 7.5
"""Zn and N this near to the Zn that changes its ligand are drawn."""

COLOURS = {"zinc": "#f59a23", "broken": "#c2185b", "formed": "#00c2c7"}
"""Of the Zn that changes its ligand, of the N that leaves and of the N that comes."""

REMEDY = "A longer production.duration_ps or a higher transition_K of this transition would show one."


@dataclass(frozen=True)
class Exchange:
    """One exchange (iii): counting Zn and N separately; frames of the trajectory.

    Attributes
    ----------
    zinc, broken, formed
        The Zn, the N that leaves and the N that comes.
    frames
        Before the break, halfway through the three-coordinated stage, and after the new bond.
    """

    zinc: int
    broken: int
    formed: int
    frames: tuple[int, int, int]


def choose_exchange(events: pd.DataFrame, bonds: Bonds) -> Exchange | None:
    """Choose the exchange to show: the first by a three-coordinated Zn, if possible one that lasts."""
    found = exchanges_of(events)
    found = found[found["mechanism"] == "dissociative"]
    if not len(found):
        return None
    lasting = found[found["reverted_time_ps"].isna()]
    event = (lasting if len(lasting) else found).iloc[0]
    half_frame = (bonds.times[1] - bonds.times[0]) / 2
    start, end = np.searchsorted(
        bonds.times, event[["break_time_ps", "recovery_time_ps"]].to_numpy(float) - half_frame
    )
    frames = (int(start) - 1, int(start + end) // 2, int(end))
    return Exchange(int(event["zinc"]), int(event["nitrogen_broken"]), int(event["nitrogen_formed"]), frames)


def _frame(folder: str | Path, number: int) -> Frames:
    done = 0
    for chunk in iterate_frames(folder, ("Zn", "N")):
        if number < done + len(chunk):
            part = slice(number - done, number - done + 1)
            return Frames(chunk.positions[part], chunk.boxes[part], chunk.times[part], chunk.topology)
        done += len(chunk)
    raise IndexError(number)


def _draw_stage(
    axis: Axes, frames: Frames, bonds: Bonds, exchange: Exchange, number: int, rotation: np.ndarray
) -> None:
    """Draw the Zn and N around the Zn that changes its ligand."""
    atoms = atoms_of(frames.topology)
    positions, box = frames.positions[0], frames.boxes[0]
    zinc, nitrogen = positions[atoms.zinc], positions[atoms.nitrogen]
    centre = zinc[exchange.zinc]
    near_n = np.unique(find_neighbours(centre[None], nitrogen, box, REACH_A).atoms)
    near_n = np.union1d(near_n, [exchange.broken, exchange.formed])
    near_zn = np.union1d(find_neighbours(centre[None], zinc, box, REACH_A).atoms, [exchange.zinc])
    place = nearest_image(np.concatenate([zinc[near_zn], nitrogen[near_n]]) - centre, box)
    colours = [COLOURS["zinc"] if z == exchange.zinc else ELEMENT_COLOURS["Zn"] for z in near_zn]
    special = {exchange.broken: COLOURS["broken"], exchange.formed: COLOURS["formed"]}
    colours += [special.get(int(n), ELEMENT_COLOURS["N"]) for n in near_n]
    radii = np.repeat([ELEMENT_RADII["Zn"], ELEMENT_RADII["N"]], [len(near_zn), len(near_n)])
    of_zn = {int(z): index for index, z in enumerate(near_zn)}
    of_n = {int(n): len(near_zn) + index for index, n in enumerate(near_n)}
    holding = zip(*bonds.at(number), strict=True)
    pairs = [(of_zn[int(z)], of_n[int(n)]) for z, n in holding if int(z) in of_zn and int(n) in of_n]
    # A bond whose ends were drawn on opposite sides of a small box would cross the picture.
    drawn = [(a, b) for a, b in pairs if np.linalg.norm(place[a] - place[b]) < REACH_A / 2]
    draw_structure(axis, place, colours, radii, np.array(drawn), rotation=rotation)


def _ends(frames: Frames, exchange: Exchange) -> np.ndarray:
    """Vectors from the Zn to the N that leaves and to the N that comes, angstrom, shape (2, 3)."""
    atoms = atoms_of(frames.topology)
    ends = frames.positions[0][atoms.nitrogen[[exchange.broken, exchange.formed]]]
    return nearest_image(ends - frames.positions[0][atoms.zinc[exchange.zinc]], frames.boxes[0])


def _face_on(leaving: np.ndarray, coming: np.ndarray) -> np.ndarray:
    """View along the normal of the plane of the Zn and the two N."""
    right = (coming - leaving) / np.linalg.norm(coming - leaving)
    normal = np.cross(leaving, coming)
    if np.linalg.norm(normal) < 1e-6:
        normal = np.cross(right, np.roll(right, 1) + [0.1, 0.2, 0.3])
    towards = normal / np.linalg.norm(normal)
    return np.array([right, np.cross(towards, right), towards])


@journal_style()
def plot_exchange(folder: str | Path, bonds: Bonds, events: pd.DataFrame, title: str) -> Plot:
    """Draw the three stages of an exchange, or say plainly that there was none.

    Parameters
    ----------
    folder
        Run folder.
    bonds, events
        Of this run.
    title
        Names the run.

    Returns
    -------
    Plot
        Its numbers: time and the distances of the Zn to both N in every panel; no rows without an exchange.

    Raises
    ------
    InputError
        The run cannot be read.
    """
    exchange = choose_exchange(events, bonds)
    columns = ["panel", "time_ps", "zinc", "distance_to_leaving_A", "distance_to_coming_A"]
    if exchange is None:
        figure, axes = panels(2, 4.0, 1, 1)
        axes[0, 0].set_axis_off()
        what = f"No exchange of ligands (iii) by a three-coordinated Zn was found in {title}."
        explain_absence(axes[0, 0], what, REMEDY)
        return Plot(figure, pd.DataFrame(columns=columns, dtype=float))
    figure, axes = panels(2, 6.5, 1, 3)
    rows = []
    stages = {"a": "before the break", "b": "three-coordinated", "c": "new ligand"}
    shown = [_frame(folder, number) for number in exchange.frames]
    rotation = _face_on(*_ends(shown[0], exchange))
    for axis, (letter, stage), frames, number in zip(
        axes[0], stages.items(), shown, exchange.frames, strict=True
    ):
        _draw_stage(axis, frames, bonds, exchange, number, rotation)
        time, distances = float(frames.times[0]), np.linalg.norm(_ends(frames, exchange), axis=1)
        axis.set_title(f"{stage}, {time:.2f} ps")
        rows.append((letter, time, exchange.zinc, *distances))
    same_scale(axes, extra_cm=1.2, bar_A=5.0)
    letter_panels(axes[0])
    figure.legend(handles=_legend(), loc="outside lower center", ncols=3, title=title)
    return Plot(figure, pd.DataFrame(rows, columns=columns))


def _legend() -> list[Line2D]:
    names = {"zinc": "Zn that changes its ligand", "broken": "N that leaves", "formed": "N that comes"}
    return [
        Line2D([], [], ls="", marker="o", ms=4, color=COLOURS[part], label=name)
        for part, name in names.items()
    ]
