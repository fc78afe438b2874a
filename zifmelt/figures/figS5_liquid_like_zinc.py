"""Fig. S5: number of liquid-like zinc against time in half-molten boxes, at each temperature."""

from collections.abc import Mapping

import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes

from .plot import Plot
from .style import journal_style, letter_panels, panels

SHOWN = {"liquid_like": "liquid-like Zn (atoms)", "disordered": "disordered Zn (atoms)"}
"""Columns drawn, one row of panels each, and their labels."""

LEGEND_SHARE = 0.35
"""Room for the legend above the curves, as a share of their range."""


@journal_style()
def plot_liquid_like_zinc(counts: Mapping[str, pd.DataFrame]) -> Plot:
    """Draw liquid-like and disordered Zn against time, one column of panels per framework.

    Parameters
    ----------
    counts
        Per framework the table of `zifmelt.thermodynamics.coexistence.counts_table`.

    Returns
    -------
    Plot
        Its numbers: the tables below each other, with the framework.
    """
    figure, axes = panels(2, 11.0, len(SHOWN), len(counts), sharex="col")
    for column, (framework, table) in enumerate(counts.items()):
        for ax, (name, label) in zip(axes[:, column], SHOWN.items(), strict=True):
            _draw(ax, table, name)
            ax.set_ylabel(label)
        axes[0, column].set_title(f"{framework}, {table.n_zn.iloc[0]} Zn")
        axes[-1, column].set_xlabel("time (ps)")
        # Above the curves, which leave no corner free where some temperatures melt and others order.
        bottom, top = axes[0, column].get_ylim()
        axes[0, column].set_ylim(bottom, top + LEGEND_SHARE * (top - bottom))
        axes[0, column].legend(ncols=2, loc="upper center")
    letter_panels(axes.flat)
    numbers = pd.concat([table.assign(framework=name) for name, table in counts.items()], ignore_index=True)
    return Plot(figure, numbers[["framework", *numbers.columns.drop("framework")]])


def _draw(ax: Axes, table: pd.DataFrame, name: str) -> None:
    """Thin lines: as counted; thick lines: running mean; one colour per temperature."""
    temperatures = sorted(table.temperature_K.unique())
    colours = colormaps["plasma"]
    for index, temperature in enumerate(temperatures):
        colour = colours(0.9 * index / max(1, len(temperatures) - 1))
        label: str | None = f"{temperature:g} K"
        for _, run in table[table.temperature_K == temperature].groupby("replica"):
            ax.plot(run.time_ps, run[name], color=colour, linewidth=0.3, alpha=0.35)
            ax.plot(run.time_ps, run[f"{name}_smoothed"], color=colour, linewidth=1.1, label=label)
            label = None
