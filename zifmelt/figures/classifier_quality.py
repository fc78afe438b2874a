"""How far a classifier's confidence can be trusted, and how its accuracy grows with the database."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from ..environments.evaluation import reliability
from ..environments.predictions import load_predictions
from ..tables.table2 import SPLIT_NAMES
from .plot import Plot
from .style import journal_style, letter_panels, panels

CLASSIFIER_STYLES = (
    {"color": "#0072b2", "fmt": "o-"},
    {"color": "#d55e00", "fmt": "s--"},
    {"color": "#555555", "fmt": "^:"},
)
"""Colour, symbol and line of the classifiers in the order of the configuration."""


@journal_style()
def plot_reliability(predictions: Mapping[str, str | Path], seed: int) -> Plot:
    """Draw accuracy against confidence for each classifier and split; on the diagonal confidence is honest.

    Parameters
    ----------
    predictions
        File of held-out predictions by name of the classifier.
    seed
        Of the resampling behind the error bars.

    Returns
    -------
    Plot
        Its numbers: one row per classifier, split and bin of confidence, with the mean gap between confidence
        and accuracy as ``calibration_error``.

    Raises
    ------
    InputError
        A file cannot be read.
    """
    figure, axes = panels(2, 7.5, 1, len(SPLIT_NAMES), sharey=True)
    tables = []
    for (classifier, path), style in zip(predictions.items(), CLASSIFIER_STYLES, strict=False):
        parts, _ = load_predictions(path)
        for ax, (split, title) in zip(axes[0], SPLIT_NAMES.items(), strict=True):
            table = reliability(parts[split], np.random.default_rng(seed))
            gap = float((table.share * (table.accuracy - table.confidence).abs()).sum())
            label = f"{classifier}, mean gap {gap:.3f}"
            ax.errorbar(table.confidence, table.accuracy, table.stderr, label=label, **style)
            ax.set(title=title, xlabel="confidence (highest probability)")
            tables.append(table.assign(classifier=classifier, split=split, calibration_error=gap))
    for ax in axes[0]:
        ax.plot([0.25, 1.0], [0.25, 1.0], "--", color="0.6", linewidth=0.8, zorder=0)
        ax.legend()
    axes[0, 0].set_ylabel("fraction classified rightly")
    letter_panels(axes.flat)
    return Plot(figure, pd.concat(tables, ignore_index=True))


@journal_style()
def plot_learning_curves(curves: Mapping[str, pd.DataFrame]) -> Plot:
    """Draw the accuracy on left-out trajectories against the number of environments in the database.

    Parameters
    ----------
    curves
        By name of the classifier, from `zifmelt.environments.held_out.learning_curve`.
    """
    figure, axes = panels(1, 6.5, 1, 1)
    ax = axes[0, 0]
    for (classifier, curve), style in zip(curves.items(), CLASSIFIER_STYLES, strict=False):
        ax.errorbar(curve.environments, curve.accuracy, curve.stderr, label=classifier, **style)
    ax.set(xscale="log", xlabel="environments in the database", ylabel="accuracy on left-out trajectories")
    sizes = sorted({size for curve in curves.values() for size in curve.environments})
    ax.set_xticks(sizes, [f"{size:,}" for size in sizes], rotation=45, ha="right")
    ax.minorticks_off()
    ax.legend(title="classifier")
    numbers = [curve.assign(classifier=classifier) for classifier, curve in curves.items()]
    return Plot(figure, pd.concat(numbers, ignore_index=True))
