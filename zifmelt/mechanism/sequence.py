"""Order of events in a transition: which class comes first, when disorder sets in, how fast it grows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from ..errors import InputError
from ..runs import Simulation
from ..statistics import UNDETERMINED, Estimate, mean_of_runs, mean_of_series
from ..tables.rows import PaperValue, id_part, table_row


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
    low = 2 * waited_ps / stats.chi2.ppf(tails[0], 2 * events + 2)
    high = 2 * waited_ps / stats.chi2.ppf(tails[1], 2 * events) if events else np.inf
    return float(low), float(high)


@dataclass(frozen=True)
class Order:
    """Which of two classes comes first in independent runs.

    Attributes
    ----------
    delay
        Mean time from the first to the second class, ps; negative if the second mostly comes first.
    first_before_second, second_before_first
        Runs; ties count for neither.
    p_value
        Two-sided sign test against "either order is as likely"; NaN without a decided run.
    """

    delay: Estimate
    first_before_second: int
    second_before_first: int
    p_value: float


def order_of(first_ps: Sequence[float], second_ps: Sequence[float]) -> Order:
    """Compare the first passages of two classes over independent runs.

    A class that comes while the other never does came first; such runs have no delay.

    Parameters
    ----------
    first_ps, second_ps
        Per run: first passage of either class, ps, NaN if it never comes.
    """
    first, second = np.asarray(first_ps, dtype=float), np.asarray(second_ps, dtype=float)
    delay = mean_of_runs([Estimate(float(d), np.nan, 1) for d in second - first])
    early, late = np.nan_to_num(first, nan=np.inf), np.nan_to_num(second, nan=np.inf)
    ahead, behind = int(np.sum(early < late)), int(np.sum(late < early))
    decided = ahead + behind
    p_value = float(stats.binomtest(ahead, decided).pvalue) if decided else np.nan
    return Order(delay, ahead, behind, p_value)


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
        times, disordered = _times(fractions), disordered_fraction(fractions, crystals)
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


def sequence_rows(
    runs: Sequence[pd.DataFrame],
    label: str,
    framework: str,
    crystals: Sequence[str],
    thresholds: Thresholds,
    paper_values: Mapping[str, PaperValue],
) -> list[dict[str, Any]]:
    """Tabulate when disorder sets in, how fast it grows and which disordered class comes first.

    Parameters
    ----------
    runs
        Per independent run: fractions of the classes against ``time_ps``.
    label
        How the rows name the system, e.g. ``ZIF-4 4x4x4 550 K``.
    framework
        Crystal, for the paper's values.
    crystals
        Names of the ordered classes.
    thresholds
        See `Thresholds`.
    paper_values
        Numbers of the paper.

    Returns
    -------
    list of dict
        Rows of a table; onsets and arrivals of runs that have none are lower limits, counted by
        `mean_waiting_time`. The completion is the mean onset plus the mean growth of the runs that completed.
    """
    found = [
        passage(_times(run), disordered_fraction(run, crystals), thresholds.onset, thresholds.completion)
        for run in runs
    ]
    arrivals = {
        name: [first_passage(_times(run), run[name].to_numpy(), thresholds.class_onset) for run in runs]
        for name in runs[0].columns.drop("time_ps")
        if name not in crystals
    }
    durations = [one.duration_ps for one in found]
    onset = mean_waiting_time([one.onset_ps for one in found], durations)
    growth = _mean([one.completion_ps - one.onset_ps for one in found])
    share = mean_of_runs([mean_of_series(disordered_fraction(run, crystals)) for run in runs])
    rows = [
        ("onset", "onset of disorder", "ps", onset),
        ("completion", "completion", "ps", _completion(onset, growth)),
        ("growth_time", "growth from onset to completion", "ps", growth),
        (
            "growth_rate",
            "growth rate of the disordered fraction",
            "1/ps",
            _mean([one.growth_per_ps for one in found]),
        ),
        *_order_of_classes(arrivals, durations),
        ("disordered_fraction", "disordered fraction, mean of the runs", "1", share),
    ]
    known, system = {"completion": f"mechanism.completion_ps.{framework}"}, id_part(label)
    return [
        table_row(f"{key}.{system}", f"{label}: {text}", unit, estimate, paper_values, known.get(key, ""))
        for key, text, unit, estimate in rows
    ]


def disordered_share_row(
    runs: Sequence[pd.DataFrame],
    label: str,
    framework: str,
    crystals: Sequence[str],
    paper_values: Mapping[str, PaperValue],
) -> dict[str, Any]:
    """Tabulate the mean disordered fraction of runs in which nothing transforms, beside the paper's.

    Parameters are those of `sequence_rows`.
    """
    share = mean_of_runs([mean_of_series(disordered_fraction(run, crystals)) for run in runs])
    identifier = f"mechanism.disordered_share_stable.{framework}"
    row_id, text = f"disordered_fraction.{id_part(label)}", f"{label}: disordered fraction, mean of the runs"
    return table_row(row_id, text, "1", share, paper_values, identifier)


def _order_of_classes(
    arrivals: Mapping[str, Sequence[float]], durations: Sequence[float]
) -> list[tuple[str, str, str, Estimate]]:
    """When the disordered classes arrive, and which of any two comes first; the last class is told first."""
    latest = list(arrivals)[::-1]
    rows = [
        (f"arrival_{name}", f"arrival of {name}", "ps", mean_waiting_time(arrivals[name], durations))
        for name in latest
    ]
    for first, second in combinations(latest, 2):
        order = order_of(arrivals[first], arrivals[second])
        decided = order.first_before_second + order.second_before_first
        before = Estimate(order.first_before_second / decided, np.nan, decided) if decided else UNDETERMINED
        chance = Estimate(order.p_value, np.nan, decided) if decided else UNDETERMINED
        pair, equal = f"{first}_{second}", f"p-value of {first} and {second} coming first equally often"
        rows += [
            (f"delay_{pair}", f"delay from {first} to {second}", "ps", order.delay),
            (f"share_first_{pair}", f"share of runs with {first} before {second}", "1", before),
            (f"order_p_value_{pair}", equal, "1", chance),
        ]
    return rows


def _completion(onset: Estimate, growth: Estimate) -> Estimate:
    """Add the growth to the onset.

    The onset comes at a constant rate, the growth takes about as long in every run. A run that ends while it
    grows therefore tells nothing about the rate at which runs complete.
    """
    if not growth.n:
        return UNDETERMINED
    # A single run does not tell how much the growth varies.
    error = np.hypot(onset.stderr, np.nan_to_num(growth.stderr))
    return Estimate(onset.value + growth.value, float(error), growth.n)


def _mean(values: Sequence[float]) -> Estimate:
    return mean_of_runs([Estimate(value, np.nan, 1) for value in values])


def _times(run: pd.DataFrame) -> np.ndarray:
    return run["time_ps"].to_numpy()
