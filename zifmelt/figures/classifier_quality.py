"""How far a classifier's confidence can be trusted, and how its accuracy grows with the database."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from ..environments.evaluation import reliability
from ..environments.predictions import load_predictions
from ..tables.table2 import SPLIT_NAMES
from .style import DOUBLE_COLUMN, SINGLE_COLUMN, save_figure, use_style

CLASSIFIER_COLOURS = ("#3b6fb6", "#c0392b", "#555555")


def plot_reliability(predictions: Mapping[str, str | Path], stem: str | Path, seed: int) -> None:
    """Draw accuracy against confidence for each classifier and split; on the diagonal confidence is honest.

    Parameters
    ----------
    predictions
        File of held-out predictions by name of the classifier.
    stem
        Path without suffix of the figure and its numbers.
    seed
        Of the resampling behind the error bars.
    """
    use_style()
    figure, axes = plt.subplots(1, len(SPLIT_NAMES), figsize=(DOUBLE_COLUMN, 3.0), sharey=True)
    tables = []
    for (classifier, path), colour in zip(predictions.items(), CLASSIFIER_COLOURS, strict=False):
        parts, _ = load_predictions(path)
        for ax, (split, title) in zip(axes, SPLIT_NAMES.items(), strict=True):
            table = reliability(parts[split], np.random.default_rng(seed))
            gap = float((table.share * (table.accuracy - table.confidence).abs()).sum())
            label = f"{classifier}, mean gap {gap:.3f}"
            errors = table.stderr.fillna(0.0)
            ax.errorbar(
                table.confidence,
                table.accuracy,
                errors,
                fmt="o-",
                markersize=3,
                capsize=2,
                color=colour,
                label=label,
            )
            ax.set(title=title, xlabel="confidence (highest probability)")
            tables.append(table.assign(classifier=classifier, split=split, calibration_error=gap))
    for ax in axes:
        ax.plot([0.25, 1.0], [0.25, 1.0], "--", color="0.6", linewidth=0.8, zorder=0)
        ax.legend(loc="upper left")
    axes[0].set_ylabel("fraction classified rightly")
    save_figure(figure, stem, pd.concat(tables, ignore_index=True))


def plot_learning_curves(curves: Mapping[str, pd.DataFrame], stem: str | Path) -> None:
    """Draw the accuracy on left-out trajectories against the number of environments in the database.

    Parameters
    ----------
    curves
        By name of the classifier, from `zifmelt.environments.held_out.learning_curve`.
    stem
        Path without suffix of the figure and its numbers.
    """
    use_style()
    figure, ax = plt.subplots(figsize=(SINGLE_COLUMN, 2.6))
    for (classifier, curve), colour in zip(curves.items(), CLASSIFIER_COLOURS, strict=False):
        errors = curve.stderr.fillna(0.0)
        ax.errorbar(
            curve.environments,
            curve.accuracy,
            errors,
            fmt="o-",
            markersize=3,
            capsize=2,
            color=colour,
            label=classifier,
        )
    ax.set(xscale="log", xlabel="environments in the database", ylabel="accuracy on left-out trajectories")
    sizes = sorted({size for curve in curves.values() for size in curve.environments})
    ax.set_xticks(sizes, [f"{size:,}" for size in sizes], rotation=45, ha="right")
    ax.minorticks_off()
    ax.legend(title="classifier", title_fontsize=7)
    numbers = [curve.assign(classifier=classifier) for classifier, curve in curves.items()]
    save_figure(figure, stem, pd.concat(numbers, ignore_index=True))
