"""Least squares for data whose errors are correlated, and the drift of a fluctuating series."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve, solve_triangular

from ..errors import InputError
from ..statistics import Estimate

MOST_POINTS = 200
"""Longer series are averaged in blocks to this many points before the drift is sought; the cost is cubic."""

CORRELATION_TIMES = (0.0, 0.003, 0.01, 0.03, 0.1)
"""Correlation times tried for the fluctuation, in units of the longest series; 0 is white noise."""

WALK_TO_FLUCTUATION = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 128.0)
"""Ratios tried of what the random walk covers in the longest series to the size of the fluctuation."""

ITERATIONS = 10
"""How often the groups of series are asked anew how common each kind of noise is."""

Series = tuple[np.ndarray, np.ndarray]
"""Times and values."""


@dataclass(frozen=True)
class LinearFit:
    """Result of generalised least squares, y = X c + noise.

    Attributes
    ----------
    coefficients
        Shape (k,).
    covariance
        Shape (k, k), for the noise covariance V as given.
    chi_square
        Residuals weighted by the inverse of V.
    log_determinant
        log det V.
    log_information
        log det X^T V^-1 X.
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    chi_square: float
    log_determinant: float
    log_information: float


def generalised_least_squares(design: np.ndarray, y: np.ndarray, noise: np.ndarray) -> LinearFit:
    """Fit y = X c to data whose errors have the covariance `noise` (Aitken 1935).

    Parameters
    ----------
    design
        X, shape (n, k), of rank k.
    y
        Shape (n,).
    noise
        V, shape (n, n), positive definite, unit of y squared.

    Returns
    -------
    LinearFit
        Coefficients c with covariance (X^T V^-1 X)^-1.

    Raises
    ------
    InputError
        The data do not determine the coefficients.
    """
    try:
        factor = np.linalg.cholesky(noise)
        white_design = solve_triangular(factor, design, lower=True)
        white_y = solve_triangular(factor, y, lower=True)
        information = cho_factor(white_design.T @ white_design, lower=True)
    except (LinAlgError, np.linalg.LinAlgError):
        raise InputError(
            f"{len(y)} points do not determine a fit with {design.shape[1]} coefficients."
        ) from None
    covariance = cho_solve(information, np.eye(design.shape[1]))
    coefficients = covariance @ (white_design.T @ white_y)
    return LinearFit(
        coefficients=coefficients,
        covariance=covariance,
        chi_square=float(np.sum((white_y - white_design @ coefficients) ** 2)),
        log_determinant=2.0 * float(np.log(np.diag(factor)).sum()),
        log_information=2.0 * float(np.log(np.diag(information[0])).sum()),
    )


def drift(times: np.ndarray, values: np.ndarray) -> Estimate:
    """Slope of one series that fluctuates around a straight line, as `drifts` gives it.

    Parameters
    ----------
    times
        Shape (n,), equally spaced and increasing, n >= 3.
    values
        Shape (n,).

    Returns
    -------
    Estimate
        Slope and standard error in the unit of values per unit of times; n = points of the series.

    Raises
    ------
    InputError
        There are fewer than three points.
    """
    return drifts([[(times, values)]])[0][0]


def drifts(groups: Sequence[Sequence[Series]]) -> list[list[Estimate]]:
    """Slopes of series that fluctuate around straight lines, in groups with noise of one kind each.

    The interface of two phases diffuses, which adds a random walk to the drift, and the phases' own
    fluctuation adds noise with a short memory. The noise is modelled as a random walk plus an
    Ornstein-Uhlenbeck process; the slope is averaged over `CORRELATION_TIMES` and `WALK_TO_FLUCTUATION` with
    the restricted likelihood as weight (Patterson and Thompson, Biometrika 58, 545 (1971)), so that what the
    series cannot tell about their noise widens the errors. Ordinary least squares (white noise) and the
    difference of the end points over the time (random walk) are the two limits. One series alone hardly tells
    a slow random walk from none; the series of a group are therefore given the same correlation time and
    ratio, and each its own size of the noise. Groups need not be alike, but how often a kind of noise
    occurs among the other groups is taken as its probability beforehand (empirical Bayes).

    Parameters
    ----------
    groups
        Replicas of each condition: times, equally spaced, the same step in all series, and values, shape (n,)
        each, n >= 3. A group may be empty.

    Returns
    -------
    list of list of Estimate
        As `drift`, one per series.

    Raises
    ------
    InputError
        A series has fewer than three points.
    """
    series = [one for group in groups for one in group]
    shortest = min((len(times) for times, _ in series), default=3)
    if shortest < 3:
        raise InputError(f"A drift needs three points or more of a series, and there are {shortest}.")
    longest = max((times[-1] - times[0] for times, _ in series), default=1.0)
    fits = [
        [_fits_of_line(np.asarray(t, float), np.asarray(y, float), longest) for t, y in group]
        for group in groups
    ]
    weights = _weights_of_noises([np.sum([fit[2] for fit in group], axis=0) for group in fits if group])
    estimates: list[list[Estimate]] = []
    of_groups = iter(weights)
    for group, found in zip(groups, fits, strict=True):
        likely = next(of_groups) if group else np.empty(0)
        estimates.append([_averaged(fit, likely, len(one[0])) for one, fit in zip(group, found, strict=True)])
    return estimates


def _averaged(fits: tuple[np.ndarray, ...], weights: np.ndarray, points: int) -> Estimate:
    slopes, variances, _ = fits
    slope = weights @ slopes
    error = np.sqrt(weights @ (variances + (slopes - slope) ** 2))
    return Estimate(float(slope), float(error), points)


def _weights_of_noises(log_likelihoods: Sequence[np.ndarray]) -> np.ndarray:
    """Probability of every kind of noise in every group, shape (groups, kinds).

    Each kind is as likely beforehand as the other groups and one group without preference say together; this
    is iterated.
    """
    if not log_likelihoods:
        return np.empty((0, 0))
    likelihoods = np.array([np.exp(one - one.max()) for one in log_likelihoods])
    prior = np.ones_like(likelihoods)
    for _ in range(ITERATIONS if len(likelihoods) > 1 else 1):
        weights = likelihoods * prior
        weights /= weights.sum(axis=1, keepdims=True)
        prior = 1.0 / weights.shape[1] + weights.sum(axis=0) - weights
    return weights


def _fits_of_line(
    times: np.ndarray, values: np.ndarray, longest: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Slope, its variance and the restricted log likelihood of the series for every model of the noise."""
    length = -(-len(times) // MOST_POINTS)
    count = len(times) // length
    step = (times[-1] - times[0]) / (len(times) - 1)
    times, values = _block_means(times, length), _block_means(values, length)
    span = times[-1] - times[0]
    design = np.column_stack([np.ones(count), (times - times.mean()) / span])
    scale = np.abs(values - values.mean()).max() or 1.0
    models = _noise_models(count, length, step / longest)
    fits = [generalised_least_squares(design, values / scale, noise) for noise in models]
    freedom = count - 2
    # The floor stands for the rounding of the arithmetic: a perfect line has no likelihood of its noise.
    variances = np.array([max(fit.chi_square / freedom, 1e-24) for fit in fits])
    determinants = np.array([fit.log_determinant + fit.log_information for fit in fits])
    slopes = np.array([fit.coefficients[1] for fit in fits]) * scale / span
    errors = variances * np.array([fit.covariance[1, 1] for fit in fits]) * (scale / span) ** 2
    return slopes, errors, -0.5 * (freedom * np.log(variances) + determinants)


def _block_means(x: np.ndarray, length: int) -> np.ndarray:
    return x[: len(x) // length * length].reshape(-1, length).mean(axis=1)


def _noise_models(count: int, length: int, step: float) -> list[np.ndarray]:
    """Covariances of block means of a fluctuation of unit variance plus a random walk, for every setting.

    Parameters
    ----------
    count, length
        Number of blocks and samples in each.
    step
        Time between samples, in the unit of `CORRELATION_TIMES`.
    """
    places = np.arange(count)
    lags = np.abs(places[:, None] - places)
    inside = np.abs(np.subtract.outer(np.arange(length), np.arange(length)))
    # Averages of min(i, j) over the samples of two blocks: the walk is smoother within a block than across.
    earlier = np.minimum(places[:, None], places) * length + (length - 1) / 2
    walk = step * (earlier - np.where(lags == 0, inside.mean() / 2, 0.0))
    models = []
    for memory, ratio in product(CORRELATION_TIMES, WALK_TO_FLUCTUATION):
        fluctuation = np.eye(count) / length
        if memory:
            decay = step / memory
            spread = np.exp(-decay * (np.arange(length) - (length - 1) / 2)).mean() ** 2
            fluctuation = np.exp(-decay * length * lags) * spread
            np.fill_diagonal(fluctuation, np.exp(-decay * inside).mean())
        models.append(fluctuation + ratio**2 * walk)
    return models
