"""Growth rate of the disordered phase against temperature, and where it is zero."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..tables.rows import PaperValue
from .style import DOUBLE_COLUMN, save_figure, use_style


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


def plot_growth_rates(
    series: Sequence[Growth], paper_values: Mapping[str, PaperValue], stem: str | Path
) -> None:
    """Draw growth rates, their fit and the equilibrium temperature, one panel per framework.

    Parameters
    ----------
    series
        One per framework.
    paper_values
        From `zifmelt.tables.rows.read_paper_values`.
    stem
        Path without suffix.
    """
    use_style()
    figure, axes = plt.subplots(1, len(series), figsize=(DOUBLE_COLUMN, 2.8), squeeze=False)
    for ax, growth in zip(axes[0], series, strict=True):
        _draw(ax, growth)
        paper = paper_values.get(f"table3.temperature.{growth.framework}")
        if paper is not None:
            ax.axvline(paper.value, color="tab:red", linestyle=":", linewidth=1, label="paper")
        ax.set(title=growth.framework, xlabel="temperature (K)")
        ax.legend(loc="best")
    axes[0, 0].set_ylabel("growth of the disordered phase (Zn/ps)")
    save_figure(figure, stem, _numbers(series))


def _draw(ax: Axes, growth: Growth) -> None:
    rates, fit, equilibrium = growth.rates, growth.fit, growth.equilibrium.iloc[0]
    ax.axhline(0, color="0.6", linewidth=0.6)
    ax.errorbar(
        rates.temperature_K,
        rates.rate_Zn_per_ps,
        rates.stderr_Zn_per_ps,
        fmt="o",
        markersize=3,
        color="0.2",
        capsize=2,
        label="runs",
    )
    ax.plot(fit.temperature_K, fit.rate_Zn_per_ps, color="tab:blue", linewidth=1, label="fit")
    ax.fill_between(
        fit.temperature_K, fit.low_Zn_per_ps, fit.high_Zn_per_ps, color="tab:blue", alpha=0.2, linewidth=0
    )
    if np.isfinite(equilibrium.temperature_K):
        # An open confidence interval reaches to the end of the temperatures.
        low = np.nan_to_num(equilibrium.low_K, nan=equilibrium.lowest_K)
        high = np.nan_to_num(equilibrium.high_K, nan=equilibrium.highest_K)
        ax.axvline(equilibrium.temperature_K, color="tab:green", linewidth=1, label="equilibrium")
        ax.axvspan(low, high, color="tab:green", alpha=0.15, linewidth=0)
    else:
        ax.text(0.5, 0.02, "not bracketed", transform=ax.transAxes, ha="center", va="bottom")


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
