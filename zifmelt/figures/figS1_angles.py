"""Fig. S1: angle distributions in all phases."""

from collections.abc import Mapping

import pandas as pd

from .curves import draw_phases, phase_labels
from .plot import Plot
from .style import journal_style, letter_panels, panels, phase_colours


@journal_style()
def plot_angles(angles: pd.DataFrame, temperatures: Mapping[str, float]) -> Plot:
    """Draw a panel per kind of angle.

    Parameters
    ----------
    angles
        Columns ``phase, angle, degree, density_per_degree, density_per_degree_stderr``.
    temperatures
        Temperature of each phase, K, in the order to draw.
    """
    kinds = list(angles["angle"].unique())
    colours, labels = phase_colours(list(temperatures)), phase_labels(temperatures)
    figure, axes = panels(2, 6.5, 1, len(kinds))
    for ax, kind in zip(axes.flat, kinds, strict=True):
        curves = angles[angles["angle"] == kind]
        draw_phases(ax, curves, "degree", "density_per_degree", colours, labels)
        occupied = curves.loc[curves["density_per_degree"] > 0, "degree"]
        if len(occupied):
            ax.set_xlim(occupied.min() - 5, occupied.max() + 5)
        ax.set(xlabel=f"{kind} angle (°)")
        ax.set_ylim(bottom=0)
    axes[0, 0].set_ylabel("probability density (1/°)")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=len(labels))
    letter_panels(axes.flat)
    return Plot(figure, angles)
