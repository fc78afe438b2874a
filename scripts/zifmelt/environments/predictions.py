"""Predictions for environments that a network was not trained on, as stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..files import written_whole

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


def save_predictions(path: str | Path, predictions: dict[str, Predictions], classes: Sequence[str]) -> None:
    """Write the predictions of each split as one npz file, whole or not at all."""
    arrays = {
        f"{split}_{name}": getattr(part, name)
        for split, part in predictions.items()
        for name in ("probabilities", "labels", "origins")
    }
    with written_whole(path) as scratch:
        np.savez(scratch, classes=np.array(classes), **arrays)


def load_predictions(path: str | Path) -> tuple[dict[str, Predictions], list[str]]:
    """Read predictions and the names of the classes.

    Raises
    ------
    InputError
        The file is missing or holds something else.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            parts = {
                split: Predictions(*(arrays[f"{split}_{n}"] for n in ("probabilities", "labels", "origins")))
                for split in SPLITS
            }
            return parts, arrays["classes"].tolist()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file.") from None
    except (KeyError, ValueError, OSError) as error:
        raise InputError(f"{path}: not the predictions of a classifier ({error}).") from None
