"""Mean time between breaks at every ligand site, with the rings it is in."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from .style import DOUBLE_COLUMN, save_figure, use_style

MARKERS = "osD^vP*X"


def plot_lability(tables: Mapping[str, pd.DataFrame], stem: str | Path) -> None:
    """Draw the sites of each framework in order of lability; colour: group of rates, marker: symmetry orbit.

    Parameters
    ----------
    tables
        By framework: results of `zifmelt.mechanism.lability.tabulate_lability`.
    stem
        Path of the figure without suffix.
    """
    use_style()
    figure, axes = plt.subplots(1, len(tables), figsize=(DOUBLE_COLUMN, 2.5), squeeze=False)
    for axis, (framework, table) in zip(axes[0], tables.items(), strict=True):
        known = table.dropna(subset="site_interval_ps").sort_values("site_interval_ps")
        known = known.assign(rank=range(1, len(known) + 1))
        for (orbit, group), part in known.groupby(["orbit", "group"]):
            rings = part.iloc[0]
            sizes = [
                name.removeprefix("rings_of_")
                for name in part
                if name.startswith("rings_of_") and rings[name] > 0
            ]
            axis.errorbar(
                part["rank"],
                part["site_interval_ps"],
                part["site_interval_stderr_ps"],
                fmt=MARKERS[int(orbit) % len(MARKERS)],
                color=f"C{int(group)}",
                ms=3,
                lw=0.6,
                label=f"orbit {orbit}, group {group + 1}: in rings of {', '.join(sizes)}",
            )
        if not len(known):
            axis.text(0.5, 0.5, "no bond broke", transform=axis.transAxes, ha="center")
        else:
            axis.legend(fontsize=5)
        axis.set(
            title=framework, xlabel="ligand site, by lability", ylabel="time between breaks\nper 1024 Zn (ps)"
        )
    numbers = pd.concat([table.assign(framework=name) for name, table in tables.items()])
    save_figure(figure, stem, numbers)
