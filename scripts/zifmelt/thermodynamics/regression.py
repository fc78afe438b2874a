"""Least squares for data whose errors are correlated, and the drift of a fluctuating series."""

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve, solve_triangular

from ..errors import InputError
from ..statistics import Estimate

MOST_POINTS = 200
"""Longer series are averaged in blocks to this many points before the drift is sought; the cost is cubic."""

CORRELATION_TIMES = (0.0, 0.01, 0.03)
"""Correlation times tried for the fluctuation, in units of the length of the series; 0 is white noise."""

WALK_TO_FLUCTUATION = (0.0, 1.0, 3.0, 10.0, 100.0)
"""Ratios tried of what the random walk covers in the whole series to the size of the fluctuation."""


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
    """Slope of a series that fluctuates around a straight line, with an honest error.

    The interface of two phases diffuses, which adds a random walk to the drift, and the phases' own
    fluctuation adds noise with a short memory. The noise is modelled as a random walk plus an
    Ornstein-Uhlenbeck process; the slope is averaged over `CORRELATION_TIMES` and `WALK_TO_FLUCTUATION` with
    the restricted likelihood as weight (Patterson and Thompson, Biometrika 58, 545 (1971)), so that what a
    short series cannot tell about its noise widens the error. Ordinary least squares (white noise) and the
    difference of the end points over the time (random walk) are the two limits.

    Parameters
    ----------
    times
        Shape (n,), increasing, n >= 3.
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
    if len(times) < 3:
        raise InputError(f"A drift needs three points or more of a series, and there are {len(times)}.")
    count = len(times)
    times, values = _block_means(np.asarray(times, float)), _block_means(np.asarray(values, float))
    span = times[-1] - times[0]
    design = np.column_stack([np.ones_like(times), (times - times.mean()) / span])
    scale = np.abs(values - values.mean()).max() or 1.0
    fits = [generalised_least_squares(design, values / scale, noise) for noise in _noise_models(times, span)]
    freedom = len(times) - 2
    # The floor stands for the rounding of the arithmetic: a perfect line has no likelihood of its noise.
    variances = np.array([max(fit.chi_square / freedom, 1e-24) for fit in fits])
    likelihood = np.array(
        [
            -0.5 * (freedom * np.log(variance) + fit.log_determinant + fit.log_information)
            for fit, variance in zip(fits, variances, strict=True)
        ]
    )
    weights = np.exp(likelihood - likelihood.max())
    weights /= weights.sum()
    slopes = np.array([fit.coefficients[1] for fit in fits])
    errors = variances * np.array([fit.covariance[1, 1] for fit in fits])
    slope = weights @ slopes
    error = np.sqrt(weights @ (errors + (slopes - slope) ** 2))
    return Estimate(float(slope * scale / span), float(error * scale / span), count)


def _block_means(x: np.ndarray) -> np.ndarray:
    length = -(-len(x) // MOST_POINTS)
    kept = len(x) // length * length
    return x[:kept].reshape(-1, length).mean(axis=1)


def _noise_models(times: np.ndarray, span: float) -> list[np.ndarray]:
    """Covariances of a fluctuation of unit variance plus a random walk, for every pair of settings."""
    lags = np.abs(times[:, None] - times) / span
    walk = (np.minimum(times[:, None], times) - times[0]) / span
    models = []
    for memory, ratio in product(CORRELATION_TIMES, WALK_TO_FLUCTUATION):
        fluctuation = np.exp(-lags / memory) if memory else np.eye(len(times))
        models.append(fluctuation + ratio**2 * walk)
    return models
