"""Choice of symmetry functions: which candidates tell the phases apart (the paper does not print its own)."""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd

from .database import SampledRun, chosen_frames
from .symmetry_functions import Angular, Radial, SymmetryFunctions, compute_symmetry_functions

QUANTILES = 16
"""Bins of equal population per function in the estimate of the mutual information."""

RIDGE = 1e-3
"""Share of the mean variance added to the within-phase covariance, against nearly equal columns."""


def mutual_information(values: np.ndarray, labels: np.ndarray) -> float:
    """Estimate how many bits one number per environment tells about its phase.

    Phases weigh the same whatever their number of environments, so the most that four phases allow is 2 bits.

    Parameters
    ----------
    values, labels
        Shape (rows,): the function and the phase.

    Returns
    -------
    float
        Mutual information between the quantile bin of `values` and the phase, bits.
    """
    edges = np.quantile(values, np.linspace(0, 1, QUANTILES + 1)[1:-1])
    place = np.digitize(values, edges)
    classes = int(labels.max()) + 1
    joint = np.bincount(place * classes + labels, minlength=QUANTILES * classes).reshape(QUANTILES, classes)
    joint = joint / joint.sum(axis=0) / classes
    product = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0, keepdims=True)
    filled = joint > 0
    return float((joint[filled] * np.log2(joint[filled] / product[filled])).sum())


def separation(values: np.ndarray, labels: np.ndarray) -> float:
    """Compute Fisher's criterion for some functions: trace of (within-phase)^-1 (between-phase covariance).

    Parameters
    ----------
    values
        Shape (rows, functions).
    labels
        Shape (rows,).

    Returns
    -------
    float
        Dimensionless; 0 when the phases have the same means. Adding a function never lowers it much.
    """
    phases = np.unique(labels)
    means = np.array([values[labels == phase].mean(axis=0) for phase in phases])
    within = np.mean(
        [np.cov(values[labels == phase].T).reshape(2 * [values.shape[1]]) for phase in phases], axis=0
    )
    within += RIDGE * np.trace(within) / len(within) * np.eye(len(within))
    return float(np.trace(np.linalg.solve(within, np.cov(means.T).reshape(within.shape))))


def rank_functions(
    values: np.ndarray, labels: np.ndarray, names: Sequence[str], wanted: int, kept: Sequence[int] = ()
) -> pd.DataFrame:
    """Choose functions one after another, each time the one that separates the phases best with those before.

    Parameters
    ----------
    values
        Shape (rows, candidates).
    labels
        Shape (rows,), phase of each environment.
    names
        Names of the candidates.
    wanted
        How many to choose.
    kept
        Columns chosen already.

    Returns
    -------
    pandas.DataFrame
        In order of choice: function, column, separation (of all chosen so far), mutual_information_bits (of
        this function alone).
    """
    standard = (values - values.mean(axis=0)) / np.where(values.std(axis=0) > 0, values.std(axis=0), 1.0)
    chosen, rows = list(kept), []
    for _ in range(wanted):
        left = [column for column in range(values.shape[1]) if column not in chosen]
        scores = [separation(standard[:, [*chosen, column]], labels) for column in left]
        best = left[int(np.argmax(scores))]
        chosen.append(best)
        rows.append((names[best], best, max(scores), mutual_information(values[:, best], labels)))
    return pd.DataFrame(rows, columns=["function", "column", "separation", "mutual_information_bits"])


def candidates(cutoff: float) -> SymmetryFunctions:
    """Return the grid of candidates.

    Widths of radial functions reach from one that covers all neighbours to one that resolves a shell; their
    shifts step through the first and second shell of Zn. Angular widths are such that the exponential of
    the three squared distances of a tetrahedral neighbour pair (170 square angstrom) lies between 1 and 0.03.
    """
    radial = [Radial(eta, r_s) for eta in (0.5, 2.0) for r_s in np.arange(5.0, cutoff - 0.5, 0.5)]
    radial += [Radial(eta, 0.0) for eta in (0.005, 0.01, 0.02, 0.05)]
    angular = product((0.0, 0.002, 0.005, 0.01, 0.02), (-1, 1), (1.0, 2.0, 4.0, 8.0, 16.0))
    return SymmetryFunctions(cutoff, tuple(radial), tuple(Angular(*values) for values in angular))


def rank_candidates(
    runs: Sequence[SampledRun], cutoff: float, radial: int = 4, angular: int = 8
) -> pd.DataFrame:
    """Choose radial, then angular functions from the grid by the configurations of some runs.

    Parameters
    ----------
    runs
        At least one per phase, with the number of configurations to take of each.
    cutoff
        Of all functions, angstrom.
    radial, angular
        How many functions of each kind to choose; the paper has 4 and 8.

    Returns
    -------
    pandas.DataFrame
        As `rank_functions`, radial functions first.
    """
    functions = candidates(cutoff)
    values, labels = [], []
    phases = list(dict.fromkeys(run.phase for run in runs))
    for run in runs:
        frames, picks, _ = chosen_frames(run, ("Zn",))
        found = compute_symmetry_functions(frames.positions[picks], frames.boxes[picks], functions)
        values.append(found.reshape(-1, found.shape[-1]))
        labels.append(np.full(len(values[-1]), phases.index(run.phase)))
    every, phase = np.concatenate(values), np.concatenate(labels)
    first = len(functions.radial)
    best = rank_functions(every[:, :first], phase, functions.names[:first], radial)
    kept = best.column.tolist()
    left = np.hstack([every[:, kept], every[:, first:]])
    names = [functions.names[column] for column in kept] + functions.names[first:]
    more = rank_functions(left, phase, names, angular, kept=range(radial))
    return pd.concat([best, more], ignore_index=True).drop(columns="column")
