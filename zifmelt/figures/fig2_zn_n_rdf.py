"""Fig. 2: Zn-N radial distribution function and its running integral in all phases."""

from collections.abc import Mapping

import pandas as pd

from .curves import draw_phases, phase_labels
from .plot import Plot
from .style import journal_style, letter_panels, panels, phase_colours

GAP_A = (2.2, 3.8)
"""Between the first peaks, where crystals have next to nothing: enlarged in the inset, angstrom."""

SHELL_A = (1.5, 3.5)
"""Range of the running integral around the first shell, angstrom."""


@journal_style()
def plot_zn_n_rdf(rdf: pd.DataFrame, temperatures: Mapping[str, float]) -> Plot:
    """Draw g(r) with the gap between its first peaks enlarged, and the number of N within r.

    Parameters
    ----------
    rdf
        Columns ``phase, pair, r_A, g, g_stderr, coordination, coordination_stderr``.
    temperatures
        Temperature of each phase, K, in the order to draw.
    """
    curves = rdf[rdf["pair"] == "Zn-N"]
    colours, labels = phase_colours(list(temperatures)), phase_labels(temperatures)
    figure, axes = panels(2, 7.0, 1, 2)
    left, right = axes[0]
    draw_phases(left, curves, "r_A", "g", colours, labels)
    left.set(xlabel=r"$r$ (Å)", ylabel=r"$g_\mathrm{Zn-N}(r)$", xlim=(1, curves["r_A"].max()))
    left.set_ylim(bottom=0)
    inset = left.inset_axes((0.45, 0.27, 0.52, 0.36))
    gap = curves[curves["r_A"].between(*GAP_A)]
    draw_phases(inset, gap, "r_A", "g", colours, labels)
    # Half a peak at either end would hide what lies between.
    middle = gap.loc[gap["r_A"].between(2.4, 3.4), "g"]
    inset.set(xlim=GAP_A, ylim=(0, max(0.15, 1.1 * middle.max())))
    left.legend(loc="upper right")
    draw_phases(right, curves, "r_A", "coordination", colours, labels)
    right.axhline(4, color="0.7", lw=0.6, zorder=0)
    right.axvline(2.3, color="0.7", lw=0.6, ls=":", zorder=0)
    near = curves.loc[curves["r_A"] <= SHELL_A[1], "coordination"]
    right.set(xlabel=r"$r$ (Å)", ylabel=r"number of N within $r$ of a Zn", xlim=SHELL_A)
    right.set_ylim(0, max(5.0, 1.05 * near.max()))
    letter_panels(axes.flat)
    return Plot(figure, curves)
