"""Predictions for environments that a network was not trained on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..files import written_whole
from .database import Database
from .network import NetworkSettings, predict_probabilities, train_network

SPLITS = ("random", "trajectory")
"""``random``: a fifth of the environments, as published; ``trajectory``: whole independent starts."""

TEST_SHARE = 0.2
"""Share of the environments tested on in the random split (paper: 80:20)."""


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
