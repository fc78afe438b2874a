"""Curves with error bands, one per phase."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes


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
        if curve.empty:
            continue
        ax.plot(curve[x], curve[y], color=colour, lw=1.0, label=labels[phase])
        error = np.nan_to_num(curve[f"{y}_stderr"])
        ax.fill_between(curve[x], curve[y] - error, curve[y] + error, color=colour, alpha=0.25, lw=0)


def phase_labels(temperatures: Mapping[str, float]) -> dict[str, str]:
    """Name each phase with its temperature."""
    return {phase: f"{phase}, {temperature:g} K" for phase, temperature in temperatures.items()}
