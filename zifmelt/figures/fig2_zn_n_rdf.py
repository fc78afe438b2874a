"""Fig. 2: Zn-N radial distribution function and its running integral in all phases."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from .curves import draw_phases, phase_labels
from .style import DOUBLE_COLUMN, phase_colours, save_figure, use_style


def plot_zn_n_rdf(rdf: pd.DataFrame, temperatures: Mapping[str, float], stem: str | Path) -> None:
    """Draw g(r) with the gap between its first peaks enlarged, and the number of N within r.

    Parameters
    ----------
    rdf
        Columns ``phase, pair, r_A, g, g_stderr, coordination, coordination_stderr``.
    temperatures
        Temperature of each phase, K, in the order to draw.
    stem
        Path without suffix of the figure and its numbers.
    """
    use_style()
    curves = rdf[rdf["pair"] == "Zn-N"]
    colours, labels = phase_colours(list(temperatures)), phase_labels(temperatures)
    figure, (left, right) = plt.subplots(1, 2, figsize=(DOUBLE_COLUMN, 2.8))
    draw_phases(left, curves, "r_A", "g", colours, labels)
    left.set(xlabel=r"$r$ (Å)", ylabel=r"$g_\mathrm{Zn-N}(r)$", xlim=(1, min(8, curves["r_A"].max())))
    left.set_ylim(bottom=0)
    inset = left.inset_axes([0.45, 0.32, 0.52, 0.38])
    draw_phases(inset, curves, "r_A", "g", colours, labels)
    inset.set(xlim=(2.2, 3.8), ylim=(0, 0.15))
    inset.tick_params(labelsize=6)
    left.legend(loc="upper right")
    draw_phases(right, curves, "r_A", "coordination", colours, labels)
    right.axhline(4, color="0.7", lw=0.6, zorder=0)
    right.axvline(2.3, color="0.7", lw=0.6, ls=":", zorder=0)
    right.set(xlabel=r"$r$ (Å)", ylabel=r"number of N within $r$ of a Zn", xlim=(1.5, 3.5), ylim=(0, 5))
    save_figure(figure, stem, curves)
