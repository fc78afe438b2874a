"""How fast the disordered phase of a half-molten box grows or shrinks, from classified trajectories."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ..runs import Simulation
from ..statistics import Estimate
from ..trajectory import read_thermo
from .counts import Counts, read_counts, running_mean
from .regression import drifts

FEWEST_FRAMES = 5
"""Frames that a window needs for a growth rate."""

VARIANCE_OF_ROUNDING = 1.0 / 12.0
"""Variance of what rounding to whole Zn takes away; no growth rate can be surer than this allows."""


@dataclass(frozen=True)
class Window:
    """Which part of a coexistence run measures growth at constant temperature.

    Attributes
    ----------
    relaxation_ps
        Time at the start left out: the box adapts to the new temperature.
    fraction_limits
        Lowest and highest disordered fraction; beyond them one phase is exhausted and its interfaces meet.
    smoothing_ps
        Length of the running mean by which the fraction is judged, so that noise does not end the window.
    """

    relaxation_ps: float
    fraction_limits: tuple[float, float]
    smoothing_ps: float


@dataclass(frozen=True)
class CoexistenceRun:
    """A classified coexistence run.

    Attributes
    ----------
    temperature_K
        Target temperature.
    replica
        Number of the interface that it started from.
    counts
        Disordered Zn against time.
    length_A
        Mean length of the box along z, the normal of the interfaces.
    """

    temperature_K: float
    replica: int
    counts: Counts
    length_A: float


def read_run(
    run: Simulation,
    folder: str | Path,
    classified: str | Path,
    crystals: Collection[str],
    liquids: Collection[str],
) -> CoexistenceRun:
    """Read a coexistence run and its classification.

    Parameters
    ----------
    run
        What the run is.
    folder
        Run folder with ``thermo.csv``.
    classified
        Classified trajectory of the run.
    crystals, liquids
        See `read_counts`.

    Raises
    ------
    InputError
        A file is missing or damaged.
    """
    length = float(read_thermo(folder)["length_z_A"].mean())
    counts = read_counts(classified, crystals, liquids)
    return CoexistenceRun(float(run.temperature_K), run.replica, counts, length)


def growth_window(counts: Counts, window: Window) -> slice:
    """Find the frames after the relaxation and before one of the phases is exhausted.

    Returns
    -------
    slice
        Ends before the first frame at which the smoothed disordered fraction is outside the limits; may be
        empty.
    """
    first = int(np.searchsorted(counts.times, counts.times[0] + window.relaxation_ps))
    fraction = running_mean(counts.times, counts.disordered / counts.n_zn, window.smoothing_ps)
    low, high = window.fraction_limits
    outside = np.flatnonzero((fraction[first:] < low) | (fraction[first:] > high))
    return slice(first, first + int(outside[0]) if len(outside) else len(fraction))


def growth_rate(counts: Counts, window: Window) -> tuple[Estimate, slice, str]:
    """Measure how fast the disordered phase grows in one run, see `rates_of_series`."""
    return rates_of_series([[counts]], window)[0][0]


def rates_of_series(
    temperatures: Sequence[Sequence[Counts]], window: Window
) -> list[list[tuple[Estimate, slice, str]]]:
    """Measure how fast the disordered phase grows in each replica at each temperature.

    What the replicas share is the kind of their noise (`zifmelt.thermodynamics.regression.drifts`). Zn of the
    crystal misread as disordered with probability p and the other way round with q lower the rate by the
    factor 1 - p - q and leave its zero where it is.

    Parameters
    ----------
    temperatures
        Disordered Zn against time, of every replica at every temperature.
    window
        Which frames to use.

    Returns
    -------
    list of list of tuple
        Growth rate in Zn/ps (NaN if undetermined), the frames used, and a sentence if there is no rate, else
        ''; one per replica.
    """
    frames = [[growth_window(counts, window) for counts in replicas] for replicas in temperatures]
    series = [
        [(counts.times[used], counts.disordered[used]) for counts, used in zip(*pair, strict=True)]
        for pair in zip(temperatures, frames, strict=True)
    ]
    long = [[one for one in group if len(one[0]) >= FEWEST_FRAMES] for group in series]
    slopes = (estimate for group in drifts(long) for estimate in group)
    return [
        [_rate(used, times, slopes, window) for used, (times, _) in zip(*pair, strict=True)]
        for pair in zip(frames, series, strict=True)
    ]


def _rate(
    used: slice, times: np.ndarray, slopes: Iterator[Estimate], window: Window
) -> tuple[Estimate, slice, str]:
    """Take the next slope if the window is long enough to have one."""
    if len(times) < FEWEST_FRAMES:
        return Estimate(np.nan, np.nan, len(times)), used, _too_short(len(times), window)
    rate = next(slopes)
    rounding = np.sqrt(VARIANCE_OF_ROUNDING / np.sum((times - times.mean()) ** 2))
    return Estimate(rate.value, max(rate.stderr, float(rounding)), rate.n), used, ""


def _too_short(frames: int, window: Window) -> str:
    low, high = window.fraction_limits
    return (
        f"Only {frames} frames after {window.relaxation_ps:g} ps have a disordered fraction within"
        f" {low:g} to {high:g}; a growth rate needs {FEWEST_FRAMES}."
    )


def interface_velocity(rate: float, length_A: float, n_zn: int) -> float:
    """Convert a growth rate to the velocity of each of the two interfaces.

    An interface that sweeps the length dx turns n_zn dx/length Zn from crystal to disordered; the periodic
    box has two.

    Parameters
    ----------
    rate
        Growth of the disordered phase, Zn/ps.
    length_A
        Length of the box along the normal of the interfaces, A.
    n_zn
        Zn in the box.

    Returns
    -------
    float
        A/ps, positive if the disordered phase advances.
    """
    return rate * length_A / (2.0 * n_zn)


def growth_rates(runs: Sequence[CoexistenceRun], window: Window) -> pd.DataFrame:
    """Measure the growth rate of every run of a coexistence series.

    Parameters
    ----------
    runs
        All temperatures and replicas of a framework.
    window
        Which frames to use.

    Returns
    -------
    pandas.DataFrame
        One row per run: temperature_K, replica, rate_Zn_per_ps, stderr_Zn_per_ps, velocity_A_per_ps,
        velocity_stderr_A_per_ps, window_start_ps, window_end_ps, frames, first_fraction, last_fraction, note.
    """
    temperatures = list(dict.fromkeys(run.temperature_K for run in runs))
    places = [[i for i, run in enumerate(runs) if run.temperature_K == kelvin] for kelvin in temperatures]
    measured = rates_of_series([[runs[i].counts for i in group] for group in places], window)
    rows = {
        i: _rate_row(runs[i], *one)
        for group, found in zip(places, measured, strict=True)
        for i, one in zip(group, found, strict=True)
    }
    return pd.DataFrame([rows[i] for i in range(len(runs))])


def _rate_row(run: CoexistenceRun, rate: Estimate, frames: slice, note: str) -> dict[str, float | int | str]:
    counts = run.counts
    times = counts.times[frames]
    return {
        "temperature_K": run.temperature_K,
        "replica": run.replica,
        "rate_Zn_per_ps": rate.value,
        "stderr_Zn_per_ps": rate.stderr,
        "velocity_A_per_ps": interface_velocity(rate.value, run.length_A, counts.n_zn),
        "velocity_stderr_A_per_ps": interface_velocity(rate.stderr, run.length_A, counts.n_zn),
        "window_start_ps": times[0] if len(times) else np.nan,
        "window_end_ps": times[-1] if len(times) else np.nan,
        "frames": len(times),
        "first_fraction": counts.disordered[0] / counts.n_zn,
        "last_fraction": counts.disordered[-1] / counts.n_zn,
        "note": note,
    }


def counts_table(runs: Sequence[CoexistenceRun], smoothing_ps: float) -> pd.DataFrame:
    """Tabulate the counts of a coexistence series, as measured and smoothed.

    Parameters
    ----------
    runs
        All temperatures and replicas of a framework.
    smoothing_ps
        Length of the running mean, ps.

    Returns
    -------
    pandas.DataFrame
        One row per frame: temperature_K, replica, time_ps, n_zn, disordered, liquid_like,
        disordered_smoothed, liquid_like_smoothed.
    """
    tables = []
    for run in runs:
        counts = run.counts
        columns = {
            "temperature_K": run.temperature_K,
            "replica": run.replica,
            "time_ps": counts.times,
            "n_zn": counts.n_zn,
            "disordered": counts.disordered,
            "liquid_like": counts.liquid_like,
            "disordered_smoothed": running_mean(counts.times, counts.disordered, smoothing_ps),
            "liquid_like_smoothed": running_mean(counts.times, counts.liquid_like, smoothing_ps),
        }
        tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)
