"""Fig. S1: angle distributions in all phases."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from .curves import draw_phases, phase_labels
from .style import DOUBLE_COLUMN, phase_colours, save_figure, use_style


def plot_angles(angles: pd.DataFrame, temperatures: Mapping[str, float], stem: str | Path) -> None:
    """Draw a panel per kind of angle.

    Parameters
    ----------
    angles
        Columns ``phase, angle, degree, density_per_degree, density_per_degree_stderr``.
    temperatures
        Temperature of each phase, K, in the order to draw.
    stem
        Path without suffix of the figure and its numbers.
    """
    use_style()
    kinds = list(angles["angle"].unique())
    colours, labels = phase_colours(list(temperatures)), phase_labels(temperatures)
    figure, axes = plt.subplots(1, len(kinds), figsize=(DOUBLE_COLUMN, 2.5), squeeze=False)
    for ax, kind in zip(axes.flat, kinds, strict=True):
        curves = angles[angles["angle"] == kind]
        draw_phases(ax, curves, "degree", "density_per_degree", colours, labels)
        occupied = curves.loc[curves["density_per_degree"] > 1e-5, "degree"]
        if len(occupied):
            ax.set_xlim(occupied.min() - 5, occupied.max() + 5)
        ax.set(xlabel=f"{kind} angle (°)", ylabel=r"probability density (1/°)")
        ax.set_ylim(bottom=0)
    axes[0, -1].legend()
    save_figure(figure, stem, angles)
