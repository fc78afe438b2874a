"""How unlike the training database a zinc environment is.

A classifier gives every environment one of its phases, also one of a phase that it has never seen. This
module measures, beside the classes, how far an environment lies from those that the classifier was trained
on: the distance to its fifth nearest neighbour among them (Sun et al., Proc. Mach. Learn. Res. 162, 20827
(2022)), in units of what trajectories show that were left out. The features are averages over the first shell
of Zn and over a few frames (`zifmelt.environments.features`): a single environment of one phase occurs in
another's fluctuations, its neighbourhood does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..files import read_arrays, written_whole
from .database import Database

HELD_OUT_QUANTILE = 0.99
"""Share of the environments of left-out trajectories that lie within the limit."""

NEIGHBOUR = 5
"""The neighbour whose distance counts; not the first, which a single odd environment can be."""

MOST_ENVIRONMENTS = 5000
"""Environments of the database that are compared with, equally spaced in it: enough to fill 19 dimensions as
densely as correlated frames do, few enough to be quick and to be published with a network."""

ROWS_AT_ONCE = 512
"""Environments compared at once, so that memory stays bounded."""


@dataclass(frozen=True)
class TrainingDistribution:
    """Where the environments lie that a classifier was trained on.

    Attributes
    ----------
    features
        Names of the features, shape (columns,).
    mean, scale
        Mean and standard deviation of the features over the database, shape (columns,).
    environments
        Standardised features of environments of the database, shape (rows, columns).
    limit
        Distance within which `HELD_OUT_QUANTILE` of the environments of left-out trajectories lie.
    usual_share
        Largest share of the Zn beyond the limit in any left-out trajectory, at least one in a hundred.
    """

    features: np.ndarray
    mean: np.ndarray
    scale: np.ndarray
    environments: np.ndarray
    limit: float
    usual_share: float

    @classmethod
    def of(cls, database: Database, features: Sequence[str]) -> "TrainingDistribution":
        """Describe a database; every independent trajectory in turn is compared with all others.

        Parameters
        ----------
        database
            Labelled environments.
        features
            Names of the features to compare by.

        Raises
        ------
        InputError
            A feature is not in the database, or a phase has one independent trajectory only.
        """
        for label, phase in enumerate(database.classes):
            if len(np.unique(database.origins[database.labels == label])) < 2:
                raise InputError(
                    f"database: the phase {phase} has one independent trajectory; what is usual between"
                    " trajectories needs at least two."
                )
        chosen = np.arange(0, len(database.labels), -(-len(database.labels) // MOST_ENVIRONMENTS))
        values = database.columns(features)
        mean, spread = values.mean(axis=0, dtype=float), values.std(axis=0, dtype=float)
        scale = np.where(spread > 0, spread, 1.0)
        rows = (values[chosen] - mean) / scale
        origins, runs = database.origins[chosen], database.runs[chosen]
        distances = np.empty(len(rows))
        for origin in np.unique(origins):
            left_out = origins == origin
            distances[left_out] = _distances(rows[left_out], rows[~left_out])
        limit = float(np.quantile(distances, HELD_OUT_QUANTILE))
        shares = [(distances[runs == run] > limit).mean() for run in np.unique(runs)]
        usual = float(max(*shares, 1 - HELD_OUT_QUANTILE))
        return cls(np.array(features), mean, scale, rows.astype(np.float32), limit, usual)

    def strangeness(self, features: np.ndarray) -> np.ndarray:
        """Measure how unlike the training database environments are.

        Parameters
        ----------
        features
            Shape (rows, columns), columns as in `features`.

        Returns
        -------
        numpy.ndarray
            Shape (rows,): the distance in units of the limit; above 1 an environment is farther from the
            database than 99 % of those in left-out trajectories.
        """
        rows = (np.asarray(features, dtype=float) - self.mean) / self.scale
        return _distances(rows, self.environments) / self.limit

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
        numbers = {name: float(arrays[name]) for name in ("limit", "usual_share")}
        return cls(**{**arrays, **numbers})


def _distances(rows: np.ndarray, environments: np.ndarray) -> np.ndarray:
    """Distance of every row to the `NEIGHBOUR`-th nearest of the environments.

    All distances are computed: in so many dimensions a tree has to look at nearly all environments too.
    """
    others = environments.astype(float)
    lengths = np.einsum("ij,ij->i", others, others)
    found = [
        np.partition(lengths - 2 * part @ others.T, NEIGHBOUR - 1, axis=1)[:, NEIGHBOUR - 1]
        + np.einsum("ij,ij->i", part, part)
        for part in np.split(rows, range(ROWS_AT_ONCE, len(rows), ROWS_AT_ONCE))
    ]
    return np.sqrt(np.maximum(np.concatenate(found), 0.0))
