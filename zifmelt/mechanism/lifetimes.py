"""How long a three-coordinated Zn lives, and how many there are."""

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy  # its statistics take a second to load: only where they are used

from ..statistics import UNDETERMINED, Estimate, mean_of_series
from .bonds import Bonds
from .events import FULL_COORDINATION

COLUMNS = {"zinc": "int64", "start_ps": "float64", "lifetime_ps": "float64", "censored": "bool"}
"""Columns of the table of lives and their types."""


@dataclass(frozen=True)
class Survival:
    """Kaplan-Meier estimate of a survival function.

    Attributes
    ----------
    times
        Shape (steps,), ps, ascending.
    probability, low, high
        Shape (steps,): share that lives longer than each time, and its 95 % confidence band (Greenwood).
    """

    times: np.ndarray
    probability: np.ndarray
    low: np.ndarray
    high: np.ndarray


def defect_lifetimes(bonds: Bonds) -> pd.DataFrame:
    """List every stretch in which a Zn has fewer than four N, from the break on.

    A Zn that loses a second N on the way has one life, from its first missing N until it has four again.
    Lives from before the first frame are left out (their beginning is unknown; leaving them out does not
    bias the rest).

    Parameters
    ----------
    bonds
        Bonds of one trajectory.

    Returns
    -------
    pandas.DataFrame
        Columns ``zinc``, ``start_ps``, ``lifetime_ps`` and ``censored`` (still defective in the last frame;
        the lifetime is then a lower limit), ordered by Zn and time.
    """
    defective = bonds.coordination() < FULL_COORDINATION
    change = np.diff(defective.astype(np.int8), axis=0)
    zinc, start = np.nonzero(change.T == 1)
    last = len(bonds.times) - 1
    ends_of = {index: np.flatnonzero(column == -1) for index, column in enumerate(change.T)}
    rows = []
    for index, frame in zip(zinc.tolist(), (start + 1).tolist(), strict=True):
        later = ends_of[index][ends_of[index] >= frame]
        end = later[0] + 1 if len(later) else last
        rows.append((index, bonds.times[frame], bonds.times[end] - bonds.times[frame], not len(later)))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def kaplan_meier(lifetimes: np.ndarray, censored: np.ndarray) -> Survival:
    """Estimate the survival function of censored lifetimes (Kaplan and Meier 1958; via `scipy.stats.ecdf`).

    Parameters
    ----------
    lifetimes
        Shape (n,), ps; lower limits where `censored`.
    censored
        Shape (n,), bool.

    Returns
    -------
    Survival
        Starts at time 0 with probability 1. Without any data only this point.
    """
    if not len(lifetimes):
        return Survival(np.zeros(1), np.ones(1), np.ones(1), np.ones(1))
    survival = scipy.stats.ecdf(
        scipy.stats.CensoredData.right_censored(lifetimes, np.asarray(censored, dtype=bool))
    ).sf
    with warnings.catch_warnings():
        # Past the last death the band is not defined; it is NaN there.
        warnings.simplefilter("ignore", RuntimeWarning)
        band = survival.confidence_interval(0.95, method="linear")
    curves = (survival.probabilities, band.low.probabilities, band.high.probabilities)
    return Survival(np.append(0.0, survival.quantiles), *(np.append(1.0, curve) for curve in curves))


def restricted_mean(survival: Survival, horizon_ps: float | None = None) -> float:
    """Integrate a survival function: the mean lifetime if every life ended at the horizon at the latest.

    Parameters
    ----------
    survival
        Kaplan-Meier estimate.
    horizon_ps
        Horizon, ps; the longest lifetime observed if not given. If no lifetime is censored this is their
        mean.

    Returns
    -------
    float
        Restricted mean lifetime, ps; NaN without data.
    """
    horizon = survival.times[-1] if horizon_ps is None else horizon_ps
    if horizon <= 0 or len(survival.times) < 2:
        return np.nan
    edges = np.append(np.minimum(survival.times, horizon), horizon)
    return float(np.sum(np.diff(edges) * survival.probability))


def mean_lifetime(survival: Survival) -> float:
    """Integrate a survival function over all times.

    Where the longest lives are censored the curve ends above zero. It is continued by the exponential through
    its last point (Brown, Hollander and Korwar 1974), since the area up to there would be too small.

    Parameters
    ----------
    survival
        Kaplan-Meier estimate.

    Returns
    -------
    float
        Mean lifetime, ps; without censored lives their mean. NaN without data or without any death.
    """
    last, horizon = survival.probability[-1], survival.times[-1]
    if last >= 1:
        return np.nan
    tail = -last * horizon / np.log(last) if last > 0 else 0.0
    return restricted_mean(survival) + float(tail)


def exponential_lifetime(
    lifetimes: np.ndarray, censored: np.ndarray, interval_ps: float
) -> tuple[Estimate, float, float]:
    """Maximum-likelihood mean of exponential lifetimes that were seen at equally spaced frames.

    Lives without memory that are seen k frames long follow a geometric distribution: each of the frames in
    which they were seen is followed by recovery with probability p = 1 - exp(-interval / tau). With d
    recoveries after m frames in all, p = d / m, and tau = -interval / log(1 - d/m). This also counts
    rightly the lives that are too short to be seen. The confidence interval is that of a Poisson count d
    (Garwood).

    Parameters
    ----------
    lifetimes
        Shape (n,), ps, multiples of the interval.
    censored
        Shape (n,), bool.
    interval_ps
        Time between frames, ps.

    Returns
    -------
    estimate : Estimate
        Mean lifetime, ps, with n = recoveries.
    low, high : float
        95 % confidence interval, ps.
    """
    recoveries = int(np.sum(~np.asarray(censored, dtype=bool)))
    at_risk = float(np.sum(lifetimes)) / interval_ps
    if recoveries == 0:
        return UNDETERMINED, np.nan, np.nan

    def lifetime(count: float) -> float:
        # All lives one frame long: they are shorter than frames can tell.
        if count >= at_risk:
            return 0.0
        return -interval_ps / np.log1p(-count / at_risk)

    value = lifetime(recoveries)
    low = lifetime(scipy.stats.chi2.ppf(0.975, 2 * recoveries + 2) / 2)
    high = lifetime(scipy.stats.chi2.ppf(0.025, 2 * recoveries) / 2)
    return Estimate(float(value), float(value / np.sqrt(recoveries)), recoveries), low, high


def coordination_shares(bonds: Bonds) -> dict[int, Estimate]:
    """Average the share of Zn with each number of N over a trajectory.

    Returns
    -------
    dict
        From number of N (0 to the largest seen, at least 5) to the mean share, with the error of a correlated
        series.
    """
    coordination = bonds.coordination()
    most = max(5, int(coordination.max()))
    return {number: mean_of_series(np.mean(coordination == number, axis=1)) for number in range(most + 1)}


def coordination_table(bonds: Bonds) -> pd.DataFrame:
    """Count, frame by frame, the Zn with each number of N.

    Returns
    -------
    pandas.DataFrame
        Columns ``time_ps`` and ``zinc_with_<k>_nitrogen`` (k = 0 to the largest number seen, at least 5).
    """
    coordination = bonds.coordination()
    most = max(5, int(coordination.max()))
    counts = {f"zinc_with_{k}_nitrogen": np.sum(coordination == k, axis=1) for k in range(most + 1)}
    return pd.DataFrame({"time_ps": bonds.times, **counts})
