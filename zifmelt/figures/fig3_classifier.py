"""Fig. 3: the network, and a configuration before and after its zinc are classified."""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.spatial import cKDTree

from ..environments.classify import Classification
from ..environments.neighbours import wrapped
from ..environments.network import TrainedClassifier
from ..errors import InputError
from ..trajectory import iterate_frames
from .plot import Plot
from .render import draw_structure
from .style import SMALL_PT, journal_style, letter_panels, panels, phase_colours

UNCLASSIFIED = "#b8b8c0"


def half_way_frame(classification: Classification, crystals: Collection[str]) -> int:
    """Return the frame whose disordered fraction is closest to one half."""
    fraction = classification.disordered(crystals).mean(axis=1)
    return int(np.abs(fraction - 0.5).argmin())


def zinc_at(folder: str | Path, time_ps: float) -> tuple[np.ndarray, np.ndarray]:
    """Read the Zn of the frame at a time: positions wrapped into the box, and the box, angstrom.

    Raises
    ------
    InputError
        The run has no such frame.
    """
    for piece in iterate_frames(folder, ("Zn",)):
        near = np.flatnonzero(np.isclose(piece.times, time_ps, atol=1e-3))
        if len(near):
            box = piece.boxes[near[0]]
            return wrapped(piece.positions[near[0]], box), box
    raise InputError(f"{folder}: there is no frame at {time_ps:g} ps; classify the trajectory again.")


def draw_network(ax: Axes, sizes: Sequence[int], outputs: Sequence[str], colours: dict[str, str]) -> None:
    """Draw layers of nodes with all their connections, inputs on the left."""
    places = [
        np.column_stack([np.full(size, layer), np.linspace(0.5, -0.5, size) * (size - 1) / max(sizes)])
        for layer, size in enumerate(sizes)
    ]
    for left, right in zip(places, places[1:], strict=False):
        for start in left:
            for end in right:
                ax.plot(*zip(start, end, strict=True), color="0.8", linewidth=0.4, zorder=1)
    for layer, points in enumerate(places):
        tints = [colours[name] for name in outputs] if layer == len(places) - 1 else ["#7fa8d6"] * len(points)
        ax.scatter(points[:, 0], points[:, 1], s=42, c=tints, edgecolors="0.25", linewidths=0.5, zorder=2)
    for (x, y), name in zip(places[-1], outputs, strict=True):
        ax.annotate(name, (x, y), xytext=(7, 0), textcoords="offset points", va="center", fontsize=SMALL_PT)
    titles = ["symmetry\nfunctions", *["hidden\nlayer"] * (len(sizes) - 2), "probability"]
    for layer, (title, size) in enumerate(zip(titles, sizes, strict=True)):
        ax.annotate(f"{title}\n({size})", (layer, 0.56), ha="center", va="bottom", fontsize=SMALL_PT)
    ax.set(xlim=(-0.3, len(sizes) - 0.2), ylim=(-0.55, 0.95))
    ax.set_axis_off()


def draw_zinc(ax: Axes, positions: np.ndarray, box: np.ndarray, colours: list[str], stick_A: float) -> None:
    """Draw Zn, and sticks between those inside the box that are closer than `stick_A`."""
    links = cKDTree(positions).query_pairs(stick_A, output_type="ndarray")
    draw_structure(ax, positions, colours, np.full(len(positions), 1.3), links, box=box, bond_radius=0.35)


@journal_style()
def plot_classifier(
    folder: str | Path,
    classification: Classification,
    classifier: TrainedClassifier,
    crystals: Collection[str],
    stick_A: float,
) -> Plot:
    """Draw Fig. 3 for the frame in which about half of the Zn are disordered.

    Parameters
    ----------
    folder
        Run folder.
    classification
        Of that run, by `classifier`.
    classifier
        The network to draw.
    crystals
        Names of the ordered classes.
    stick_A
        Zn closer than this are joined by a stick, angstrom.

    Returns
    -------
    Plot
        Its numbers are the positions (angstrom), phase and its probability of every Zn.

    Raises
    ------
    InputError
        The run cannot be read or is another than the classified one.
    """
    frame = half_way_frame(classification, crystals)
    time = float(classification.times_ps[frame])
    positions, box = zinc_at(folder, time)
    phases = classification.classes
    colours = phase_colours(phases)
    called = [phases[label] for label in classification.assigned[frame]]
    figure, axes = panels(2, 7.0, 1, 3, width_ratios=(1.0, 1.15, 1.0))
    before, network, after = axes[0]
    draw_zinc(before, positions, box, [UNCLASSIFIED] * len(positions), stick_A)
    before.set_title(f"Zn at {time:g} ps")
    sizes = [len(classifier.features), *classifier.settings.hidden, len(phases)]
    draw_network(network, sizes, phases, colours)
    draw_zinc(after, positions, box, [colours[phase] for phase in called], stick_A)
    after.set_title("classified")
    letter_panels(axes.flat)
    numbers = pd.DataFrame(positions, columns=["x_A", "y_A", "z_A"])
    numbers["phase"] = called
    numbers["probability"] = classification.probabilities[frame].max(axis=1)
    return Plot(figure, numbers)
