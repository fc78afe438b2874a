"""Figs. 7 and S7: anisotropy of the growth, density profiles, and lability of the ligand sites."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm

from ..mechanism.clusters import AXES, mean_extents
from ..mechanism.net import crystal_net
from ..structures.crystal import read_crystal
from ..structures.ligands import recognise_framework
from .style import DOUBLE_COLUMN, save_figure, use_style

AXIS_COLOURS = dict(zip(AXES, ("#c0392b", "#2471a3", "#27802e"), strict=True))


def plot_anisotropy(
    clusters: Sequence[pd.DataFrame],
    profile: pd.DataFrame,
    sites: pd.DataFrame,
    cif: str | Path,
    bins: int,
    stem: str | Path,
) -> None:
    """Draw Fig. 7.

    Parameters
    ----------
    clusters
        Clusters against time of independent runs.
    profile
        Density profile of the crystal.
    sites
        Lability of the ligand sites.
    cif
        Crystal structure, for the inset.
    bins
        Bins in the number of disordered Zn.
    stem
        Path of the figure without suffix.
    """
    use_style()
    extents = mean_extents(list(clusters), bins)
    figure, (top, inset, bottom) = plt.subplots(
        1, 3, figsize=(DOUBLE_COLUMN, 2.5), gridspec_kw={"width_ratios": [1.15, 1, 1.15]}
    )
    _plot_extents(top, extents, clusters)
    draw_sites(inset, sites, cif)
    for name, part in profile.groupby("axis"):
        density = 1000 * part["density_per_A3"]
        bottom.plot(part["position_A"], density, color=AXIS_COLOURS[name], lw=1, label=name)
    bottom.set(xlabel="position in the unit cell (Å)", ylabel="atoms per nm$^3$", ylim=(0, None))
    bottom.legend()
    numbers = pd.concat(
        [
            extents.assign(panel="extents"),
            profile.assign(panel="density"),
            sites[["site", "cell", "site_interval_ps", "site_interval_stderr_ps", "group"]].assign(
                panel="sites"
            ),
        ]
    )
    save_figure(figure, stem, numbers)


def _plot_extents(axis: Axes, extents: pd.DataFrame, clusters: Sequence[pd.DataFrame]) -> None:
    for name in AXES:
        error = extents[f"extent_{name}_stderr_A"].fillna(0.0)
        axis.errorbar(
            extents["zinc"],
            extents[f"extent_{name}_A"],
            error,
            color=AXIS_COLOURS[name],
            lw=1,
            label=name,
            capsize=1.5,
        )
        width = np.mean([table[f"box_{name}_A"].mean() for table in clusters])
        axis.axhline(width, color=AXIS_COLOURS[name], lw=0.5, ls=":")
    if not len(extents):
        axis.text(0.5, 0.5, "no disordered Zn", transform=axis.transAxes, ha="center")
    axis.set(xlabel=r"$N_\mathrm{Zn}$ in the largest cluster", ylabel="extent (Å)", ylim=(0, None))
    count = len(clusters)
    axis.legend(
        title=f"{count} {'run' if count == 1 else 'runs'}; dotted: box", title_fontsize=6, loc="lower right"
    )


def draw_sites(axis: Axes, sites: pd.DataFrame, cif: str | Path) -> None:
    """Draw the unit cell along z: Zn grey, ligands from red (labile) through white to blue (stable).

    Where the sites were folded onto several unit cells, the first is drawn. Grey ligands never broke.
    """
    framework = recognise_framework(read_crystal(cif))
    cell = framework.crystal.cell
    _, nitrogens = crystal_net(framework)
    interval = sites[sites["cell"] == 0]["site_interval_ps"].to_numpy()
    known = interval[np.isfinite(interval)]
    axis.set(xlabel="x (Å)", ylabel="y (Å)", aspect="equal", facecolor="0.85")
    zinc = (framework.crystal.fractional[framework.zinc] % 1.0) @ cell
    axis.scatter(*zinc.T[:2], s=18, color="0.45", edgecolor="0.2", lw=0.4, zorder=3)
    ends = nitrogens - np.floor(nitrogens.mean(axis=1, keepdims=True))
    norm = None
    if len(known) and np.ptp(known) > 0:
        norm = TwoSlopeNorm(float(np.median(known)), known.min() - 1e-9, known.max() + 1e-9)
    colours = plt.get_cmap("RdBu")
    for pair, value in zip(ends @ cell, interval, strict=True):
        colour = "0.6" if norm is None or np.isnan(value) else colours(norm(value))
        axis.plot(
            *pair.T[:2], color=colour, lw=2.5, marker="o", ms=3, markeredgecolor="0.3", markeredgewidth=0.3
        )
    if norm is not None:
        bar = axis.figure.colorbar(plt.cm.ScalarMappable(norm, colours), ax=axis, shrink=0.75)
        bar.set_label("time between breaks\nper 1024 Zn (ps)")
    else:
        axis.set_title("too few breaks to compare the sites")
