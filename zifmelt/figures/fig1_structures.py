"""Fig. 1: what the crystals, the glass and the liquid look like."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from ..trajectory import read_frames
from .plot import Plot
from .render import (
    ELEMENT_COLOURS,
    ELEMENT_RADII,
    bonds_of,
    draw_structure,
    same_scale,
    wrapped_molecules,
)
from .style import journal_style, letter_panels, panels

SHOWN = ("Zn", "N", "C")
"""Hydrogen is left out, as in the paper."""


def last_configuration(folder: str | Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Read the last frame of a run with whole molecules in the box.

    Returns
    -------
    tuple
        Chemical symbols, positions (atoms, 3) and box (3, 3) in angstrom.

    Raises
    ------
    InputError
        The run cannot be read or lacks Zn, N or C.
    """
    frames = read_frames(folder, SHOWN)
    atoms = list(frames.topology.atoms)
    molecule = np.array([atom.residue.index for atom in atoms])
    box = frames.boxes[-1]
    return (
        [atom.element.symbol for atom in atoms],
        wrapped_molecules(frames.positions[-1], box, molecule),
        box,
    )


@journal_style()
def plot_structures(runs: Mapping[str, str | Path]) -> Plot:
    """Draw one configuration per phase, all at the same scale: Zn silver, N blue, C grey.

    Parameters
    ----------
    runs
        Run folder of each phase, in the order of the panels.

    Returns
    -------
    Plot
        Its numbers are the drawn positions, angstrom.

    Raises
    ------
    InputError
        A run cannot be read or lacks Zn, N or C.
    """
    rows = -(-len(runs) // 2)
    figure, axes = panels(2, 8.0 * rows, rows, 2)
    numbers = []
    for ax in axes.flat[len(runs) :]:
        ax.set_axis_off()
    for ax, (phase, folder) in zip(axes.flat, runs.items(), strict=False):
        elements, positions, box = last_configuration(folder)
        colours = [ELEMENT_COLOURS[symbol] for symbol in elements]
        radii = np.array([ELEMENT_RADII[symbol] for symbol in elements])
        draw_structure(ax, positions, colours, radii, bonds_of(positions, elements), box)
        ax.set_title(phase)
        table = pd.DataFrame(positions, columns=["x_A", "y_A", "z_A"])
        numbers.append(table.assign(phase=phase, element=elements))
    same_scale(axes)
    letter_panels(axes.flat[: len(runs)])
    return Plot(figure, pd.concat(numbers, ignore_index=True))
