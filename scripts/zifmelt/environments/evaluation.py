"""How right a classifier is on environments that it was not trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import InputError
from ..files import written_whole
from ..statistics import Estimate
from .database import Database
from .network import NetworkSettings, predict_probabilities, train_network

SPLITS = ("random", "trajectory")
"""``random``: a fifth of the environments, as published; ``trajectory``: whole independent starts."""

TEST_SHARE = 0.2
"""Share of the environments tested on in the random split (paper: 80:20)."""

BOOTSTRAP_DRAWS = 2000


@dataclass(frozen=True)
class Predictions:
    """Probabilities given to environments by networks that were not trained on them.

    Attributes
    ----------
    probabilities
        Shape (rows, classes).
    labels
        Shape (rows,), true class.
    origins
        Shape (rows,), independent start of the environment's run.
    """

    probabilities: np.ndarray
    labels: np.ndarray
    origins: np.ndarray


def random_test_rows(rows: int, generator: np.random.Generator) -> np.ndarray:
    """Choose a fifth of the rows at random, sorted.

    Environments of one configuration, and of neighbouring ones in time, fall on both sides; the resulting
    accuracy tells how well the network knows these trajectories, not how well it does on new ones.
    """
    return np.sort(generator.choice(rows, size=max(1, round(TEST_SHARE * rows)), replace=False))


def origin_folds(database: Database) -> np.ndarray:
    """Divide the database by independent starts so that every fold holds at least one of every phase.

    Returns
    -------
    numpy.ndarray
        Shape (rows,), number of the fold in which the row is tested; all rows of one origin share it.

    Raises
    ------
    InputError
        A phase has fewer than two independent starts.
    """
    by_phase = [
        np.unique(database.origins[database.labels == label]) for label in range(len(database.classes))
    ]
    for phase, origins in zip(database.classes, by_phase, strict=True):
        if len(origins) < 2:
            raise InputError(
                f"database: the phase {phase} has {len(origins)} independent trajectory; testing on "
                "trajectories that were left out needs at least two of every phase."
            )
    folds = min(len(origins) for origins in by_phase)
    fold_of = {origin: place % folds for origins in by_phase for place, origin in enumerate(origins)}
    return np.vectorize(fold_of.get, otypes=[int])(database.origins)


def predict_held_out(
    database: Database, columns: Sequence[str], settings: NetworkSettings, split: str, seed: int
) -> Predictions:
    """Train on one part of the database and predict the other.

    Parameters
    ----------
    database
        Labelled environments.
    columns
        Names of the features to use.
    settings
        Architecture and training.
    split
        One of `SPLITS`; in ``trajectory`` every environment is tested once, in the fold of its origin.
    seed
        Of the split and the networks.

    Raises
    ------
    InputError
        See `origin_folds`.
    """
    if split == "random":
        tested = random_test_rows(len(database.labels), np.random.default_rng(seed))
        folds = np.ones(len(database.labels), dtype=int)
        folds[tested] = 0
        wanted = [0]
    else:
        folds = origin_folds(database)
        wanted = list(range(folds.max() + 1))
    features = database.columns(columns)
    probabilities = np.full((len(folds), len(database.classes)), np.nan, dtype=np.float32)
    for fold in wanted:
        train, test = folds != fold, folds == fold
        model = train_network(
            features[train], database.labels[train], len(database.classes), settings, seed + fold
        )
        probabilities[test] = predict_probabilities(model, features[test])
    rows = np.isin(folds, wanted)
    return Predictions(probabilities[rows], database.labels[rows], database.origins[rows])


def save_predictions(path: str | Path, predictions: dict[str, Predictions], classes: Sequence[str]) -> None:
    """Write the predictions of each split as one npz file, whole or not at all."""
    arrays = {
        f"{split}_{name}": getattr(part, name)
        for split, part in predictions.items()
        for name in ("probabilities", "labels", "origins")
    }
    with written_whole(path) as scratch:
        np.savez(scratch, classes=np.array(classes), **arrays)


def load_predictions(path: str | Path) -> tuple[dict[str, Predictions], list[str]]:
    """Read predictions and the names of the classes.

    Raises
    ------
    InputError
        The file is missing or holds something else.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            parts = {
                split: Predictions(*(arrays[f"{split}_{n}"] for n in ("probabilities", "labels", "origins")))
                for split in SPLITS
            }
            return parts, arrays["classes"].tolist()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file.") from None
    except (KeyError, ValueError, OSError) as error:
        raise InputError(f"{path}: not the predictions of a classifier ({error}).") from None


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
    Wu, J. Am. Stat. Assoc. 83, 231, 1988). A phase with one start gives no information on the error.

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
        else:
            drawn[:, members] = np.nan
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


def learning_curve(
    database: Database, columns: Sequence[str], settings: NetworkSettings, shares: Sequence[float], seed: int
) -> pd.DataFrame:
    """Measure the accuracy on left-out trajectories against the size of the training set.

    Parameters
    ----------
    database
        Labelled environments.
    columns
        Names of the features.
    settings
        Architecture and training.
    shares
        Shares of the configurations of every run that are used, 0 to 1, equally spaced in time.
    seed
        Of the networks and the resampling.

    Returns
    -------
    pandas.DataFrame
        Columns share, environments (in the reduced database), accuracy, stderr.
    """
    rows = []
    for share in shares:
        part = thinned(database, share)
        result = score(
            predict_held_out(part, columns, settings, "trajectory", seed), np.random.default_rng(seed)
        ).accuracy
        rows.append((share, len(part.labels), result.value, result.stderr))
    return pd.DataFrame(rows, columns=["share", "environments", "accuracy", "stderr"])


def thinned(database: Database, share: float) -> Database:
    """Keep a share of the configurations of every run, at least one, equally spaced in time."""
    kept = []
    for run in np.unique(database.runs):
        configurations = np.unique(database.configurations[database.runs == run])
        wanted = max(1, round(share * len(configurations)))
        kept.append(configurations[np.arange(wanted) * len(configurations) // wanted])
    return database.rows(np.isin(database.configurations, np.concatenate(kept)))
