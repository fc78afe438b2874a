"""How many zinc of a box are disordered, frame by frame."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.ndimage import uniform_filter1d

from ..environments.classify import Classification
from ..errors import InputError


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
        Shape (frames,), Zn whose most probable class is a liquid.
    n_zn
        Zn in the box.
    """

    times: np.ndarray
    disordered: np.ndarray
    liquid_like: np.ndarray
    n_zn: int


def read_counts(path: str | Path, crystals: Collection[str], liquids: Collection[str]) -> Counts:
    """Count disordered Zn in a classified trajectory.

    Parameters
    ----------
    path
        Classified trajectory.
    crystals, liquids
        Names of the ordered classes and of those that count as liquid-like.

    Returns
    -------
    Counts
        By the most probable class of each Zn.

    Raises
    ------
    InputError
        The file is missing, is no such archive, or its arrays do not fit each other.
    """
    classification = Classification.load(path)
    probabilities, times = classification.probabilities, classification.times_ps
    classes = classification.classes
    if probabilities.ndim != 3 or probabilities.shape[::2] != (len(times), len(classes)):
        raise InputError(
            f"{path}: probabilities have the shape {probabilities.shape}, but {len(times)} times and"
            f" {len(classes)} classes ask for ({len(times)}, Zn, {len(classes)})."
        )
    if not np.all(np.isfinite(probabilities)):
        raise InputError(f"{path}: a probability is not a finite number.")
    if not np.all(np.diff(times) > 0):
        raise InputError(f"{path}: times_ps must increase from frame to frame.")
    missing = [name for name in liquids if name not in classes]
    if missing:
        raise InputError(f"{path}: the classes {', '.join(classes)} lack {missing[0]}.")
    if set(classes) <= set(crystals):
        raise InputError(f"{path}: the classes {', '.join(classes)} lack a disordered one.")
    return Counts(
        times=np.asarray(times, dtype=float),
        disordered=classification.disordered(crystals).sum(axis=1),
        liquid_like=classification.called(liquids).sum(axis=1),
        n_zn=probabilities.shape[1],
    )


def running_mean(times: np.ndarray, values: np.ndarray, length_ps: float) -> np.ndarray:
    """Average a series over `length_ps` around every frame; at the ends over what there is of that."""
    frames = 1 if len(times) < 2 else max(1, round(length_ps / np.median(np.diff(times))))
    series, present = np.asarray(values, dtype=float), np.ones(len(times))
    sums = uniform_filter1d(series, frames, mode="constant")
    return sums / uniform_filter1d(present, frames, mode="constant")
