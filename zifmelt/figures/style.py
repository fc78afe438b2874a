"""One look for every figure: sizes of a journal page, fonts, and the colours of the phases."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib
import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

CM_PER_INCH = 2.54
POINTS_PER_INCH = 72

COLUMN_CM = {1: 8.5, 2: 17.5}
"""Width of a figure, cm, by the number of a journal page's columns that it fills."""

TEXT_PT, SMALL_PT, LETTER_PT = 8, 7, 9
"""Sizes of labels, of ticks and legends, and of the letters of panels, pt at final size."""

PHASE_COLOURS = {"ZIF_liq": "#f59a23", "ZIF_a": "#1f9254", "ZIF-4": "#222222", "ZIF-zni": "#7b5fc0"}
"""The liquid orange, the glass green and ZIF-4 black as in the paper; told apart with any colour vision."""

SPARE_COLOURS = ("#0072b2", "#cc79a7", "#56b4e9", "#8c510a")
"""For phases without a colour of their own, in the order in which they are named."""

PAPER_COLOUR = "#c0392b"
"""Marks what the paper or an experiment says."""

STYLE: Any = {
    **matplotlib.style.library["seaborn-v0_8-ticks"],
    "font.family": "sans-serif",
    "font.sans-serif": ["Arial", "Liberation Sans", "DejaVu Sans"],
    "font.size": TEXT_PT,
    "axes.labelsize": TEXT_PT,
    "axes.titlesize": TEXT_PT,
    "figure.titlesize": TEXT_PT,
    "legend.fontsize": SMALL_PT,
    "legend.title_fontsize": SMALL_PT,
    "legend.frameon": False,
    "legend.handlelength": 1.5,
    "xtick.labelsize": SMALL_PT,
    "ytick.labelsize": SMALL_PT,
    "axes.linewidth": 0.7,
    "xtick.major.width": 0.7,
    "ytick.major.width": 0.7,
    "xtick.major.size": 3.0,
    "ytick.major.size": 3.0,
    "xtick.minor.size": 2.0,
    "ytick.minor.size": 2.0,
    "patch.edgecolor": "white",
    "patch.force_edgecolor": True,
    "lines.linewidth": 1.0,
    "lines.markersize": 3.0,
    "errorbar.capsize": 1.5,
    "figure.dpi": 150,
    "savefig.dpi": 300,
    "savefig.bbox": None,
    "svg.fonttype": "none",
    "svg.hashsalt": "zifmelt",
    "pdf.fonttype": 42,
}
"""Matplotlib's parameters: seaborn's "ticks", text stays text, and equal figures equal files."""


@contextmanager
def journal_style() -> Iterator[None]:
    """Use `STYLE` within a block or, as a decorator, within a function; elsewhere nothing changes."""
    with matplotlib.rc_context(STYLE):
        yield


def new_figure(columns: int, height_cm: float) -> Figure:
    """Make an empty figure as wide as one or two columns of a page, outside of pyplot.

    Parameters
    ----------
    columns
        1 or 2.
    height_cm
        Height, cm.
    """
    size = (COLUMN_CM[columns] / CM_PER_INCH, height_cm / CM_PER_INCH)
    return Figure(figsize=size, layout="constrained")


def panels(columns: int, height_cm: float, rows: int, across: int, **options: Any) -> tuple[Figure, Any]:
    """Make a figure with a grid of axes.

    Parameters
    ----------
    columns, height_cm
        As in `new_figure`.
    rows, across
        Panels below and beside each other.
    options
        For `matplotlib.figure.Figure.subplots`.

    Returns
    -------
    figure, axes : tuple
        The axes in an array of shape (rows, across).
    """
    figure = new_figure(columns, height_cm)
    return figure, figure.subplots(rows, across, squeeze=False, **options)


def letter_panels(axes: Iterable[Axes], letters: str = "abcdefghijklmnopqrstuvwxyz") -> None:
    """Write a letter above the upper left corner of every panel."""
    for letter, ax in zip(letters, axes, strict=False):
        ax.set_title(letter, loc="left", fontsize=LETTER_PT, fontweight="bold")


def phase_colours(phases: Sequence[str]) -> dict[str, str]:
    """Give every phase its colour: the same one in every figure for the four of the paper."""
    spare = [phase for phase in phases if phase not in PHASE_COLOURS]
    taken = {phase: SPARE_COLOURS[number % len(SPARE_COLOURS)] for number, phase in enumerate(spare)}
    return {phase: PHASE_COLOURS.get(phase) or taken[phase] for phase in phases}


def lighter(colour: str, share: float = 0.6) -> str:
    """Mix a colour with white, `share` of the result being white."""
    red, green, blue = (1 - share) * np.array(to_rgb(colour)) + share
    return to_hex((red, green, blue))


def zinc_colours(classes: Sequence[str], ordered: Iterable[str]) -> dict[str, str]:
    """Colour the Zn of a structure by class: crystals in a light shade, so that disorder stands out."""
    pale = set(ordered)
    return {
        name: lighter(colour) if name in pale else colour for name, colour in phase_colours(classes).items()
    }


ABSENCE = "absence"
"""Name, in the SVG, of a text that stands where data are missing."""


def explain_absence(ax: Axes, what: str, remedy: str) -> None:
    """Say in an empty panel what is missing, and which key of the configuration would change it."""
    width_pt = ax.get_window_extent().width / ax.figure.dpi * POINTS_PER_INCH
    letters = max(20, int(width_pt / (0.6 * SMALL_PT)))
    lines = [textwrap.fill(text, letters, break_on_hyphens=False) for text in (what, remedy)]
    place: Any = {"transform": ax.transAxes, "ha": "center", "va": "center", "gid": ABSENCE}
    ax.text(0.5, 0.5, "\n".join(lines), fontsize=SMALL_PT, **place)
    if not ax.lines:
        ax.set(xticks=[], yticks=[])
