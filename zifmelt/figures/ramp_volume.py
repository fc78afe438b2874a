"""Volume on the heating ramps and where it leaves its course."""

from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from .style import SINGLE_COLUMN, phase_colours, save_figure, use_style


def plot_ramp_volume(curves: pd.DataFrame, transitions: pd.DataFrame, stem: str | Path) -> None:
    """Draw every heating ramp of each framework with the fitted pieces and the transition's 95 % interval.

    Parameters
    ----------
    curves, transitions
        Tables of `zifmelt.properties.ramps.analyse_ramps`.
    stem
        Path without suffix of the figure and its numbers.
    """
    use_style()
    heating = curves[curves["method"] == "heating"]
    found = transitions[transitions["method"] == "heating"]
    frameworks = list(found["framework"].unique())
    colours = phase_colours(frameworks)
    figure, axes = plt.subplots(
        len(frameworks), 1, figsize=(SINGLE_COLUMN, 2.2 * len(frameworks)), sharex=True, squeeze=False
    )
    for ax, framework in zip(axes.flat, frameworks, strict=True):
        for row in found[found["framework"] == framework].itertuples():
            ramp = heating[heating["run"] == row.run]
            # The line keeps a short ramp of few blocks in sight.
            ax.plot(
                ramp["temperature_K"], ramp["value"], ".-", ms=3, lw=0.3, color=colours[framework], alpha=0.5
            )
            ax.plot(ramp["temperature_K"], ramp["fit"], color=colours[framework], lw=0.8)
            if row.n:
                ax.axvspan(row.low, row.high, color="tab:red", alpha=0.15, lw=0)
                ax.axvline(row.value, color="tab:red", lw=0.6)
        ax.set(ylabel="volume per Zn (Å$^3$)", title=framework)
    axes[-1, 0].set_xlabel(r"$T$ (K)")
    save_figure(figure, stem, heating)
