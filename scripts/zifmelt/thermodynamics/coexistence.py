"""How fast the disordered phase of a half-molten box grows or shrinks, from classified trajectories."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.ndimage import uniform_filter1d

from ..config import DISORDERED
from ..errors import InputError
from ..statistics import Estimate
from .regression import drift

FEWEST_FRAMES = 5
"""Frames that a window needs for a growth rate."""

VARIANCE_OF_ROUNDING = 1.0 / 12.0
"""Variance of what rounding to whole Zn takes away; no growth rate can be surer than this allows."""


@dataclass(frozen=True)
class Counts:
    """How many Zn of a box are disordered, frame by frame.

    Attributes
    ----------
    times
        Shape (frames,), ps since the start of the run.
    disordered
        Shape (frames,), Zn whose most probable class is no crystal.
    liquid_like
        Shape (frames,), Zn whose most probable class is ZIF_liq.
    n_zn
        Zn in the box.
    """

    times: np.ndarray
    disordered: np.ndarray
    liquid_like: np.ndarray
    n_zn: int


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


def read_counts(path: str | Path) -> Counts:
    """Count disordered Zn in a classified trajectory.

    Parameters
    ----------
    path
        ``.npz`` with ``probabilities`` (frames, Zn, classes), ``times_ps`` (frames,) and ``classes``.

    Returns
    -------
    Counts
        By the most probable class of each Zn.

    Raises
    ------
    InputError
        The file is missing, is no such archive, or its arrays do not fit each other.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            probabilities, times, classes = (
                archive[name] for name in ("probabilities", "times_ps", "classes")
            )
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file.") from None
    except (KeyError, OSError, ValueError, EOFError) as error:
        raise InputError(f"{path}: not a classified trajectory ({error}).") from None
    classes = [str(name) for name in classes]
    if probabilities.ndim != 3 or probabilities.shape[::2] != (len(times), len(classes)):
        raise InputError(
            f"{path}: probabilities have the shape {probabilities.shape}, but {len(times)} times and"
            f" {len(classes)} classes ask for ({len(times)}, Zn, {len(classes)})."
        )
    if not np.all(np.isfinite(probabilities)):
        raise InputError(f"{path}: a probability is not a finite number.")
    if not np.all(np.diff(times) > 0):
        raise InputError(f"{path}: times_ps must increase from frame to frame.")
    missing = [name for name in DISORDERED if name not in classes]
    if missing:
        raise InputError(f"{path}: the classes {', '.join(classes)} lack {missing[0]}.")
    labels = probabilities.argmax(axis=2)
    return Counts(
        times=np.asarray(times, dtype=float),
        disordered=np.isin(labels, [classes.index(name) for name in DISORDERED]).sum(axis=1),
        liquid_like=(labels == classes.index("ZIF_liq")).sum(axis=1),
        n_zn=probabilities.shape[1],
    )


def running_mean(times: np.ndarray, values: np.ndarray, length_ps: float) -> np.ndarray:
    """Average a series over `length_ps` around every frame; at the ends over what there is of that."""
    frames = 1 if len(times) < 2 else max(1, round(length_ps / np.median(np.diff(times))))
    series, present = np.asarray(values, dtype=float), np.ones(len(times))
    sums = uniform_filter1d(series, frames, mode="constant")
    return sums / uniform_filter1d(present, frames, mode="constant")


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
    """Measure how fast the disordered phase grows in one run.

    Parameters
    ----------
    counts
        Disordered Zn against time.
    window
        Which frames to use.

    Returns
    -------
    tuple
        Growth rate in Zn/ps (NaN if undetermined), the frames used, and a sentence if there is no rate, else
        ''.
    """
    frames = growth_window(counts, window)
    times, disordered = counts.times[frames], counts.disordered[frames]
    if len(times) < FEWEST_FRAMES:
        sentence = (
            f"Only {len(times)} frames after {window.relaxation_ps:g} ps have a disordered fraction within"
            f" {window.fraction_limits[0]:g} to {window.fraction_limits[1]:g}; a growth rate needs"
            f" {FEWEST_FRAMES}."
        )
        return Estimate(np.nan, np.nan, len(times)), frames, sentence
    rate = drift(times, disordered)
    rounding = np.sqrt(VARIANCE_OF_ROUNDING / np.sum((times - times.mean()) ** 2))
    return Estimate(rate.value, max(rate.stderr, float(rounding)), rate.n), frames, ""


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


def growth_rates(runs: Sequence[tuple[float, int, Counts, float]], window: Window) -> pd.DataFrame:
    """Measure the growth rate of every run of a coexistence series.

    Parameters
    ----------
    runs
        Per run the temperature (K), the replica, its counts, and the mean length of the box along the normal
        of the interfaces (A).
    window
        Which frames to use.

    Returns
    -------
    pandas.DataFrame
        One row per run: temperature_K, replica, rate_Zn_per_ps, stderr_Zn_per_ps, velocity_A_per_ps,
        velocity_stderr_A_per_ps, window_start_ps, window_end_ps, frames, first_fraction, last_fraction, note.
    """
    rows = []
    for temperature, replica, counts, length in runs:
        rate, frames, note = growth_rate(counts, window)
        used = np.arange(len(counts.times))[frames]
        ends = (used[0], used[-1]) if len(used) else (None, None)
        start, end = (np.nan if index is None else counts.times[index] for index in ends)
        fractions = [counts.disordered[index] / counts.n_zn for index in (0, -1)]
        rows.append(
            {
                "temperature_K": temperature,
                "replica": replica,
                "rate_Zn_per_ps": rate.value,
                "stderr_Zn_per_ps": rate.stderr,
                "velocity_A_per_ps": interface_velocity(rate.value, length, counts.n_zn),
                "velocity_stderr_A_per_ps": interface_velocity(rate.stderr, length, counts.n_zn),
                "window_start_ps": start,
                "window_end_ps": end,
                "frames": len(used),
                "first_fraction": fractions[0],
                "last_fraction": fractions[1],
                "note": note,
            }
        )
    return pd.DataFrame(rows)


def counts_table(runs: Sequence[tuple[float, int, Counts, float]], smoothing_ps: float) -> pd.DataFrame:
    """Tabulate the counts of a coexistence series, as measured and smoothed.

    Parameters
    ----------
    runs
        As in `growth_rates`.
    smoothing_ps
        Length of the running mean, ps.

    Returns
    -------
    pandas.DataFrame
        One row per frame: temperature_K, replica, time_ps, n_zn, disordered, liquid_like,
        disordered_smoothed, liquid_like_smoothed.
    """
    tables = [
        pd.DataFrame(
            {
                "temperature_K": temperature,
                "replica": replica,
                "time_ps": counts.times,
                "n_zn": counts.n_zn,
                "disordered": counts.disordered,
                "liquid_like": counts.liquid_like,
                "disordered_smoothed": running_mean(counts.times, counts.disordered, smoothing_ps),
                "liquid_like_smoothed": running_mean(counts.times, counts.liquid_like, smoothing_ps),
            }
        )
        for temperature, replica, counts, _ in runs
    ]
    return pd.concat(tables, ignore_index=True)
