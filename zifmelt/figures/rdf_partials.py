"""All partial radial distribution functions of all phases."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from .curves import draw_phases, phase_labels
from .style import DOUBLE_COLUMN, phase_colours, save_figure, use_style

CLIP = 6.0
"""Intramolecular peaks reach far beyond; the first intermolecular shells lie below."""


def plot_rdf_partials(rdf: pd.DataFrame, temperatures: Mapping[str, float], stem: str | Path) -> None:
    """Draw a panel per pair of elements, cut at g = 6.

    Parameters
    ----------
    rdf
        Columns ``phase, pair, r_A, g, g_stderr``.
    temperatures
        Temperature of each phase, K, in the order to draw.
    stem
        Path without suffix of the figure and its numbers.
    """
    use_style()
    pairs = list(rdf["pair"].unique())
    colours, labels = phase_colours(list(temperatures)), phase_labels(temperatures)
    rows = -(-len(pairs) // 3)
    figure, axes = plt.subplots(rows, 3, figsize=(DOUBLE_COLUMN, 1.6 * rows), sharex=True, squeeze=False)
    for ax in axes.flat[len(pairs) :]:
        ax.set_axis_off()
    for ax, pair in zip(axes.flat, pairs, strict=False):
        curves = rdf[rdf["pair"] == pair]
        draw_phases(ax, curves, "r_A", "g", colours, labels)
        ax.set_ylim(0, min(CLIP, 1.05 * curves["g"].max() + 1e-9))
        ax.set_title(pair)
    for ax in axes.flat[max(len(pairs) - 3, 0) : len(pairs)]:
        ax.set_xlabel(r"$r$ (Å)")
        ax.tick_params(labelbottom=True)
    for ax in axes[:, 0]:
        ax.set_ylabel(r"$g(r)$")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=len(labels))
    save_figure(figure, stem, rdf)
