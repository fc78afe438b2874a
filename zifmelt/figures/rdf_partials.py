"""All partial radial distribution functions of all phases."""

from collections.abc import Mapping

import pandas as pd

from .curves import draw_phases, phase_labels
from .plot import Plot
from .style import journal_style, letter_panels, panels, phase_colours

LINEAR_UP_TO = 2.0
"""Peaks within molecules reach far beyond those between them: above this g the scale is logarithmic."""

TICKS = (0, 1, 2, 5, 10, 20, 50, 100)
ACROSS = 4


@journal_style()
def plot_rdf_partials(rdf: pd.DataFrame, temperatures: Mapping[str, float]) -> Plot:
    """Draw a panel per pair of elements, linear up to g = 2 and logarithmic above.

    Parameters
    ----------
    rdf
        Columns ``phase, pair, r_A, g, g_stderr``.
    temperatures
        Temperature of each phase, K, in the order to draw.
    """
    pairs = list(rdf["pair"].unique())
    colours, labels = phase_colours(list(temperatures)), phase_labels(temperatures)
    rows = -(-len(pairs) // ACROSS)
    figure, axes = panels(2, 4.2 * rows + 0.8, rows, ACROSS, sharex=True)
    for ax in axes.flat[len(pairs) :]:
        ax.set_axis_off()
    for ax, pair in zip(axes.flat, pairs, strict=False):
        curves = rdf[rdf["pair"] == pair]
        draw_phases(ax, curves, "r_A", "g", colours, labels)
        top = max(LINEAR_UP_TO, curves["g"].max())
        if top > 2 * LINEAR_UP_TO:
            ax.set_yscale("symlog", linthresh=LINEAR_UP_TO, linscale=1.5)
            ax.axhline(LINEAR_UP_TO, color="0.8", lw=0.6, zorder=0)
            ticks = [tick for tick in TICKS if tick <= top]
            ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
            ax.minorticks_off()
        ax.set_ylim(0, 1.1 * top)
        ax.set_title(pair)
    for ax in axes.flat[max(len(pairs) - ACROSS, 0) : len(pairs)]:
        ax.set_xlabel(r"$r$ (Å)")
        ax.tick_params(labelbottom=True)
    for ax in axes[:, 0]:
        ax.set_ylabel(r"$g(r)$")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=len(labels))
    letter_panels(axes.flat[: len(pairs)])
    return Plot(figure, rdf)
