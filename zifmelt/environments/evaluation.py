"""How right a classifier is on environments that it was not trained on."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..statistics import Estimate
from .predictions import Predictions

BOOTSTRAP_DRAWS = 2000


@dataclass(frozen=True)
class Score:
    """Confusion matrix and accuracy with standard errors.

    Attributes
    ----------
    fractions, stderr
        Shape (classes, classes): share of the environments of the row's phase that is classified as the
        column's, and its standard error.
    accuracy
        Share of all environments classified rightly; phases count by their share of the data, as in the
        paper.
    n
        Number of independent starts of each phase.
    """

    fractions: np.ndarray
    stderr: np.ndarray
    accuracy: Estimate
    n: np.ndarray


def resampled_origins(
    phases: np.ndarray, generator: np.random.Generator, draws: int = BOOTSTRAP_DRAWS
) -> np.ndarray:
    """Draw independent starts with replacement, phase by phase.

    From n starts n - 1 are drawn, which makes the variance of a mean unbiased also for few of them (Rao and
    Wu, J. Am. Stat. Assoc. 83, 231, 1988). A phase with one start is never drawn: its error is unknown.

    Parameters
    ----------
    phases
        Shape (origins,), phase of each start.
    generator
        Random numbers.
    draws
        Number of draws.

    Returns
    -------
    numpy.ndarray
        Shape (draws, origins), how often each start was drawn.
    """
    drawn = np.zeros((draws, len(phases)))
    for phase in np.unique(phases):
        members = np.flatnonzero(phases == phase)
        if len(members) > 1:
            shares = np.full(len(members), 1.0 / len(members))
            drawn[:, members] = generator.multinomial(len(members) - 1, shares, size=draws)
    return drawn


def score(predictions: Predictions, generator: np.random.Generator) -> Score:
    """Compute the confusion matrix and accuracy, with errors from resampling independent starts."""
    classes = predictions.probabilities.shape[1]
    called = predictions.probabilities.argmax(axis=1)
    names, origins = np.unique(predictions.origins, return_inverse=True)
    cells = (origins * classes + predictions.labels) * classes + called
    counts = np.bincount(cells, minlength=len(names) * classes**2).reshape(len(names), classes, classes)
    phases = counts.sum(axis=2).argmax(axis=1)
    drawn = np.einsum("do,opc->dpc", resampled_origins(phases, generator), counts.astype(float))
    totals = counts.sum(axis=0)
    shares = totals.sum(axis=1) / totals.sum()
    fractions = totals / totals.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        resampled = drawn / drawn.sum(axis=2, keepdims=True)
    correct = np.einsum("dpp,p->d", resampled, shares)
    accuracy = Estimate(float(np.trace(totals) / totals.sum()), float(correct.std()), len(names))
    return Score(fractions, resampled.std(axis=0), accuracy, np.bincount(phases, minlength=classes))


def reliability(predictions: Predictions, generator: np.random.Generator, bins: int = 10) -> pd.DataFrame:
    """Compare the confidence of the classifier with how often it is right.

    Parameters
    ----------
    predictions
        Held-out predictions.
    generator
        For the standard errors, by resampling independent starts.
    bins
        Number of equal bins of the confidence, the highest of the probabilities, between 1/classes and 1.

    Returns
    -------
    pandas.DataFrame
        Columns confidence, accuracy, stderr, share (of all environments); empty bins are left out. The
        expected calibration error is the mean of |accuracy - confidence| weighted by share.
    """
    confidence = predictions.probabilities.max(axis=1).astype(float)
    right = predictions.probabilities.argmax(axis=1) == predictions.labels
    edges = np.linspace(1.0 / predictions.probabilities.shape[1], 1.0, bins + 1)
    place = np.clip(np.digitize(confidence, edges) - 1, 0, bins - 1)
    names, first, origins = np.unique(predictions.origins, return_index=True, return_inverse=True)
    cells = origins * bins + place
    count = np.bincount(cells, minlength=len(names) * bins).reshape(len(names), bins).astype(float)
    hits = np.bincount(cells, right, minlength=len(names) * bins).reshape(len(names), bins)
    drawn = resampled_origins(predictions.labels[first], generator)
    with np.errstate(invalid="ignore"):
        resampled = (drawn @ hits) / (drawn @ count)
    filled = np.flatnonzero(count.sum(axis=0))
    total = count.sum(axis=0)[filled]
    return pd.DataFrame(
        {
            "confidence": np.bincount(place, confidence, minlength=bins)[filled] / total,
            "accuracy": hits.sum(axis=0)[filled] / total,
            "stderr": [
                np.nanstd(column) if np.isfinite(column).any() else np.nan for column in resampled.T[filled]
            ],
            "share": total / total.sum(),
        }
    )
