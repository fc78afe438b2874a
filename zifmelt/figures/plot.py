"""What a figure function gives back, and how it is saved."""

import io
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from ..files import write_table, written_whole
from .style import journal_style

FORMATS = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}, ".png": {}}
"""Suffixes of a saved figure with their metadata, which hold no date: the same numbers give the same file."""


DIGITS = 8
"""Significant digits of the plotted numbers: far more than can be seen, and less than differs from machine to
machine."""


@dataclass(frozen=True)
class Plot:
    """A figure and the numbers that it shows; in a notebook it shows itself.

    Attributes
    ----------
    figure
        A matplotlib figure that no window and no pyplot knows of.
    numbers
        What is drawn, with units in the names of the columns.
    """

    figure: Figure
    numbers: pd.DataFrame

    def _repr_png_(self) -> bytes:
        picture = io.BytesIO()
        with journal_style():
            self.figure.savefig(picture, format="png", dpi="figure")
        return picture.getvalue()


def save_plot(plot: Plot, stem: str | Path) -> None:
    """Write ``stem.svg``, ``stem.pdf``, ``stem.png`` and the plotted numbers as ``stem.csv``, each whole.

    Parameters
    ----------
    plot
        What to save.
    stem
        Path without suffix, or that of any of the files.

    Raises
    ------
    OSError
        The file system refused.
    """
    stem = Path(stem)
    stem = stem.with_suffix("") if stem.suffix in (*FORMATS, ".csv") else stem
    with journal_style():
        for suffix, metadata in FORMATS.items():
            with written_whole(stem.with_name(stem.name + suffix)) as scratch:
                plot.figure.savefig(scratch, metadata=metadata)
            # The layout is that of the first format: to find it again takes as long as to draw.
            plot.figure.set_layout_engine("none")
    write_table(stem.with_name(stem.name + ".csv"), plot.numbers, DIGITS)
