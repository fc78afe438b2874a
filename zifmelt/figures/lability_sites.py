"""Mean time between breaks at every ligand site, with the rings it is in."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from .plot import Plot
from .style import explain_absence, journal_style, letter_panels, panels

MARKERS = "osD^vP*X"
GROUP_COLOURS = ("#c0392b", "#0072b2", "#444444", "#cc79a7", "#8c510a", "#009e73")
"""Of the groups of equal rates, the most labile first."""


@journal_style()
def plot_lability(tables: Mapping[str, pd.DataFrame]) -> Plot:
    """Draw the sites of each framework in order of lability; colour: group of rates, marker: symmetry orbit.

    Parameters
    ----------
    tables
        By framework: results of `zifmelt.mechanism.lability.tabulate_lability`.

    Returns
    -------
    Plot
        Its numbers: the tables below each other, with the framework.
    """
    most = max(len(table.groupby(["orbit", "group"])) for table in tables.values())
    heights_cm = [6.5, 0.4 * most + 0.3]
    figure, axes = panels(2, sum(heights_cm), 2, len(tables), height_ratios=heights_cm)
    for axis, below, (framework, table) in zip(*axes, tables.items(), strict=True):
        below.set_axis_off()
        known = table.dropna(subset="site_interval_ps").sort_values("site_interval_ps")
        _draw_sites(axis, known.assign(rank=range(1, len(known) + 1)))
        if not len(known):
            remedy = "A longer production.duration_ps of its transition would show breaks."
            explain_absence(axis, "No bond broke in the stable crystal.", remedy)
        else:
            # Below the panel, where it hides no site.
            below.legend(*axis.get_legend_handles_labels(), loc="upper center", borderpad=0)
            axis.set_ylim(bottom=0)
        axis.set(title=framework, xlabel="ligand site, by lability")
    axes[0, 0].set_ylabel("time between breaks\nper 1024 Zn (ps)")
    letter_panels(axes[0])
    return Plot(figure, pd.concat([table.assign(framework=name) for name, table in tables.items()]))


def _draw_sites(axis: Axes, known: pd.DataFrame) -> None:
    for (orbit, group), part in known.groupby(["orbit", "group"]):
        sizes = [name for name in part if name.startswith("rings_of_") and part[name].iloc[0] > 0]
        rings = ", ".join(name.removeprefix("rings_of_") for name in sizes)
        axis.errorbar(
            part["rank"],
            part["site_interval_ps"],
            part["site_interval_stderr_ps"],
            fmt=MARKERS[int(orbit) % len(MARKERS)],
            color=GROUP_COLOURS[int(group) % len(GROUP_COLOURS)],
            lw=0.6,
            label=f"orbit {orbit}, group {group + 1}: in rings of {rings}",
        )
