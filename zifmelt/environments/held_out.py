"""Training on one part of the database and testing on the other."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..errors import InputError
from .database import Database
from .evaluation import score
from .network import NetworkSettings
from .predictions import Predictions
from .training import train_network

TEST_SHARE = 0.2
"""Share of the environments tested on in the random split (paper: 80:20)."""


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
    database: Database,
    columns: Sequence[str],
    settings: NetworkSettings,
    split: str,
    seed: int,
    share: float = 1.0,
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
    share
        Share of the configurations of every run that may be trained on; all are tested.

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
    features, kept = database.columns(columns), thinned_rows(database, share)
    probabilities = np.full((len(folds), len(database.classes)), np.nan, dtype=np.float32)
    for fold in wanted:
        train, test = (folds != fold) & kept, folds == fold
        network = train_network(
            features[train], database.labels[train], len(database.classes), settings, seed + fold
        )
        probabilities[test] = network.probabilities(features[test])
    rows = np.isin(folds, wanted)
    return Predictions(probabilities[rows], database.labels[rows], database.origins[rows])


def learning_curve(
    database: Database, columns: Sequence[str], settings: NetworkSettings, shares: Sequence[float], seed: int
) -> pd.DataFrame:
    """Measure the accuracy on left-out trajectories against the size of the database trained on.

    Every point is tested on the same environments, all those of the left-out trajectories.

    Parameters
    ----------
    database
        Labelled environments.
    columns
        Names of the features.
    settings
        Architecture and training.
    shares
        Shares of the configurations of every run that are trained on, 0 to 1, equally spaced in time.
    seed
        Of the networks and the resampling.

    Returns
    -------
    pandas.DataFrame
        Columns share, environments (in the reduced database), accuracy, stderr.
    """
    rows = []
    for share in shares:
        found = predict_held_out(database, columns, settings, "trajectory", seed, share)
        result = score(found, np.random.default_rng(seed)).accuracy
        size = int(thinned_rows(database, share).sum())
        rows.append((share, size, result.value, result.stderr))
    return pd.DataFrame(rows, columns=["share", "environments", "accuracy", "stderr"])


def thinned_rows(database: Database, share: float) -> np.ndarray:
    """Pick a share of the configurations of every run, at least one, equally spaced in time.

    Returns
    -------
    numpy.ndarray
        Shape (rows,), true for the environments of these configurations.
    """
    kept = []
    for run in np.unique(database.runs):
        configurations = np.unique(database.configurations[database.runs == run])
        wanted = max(1, round(share * len(configurations)))
        kept.append(configurations[np.arange(wanted) * len(configurations) // wanted])
    return np.isin(database.configurations, np.concatenate(kept))
