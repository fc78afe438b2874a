"""Means and standard errors of correlated series and of independent runs.

Every number the project reports with an error gets it here. Two rules hold throughout: the frames of one run
are correlated, so they are counted by their statistical inefficiency; runs started from different seeds are
independent, so their spread is the error whenever there are at least two of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .errors import InputError


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error.

    Attributes
    ----------
    value
        The estimate, in the unit of the data; NaN if the data do not determine it.
    stderr
        Standard error (one standard deviation of the estimate), same unit; NaN if unknown.
    n
        Number of independent values behind it: effective samples of a series, or runs; 0 if undetermined.
    """

    value: float
    stderr: float
    n: int


UNDETERMINED = Estimate(np.nan, np.nan, 0)
"""What a quantity is when the data do not determine it."""

FEWEST_BLOCKS = 50
"""Least number of block means that the statistical inefficiency is sought in; of fewer it is mostly noise."""

CLEAR_EXCESS = 3.0
"""By how many of its standard errors the inefficiency of block means must exceed that of the samples."""


def statistical_inefficiency(x: np.ndarray) -> float:
    """Tell how many consecutive samples of a stationary series carry the information of one.

    g = 1 + 2 sum_t (1 - t/N) C(t), the sum of the normalised autocorrelation ending where it first is not
    positive, as noise alone follows (Chodera et al., J. Chem. Theory Comput. 3, 26 (2007), eqs. 12-16). A
    fast oscillation on top of a slow drift ends that sum before the drift has been seen. The same is
    therefore done with the means of blocks of b = 2, 4, 8, ... samples, in which the oscillation is averaged
    away: b times their variance over that of the samples, times their own g, is the same quantity (Flyvbjerg
    and Petersen, J. Chem. Phys. 91, 461 (1989)). The largest counts, of the blocks only what exceeds the
    plain g by `CLEAR_EXCESS` standard errors.

    Parameters
    ----------
    x
        Shape (samples,), equally spaced in time.

    Returns
    -------
    float
        g, between 1 (white noise, or a constant series) and half the length of the series: no series is
        trusted to hold fewer than two independent samples, since its own variance is then unknown as well.

    Raises
    ------
    InputError
        The series is empty, not one-dimensional, or not finite.
    """
    x = _finite_series(x)
    variance = x.var()
    if len(x) < 4 or variance <= (1e-12 * np.abs(x).max()) ** 2:
        return 1.0
    plain, _ = _sum_of_correlation(x)
    found, length = plain, 2
    while len(x) // length >= FEWEST_BLOCKS:
        means = x[: len(x) // length * length].reshape(-1, length).mean(axis=1)
        of_means, error = _sum_of_correlation(means)
        of_blocks = length * means.var(ddof=1) / variance * of_means
        if of_blocks > plain * (1.0 + CLEAR_EXCESS * error):
            found = max(found, of_blocks)
        length *= 2
    return float(np.clip(found, 1.0, len(x) / 2))


def _sum_of_correlation(x: np.ndarray) -> tuple[float, float]:
    """1 + 2 sum_t (1 - t/N) C(t) up to the first C(t) that is not positive, and its relative error.

    Over M lags it has the relative variance 2 (2 M + 1)/N (Madras and Sokal, J. Stat. Phys. 50, 109 (1988)).
    """
    fluctuation = x - x.mean()
    lags = np.arange(len(x))
    # Wiener-Khinchin, padded with zeros so that the ends do not meet.
    power = np.abs(np.fft.rfft(fluctuation, 2 * len(x))) ** 2
    covariance = np.fft.irfft(power, 2 * len(x))[: len(x)]
    correlation = covariance / (len(x) - lags) / np.mean(fluctuation**2)
    negative = np.flatnonzero(correlation <= 0)
    end = negative[0] if len(negative) else len(x)
    found = max(1.0, 1.0 + 2.0 * np.sum((1.0 - lags[1:end] / len(x)) * correlation[1:end]))
    return float(found), float(np.sqrt(2.0 * (2.0 * end - 1.0) / len(x)))


def mean_of_series(x: np.ndarray) -> Estimate:
    """Average a stationary, correlated series.

    With m = N/g independent samples the variance of the mean is s^2 / (m - 1), where s^2 = <x^2> - <x>^2: the
    mean is taken from the same data, which lowers s^2 by the factor 1 - 1/m; for white noise this is the
    usual s/sqrt(N).

    Parameters
    ----------
    x
        Shape (samples,), equally spaced in time.

    Returns
    -------
    Estimate
        Mean and standard error in the unit of `x`, n = N/g rounded down; a single sample has no error (NaN).

    Raises
    ------
    InputError
        As `statistical_inefficiency`.
    """
    x = _finite_series(x)
    if len(x) == 1:
        return Estimate(float(x[0]), np.nan, 1)
    independent = len(x) / statistical_inefficiency(x)
    return Estimate(float(x.mean()), float(np.sqrt(x.var() / (independent - 1.0))), int(independent))


def mean_of_runs(estimates: Sequence[Estimate]) -> Estimate:
    """Average independent runs of the same thing, each counting the same.

    The standard error is the larger of two estimates: the spread between the runs, s/sqrt(runs), and the
    error propagated from within them, sqrt(sum e_i^2)/runs. The spread holds everything that makes runs
    differ, but of two or three runs it can be small by chance; the true one is never below what the runs' own
    fluctuations make it.

    Parameters
    ----------
    estimates
        One per run; runs without a value (NaN) are left out.

    Returns
    -------
    Estimate
        n = number of runs with a value; `UNDETERMINED` if there is none. A single run keeps its own error.
    """
    known = [estimate for estimate in estimates if np.isfinite(estimate.value)]
    if not known:
        return UNDETERMINED
    values = np.array([estimate.value for estimate in known])
    errors = np.array([estimate.stderr for estimate in known])
    spread = values.std(ddof=1) / np.sqrt(len(values)) if len(values) > 1 else np.nan
    within = np.sqrt(np.sum(errors**2)) / len(values)
    return Estimate(float(values.mean()), float(np.fmax(spread, within)), len(known))


def variance_of_total(counts: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """Variance of the total number of events in independent samples, from their spread.

    It is that of counting (the number itself) for independent events, and more when samples differ or events
    come in bursts. By chance it can be less: an error should not be below that of counting.

    Parameters
    ----------
    counts
        Events, shape (samples,) or (samples, kinds).
    exposure
        Shape (samples,): time or whatever the expected number of events is proportional to.

    Returns
    -------
    numpy.ndarray
        Shape () or (kinds,); 0 for a single sample.
    """
    counts, exposure = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    # A sample without exposure has no events.
    expected = np.multiply.outer(exposure / (exposure.sum() or 1.0), counts.sum(axis=0))
    samples = len(counts)
    return np.sum((counts - expected) ** 2, axis=0) * samples / max(samples - 1, 1)


def mean_of_curves(curves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Average curves of independent runs point by point.

    Parameters
    ----------
    curves
        Shape (runs, points).

    Returns
    -------
    mean, stderr : tuple of numpy.ndarray
        Shape (points,) each; the error is the spread between runs, NaN for a single run.
    """
    curves = np.asarray(curves, dtype=float)
    if len(curves) < 2:
        return curves.mean(axis=0), np.full(curves.shape[1], np.nan)
    return curves.mean(axis=0), curves.std(axis=0, ddof=1) / np.sqrt(len(curves))


def jackknife(function: Callable[[list], float], data: Sequence) -> Estimate:
    """Give `function` of independent data a standard error by leaving out each item once.

    The variance is (n-1)/n sum_i (f_i - <f>)^2 over the n leave-one-out values (Quenouille, Tukey).

    Parameters
    ----------
    function
        Takes a list of items like those of `data`; returns a number.
    data
        Independent items: runs, or blocks longer than the correlation time.

    Returns
    -------
    Estimate
        Value of the full data, error (NaN for a single item), n = items.

    Raises
    ------
    InputError
        There is no data.
    """
    data = list(data)
    if not data:
        raise InputError("A jackknife needs at least one item of data, and there is none.")
    value = float(function(data))
    if len(data) == 1:
        return Estimate(value, np.nan, 1)
    left_out = np.array(
        [function(data[:index] + data[index + 1 :]) for index in range(len(data))], dtype=float
    )
    return Estimate(value, float(np.sqrt((len(data) - 1) * left_out.var())), len(data))


def independent_blocks(x: np.ndarray, most: int = 20) -> list[np.ndarray]:
    """Cut a series into consecutive blocks, each at least two statistical inefficiencies long.

    Parameters
    ----------
    x
        Shape (samples,), equally spaced in time.
    most
        Most blocks to make.

    Returns
    -------
    list of numpy.ndarray
        Between 1 and `most` blocks that together are the series.
    """
    x = _finite_series(x)
    count = int(np.clip(len(x) / (2.0 * statistical_inefficiency(x)), 1, most))
    return np.array_split(x, count)


def _finite_series(x: np.ndarray) -> np.ndarray:
    x = np.asarray(x, dtype=float)
    if x.ndim != 1 or len(x) == 0 or not np.all(np.isfinite(x)):
        raise InputError(
            f"A series must be a non-empty list of finite numbers, this one has shape {x.shape}."
        )
    return x
