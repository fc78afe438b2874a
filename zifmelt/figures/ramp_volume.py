"""Volume on the heating ramps and where it leaves its course."""

import pandas as pd

from .plot import Plot
from .style import PAPER_COLOUR, journal_style, letter_panels, panels, phase_colours


@journal_style()
def plot_ramp_volume(curves: pd.DataFrame, transitions: pd.DataFrame) -> Plot:
    """Draw every heating ramp of each framework with the fitted pieces and the transition's 95 % interval.

    Parameters
    ----------
    curves, transitions
        Tables of `zifmelt.properties.ramps.analyse_ramps`.
    """
    heating = curves[curves["method"] == "heating"]
    found = transitions[transitions["method"] == "heating"]
    frameworks = list(found["framework"].unique())
    colours = phase_colours(frameworks)
    figure, axes = panels(1, 5.5 * len(frameworks), len(frameworks), 1, sharex=True)
    for ax, framework in zip(axes.flat, frameworks, strict=True):
        for row in found[found["framework"] == framework].itertuples():
            ramp = heating[heating["run"] == row.run]
            # The line keeps a short ramp of few blocks in sight.
            ax.plot(ramp["temperature_K"], ramp["value"], ".-", lw=0.3, color=colours[framework], alpha=0.5)
            ax.plot(ramp["temperature_K"], ramp["fit"], color=colours[framework], lw=0.8)
            if row.n:
                ax.axvspan(row.low, row.high, color=PAPER_COLOUR, alpha=0.15, lw=0)
                ax.axvline(row.value, color=PAPER_COLOUR, lw=0.6)
        ax.set(ylabel="volume per Zn (Å$^3$)", title=framework)
    axes[-1, 0].set_xlabel(r"$T$ (K)")
    letter_panels(axes.flat)
    return Plot(figure, heating)
