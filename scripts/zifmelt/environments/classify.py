"""Which phase every zinc of a trajectory belongs to, frame by frame."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import InputError
from ..files import read_json, write_table, written_whole
from ..trajectory import Frames, iterate_frames
from .features import FeatureSettings, compute_features, frames_apart
from .network import TrainedClassifier, predict_probabilities

FRAMES_AT_ONCE = 64
"""Frames whose features are held in memory together."""


@dataclass(frozen=True)
class Classification:
    """Probabilities of the phases for every Zn of a trajectory.

    Attributes
    ----------
    probabilities
        Shape (frames, Zn, classes), float32.
    times_ps
        Shape (frames,).
    classes
        Names of the phases.
    """

    probabilities: np.ndarray
    times_ps: np.ndarray
    classes: list[str]

    @property
    def assigned(self) -> np.ndarray:
        """Index of the most probable phase, shape (frames, Zn)."""
        return self.probabilities.argmax(axis=-1)

    def fractions(self) -> pd.DataFrame:
        """Return the fraction of the Zn assigned to each phase, columns time_ps and the phases."""
        assigned = self.assigned
        shares = {name: (assigned == label).mean(axis=1) for label, name in enumerate(self.classes)}
        return pd.DataFrame({"time_ps": self.times_ps, **shares})

    def save(self, path: str | Path) -> None:
        """Write ``probabilities``, ``times_ps`` and ``classes`` as npz, whole or not at all."""
        with written_whole(path) as scratch:
            np.savez(
                scratch,
                probabilities=self.probabilities,
                times_ps=self.times_ps,
                classes=np.array(self.classes),
            )

    @classmethod
    def load(cls, path: str | Path) -> "Classification":
        """Read a classified trajectory.

        Raises
        ------
        InputError
            The file is missing or holds something else.
        """
        try:
            with np.load(path, allow_pickle=False) as arrays:
                return cls(arrays["probabilities"], arrays["times_ps"], arrays["classes"].tolist())
        except FileNotFoundError:
            raise InputError(f"{path}: there is no such file.") from None
        except (KeyError, ValueError, OSError) as error:
            raise InputError(f"{path}: not a classified trajectory ({error}).") from None


def classify_run(
    folder: str | Path, classifiers: dict[str, TrainedClassifier], settings: FeatureSettings
) -> dict[str, Classification]:
    """Classify every Zn of a run with several classifiers, computing the features once.

    Parameters
    ----------
    folder
        Run folder; its trajectory must hold Zn and N.
    classifiers
        By name.
    settings
        Features, as in the database that the classifiers were trained on.

    Returns
    -------
    dict
        Classification by name. Frames are `settings.interval_ps` apart, or every stored frame if those are
        farther apart.

    Raises
    ------
    InputError
        A classifier needs a feature that `settings` does not define, or the run cannot be read.
    """
    folder = Path(folder)
    step = frames_apart(read_json(folder / "provenance.json")["frame_interval_ps"], settings.interval_ps)
    columns = {label: _columns(label, classifier, settings) for label, classifier in classifiers.items()}
    parts: dict[str, list[np.ndarray]] = {label: [] for label in classifiers}
    times = []
    pieces = iterate_frames(
        folder, ("Zn", "N"), stride=step, chunk=max(FRAMES_AT_ONCE, settings.window_frames)
    )
    for piece, picks in with_margins(pieces, settings.window_frames // 2):
        features = compute_features(piece, picks, 1, settings)
        rows = features.reshape(-1, features.shape[-1])
        for label, classifier in classifiers.items():
            found = predict_probabilities(classifier.model, rows[:, columns[label]])
            parts[label].append(found.reshape(*features.shape[:2], -1))
        times.append(piece.times[picks])
    return {
        label: Classification(np.concatenate(parts[label]), np.concatenate(times), classifier.classes)
        for label, classifier in classifiers.items()
    }


def _columns(label: str, classifier: TrainedClassifier, settings: FeatureSettings) -> list[int]:
    """Positions of a classifier's features among those that `compute_features` gives."""
    names = settings.functions.names + settings.extended_names
    for name in classifier.features:
        if name not in names:
            raise InputError(
                f"classifier {label}: it needs the feature {name!r}, which the environments section of "
                "the configuration no longer defines; train it again."
            )
    return [names.index(name) for name in classifier.features]


def with_margins(pieces: Iterable[Frames], margin: int) -> Iterator[tuple[Frames, np.ndarray]]:
    """Extend every piece of a trajectory by frames of the pieces beside it.

    Parameters
    ----------
    pieces
        Consecutive pieces; all but the last have at least `margin` frames.
    margin
        Number of frames to add on each side, as far as there are any.

    Yields
    ------
    tuple
        The extended piece, and the indices of its own frames.
    """
    before: list[Frames] = []
    current: list[Frames] = []
    for following in chain(([piece] for piece in pieces), ([],)):
        if current:
            ahead = [_part(piece, slice(0, margin)) for piece in following]
            start = sum(len(piece) for piece in before)
            yield _joined([*before, *current, *ahead]), np.arange(start, start + len(current[0]))
            before = [_part(current[0], slice(max(0, len(current[0]) - margin), None))]
        current = following


def _part(frames: Frames, which: slice) -> Frames:
    return Frames(frames.positions[which], frames.boxes[which], frames.times[which], frames.topology)


def _joined(parts: list[Frames]) -> Frames:
    return Frames(
        np.concatenate([part.positions for part in parts]),
        np.concatenate([part.boxes for part in parts]),
        np.concatenate([part.times for part in parts]),
        parts[0].topology,
    )


def disagreement(first: Classification, second: Classification) -> pd.DataFrame:
    """Return the share of the Zn that two classifiers assign to different phases.

    Returns
    -------
    pandas.DataFrame
        One row per phase of the first classifier: phase, share (of the Zn it assigns to that phase, those
        that the second assigns elsewhere; NaN if there are none), and a last row ``all``.
    """
    one, other = first.assigned, second.assigned
    differ = one != other
    rows = []
    for label, phase in enumerate(first.classes):
        here = one == label
        rows.append((phase, differ[here].mean() if here.any() else np.nan))
    return pd.DataFrame([*rows, ("all", differ.mean())], columns=["phase", "share"])


def write_classification(
    classification: Classification, array_path: str | Path, fractions_path: str | Path
) -> None:
    """Write the probabilities as npz and the fractions against time as CSV."""
    classification.save(array_path)
    write_table(fractions_path, classification.fractions())
