"""Fig. S2: potential energy of the disordered material against temperature, and its change of slope."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from .style import PHASE_COLOURS, SINGLE_COLUMN, save_figure, use_style


def plot_potential_energy(curves: pd.DataFrame, transitions: pd.DataFrame, stem: str | Path) -> None:
    """Draw mean energies at constant temperature with the fitted lines, above the cooling ramps.

    Parameters
    ----------
    curves, transitions
        Tables of `zifmelt.properties.ramps.analyse_ramps`.
    stem
        Path without suffix of the figure and its numbers.
    """
    use_style()
    figure, ax = plt.subplots(figsize=(SINGLE_COLUMN, 2.8))
    cooling, constant = (curves[curves["method"] == method] for method in ("cooling", "constant"))
    lowest = np.nanmin(np.append(constant["value"], cooling["value"]))
    for number, (_, ramp) in enumerate(cooling.groupby("run")):
        label = "cooling ramps" if number == 0 else None
        ax.plot(ramp["temperature_K"], ramp["value"] - lowest, color="0.75", lw=0.6, label=label, zorder=1)
    ax.errorbar(
        constant["temperature_K"],
        constant["value"] - lowest,
        constant["stderr"],
        fmt="o",
        ms=3,
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
    ax.set(xlabel=r"$T$ (K)", ylabel="potential energy\n(kJ/mol per Zn(Im)$_2$, above lowest)")
    ax.legend()
    save_figure(figure, stem, pd.concat([constant, cooling], ignore_index=True))
