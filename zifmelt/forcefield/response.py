"""How a measured quantity responds to parameters of the force field: a smooth surface through a few points.

The surface is a polynomial of second order. Its constant and slopes are free, its curvatures have a normal
prior about zero; the width of that prior, and the scatter that the errors of the points do not explain, are
those under which the data are most likely (restricted maximum likelihood). A dozen points then give a plane
where they show no curvature, and a curved surface where they do.
"""

from dataclasses import dataclass
from itertools import combinations_with_replacement, product

import numpy as np

from ..errors import InputError

CURVATURES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Widths of the prior that are tried, in units of the quantity per scaled parameter squared."""
SCATTERS = (0.0, 0.03, 0.1, 0.3, 1.0, 3.0)
"""Standard deviations beyond the errors that are tried, in units of the quantity."""
LEAST_ERROR = 1e-3
"""Errors below this, and unknown ones, count as this: a point must not fix the surface for ever."""


def features(x: np.ndarray) -> np.ndarray:
    """Evaluate 1, x_i and x_i x_j at points of shape (points, dimensions)."""
    x = np.atleast_2d(x)
    pairs = combinations_with_replacement(range(x.shape[1]), 2)
    return np.column_stack([np.ones(len(x)), x, *(x[:, i] * x[:, j] for i, j in pairs)])


@dataclass(frozen=True)
class Response:
    """A fitted surface.

    Attributes
    ----------
    coefficients, covariance
        Shapes (features,) and (features, features).
    scatter
        Standard deviation of the points about the surface beyond their errors.
    linear
        Matrix (features, points) that takes the values at the points to the coefficients.
    errors
        Shape (points,): standard deviations that the points were given, scatter included.
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    scatter: float
    linear: np.ndarray
    errors: np.ndarray

    def predict(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return value and standard error of the surface at points (points, dimensions)."""
        rows = features(x)
        variance = np.einsum("pi,ij,pj->p", rows, self.covariance, rows)
        return rows @ self.coefficients, np.sqrt(variance)


def fit_response(x: np.ndarray, y: np.ndarray, stderr: np.ndarray) -> Response:
    """Fit a surface.

    Parameters
    ----------
    x
        Shape (points, dimensions), scaled to about -1 ... 1.
    y, stderr
        Shape (points,): values, of order 1, and their standard errors (NaN if unknown).

    Raises
    ------
    InputError
        There are too few points for a plane, or they lie in a plane of fewer dimensions.
    """
    x, y = np.atleast_2d(x), np.asarray(y, dtype=float)
    plane = 1 + x.shape[1]
    if np.linalg.matrix_rank(features(x)[:, :plane]) < plane:
        raise InputError(f"{len(x)} points do not fix the response to {x.shape[1]} parameters.")
    noise = np.maximum(np.nan_to_num(stderr), LEAST_ERROR) ** 2
    width, scatter = max(
        product(CURVATURES, SCATTERS), key=lambda pair: _log_likelihood(features(x), plane, y, noise, *pair)
    )
    weights = 1.0 / (noise + scatter**2)
    rows = features(x)
    prior = np.repeat([0.0, width**-2.0], [plane, rows.shape[1] - plane])
    covariance = np.linalg.inv((rows.T * weights) @ rows + np.diag(prior))
    linear = covariance @ (rows.T * weights)
    return Response(linear @ y, covariance, float(scatter), linear, weights**-0.5)


def _log_likelihood(
    rows: np.ndarray, plane: int, y: np.ndarray, noise: np.ndarray, width: float, scatter: float
) -> float:
    """Restricted log-likelihood of the width of the curvatures and of the scatter, up to a constant."""
    flat, curved = rows[:, :plane], rows[:, plane:]
    covariance = width**2 * curved @ curved.T + np.diag(noise + scatter**2)
    inverse = np.linalg.inv(covariance)
    normal = flat.T @ inverse @ flat
    residual = y - flat @ np.linalg.solve(normal, flat.T @ inverse @ y)
    determinants = np.linalg.slogdet(covariance)[1] + np.linalg.slogdet(normal)[1]
    return float(-0.5 * (determinants + residual @ inverse @ residual))
