"""Order of events in a transition: which class comes first, when disorder sets in, how fast it grows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import scipy  # its statistics take a second to load: only where they are used

from ..statistics import UNDETERMINED, Estimate, mean_of_runs, mean_of_series
from ..tables.rows import PaperValue, id_part, table_row
from .passages import Thresholds, disordered_fraction, first_passage, mean_waiting_time, passage


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
    p_value = float(scipy.stats.binomtest(ahead, decided).pvalue) if decided else np.nan
    return Order(delay, ahead, behind, p_value)


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
