"""One look for every figure, and one way to save it."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")

import matplotlib.pyplot as plt
import pandas as pd
import seaborn
from matplotlib.figure import Figure

from ..files import write_table, written_whole

PHASE_COLOURS = {"ZIF_liq": "#f28e1c", "ZIF_a": "#2e9e48"}
"""The paper's colours of the disordered phases; crystals take `CRYSTAL_COLOURS` in config order."""

CRYSTAL_COLOURS = ("#222222", "#3b6fb6", "#8a4fa3", "#a0522d")

SINGLE_COLUMN, DOUBLE_COLUMN = 3.4, 7.0
"""Widths of a journal page's columns, inch."""


def use_style() -> None:
    """Set fonts, lines and ticks for a journal page."""
    seaborn.set_theme(
        context="paper",
        style="ticks",
        rc={
            "figure.dpi": 200,
            "savefig.dpi": 300,
            "font.size": 8,
            "axes.labelsize": 8,
            "axes.titlesize": 8,
            "legend.fontsize": 7,
            "xtick.labelsize": 7,
            "ytick.labelsize": 7,
            "legend.frameon": False,
            "svg.fonttype": "none",
            "svg.hashsalt": "zifmelt",
            "figure.constrained_layout.use": True,
        },
    )


def phase_colours(phases: list[str]) -> dict[str, str]:
    """Give every phase its colour: the paper's for the disordered ones, dark tones for crystals."""
    crystals = [phase for phase in phases if phase not in PHASE_COLOURS]
    colours = dict(zip(crystals, CRYSTAL_COLOURS * (1 + len(crystals) // len(CRYSTAL_COLOURS)), strict=False))
    return {phase: PHASE_COLOURS.get(phase, colours.get(phase)) for phase in phases}


def save_figure(figure: Figure, stem: str | Path, numbers: pd.DataFrame) -> None:
    """Write ``stem.svg``, ``stem.png`` and the plotted numbers as ``stem.csv``, then close the figure.

    Parameters
    ----------
    figure
        What to save.
    stem
        Path without suffix.
    numbers
        The plotted numbers, units in the column names.
    """
    stem = Path(stem)
    for suffix in (".svg", ".png"):
        with written_whole(stem.with_name(stem.name + suffix)) as scratch:
            figure.savefig(scratch, metadata={"Date": None} if suffix == ".svg" else None)
    write_table(stem.with_name(stem.name + ".csv"), numbers)
    plt.close(figure)
