"""When runs go from order to disorder: onset, completion, and the mean time to either."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy  # its statistics take a second to load: only where they are used

from ..errors import InputError
from ..runs import Simulation
from ..statistics import UNDETERMINED, Estimate


@dataclass(frozen=True)
class Thresholds:
    """When a transition counts as begun and as complete.

    Attributes
    ----------
    onset, completion
        Disordered fractions of the Zn.
    class_onset
        Fraction of the Zn at which a class counts as present; above what the classifier calls so by mistake.
    """

    onset: float
    completion: float
    class_onset: float


@dataclass(frozen=True)
class Passage:
    """When a run goes from order to disorder.

    Attributes
    ----------
    onset_ps
        When the disordered fraction leaves the lower threshold for good; NaN if it does not.
    completion_ps
        When it first reaches the upper threshold; NaN if it does not.
    growth_per_ps
        Slope of the disordered fraction between the two (or to the end of the run), least squares; NaN
        without onset or with fewer than three frames.
    duration_ps
        Length of the run.
    """

    onset_ps: float
    completion_ps: float
    growth_per_ps: float
    duration_ps: float


def passage(times: np.ndarray, fraction: np.ndarray, low: float, high: float) -> Passage:
    """Date the nucleation and the growth of the disordered phase in one run.

    Completion is the first passage of `high`. Onset is the first frame after the last one below `low`
    before the completion (or before the end of the run): fluctuations that die away again are no onset.

    Parameters
    ----------
    times
        Shape (frames,), ps, from the start of the run.
    fraction
        Shape (frames,): disordered fraction of the Zn.
    low, high
        Thresholds.

    Raises
    ------
    InputError
        Not 0 < low < high <= 1.
    """
    if not 0 < low < high <= 1:
        raise InputError(
            f"mechanism.thresholds: onset is {low} and completion {high}, but must be 0 < onset < completion"
            " <= 1."
        )
    duration = float(times[-1])
    complete = np.flatnonzero(fraction >= high)
    end = int(complete[0]) + 1 if len(complete) else len(times)
    below = np.flatnonzero(fraction[:end] < low)
    start = int(below[-1]) + 1 if len(below) else 0
    completion = float(times[complete[0]]) if len(complete) else np.nan
    if start == end:
        return Passage(np.nan, completion, np.nan, duration)
    slope = np.polyfit(times[start:end], fraction[start:end], 1)[0] if end - start > 2 else np.nan
    return Passage(float(times[start]), completion, float(slope), duration)


def first_passage(times: np.ndarray, fraction: np.ndarray, threshold: float) -> float:
    """Return the first time at which a fraction is at least `threshold`, ps; NaN if there is none."""
    reached = np.flatnonzero(fraction >= threshold)
    return float(times[reached[0]]) if len(reached) else np.nan


def mean_waiting_time(times_ps: Sequence[float], durations_ps: Sequence[float]) -> Estimate:
    """Estimate the mean time to a first event from independent runs, some of which may have none.

    Maximum likelihood for a constant rate: the total time waited over the number of events; without
    censored runs this is their mean.

    Parameters
    ----------
    times_ps
        Per run: time of the first event, NaN if there was none.
    durations_ps
        Per run: how long it was watched.

    Returns
    -------
    Estimate
        ps; n = runs with an event; the error is value / sqrt(n). `UNDETERMINED` without any event.
    """
    times = np.asarray(times_ps, dtype=float)
    events = int(np.isfinite(times).sum())
    if not events:
        return UNDETERMINED
    value = float(np.where(np.isfinite(times_ps), times_ps, durations_ps).sum() / events)
    return Estimate(value, value / np.sqrt(events), events)


def waiting_limits(events: int, waited_ps: float, confidence: float = 0.68) -> tuple[float, float]:
    """Bound the mean time to an event that comes at a constant rate.

    The interval for the count of a Poisson process in a given time (Garwood, Biometrika 28, 437, 1936); for
    runs that end with their event it is on the safe side.

    Parameters
    ----------
    events
        How many came.
    waited_ps
        Time that all runs together were watched for, up to their events, ps.
    confidence
        Level of the interval.

    Returns
    -------
    low_ps, high_ps : tuple of float
        Infinite above without an event.
    """
    tails = (1 + confidence) / 2, (1 - confidence) / 2
    low = 2 * waited_ps / scipy.stats.chi2.ppf(tails[0], 2 * events + 2)
    high = 2 * waited_ps / scipy.stats.chi2.ppf(tails[1], 2 * events) if events else np.inf
    return float(low), float(high)


def disordered_fraction(fractions: pd.DataFrame, crystals: Sequence[str]) -> np.ndarray:
    """Add up the fractions of all classes that are no crystal, shape (frames,)."""
    return fractions.drop(columns=["time_ps", *crystals], errors="ignore").sum(axis=1).to_numpy()


def passages(
    runs: Iterable[tuple[Simulation, pd.DataFrame]],
    name: str,
    crystals: Sequence[str],
    thresholds: Thresholds,
) -> pd.DataFrame:
    """Date onset and completion in every run of a transition.

    Parameters
    ----------
    runs
        Simulations, each with its fractions of the classes against ``time_ps``.
    name
        Of the transition.
    crystals, thresholds
        As in `sequence_rows`.

    Returns
    -------
    pandas.DataFrame
        transition, supercell, n_zn, temperature_K, replica, onset_ps, completion_ps (NaN where there is
        none), watched_ps.
    """
    rows = []
    for run, fractions in runs:
        times, disordered = fractions["time_ps"].to_numpy(), disordered_fraction(fractions, crystals)
        found = passage(times, disordered, thresholds.onset, thresholds.completion)
        rows.append(
            {
                "transition": name,
                "supercell": run.supercell,
                "n_zn": run.n_zn,
                "temperature_K": run.temperature_K,
                "replica": run.replica,
                "onset_ps": found.onset_ps,
                "completion_ps": found.completion_ps,
                "watched_ps": found.duration_ps,
            }
        )
    return pd.DataFrame(rows)


def waiting_times(table: pd.DataFrame) -> pd.DataFrame:
    """Average the times to onset over the runs of one transition, size and temperature.

    Parameters
    ----------
    table
        From `passages`.

    Returns
    -------
    pandas.DataFrame
        transition, supercell, n_zn, temperature_K; runs, onsets; onset_ps, the mean waiting time (NaN
        without an onset), and low_ps and high_ps, its 68 % interval, see `waiting_limits`.
    """
    rows = []
    for key, group in table.groupby(["transition", "supercell", "n_zn", "temperature_K"], sort=False):
        waited = group["onset_ps"].fillna(group["watched_ps"])
        estimate = mean_waiting_time(group["onset_ps"], group["watched_ps"])
        low, high = waiting_limits(estimate.n, float(waited.sum()))
        rows.append((*key, len(group), estimate.n, estimate.value, low, high))
    columns = ["transition", "supercell", "n_zn", "temperature_K", "runs", "onsets", "onset_ps"]
    return pd.DataFrame(rows, columns=[*columns, "low_ps", "high_ps"])
