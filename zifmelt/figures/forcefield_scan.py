"""Which force field reproduces the paper: scores at a glance, and every criterion with its error bars."""

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import SubFigure

from ..forcefield.criteria import limits
from ..tables.forcefield_scores import best_readings
from .plot import Plot
from .style import LETTER_PT, SMALL_PT, journal_style, new_figure

BAROSTATS: dict[str, dict[str, Any]] = {
    "isotropic": {"fmt": "o", "color": "#222222", "mfc": "#222222"},
    "anisotropic": {"fmt": "s", "color": "#b3541e", "mfc": "white"},
}
COLUMNS = 5
WORST = 4.0
"""Deviation in tolerances at which the colour scale ends."""

SIGNS = {"pass": "", "fail": "", "undecided": "?", "not measured": "-"}
SCALE = LinearSegmentedColormap.from_list(
    "deviation", [(0.0, "#1f5f99"), (0.25, "#c9ddef"), (0.2501, "#fbd9b5"), (1.0, "#8c3a00")]
)


@journal_style()
def plot_scan(scores: pd.DataFrame, summary: pd.DataFrame) -> Plot:
    """Draw the scores of a force-field scan.

    Above: one line per force field and barostat, one column per criterion, coloured by the deviation in units
    of the tolerance (blue: passed). Below: the measured value of every criterion with its standard error,
    the wanted value (line) and what passes (band).

    Parameters
    ----------
    scores, summary
        From `zifmelt.tables.forcefield_scores.score_rows` and ``summary_rows``.

    Returns
    -------
    Plot
        Its numbers are `scores`.
    """
    panels = list(scores.groupby(["criterion", "quantity", "framework", "temperature_K"], sort=False))
    lines = -(-len(panels) // COLUMNS)
    heights_cm = (4.0 + 0.42 * len(summary), 2.6 + 3.4 * lines)
    figure = new_figure(2, sum(heights_cm))
    overview, details = figure.subfigures(2, 1, squeeze=False, height_ratios=heights_cm).flat
    _draw_overview(overview, scores, summary)
    _draw_details(details, panels, list(dict.fromkeys(scores["variant"])))
    for letter, part in zip("ab", (overview, details), strict=True):
        part.text(0.0, 1.0, letter, va="top", fontsize=LETTER_PT, fontweight="bold")
    return Plot(figure, scores)


def _draw_overview(figure: SubFigure, scores: pd.DataFrame, summary: pd.DataFrame) -> None:
    best = best_readings(scores)
    criteria = list(dict.fromkeys(best["criterion"]))
    ax = figure.subplots()
    shown = summary[[*criteria, "rms_deviation"]].to_numpy(dtype=float)
    image = ax.imshow(np.abs(shown), cmap=SCALE, vmin=0, vmax=WORST, aspect="auto")
    ax.axvline(len(criteria) - 0.5, color="white", lw=3)
    verdicts = best.set_index(["variant", "barostat", "criterion"])["verdict"]
    for line, row in enumerate(summary.itertuples()):
        for column, value in enumerate(shown[line]):
            name = criteria[column] if column < len(criteria) else None
            sign = SIGNS[verdicts[row.variant, row.barostat, name]] if name else ""
            text = f"{value:.1f}{sign}".replace("-0.0", "0.0") if np.isfinite(value) else sign
            dark = abs(value) > 0.75 * WORST or abs(value) < 0.4
            colour = "white" if dark else "black"
            ax.text(column, line, text, ha="center", va="center", fontsize=SMALL_PT, color=colour)
    ax.set_xticks(
        range(len(criteria) + 1), [*criteria, "rms of all"], rotation=35, ha="left", rotation_mode="anchor"
    )
    ax.xaxis.tick_top()
    labels = [f"{r.variant}, {r.barostat} ({r.passed} of {r.measured})" for r in summary.itertuples()]
    ax.set_yticks(range(len(summary)), labels)
    ax.tick_params(length=0)
    figure.colorbar(image, ax=ax, label="deviation (tolerances)", extend="max", pad=0.01, aspect=12)


def _draw_details(figure: SubFigure, panels: list, variants: list[str]) -> None:
    grid = figure.subplots(-(-len(panels) // COLUMNS), COLUMNS, sharex=True, squeeze=False)
    axes = grid.ravel()
    for ax, (_, part) in zip(axes, panels, strict=False):
        _draw_criterion(ax, part, variants)
    for ax in axes[len(panels) :]:
        # An empty place keeps the labels of the column above it.
        ax.spines[:].set_visible(False)
        ax.tick_params(left=False, labelleft=False, bottom=False)
    for ax in grid[-1]:
        ax.set_xticks(range(len(variants)), variants, rotation=60, ha="right", rotation_mode="anchor")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper center", ncols=len(labels))


def _draw_criterion(ax: Axes, part: pd.DataFrame, variants: list[str]) -> None:
    """Draw one criterion: values by variant, the wanted value, and the band that passes."""
    first = part.iloc[0]
    low, high = limits(first["target"], first["tolerance"], first["scale"])
    barostats = [name for name in BAROSTATS if name in set(part["barostat"])]
    for shift, barostat in zip(np.linspace(-0.12, 0.12, len(barostats)), barostats, strict=True):
        runs = part[part["barostat"] == barostat]
        x = [variants.index(variant) + shift for variant in runs["variant"]]
        ax.errorbar(
            x, runs["value"], runs["stderr"], lw=0.9, ls="none", label=barostat, **BAROSTATS[barostat]
        )
    ax.set_xlim(-0.5, len(variants) - 0.5)
    ax.axhline(first["target"], color="#1f5f99", lw=1)
    ax.set_yscale("log" if first["scale"] == "logarithmic" else "linear")
    ax.update_datalim([(0, low), (0, high)])
    ax.autoscale_view()
    bottom, top = ax.get_ylim()
    low = bottom if first["bound"] == "at most" else low
    high = top if first["bound"] == "at least" else high
    ax.axhspan(low, high, color="#1f5f99", alpha=0.12, lw=0, zorder=0)
    ax.set_ylim(bottom, top)
    # Where nothing was measured, the unit is not known.
    name = next((name for name in part["unit"].fillna("") if name), "")
    unit = "" if name in ("", "1") else f" ({name.replace('A', 'Å')})"
    ax.set_title(_title(first, unit), fontsize=SMALL_PT)


def _title(first: pd.Series, unit: str) -> str:
    """Criterion, and what is measured where."""
    reading = first["quantity"].partition(", ")[2]
    quantity = first["criterion"]
    if reading or first["quantity"] != quantity:
        quantity += f", {reading or first['quantity']}"
    place = f"{first['framework']}, {first['temperature_K']:g} K"
    return f"{textwrap.fill(quantity + unit, 20, break_on_hyphens=False)}\n{place}"
