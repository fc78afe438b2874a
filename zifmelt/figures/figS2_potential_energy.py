"""Fig. S2: potential energy of the disordered material against temperature, and its change of slope."""

import textwrap

import numpy as np
import pandas as pd

from .plot import Plot
from .style import PHASE_COLOURS, SMALL_PT, explain_absence, journal_style, panels

REMEDY = "More temperatures_K or a longer production_ps in sampling.phases would resolve it."


@journal_style()
def plot_potential_energy(curves: pd.DataFrame, transitions: pd.DataFrame) -> Plot:
    """Draw mean energies at constant temperature with the fitted lines, above the cooling ramps.

    Parameters
    ----------
    curves, transitions
        Tables of `zifmelt.properties.ramps.analyse_ramps`.
    """
    figure, axes = panels(1, 7.0, 1, 1)
    ax = axes[0, 0]
    cooling, constant = (curves[curves["method"] == method] for method in ("cooling", "constant"))
    numbers = pd.concat([constant, cooling], ignore_index=True)
    ax.set(xlabel=r"$T$ (K)", ylabel="potential energy\n(kJ per mol Zn(Im)$_2$, above lowest)")
    if numbers.empty:
        explain_absence(ax, "No run of the disordered material was sampled.", REMEDY)
        return Plot(figure, numbers)
    lowest = np.nanmin(numbers["value"])
    for number, (_, ramp) in enumerate(cooling.groupby("run")):
        label = "cooling ramps" if number == 0 else None
        ax.plot(ramp["temperature_K"], ramp["value"] - lowest, color="0.75", lw=0.6, label=label, zorder=1)
    ax.errorbar(
        constant["temperature_K"],
        constant["value"] - lowest,
        constant["stderr"],
        fmt="o",
        color=PHASE_COLOURS["ZIF_a"],
        label="constant temperature",
    )
    ax.plot(constant["temperature_K"], constant["fit"] - lowest, color="black", lw=0.8)
    found = transitions[(transitions["method"] == "constant") & transitions["value"].notna()]
    for row in found.itertuples():
        ax.axvspan(row.low, row.high, color=PHASE_COLOURS["ZIF_liq"], alpha=0.25, lw=0)
        ax.axvline(row.value, color=PHASE_COLOURS["ZIF_liq"], lw=0.8)
        ax.set_title(rf"$T_g$ = {row.value:.0f} K (95 %: {row.low:.0f} to {row.high:.0f} K)")
    if found.empty:
        ax.set_title("no change of slope resolved")
        ax.text(0.97, 0.03, textwrap.fill(REMEDY, 40), transform=ax.transAxes, ha="right", fontsize=SMALL_PT)
    ax.legend()
    return Plot(figure, numbers)
