"""Least squares through runs that differ by more than their own errors, each by itself and by origin."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from ..errors import InputError

STEP = 1.8
"""Ratio of the values tried for each spread between runs beyond their own errors."""


@dataclass(frozen=True)
class SpreadFit:
    """Fits with every pair of spreads, and how likely each pair is.

    Attributes
    ----------
    means, covariances
        Shape (pairs, k) and (pairs, k, k): coefficients of the fit with each pair.
    weights
        Shape (pairs,): restricted likelihoods, adding up to 1.
    log_evidence
        Logarithm of the mean restricted likelihood, without constants. It compares designs for a prior that
        is flat in the coefficients of each.
    """

    means: np.ndarray
    covariances: np.ndarray
    weights: np.ndarray
    log_evidence: float

    @property
    def coefficients(self) -> np.ndarray:
        """Their mean, shape (k,)."""
        return self.weights @ self.means

    @property
    def covariance(self) -> np.ndarray:
        """Their covariance with what the spreads leave open, shape (k, k)."""
        return mixed_covariance(self.weights, self.means, self.covariances)


def mixed_covariance(weights: np.ndarray, means: np.ndarray, covariances: np.ndarray) -> np.ndarray:
    """Covariance of a mixture: that within its parts plus that between their means (law of total variance).

    Parameters
    ----------
    weights
        Shape (parts,), adding up to 1.
    means, covariances
        Shapes (parts, k) and (parts, k, k).
    """
    off = means - weights @ means
    return np.einsum("m,mij->ij", weights, covariances) + np.einsum("m,mi,mj->ij", weights, off, off)


@dataclass(frozen=True)
class Noises:
    """Possible covariances of the errors of runs.

    Attributes
    ----------
    whiteners
        Shape (pairs, runs, runs): the inverse Cholesky factor of each covariance; the first is that of the
        runs' own errors alone.
    log_determinants
        Shape (pairs,): those of the covariances.
    """

    whiteners: np.ndarray
    log_determinants: np.ndarray


def possible_noises(errors: np.ndarray, origins: np.ndarray, largest: float) -> Noises:
    """Pair spreads of each run by itself with spreads that the runs of one origin share.

    Parameters
    ----------
    errors
        Shape (runs,), the runs' own standard errors, positive.
    origins
        Shape (runs,), what each run started from.
    largest
        Largest spread tried; spreads far below the errors make no difference.
    """
    same = (origins[:, None] == origins).astype(float)
    largest = max(largest, np.median(errors))
    count = int(np.log(4 * largest / np.median(errors)) / np.log(STEP)) + 1
    spreads = np.append(0.0, largest / STEP ** np.arange(count))
    # What an origin's runs share is told from the runs' own by two origins, one of them with several runs.
    several = not same.all() and same.sum() > len(same)
    pairs = product(spreads, spreads if several else (0.0,))
    factors = np.linalg.cholesky([np.diag(errors**2 + own**2) + shared**2 * same for own, shared in pairs])
    determinants = 2.0 * np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1)
    return Noises(np.linalg.inv(factors), determinants)


def fit_with_spreads(design: np.ndarray, y: np.ndarray, noises: Noises) -> SpreadFit:
    """Fit y = X c by generalised least squares with every noise, weighted by the restricted likelihood.

    (Patterson and Thompson, Biometrika 58, 545 (1971).) Averaging over the spreads, in place of taking the
    likeliest ones, keeps the errors honest where few runs hardly tell a small spread from none.

    Parameters
    ----------
    design
        X, shape (runs, k).
    y
        Shape (runs,).
    noises
        From `possible_noises`.

    Raises
    ------
    InputError
        The data do not determine the coefficients.
    """
    # A fit through every point leaves no residual that could tell of any spread: own errors alone count.
    used = slice(None) if len(y) > design.shape[1] else slice(1)
    white, white_y = noises.whiteners[used] @ design, noises.whiteners[used] @ y
    information = np.swapaxes(white, 1, 2) @ white
    try:
        factors = np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        raise InputError(
            f"{len(y)} points do not determine a fit with {design.shape[1]} coefficients."
        ) from None
    covariances = np.linalg.inv(information)
    means = np.einsum("mij,mnj,mn->mi", covariances, white, white_y)
    left = white_y - np.einsum("mnj,mj->mn", white, means)
    determinants = noises.log_determinants[used] / 2 + np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(
        axis=1
    )
    restricted = -np.sum(left**2, axis=1) / 2 - determinants
    weights = np.exp(restricted - restricted.max())
    evidence = float(restricted.max() + np.log(weights.mean()))
    return SpreadFit(means, covariances, weights / weights.sum(), evidence)
