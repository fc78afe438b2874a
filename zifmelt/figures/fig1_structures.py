"""Fig. 1: what the crystals, the glass and the liquid look like."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from ..trajectory import read_frames
from .render import ELEMENT_COLOURS, ELEMENT_RADII, bonds_of, draw_structure, wrapped_molecules
from .style import DOUBLE_COLUMN, save_figure, use_style

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


def plot_structures(runs: Mapping[str, str | Path], stem: str | Path) -> None:
    """Draw one configuration per phase: Zn silver, N blue, C grey, scaled to the same size.

    Parameters
    ----------
    runs
        Run folder of each phase, in the order of the panels.
    stem
        Path without suffix of the figure and its numbers (the drawn positions).
    """
    use_style()
    rows = -(-len(runs) // 2)
    figure, axes = plt.subplots(rows, 2, figsize=(DOUBLE_COLUMN, 3.1 * rows), squeeze=False)
    numbers = []
    for ax in axes.flat[len(runs) :]:
        ax.set_axis_off()
    for letter, ax, (phase, folder) in zip("abcdefghijkl", axes.flat, runs.items(), strict=False):
        elements, positions, box = last_configuration(folder)
        colours = [ELEMENT_COLOURS[symbol] for symbol in elements]
        radii = np.array([ELEMENT_RADII[symbol] for symbol in elements])
        draw_structure(ax, positions, colours, radii, bonds_of(positions, elements), box)
        ax.set_title(f"({letter}) {phase}")
        table = pd.DataFrame(positions, columns=["x_A", "y_A", "z_A"])
        numbers.append(table.assign(phase=phase, element=elements))
    save_figure(figure, stem, pd.concat(numbers, ignore_index=True))
