"""How long a crystal keeps its order, against temperature."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..mechanism.passages import waiting_times
from ..tables.rows import PaperValue
from .plot import Plot
from .style import PAPER_COLOUR, journal_style, letter_panels, panels

MARKERS = "os^D"
"""One per size of the box, the largest first."""

COMPLETED_COLOUR = "#0072b2"


@journal_style()
def plot_time_to_transition(passages: pd.DataFrame, paper: Mapping[str, PaperValue]) -> Plot:
    """Draw times to onset and to completion on a logarithmic scale, a panel per transition.

    Parameters
    ----------
    passages
        From `zifmelt.mechanism.passages.passages`.
    paper
        The paper's numbers; its time of completion is marked at the temperature of its runs.

    Returns
    -------
    Plot
        Numbers: a row per run (``kind`` run) and per temperature and size (``kind`` mean, from
        `zifmelt.mechanism.passages.waiting_times`).
    """
    names = list(dict.fromkeys(passages["transition"]))
    figure, axes = panels(2, 7.5, 1, len(names))
    means = waiting_times(passages)
    for ax, name in zip(axes[0], names, strict=True):
        runs = passages[passages["transition"] == name]
        _draw(ax, runs, means[means["transition"] == name])
        _draw_paper(ax, name, paper)
        ax.set(title=name, xlabel="temperature (K)", ylabel="time (ps)")
        ax.set_yscale("log")
        ax.legend()
    letter_panels(axes[0])
    numbers = pd.concat([passages.assign(kind="run"), means.assign(kind="mean")], ignore_index=True)
    return Plot(figure, numbers)


def _draw(ax: Axes, runs: pd.DataFrame, means: pd.DataFrame) -> None:
    for marker, n_zn in zip(MARKERS, sorted(set(runs["n_zn"]), reverse=True), strict=False):
        known = means[(means["n_zn"] == n_zn) & (means["onsets"] > 0)]
        bars = [known["onset_ps"] - known["low_ps"], known["high_ps"] - known["onset_ps"]]
        style: Any = {"fmt": marker, "color": "black", "markerfacecolor": "white"}
        ax.errorbar(known["temperature_K"], known["onset_ps"], bars, label=f"onset, {n_zn} Zn", **style)
        still = means[(means["n_zn"] == n_zn) & (means["onsets"] == 0)]
        # Arrows of equal length on the logarithmic scale.
        ax.errorbar(still["temperature_K"], still["low_ps"], still["low_ps"], lolims=True, **style)
        done = runs[(runs["n_zn"] == n_zn) & np.isfinite(runs["completion_ps"])]
        completed = ax.plot(done["temperature_K"], done["completion_ps"], marker, color=COMPLETED_COLOUR)
        completed[0].set_label(f"completion, {n_zn} Zn")


def _draw_paper(ax: Axes, name: str, paper: Mapping[str, PaperValue]) -> None:
    time = paper.get(f"mechanism.completion_ps.{name}")
    if time is not None and time.temperature_K is not None:
        label = "paper: completion, 1024 Zn"
        ax.plot([time.temperature_K], [time.value], "*", ms=7, color=PAPER_COLOUR, label=label)
