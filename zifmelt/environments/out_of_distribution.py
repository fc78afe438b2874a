"""How unlike the training database a zinc environment is.

A classifier gives every environment one of its phases, also one of a phase that it has never seen. This
module measures, beside the classes, how far an environment lies from those that the classifier was trained
on: the Mahalanobis distance to the nearest phase, with the mean and the covariance of that phase's features
(Lee et al., Adv. Neural Inf. Process. Syst. 31, 7167 (2018), there with one covariance for all classes; the
phases here differ in how widely they spread). What counts as far is read off trajectories that were left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from ..files import read_arrays, written_whole
from .database import Database
from .held_out import origin_folds

HELD_OUT_QUANTILE = 0.99
"""Share of the environments of left-out trajectories that lie within the limit."""

SMALLEST_VARIANCE = 1e-4
"""Least variance of a combination of features within a phase, in units of its variance in the database: finer
differences are neither sampled nor stored (single precision) well enough to tell phases apart."""


@dataclass(frozen=True)
class TrainingDistribution:
    """Where the environments lie that a classifier was trained on.

    Attributes
    ----------
    features
        Names of the features, shape (columns,).
    classes
        Names of the phases, shape (classes,).
    centres
        Mean of the features of every phase, shape (classes, columns).
    whitening
        Shape (classes, columns, columns): (x - centre) @ whitening has unit covariance within the phase.
    limits
        Distance within which `HELD_OUT_QUANTILE` of a phase's left-out environments lie, shape (classes,).
    usual_share
        Largest share of the Zn beyond the limit in any left-out trajectory.
    """

    features: np.ndarray
    classes: np.ndarray
    centres: np.ndarray
    whitening: np.ndarray
    limits: np.ndarray
    usual_share: float

    @classmethod
    def of(cls, database: Database, features: Sequence[str]) -> "TrainingDistribution":
        """Describe a database by the features that a classifier uses.

        Parameters
        ----------
        database
            Labelled environments.
        features
            Names of the classifier's features.

        Raises
        ------
        InputError
            A feature is not in the database, or a phase has fewer than two independent trajectories.
        """
        rows, labels = database.columns(features).astype(float), database.labels
        folds, classes = origin_folds(database), len(database.classes)
        distances = np.empty((len(rows), classes))
        for fold in np.unique(folds):
            left_out = folds == fold
            shape = _shapes(rows[~left_out], labels[~left_out], classes)
            distances[left_out] = _distances(rows[left_out], *shape)
        own = distances[np.arange(len(rows)), labels]
        limits = np.array([np.quantile(own[labels == label], HELD_OUT_QUANTILE) for label in range(classes)])
        beyond = (distances / limits).min(axis=1) > 1
        shares = [beyond[database.runs == run].mean() for run in np.unique(database.runs)]
        centres, whitening = _shapes(rows, labels, classes)
        return cls(np.array(features), database.classes, centres, whitening, limits, float(max(shares)))

    def strangeness(self, features: np.ndarray) -> np.ndarray:
        """Measure how unlike the training database environments are.

        Parameters
        ----------
        features
            Shape (rows, columns), columns as in `features`.

        Returns
        -------
        numpy.ndarray
            Shape (rows,): the distance to the nearest phase in units of that phase's limit; above 1 an
            environment is unlike 99 % of those in left-out trajectories.
        """
        distances = _distances(np.asarray(features, dtype=float), self.centres, self.whitening)
        return (distances / self.limits).min(axis=1)

    def save(self, path: str | Path) -> None:
        """Write the attributes as npz, whole or not at all."""
        with written_whole(path) as scratch:
            np.savez(scratch, **vars(self))

    @classmethod
    def load(cls, path: str | Path) -> "TrainingDistribution":
        """Read what `save` wrote.

        Raises
        ------
        InputError
            The file is missing or holds something else.
        """
        arrays: dict[str, Any] = read_arrays(
            path, [field.name for field in fields(cls)], "a distribution of environments"
        )
        return cls(**{**arrays, "usual_share": float(arrays["usual_share"])})


def _shapes(rows: np.ndarray, labels: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Centre and whitening matrix of every phase."""
    spread = rows.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    centres, whitening = [], []
    for label in range(classes):
        own = rows[labels == label]
        centres.append(own.mean(axis=0))
        values, vectors = np.linalg.eigh(np.atleast_2d(np.cov(own / scale, rowvar=False)))
        whitening.append(vectors / np.sqrt(np.maximum(values, SMALLEST_VARIANCE)) / scale[:, None])
    return np.array(centres), np.array(whitening)


def _distances(rows: np.ndarray, centres: np.ndarray, whitening: np.ndarray) -> np.ndarray:
    """Mahalanobis distance of every row to every phase, shape (rows, classes)."""
    return np.column_stack(
        [
            np.linalg.norm((rows - centre) @ white, axis=1)
            for centre, white in zip(centres, whitening, strict=True)
        ]
    )
