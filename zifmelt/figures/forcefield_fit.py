"""The kinetics of the scanned force fields, and the Morse term that meets the criteria best."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.gridspec import GridSpec

from ..forcefield.criteria import limits
from ..tables.morse_fit import SCANNED
from .plot import Plot
from .style import SMALL_PT, journal_style, letter_panels, new_figure

KINETICS = {
    "time between breaks per 1024 Zn": "breaks",
    "time between turns (ii) per 1024 Zn": "turns (ii)",
    "time between unconnected exchanges (iii) per 1024 Zn": "exchanges (iii)",
}
"""Quantities of the upper panels and their titles."""

COLOURS = ("#0072b2", "#d55e00", "#555555", "#cc79a7")
PAIRS = (("D0_eV", "r0_A"), ("D0_eV", "alpha_per_A"))
LABELS = {"D0_eV": "$D_0$ (eV)", "r0_A": "$r_0$ (Å)", "alpha_per_A": r"$\alpha$ (Å$^{-1}$)"}


@journal_style()
def plot_fit(scores: pd.DataFrame, samples: pd.DataFrame, deviations: pd.DataFrame) -> Plot:
    """Draw the outcome of a fit.

    Above: intervals between events against the depth, one colour per crystal, with the paper's value and the
    tolerance as a band. Below: the scanned points (crosses) and the resampled best ones of every fit, and the
    deviations of the best point of all criteria.

    Parameters
    ----------
    scores
        From `zifmelt.tables.forcefield_scores.score_rows`.
    samples, deviations
        From `zifmelt.tables.morse_fit.sample_rows` and ``deviation_rows``.

    Returns
    -------
    Plot
        Its numbers are the intervals of the upper panels.
    """
    best = _best(deviations[deviations["fit"] == "all"])
    heights_cm = [5.5, max(5.5, 0.4 * len(best) + 1.5)]
    figure = new_figure(2, sum(heights_cm) + 2.0)
    grid = GridSpec(2, 1, figure, height_ratios=heights_cm)
    upper, lower = figure.add_subfigure(grid[0]), figure.add_subfigure(grid[1])
    above, below = upper.subplots(1, 3), lower.subplots(1, 3)
    points = samples[samples["fit"] == SCANNED].set_index("name")
    known = scores[scores["variant"].isin(points.index) & scores["quantity"].isin(KINETICS)]
    known = known.assign(D0_eV=known["variant"].map(points["D0_eV"])).dropna(subset=["value"])
    for ax, (quantity, title) in zip(above, KINETICS.items(), strict=True):
        _draw_intervals(ax, known[known["quantity"] == quantity])
        ax.set_title(title)
    above[0].set_ylabel("interval per 1024 Zn (ps)")
    for ax, pair in zip(below, PAIRS, strict=False):
        _draw_parameters(ax, samples, *pair)
    _draw_deviations(below[2], best)
    for part, ax in ((upper, above[0]), (lower, below[0])):
        handles, labels = ax.get_legend_handles_labels()
        part.legend(handles, labels, loc="outside upper center", ncols=len(labels), markerscale=1.5)
    letter_panels([*above, *below])
    return Plot(figure, known)


def _draw_intervals(ax: Axes, part: pd.DataFrame) -> None:
    conditions = part.groupby(["framework", "temperature_K"], sort=False)
    for colour, ((framework, temperature), runs) in zip(COLOURS, conditions, strict=False):
        label = f"{framework}, {temperature:g} K"
        value, stderr = runs["value"].to_numpy(), runs["stderr"].to_numpy()
        # One relative error down and up on the logarithmic axis.
        errors = [value - value**2 / (value + stderr), stderr]
        ax.errorbar(runs["D0_eV"], value, errors, fmt="o", lw=0.9, color=colour, label=label)
        first = runs.iloc[0]
        ax.axhline(first["target"], color=colour, lw=0.9, ls="--")
        ax.axhspan(
            *limits(first["target"], first["tolerance"], first["scale"]), color=colour, alpha=0.1, lw=0
        )
    ax.set(yscale="log", xlabel=LABELS["D0_eV"])


def _draw_parameters(ax: Axes, samples: pd.DataFrame, x: str, y: str) -> None:
    for colour, (fit, part) in zip(
        COLOURS, samples[samples["fit"] != SCANNED].groupby("fit", sort=False), strict=False
    ):
        ax.plot(part[x], part[y], ".", ms=2, alpha=0.35, color=colour, label=fit)
    scanned = samples[samples["fit"] == SCANNED]
    ax.plot(scanned[x], scanned[y], "x", ms=4, color="black", label="scanned")
    ax.set(xlabel=LABELS[x], ylabel=LABELS[y])


def _best(deviations: pd.DataFrame) -> pd.DataFrame:
    """Keep of every criterion the reading that deviates least."""
    size = deviations.assign(size=deviations["deviation"].abs()).sort_values("size", kind="stable")
    return size.drop_duplicates("criterion").sort_index()


def _draw_deviations(ax: Axes, best: pd.DataFrame) -> None:
    places = np.arange(len(best))
    ax.errorbar(best["deviation"], places, xerr=best["excess_stderr"], fmt="o", lw=0.8, color="black")
    ax.axvspan(-1, 1, color="#0072b2", alpha=0.12, lw=0)
    ax.set_yticks(places, best["criterion"], fontsize=SMALL_PT)
    ax.invert_yaxis()
    ax.set_xlabel("deviation of the best\n(tolerances)")
