"""Where the heat capacity rises: the glass transition temperature from energies."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..statistics import UNDETERMINED, Estimate, statistical_inefficiency
from .heating_transition import FEWEST_BLOCKS, HALF_CHI_SQUARE_95, STRONG_EVIDENCE, Transition, ramp_blocks


@dataclass(frozen=True)
class BrokenLine:
    """A continuous line with one change of slope.

    Attributes
    ----------
    at
        Where the slope changes.
    rise
        Slope after minus slope before.
    fit
        The line at the fitted points.
    residual
        Weighted sum of squared residuals.
    """

    at: float
    rise: float
    fit: np.ndarray
    residual: float


def broken_line(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> BrokenLine:
    """Fit y = a + b x + c max(x - x0, 0).

    For a fixed x0 the rest is linear; x0 is scanned between the second and the last but one point, then
    finely around the best.

    Parameters
    ----------
    x, y, weight
        Shape (n,) each, x ascending; weights are inverse variances up to a common factor.

    Returns
    -------
    BrokenLine
        The best of all.
    """
    low, high = x[1], x[-2]
    for _ in range(2):
        grid = np.linspace(low, high, 101)
        fits, rises, residuals = _hinge_fits(x, y, weight, grid)
        best = int(np.argmin(residuals))
        low, high = grid[max(best - 1, 0)], grid[min(best + 1, 100)]
    return BrokenLine(float(grid[best]), float(rises[best]), fits[best], float(residuals[best]))


def glass_transition(
    temperatures: Sequence[float], energies: Sequence[Estimate], rng: np.random.Generator, samples: int = 200
) -> Transition:
    """Find the temperature at which the slope of the energy (the heat capacity) rises.

    Two lines that meet are fitted to the mean energies; the points are then redrawn within their errors and
    fitted again, which gives the error and the 95 % interval. A change counts if the Bayesian information
    criterion prefers it to one line and the slope rises.

    Parameters
    ----------
    temperatures
        K, one per point.
    energies
        Mean energy at each, any unit.
    rng
        Source of the redrawing.
    samples
        Number of redrawn data sets.

    Returns
    -------
    Transition
        Undetermined for fewer than six temperatures, unknown errors, or no support for a change.
    """
    order = np.argsort(temperatures)
    x = np.asarray(temperatures, dtype=float)[order]
    y = np.array([energies[index].value for index in order])
    error = np.array([energies[index].stderr for index in order])
    if len(np.unique(x)) < 6 or not (
        np.all(np.isfinite(y)) and np.all(np.isfinite(error)) and np.all(error > 0)
    ):
        return Transition(UNDETERMINED, np.nan, np.nan, x, y, np.full(len(x), np.nan))
    weight = 1.0 / error**2
    best, gain = _rising_line(x, y, weight, smallest_variance=1.0)
    if gain <= 0:
        return Transition(UNDETERMINED, np.nan, np.nan, x, y, best.fit)
    redrawn = [broken_line(x, rng.normal(y, error), weight).at for _ in range(samples)]
    low, high = np.percentile(redrawn, [2.5, 97.5])
    estimate = Estimate(best.at, float(np.std(redrawn, ddof=1)), len(x))
    return Transition(estimate, float(low), float(high), x, y, best.fit)


def glass_transition_on_cooling(ramps: Sequence[tuple[np.ndarray, np.ndarray]]) -> list[Transition]:
    """Find the rise of the heat capacity on each of several independent ramps.

    Parameters
    ----------
    ramps
        Temperature (K) and energy along each ramp, equally spaced in time.

    Returns
    -------
    list of Transition
        One per ramp; the error is the 95 % interval of the profile likelihood divided by 3.92. Blocks count
        by the statistical inefficiency of what the broken line leaves of them.
    """
    return [_rise_of_slope(*ramp_blocks(temperature, energy)) for temperature, energy in ramps]


def _rise_of_slope(x: np.ndarray, y: np.ndarray) -> Transition:
    x, y = x[np.argsort(x)], y[np.argsort(x)]
    if len(np.unique(x)) < FEWEST_BLOCKS:
        return Transition(UNDETERMINED, np.nan, np.nan, x, y, np.full(len(x), np.nan))
    inefficiency = statistical_inefficiency(y - broken_line(x, y, np.ones(len(x))).fit)
    best, gain = _rising_line(x, y, np.ones(len(x)), smallest_variance=0.0, inefficiency=inefficiency)
    if gain < STRONG_EVIDENCE:
        return Transition(UNDETERMINED, np.nan, np.nan, x, y, best.fit)
    grid = np.linspace(x[1], x[-2], 401)
    residuals = _hinge_fits(x, y, np.ones(len(x)), grid)[2]
    (likely,) = np.nonzero(len(x) / inefficiency / 2 * np.log(residuals / best.residual) < HALF_CHI_SQUARE_95)
    nearest = np.append(likely, np.abs(grid - best.at).argmin())
    # The ends lie between the last place inside and the next one outside.
    low, high = grid[max(nearest.min() - 1, 0)], grid[min(nearest.max() + 1, len(grid) - 1)]
    estimate = Estimate(best.at, float(high - low) / 3.92, len(x))
    return Transition(estimate, float(low), float(high), x, y, best.fit)


def _rising_line(
    x: np.ndarray, y: np.ndarray, weight: np.ndarray, smallest_variance: float, inefficiency: float = 1.0
) -> tuple[BrokenLine, float]:
    """Fit a line that breaks upwards and give the fall of the criterion against one that does not break.

    The fall is that of the residual over the variance of the points, found from the scatter but not below
    `smallest_variance` (1 if the weights are from known errors), over the statistical inefficiency of
    neighbouring points, less two parameters' worth; it is 0, and the line straight, if a break is not worth
    its parameters or the slope falls.
    """
    line = np.polynomial.Polynomial.fit(x, y, 1, w=np.sqrt(weight))(x)
    straight = float(np.sum(weight * (y - line) ** 2))
    best = broken_line(x, y, weight)
    variance = max(best.residual / (len(x) - 4), smallest_variance, 1e-300)
    gain = (straight - best.residual) / (variance * inefficiency) - 2.0 * np.log(len(x))
    if best.rise <= 0 or gain <= 0:
        return BrokenLine(np.nan, 0.0, line, straight), 0.0
    return best, gain


def _hinge_fits(
    x: np.ndarray, y: np.ndarray, weight: np.ndarray, places: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fitted curve, change of slope and residual of a broken line for each place of the break."""
    scale = np.ptp(x)
    hinge = np.maximum(x - places[:, None], 0.0) / scale
    straight = [np.broadcast_to(term, hinge.shape) for term in (1.0, (x - x.mean()) / scale)]
    design = np.stack([*straight, hinge], axis=2)
    weighted = np.swapaxes(design, 1, 2) * weight
    coefficients = np.linalg.solve(weighted @ design, (weighted @ y)[..., None])
    fits = (design @ coefficients)[..., 0]
    return fits, coefficients[:, 2, 0] / scale, np.sum(weight * (y - fits) ** 2, axis=1)
