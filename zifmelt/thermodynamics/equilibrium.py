"""The temperature at which crystal and disordered phase coexist: where the growth rate changes sign."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import InputError
from .spreads import SpreadFit, fit_with_spreads, possible_noises

GRID_POINTS = 1001
"""Temperatures at which a fit is searched for its zero; between them it is interpolated linearly."""


@dataclass(frozen=True)
class Equilibrium:
    """Where the growth rate is zero.

    Attributes
    ----------
    temperature_K, stderr_K
        Equilibrium temperature and standard error; NaN if the series does not bracket it.
    low_K, high_K
        Confidence interval; NaN on a side where it leaves the temperatures of the series. Without a
        temperature, what bounds it all the same.
    confidence
        Level of the interval.
    order
        Degree of the polynomial in the growth rate's fit; -1 without a fit.
    lowest_K, highest_K
        Range of the temperatures with a growth rate.
    runs
        Growth rates behind it.
    note
        Empty, or what the series does not determine, and the bounds that it gives.
    curve
        Fit and its confidence band: temperature_K, rate_Zn_per_ps, low_Zn_per_ps, high_Zn_per_ps.
    """

    temperature_K: float
    stderr_K: float
    low_K: float
    high_K: float
    confidence: float
    order: int
    lowest_K: float
    highest_K: float
    runs: int
    note: str
    curve: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """Return everything but the curve as a table of one row."""
        return pd.DataFrame([{name: value for name, value in vars(self).items() if name != "curve"}])


def equilibrium_temperature(
    rates: pd.DataFrame,
    most_order: int,
    rng: np.random.Generator,
    confidence: float = 0.95,
    samples: int = 2000,
) -> Equilibrium:
    """Find where the growth rate of the disordered phase passes through zero from below.

    The rates v of all runs are fitted by one polynomial in T, weighted by their errors. Runs may differ by
    more than their own errors, each by itself and, as a replica's runs at all temperatures start from the
    same interface, together; both spreads are averaged over, weighted by the restricted likelihood. The
    degree (1 to `most_order`) is the one of the smallest corrected Akaike criterion. The confidence interval
    is a parametric bootstrap over the runs: their rates are redrawn with the covariances found, and the zero
    of each fit is taken.

    Parameters
    ----------
    rates
        Columns temperature_K, replica, rate_Zn_per_ps, stderr_Zn_per_ps; runs without a rate (NaN) are left
        out.
    most_order
        Highest degree of the polynomial.
    rng
        Source of the bootstrap.
    confidence
        Level of the confidence interval.
    samples
        Bootstrap samples.

    Returns
    -------
    Equilibrium
        With a note in place of a temperature if the mean rates do not change from shrinking to growing.

    Raises
    ------
    InputError
        `most_order` is below 1 or a rate has an error that is not positive.
    """
    if most_order < 1:
        raise InputError(f"thermodynamics.rate_order is {most_order}; it must be 1 or more.")
    known = rates[np.isfinite(rates["rate_Zn_per_ps"])]
    if not np.all(known["stderr_Zn_per_ps"] > 0):
        raise InputError("A growth rate has a standard error that is not positive; every rate needs one.")
    temperatures = np.unique(known["temperature_K"])
    if len(temperatures) < 2:
        return _undetermined(confidence, known, "Fewer than two temperatures have a growth rate.")
    scaled = _Scaling(temperatures)
    fit = _best_fit(known, scaled, min(most_order, len(temperatures) - 1))
    coefficients = fit.coefficients
    order = len(coefficients) - 1
    draws = fit.drawn(rng, samples)
    tails = [50 * (1 - confidence), 50 * (1 + confidence)]
    curve = _curve(coefficients, draws, scaled, tails)
    zeros = scaled.zeros(draws)
    # A redrawn fit that falls through zero tells nothing: it counts against both ends of the interval.
    low = np.percentile(np.where(np.isnan(zeros), -np.inf, zeros), tails[0], method="nearest")
    high = np.percentile(np.where(np.isnan(zeros), np.inf, zeros), tails[1], method="nearest")
    interval = _within(low, high, scaled)
    side = _side(known)
    zero = float(scaled.zeros(coefficients)[0])
    if side or not np.isfinite(zero):
        note = side or "The fitted growth rate does not rise through zero within the temperatures."
        return _undetermined(confidence, known, f"{note} {_bound(interval, tails)}", order, curve, interval)
    closed = np.isfinite(interval).all()
    note = (
        ""
        if closed
        else f"The confidence interval is open: widen the temperatures. {_bound(interval, tails)}"
    )
    return Equilibrium(
        temperature_K=zero,
        stderr_K=_error_of_zero(zero, coefficients, draws, scaled),
        low_K=interval[0],
        high_K=interval[1],
        confidence=confidence,
        order=order,
        lowest_K=scaled.low,
        highest_K=scaled.high,
        runs=len(known),
        note=note,
        curve=curve,
    )


class _Scaling:
    """Temperatures mapped onto -1 to 1, where polynomials are well conditioned."""

    def __init__(self, temperatures: np.ndarray) -> None:
        self.low, self.high = float(temperatures.min()), float(temperatures.max())
        self.middle, self.half = (self.low + self.high) / 2, (self.high - self.low) / 2

    def design(self, temperatures: np.ndarray, order: int) -> np.ndarray:
        return np.vander((np.asarray(temperatures) - self.middle) / self.half, order + 1, increasing=True)

    def zeros(self, coefficients: np.ndarray) -> np.ndarray:
        """Lowest temperature at which each row's rate rises through zero.

        Outside the temperatures it is minus infinity (the rate is positive everywhere) or infinity
        (negative); NaN if the rate falls through zero.
        """
        temperatures = np.linspace(self.low, self.high, GRID_POINTS)
        rates = np.atleast_2d(coefficients) @ self.design(temperatures, np.shape(coefficients)[-1] - 1).T
        rises = (rates[:, :-1] < 0) & (rates[:, 1:] >= 0)
        left = rises.argmax(axis=1)
        rows = np.arange(len(rates))
        below, above = rates[rows, left], rates[rows, left + 1]
        step = temperatures[1] - temperatures[0]
        with np.errstate(divide="ignore", invalid="ignore"):
            crossing = temperatures[left] - step * below / (above - below)
        outside = np.where(rates.min(axis=1) > 0, -np.inf, np.where(rates.max(axis=1) < 0, np.inf, np.nan))
        return np.where(rises.any(axis=1), crossing, outside)


def _within(low: float, high: float, scaled: _Scaling) -> tuple[float, float]:
    """Return the interval's ends as far as the temperatures of the series determine them, else NaN."""
    # Beyond the hottest (coldest) temperature, that temperature is still a bound.
    low, high = min(low, scaled.high), max(high, scaled.low)
    return (float(low) if np.isfinite(low) else np.nan, float(high) if np.isfinite(high) else np.nan)


def _bound(interval: tuple[float, float], tails: list[float]) -> str:
    """Say between what temperatures coexistence is, in one sentence."""
    named = zip(("above", "below"), interval, strict=True)
    ends = [f"{side} {temperature:.0f} K" for side, temperature in named if np.isfinite(temperature)]
    if not ends:
        return "Coexistence is bounded on neither side."
    level = tails[1] if len(ends) == 1 else tails[1] - tails[0]
    return f"Coexistence is {' and '.join(ends)} ({level:g} % confidence)."


def _side(known: pd.DataFrame) -> str:
    """Say why the mean rates do not bracket a zero; empty if they do."""
    means = known.groupby("temperature_K")["rate_Zn_per_ps"].mean()
    shrinking, growing = means.index[means < 0], means.index[means > 0]
    if len(growing) and not len(shrinking):
        return "The disordered phase shrinks at no temperature of the series."
    if len(shrinking) and not len(growing):
        return "The disordered phase grows at no temperature of the series."
    if not len(growing) or shrinking[0] > growing[-1]:
        return "The disordered phase does not shrink at a lower and grow at a higher temperature."
    return ""


def _best_fit(known: pd.DataFrame, scaled: _Scaling, most_order: int) -> SpreadFit:
    """Fit of the degree with the smallest corrected Akaike criterion."""
    temperatures, rates = known["temperature_K"].to_numpy(float), known["rate_Zn_per_ps"].to_numpy(float)
    widest = scaled.design(temperatures, most_order)
    left = rates - widest @ np.linalg.lstsq(widest, rates, rcond=None)[0]
    errors, replicas = known["stderr_Zn_per_ps"].to_numpy(float), known["replica"].to_numpy()
    noises = possible_noises(errors, replicas, 1.5 * float(left.std()))
    best: SpreadFit | None = None
    criterion = np.inf
    for order in range(1, most_order + 1):
        fit = fit_with_spreads(scaled.design(temperatures, order), rates, noises)
        parameters = order + 1
        spare = len(rates) - parameters - 1
        penalty = 2 * parameters * len(rates) / spare if spare > 0 else np.inf
        if best is None or penalty - 2 * fit.log_likelihood < criterion:
            best, criterion = fit, penalty - 2 * fit.log_likelihood
    assert best is not None, "the first order is always tried"
    return best


def _error_of_zero(zero: float, coefficients: np.ndarray, draws: np.ndarray, scaled: _Scaling) -> float:
    """Divide the error of the rate at its zero by the slope there; finite for an open interval as well."""
    order, step = len(coefficients) - 1, 1e-3 * scaled.half
    below, above = scaled.design(np.array([zero - step, zero + step]), order) @ coefficients
    at_zero = draws @ scaled.design(np.array([zero]), order)[0]
    return float(at_zero.std(ddof=1) * 2 * step / abs(above - below))


def _curve(coefficients: np.ndarray, draws: np.ndarray, scaled: _Scaling, tails: list[float]) -> pd.DataFrame:
    temperatures = np.linspace(scaled.low, scaled.high, 101)
    design = scaled.design(temperatures, len(coefficients) - 1)
    low, high = np.percentile(draws @ design.T, tails, axis=0)
    return pd.DataFrame(
        {
            "temperature_K": temperatures,
            "rate_Zn_per_ps": design @ coefficients,
            "low_Zn_per_ps": low,
            "high_Zn_per_ps": high,
        }
    )


def _undetermined(
    confidence: float,
    known: pd.DataFrame,
    note: str,
    order: int = -1,
    curve: pd.DataFrame | None = None,
    interval: tuple[float, float] = (np.nan, np.nan),
) -> Equilibrium:
    columns = ["temperature_K", "rate_Zn_per_ps", "low_Zn_per_ps", "high_Zn_per_ps"]
    empty = pd.DataFrame(columns=columns, dtype=float)
    temperatures = known["temperature_K"]
    return Equilibrium(
        temperature_K=np.nan,
        stderr_K=np.nan,
        low_K=interval[0],
        high_K=interval[1],
        confidence=confidence,
        order=order,
        lowest_K=float(temperatures.min()),
        highest_K=float(temperatures.max()),
        runs=len(known),
        note=note,
        curve=empty if curve is None else curve,
    )
