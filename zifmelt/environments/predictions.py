"""Predictions for environments that a network was not trained on, as stored."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from ..files import read_arrays, written_whole

SPLITS = ("random", "trajectory")
"""``random``: a fifth of the environments, as published; ``trajectory``: whole independent starts."""


@dataclass(frozen=True)
class Predictions:
    """Probabilities given to environments by networks that were not trained on them.

    Attributes
    ----------
    probabilities
        Shape (rows, classes).
    labels
        Shape (rows,), true class.
    origins
        Shape (rows,), independent start of the environment's run.
    """

    probabilities: np.ndarray
    labels: np.ndarray
    origins: np.ndarray


PARTS = tuple(field.name for field in fields(Predictions))


def save_predictions(path: str | Path, predictions: dict[str, Predictions], classes: Sequence[str]) -> None:
    """Write the predictions of each split as one npz file, whole or not at all."""
    arrays = {f"{split}_{name}": getattr(part, name) for split, part in predictions.items() for name in PARTS}
    with written_whole(path) as scratch:
        np.savez(scratch, classes=np.array(classes), **arrays)


def load_predictions(path: str | Path) -> tuple[dict[str, Predictions], list[str]]:
    """Read predictions and the names of the classes.

    Raises
    ------
    InputError
        The file is missing or holds something else.
    """
    names = [f"{split}_{part}" for split in SPLITS for part in PARTS]
    arrays = read_arrays(path, ["classes", *names], "the predictions of a classifier")
    parts = {split: Predictions(*(arrays[f"{split}_{part}"] for part in PARTS)) for split in SPLITS}
    return parts, arrays["classes"].tolist()
