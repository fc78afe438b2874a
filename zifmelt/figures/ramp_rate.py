"""Radial distribution functions of glasses made at two ramp rates, and their difference."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ..files import read_table
from ..properties.ramp_rate_permutation import difference_of_groups
from ..statistics import mean_of_curves
from .plot import Plot
from .style import journal_style, letter_panels, panels

PAIRS = ("Zn-N", "Zn-Zn")


def ramp_rate_curves(fast: Sequence[str | Path], slow: Sequence[str | Path]) -> pd.DataFrame:
    """Average ``rdf.csv`` of both groups and subtract.

    Returns
    -------
    pandas.DataFrame
        Columns ``pair, r_A, fast, slow, difference, difference_stderr``.

    Raises
    ------
    InputError
        A file cannot be read.
    """
    tables = [[read_table(path, ("pair", "r_A", "g")) for path in paths] for paths in (fast, slow)]
    parts = []
    for pair in PAIRS:
        groups = [np.array([t.loc[t["pair"] == pair, "g"] for t in group]) for group in tables]
        difference, stderr = difference_of_groups(*groups)
        first = tables[0][0]
        parts.append(
            pd.DataFrame(
                {
                    "pair": pair,
                    "r_A": first.loc[first["pair"] == pair, "r_A"].to_numpy(),
                    "fast": mean_of_curves(groups[0])[0],
                    "slow": mean_of_curves(groups[1])[0],
                    "difference": difference,
                    "difference_stderr": stderr,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


@journal_style()
def plot_ramp_rate(curves: pd.DataFrame, rates: Mapping[str, float]) -> Plot:
    """Draw g(r) at both rates, below it their difference with two standard errors.

    Parameters
    ----------
    curves
        From `ramp_rate_curves`.
    rates
        Ramp rates by ``fast`` and ``slow``, K/ps.
    """
    figure, axes = panels(2, 8.5, 2, len(PAIRS), sharex="col", height_ratios=[2, 1])
    for (upper, lower), pair in zip(axes.T, PAIRS, strict=True):
        curve = curves[curves["pair"] == pair]
        upper.plot(curve["r_A"], curve["fast"], color="black", label=f"{rates['fast']:g} K/ps")
        upper.plot(curve["r_A"], curve["slow"], color="#d55e00", ls="--", label=f"{rates['slow']:g} K/ps")
        upper.set_ylabel(rf"$g_\mathrm{{{pair}}}(r)$")
        upper.set_ylim(bottom=0)
        band = 2 * np.nan_to_num(curve["difference_stderr"])
        lower.fill_between(curve["r_A"], -band, band, color="0.85", lw=0, label="two standard errors")
        lower.plot(curve["r_A"], curve["difference"], color="black", lw=0.7)
        lower.set(xlabel=r"$r$ (Å)", ylabel="difference")
    axes[0, -1].legend()
    axes[1, -1].legend()
    letter_panels(axes.flat)
    return Plot(figure, curves)
