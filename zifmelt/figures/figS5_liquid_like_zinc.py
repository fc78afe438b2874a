"""Fig. S5: number of liquid-like zinc against time in half-molten boxes, at each temperature."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes

from .style import DOUBLE_COLUMN, save_figure, use_style

SHOWN = {"liquid_like": "liquid-like Zn", "disordered": "disordered Zn"}
"""Columns drawn, one row of panels each, and their labels."""


def plot_liquid_like_zinc(counts: Mapping[str, pd.DataFrame], stem: str | Path) -> None:
    """Draw liquid-like and disordered Zn against time, one column of panels per framework.

    Parameters
    ----------
    counts
        Per framework the table of `zifmelt.thermodynamics.coexistence.counts_table`.
    stem
        Path without suffix.
    """
    use_style()
    figure, axes = plt.subplots(
        len(SHOWN), len(counts), figsize=(DOUBLE_COLUMN, 4.4), sharex="col", squeeze=False
    )
    for column, (framework, table) in enumerate(counts.items()):
        for ax, (name, label) in zip(axes[:, column], SHOWN.items(), strict=True):
            _draw(ax, table, name)
            ax.set_ylabel(label)
        axes[0, column].set_title(f"{framework}, {table.n_zn.iloc[0]} Zn")
        axes[-1, column].set_xlabel("time (ps)")
        axes[0, column].legend(loc="best", ncols=2)
    numbers = pd.concat([table.assign(framework=name) for name, table in counts.items()], ignore_index=True)
    save_figure(figure, stem, numbers[["framework", *numbers.columns.drop("framework")]])


def _draw(ax: Axes, table: pd.DataFrame, name: str) -> None:
    """Thin lines: as counted; thick lines: running mean; one colour per temperature."""
    temperatures = sorted(table.temperature_K.unique())
    colours = plt.get_cmap("plasma")
    for index, temperature in enumerate(temperatures):
        colour = colours(0.9 * index / max(1, len(temperatures) - 1))
        label = f"{temperature:g} K"
        for _, run in table[table.temperature_K == temperature].groupby("replica"):
            ax.plot(run.time_ps, run[name], color=colour, linewidth=0.3, alpha=0.35)
            ax.plot(run.time_ps, run[f"{name}_smoothed"], color=colour, linewidth=1.1, label=label)
            label = None
