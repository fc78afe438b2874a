"""Curves with error bands, one per phase."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.typing import ColorType


def draw_band(
    ax: Axes, x: pd.Series, y: pd.Series, stderr: pd.Series, colour: ColorType, **line: Any
) -> None:
    """Draw a line with a band of one standard error; an unknown error (NaN) draws no band."""
    error = np.nan_to_num(stderr)
    ax.plot(x, y, color=colour, **line)
    ax.fill_between(x, y - error, y + error, color=colour, alpha=0.25, linewidth=0)


def draw_phases(
    ax: Axes, curves: pd.DataFrame, x: str, y: str, colours: Mapping[str, str], labels: Mapping[str, str]
) -> None:
    """Draw y against x for each phase with a band of one standard error.

    Parameters
    ----------
    ax
        Axes.
    curves
        Columns ``phase``, `x`, `y` and ``{y}_stderr`` (NaN draws no band).
    x, y
        Columns to draw.
    colours, labels
        By phase, in the order to draw; phases without rows are skipped.
    """
    for phase, colour in colours.items():
        curve = curves[curves["phase"] == phase]
        if not curve.empty:
            draw_band(ax, curve[x], curve[y], curve[f"{y}_stderr"], colour, label=labels[phase])


def phase_labels(temperatures: Mapping[str, float]) -> dict[str, str]:
    """Name each phase with its temperature."""
    return {phase: f"{phase}, {temperature:g} K" for phase, temperature in temperatures.items()}
