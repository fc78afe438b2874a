"""Fig. 6: an exchange of ligands (iii) as it happened in a run."""

from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from ..environments.neighbours import find_neighbours
from ..mechanism.bonds import Bonds, atoms_of
from ..mechanism.events import exchanges_of
from ..mechanism.periodic import nearest_image
from ..trajectory import Frames, iterate_frames
from .render import ELEMENT_COLOURS, ELEMENT_RADII, draw_structure
from .style import DOUBLE_COLUMN, save_figure, use_style

REACH_A = 7.5
"""Zn and N this near to the Zn that changes its ligand are drawn."""

COLOURS = {"zinc": "#e06c1f", "broken": "#d62728", "formed": "#2ca02c"}


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
    axis: plt.Axes, frames: Frames, bonds: Bonds, exchange: Exchange, number: int, rotation: np.ndarray
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


def plot_exchange(
    folder: str | Path, bonds: Bonds, events: pd.DataFrame, title: str, stem: str | Path
) -> None:
    """Draw the three stages of an exchange, or say plainly that there was none.

    Parameters
    ----------
    folder
        Run folder.
    bonds, events
        Of this run.
    title
        Names the run.
    stem
        Path of the figure without suffix.
    """
    use_style()
    exchange = choose_exchange(events, bonds)
    figure, axes = plt.subplots(1, 3, figsize=(DOUBLE_COLUMN, 2.6))
    rows = []
    if exchange is None:
        for axis in axes:
            axis.set_axis_off()
        text = f"No exchange of ligands (iii) by a three-coordinated Zn was found in {title}."
        figure.text(0.5, 0.5, text, ha="center", va="center")
    else:
        stages = ("a  before the break", "b  three-coordinated", "c  new ligand")
        shown = [_frame(folder, number) for number in exchange.frames]
        rotation = _face_on(*_ends(shown[0], exchange))
        for axis, stage, frames, number in zip(axes, stages, shown, exchange.frames, strict=True):
            _draw_stage(axis, frames, bonds, exchange, number, rotation)
            time, distances = float(frames.times[0]), np.linalg.norm(_ends(frames, exchange), axis=1)
            axis.set_title(f"{stage}, {time:.2f} ps")
            rows.append((stage[0], time, exchange.zinc, *distances))
        figure.suptitle(f"{title}: Zn orange, N that leaves red, N that comes green", fontsize=8)
    columns = ["panel", "time_ps", "zinc", "distance_to_leaving_A", "distance_to_coming_A"]
    save_figure(figure, stem, pd.DataFrame(rows, columns=columns))
