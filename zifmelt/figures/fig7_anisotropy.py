"""Figs. 7 and S7: anisotropy of the growth, density profiles, and lability of the ligand sites."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import TwoSlopeNorm

from ..mechanism.clusters import AXES, mean_extents
from ..mechanism.net import crystal_net
from ..structures.crystal import read_crystal
from ..structures.ligands import recognise_framework
from .curves import draw_band
from .plot import Plot
from .style import explain_absence, journal_style, letter_panels, panels

AXIS_COLOURS = dict(zip(AXES, ("#d55e00", "#0072b2", "#444444"), strict=True))
AXIS_LINES = dict(zip(AXES, ("-", "--", "-."), strict=True))


@journal_style()
def plot_anisotropy(
    clusters: Sequence[pd.DataFrame], profile: pd.DataFrame, sites: pd.DataFrame, cif: str | Path, bins: int
) -> Plot:
    """Draw Fig. 7.

    Parameters
    ----------
    clusters
        Clusters against time of independent runs.
    profile
        Density profile of the crystal, from `zifmelt.mechanism.profiles.density_profiles`.
    sites
        Lability of the ligand sites.
    cif
        Crystal structure, for the inset.
    bins
        Bins in the number of disordered Zn.

    Returns
    -------
    Plot
        Its numbers: extents, density and sites below each other, told apart by ``panel``.

    Raises
    ------
    InputError
        The crystal structure cannot be read.
    """
    extents = mean_extents(list(clusters), bins)
    figure, axes = panels(2, 6.5, 1, 3, width_ratios=[1.15, 1, 1.15])
    left, middle, right = axes[0]
    _plot_extents(left, extents, clusters)
    draw_sites(middle, sites, cif)
    for name, part in profile.groupby("axis"):
        density, error = 1000 * part["density_per_A3"], 1000 * part["stderr_per_A3"]
        draw_band(
            right, part["position_A"], density, error, AXIS_COLOURS[name], label=name, ls=AXIS_LINES[name]
        )
    right.set(xlabel="position in the unit cell (Å)", ylabel="density (atoms per nm$^3$)", ylim=(0, None))
    right.legend()
    letter_panels(axes.flat)
    kept = ["site", "cell", "site_interval_ps", "site_interval_stderr_ps", "group"]
    parts = {"extents": extents, "density": profile, "sites": sites[kept]}
    return Plot(figure, pd.concat([table.assign(panel=panel) for panel, table in parts.items()]))


def _plot_extents(axis: Axes, extents: pd.DataFrame, clusters: Sequence[pd.DataFrame]) -> None:
    axis.set(xlabel=r"$N_\mathrm{Zn}$ in the largest cluster", ylabel="extent (Å)")
    if not len(extents):
        what = "No Zn was disordered."
        explain_absence(
            axis,
            what,
            "A higher transition_K or a longer production.duration_ps of this transition would change that.",
        )
        return
    for name in AXES:
        error = extents[f"extent_{name}_stderr_A"]
        axis.errorbar(
            extents["zinc"],
            extents[f"extent_{name}_A"],
            error,
            color=AXIS_COLOURS[name],
            ls=AXIS_LINES[name],
            label=name,
        )
        width = np.mean([table[f"box_{name}_A"].mean() for table in clusters])
        axis.axhline(width, color=AXIS_COLOURS[name], lw=0.6, ls=":")
    axis.set_ylim(bottom=0)
    count = len(clusters)
    axis.legend(title=f"{count} {'run' if count == 1 else 'runs'}; dotted: box", loc="lower right")


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
    axis.scatter(zinc[:, 0], zinc[:, 1], s=18, color="0.45", edgecolor="0.2", lw=0.4, zorder=3)
    ends = nitrogens - np.floor(nitrogens.mean(axis=1, keepdims=True))
    norm = None
    if len(known) and np.ptp(known) > 0:
        norm = TwoSlopeNorm(float(np.median(known)), known.min() - 1e-9, known.max() + 1e-9)
    colours = colormaps["RdBu"]
    for pair, value in zip(ends @ cell, interval, strict=True):
        colour = "0.6" if norm is None or np.isnan(value) else colours(norm(value))
        axis.plot(
            *pair.T[:2], color=colour, lw=2.5, marker="o", ms=3, markeredgecolor="0.3", markeredgewidth=0.3
        )
    if norm is not None:
        bar = axis.figure.colorbar(ScalarMappable(norm, colours), ax=axis, shrink=0.75)
        bar.set_label("time between breaks\nper 1024 Zn (ps)")
    else:
        text = "too few breaks; a longer\nproduction.duration_ps of this\ntransition would change that"
        axis.set_xlabel(f"{axis.get_xlabel()}\n{text}")
