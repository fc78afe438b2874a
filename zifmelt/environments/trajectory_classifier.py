"""Classification of a whole run, piece by piece."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..trajectory import Frames, iterate_frames, recorded
from .classify import Classification
from .features import FeatureSettings, compute_features, frames_apart
from .network import TrainedClassifier

FRAMES_AT_ONCE = 64
"""Frames whose features are held in memory together."""


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
    step = frames_apart(recorded(folder, "frame_interval_ps"), settings.interval_ps)
    pieces = iterate_frames(
        folder, ("Zn", "N"), stride=step, chunk=max(FRAMES_AT_ONCE, settings.window_frames)
    )
    columns = {label: columns_of(label, classifier, settings) for label, classifier in classifiers.items()}
    parts: dict[str, list[np.ndarray]] = {label: [] for label in classifiers}
    times = []
    for moments, features in featured(pieces, settings):
        rows = features.reshape(-1, features.shape[-1])
        for label, classifier in classifiers.items():
            found = classifier.network.probabilities(rows[:, columns[label]])
            parts[label].append(found.reshape(*features.shape[:2], -1))
        times.append(moments)
    return {
        label: Classification(np.concatenate(parts[label]), np.concatenate(times), classifier.classes)
        for label, classifier in classifiers.items()
    }


def featured(pieces: Iterable[Frames], settings: FeatureSettings) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Compute the features of all frames of a trajectory, piece by piece.

    Parameters
    ----------
    pieces
        Consecutive pieces with Zn and N; all but the last have at least `settings.window_frames` // 2 frames.
    settings
        Which features.

    Yields
    ------
    times : numpy.ndarray
        Shape (frames,), ps.
    features : numpy.ndarray
        Shape (frames, Zn, columns), see `zifmelt.environments.features.compute_features`.
    """
    for piece, picks in with_margins(pieces, settings.window_frames // 2):
        yield piece.times[picks], compute_features(piece, picks, 1, settings)


def columns_of(label: str, classifier: TrainedClassifier, settings: FeatureSettings) -> list[int]:
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
