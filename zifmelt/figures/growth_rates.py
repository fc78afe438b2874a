"""Growth rate of the disordered phase against temperature, and where it is zero."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..tables.rows import PaperValue
from .plot import Plot
from .style import PAPER_COLOUR, SMALL_PT, journal_style, letter_panels, panels

FIT_COLOUR, EQUILIBRIUM_COLOUR = "#0072b2", "#009e73"


@dataclass(frozen=True)
class Growth:
    """What `measure_growth` found for a framework.

    Attributes
    ----------
    framework
        Name of the crystal.
    rates, fit, equilibrium
        Its tables ``growth_rates.csv``, ``growth_fit.csv`` and ``equilibrium.csv``.
    """

    framework: str
    rates: pd.DataFrame
    fit: pd.DataFrame
    equilibrium: pd.DataFrame


@journal_style()
def plot_growth_rates(series: Sequence[Growth], paper_values: Mapping[str, PaperValue]) -> Plot:
    """Draw growth rates, their fit and the equilibrium temperature, one panel per framework.

    Parameters
    ----------
    series
        One per framework.
    paper_values
        From `zifmelt.tables.rows.read_paper_values`.

    Returns
    -------
    Plot
        Its numbers: the three tables of every framework below each other, told apart by ``kind``.
    """
    figure, axes = panels(2, 7.0, 1, len(series))
    for ax, growth in zip(axes[0], series, strict=True):
        _draw(ax, growth)
        paper = paper_values.get(f"table3.temperature.{growth.framework}")
        if paper is not None:
            ax.axvline(paper.value, color=PAPER_COLOUR, linestyle=":", label="paper")
        ax.set(title=growth.framework, xlabel="temperature (K)")
    entries = {
        label: handle for ax in axes[0] for handle, label in zip(*ax.get_legend_handles_labels(), strict=True)
    }
    # Below the panels: rates rise from corner to corner and leave no room that is free in every series.
    figure.legend(entries.values(), entries.keys(), loc="outside lower center", ncols=len(entries))
    axes[0, 0].set_ylabel("growth of the disordered phase (Zn/ps)")
    letter_panels(axes[0])
    return Plot(figure, _numbers(series))


def _draw(ax: Axes, growth: Growth) -> None:
    rates, fit, equilibrium = growth.rates, growth.fit, growth.equilibrium.iloc[0]
    ax.axhline(0, color="0.6", linewidth=0.6)
    x, y, error = rates.temperature_K, rates.rate_Zn_per_ps, rates.stderr_Zn_per_ps
    ax.errorbar(x, y, error, fmt="o", color="0.2", label="runs")
    ax.plot(fit.temperature_K, fit.rate_Zn_per_ps, color=FIT_COLOUR, label="fit")
    measured = ax.get_ylim()  # few runs leave a band that is far wider
    ax.fill_between(
        fit.temperature_K, fit.low_Zn_per_ps, fit.high_Zn_per_ps, color=FIT_COLOUR, alpha=0.2, linewidth=0
    )
    ax.set_ylim(measured)
    if np.isfinite([equilibrium.low_K, equilibrium.high_K]).any():
        # An open confidence interval reaches to the end of the temperatures.
        low = np.nan_to_num(equilibrium.low_K, nan=equilibrium.lowest_K)
        high = np.nan_to_num(equilibrium.high_K, nan=equilibrium.highest_K)
        ax.axvspan(low, high, color=EQUILIBRIUM_COLOUR, alpha=0.15, linewidth=0)
    if np.isfinite(equilibrium.temperature_K):
        ax.axvline(equilibrium.temperature_K, color=EQUILIBRIUM_COLOUR, ls="--", label="equilibrium")
    else:
        text = "not bracketed: other coexistence.temperatures_K\nof this transition would bracket it"
        ax.text(0.08, 0.97, text, transform=ax.transAxes, ha="left", va="top", fontsize=SMALL_PT)


def _numbers(series: Sequence[Growth]) -> pd.DataFrame:
    tables = []
    for growth in series:
        for kind, table in (
            ("run", growth.rates),
            ("fit", growth.fit),
            ("equilibrium", growth.equilibrium),
        ):
            tables.append(table.assign(framework=growth.framework, kind=kind))
    numbers = pd.concat([table for table in tables if len(table)], ignore_index=True)
    return numbers[["framework", "kind", *numbers.columns.drop(["framework", "kind"])]]
