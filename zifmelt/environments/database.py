"""The database of labelled zinc environments (paper, Sec. II C)."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..files import read_arrays, written_whole
from ..trajectory import Frames, in_production, read_frames, recorded
from .features import FeatureSettings, compute_features, frames_apart


@dataclass(frozen=True)
class SampledRun:
    """A run at constant temperature that gives configurations to the database.

    Attributes
    ----------
    folder
        Run folder.
    phase
        Label of all its environments.
    origin
        Name of the independent start that the run stems from; runs of one glass at several temperatures
        share it, because their networks are the same.
    temperature_K
        Temperature, K.
    configurations
        How many frames to take.
    """

    folder: Path
    phase: str
    origin: str
    temperature_K: float
    configurations: int


@dataclass(frozen=True)
class Database:
    """Labelled environments, one row per Zn and configuration.

    Attributes
    ----------
    features
        Shape (rows, columns), float32, units as in the names.
    names
        Shape (columns,), names of the features.
    labels
        Shape (rows,), index into `classes`.
    classes
        Shape (phases,), names of the phases.
    origins, origin_names
        Shape (rows,), index into the names of the independent starts.
    runs, run_names
        Shape (rows,), index into the run folders.
    temperatures_K, times_ps
        Shape (rows,), temperature of the run and time of the frame.
    configurations
        Shape (rows,), number of the configuration, counted through the database.
    """

    features: np.ndarray
    names: np.ndarray
    labels: np.ndarray
    classes: np.ndarray
    origins: np.ndarray
    origin_names: np.ndarray
    runs: np.ndarray
    run_names: np.ndarray
    temperatures_K: np.ndarray
    times_ps: np.ndarray
    configurations: np.ndarray

    def columns(self, names: Sequence[str]) -> np.ndarray:
        """Return the features of the given names, shape (rows, names).

        Raises
        ------
        InputError
            A feature is not in the database.
        """
        position = {name: column for column, name in enumerate(self.names.tolist())}
        missing = [name for name in names if name not in position]
        if missing:
            raise InputError(f"database: the feature {missing[0]!r} is not in it; sample the database again.")
        return self.features[:, [position[name] for name in names]]

    def save(self, path: str | Path) -> None:
        """Write the database as one npz file, whole or not at all."""
        with written_whole(path) as scratch:
            np.savez(scratch, **{field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def load(cls, path: str | Path) -> "Database":
        """Read a database.

        Raises
        ------
        InputError
            The file is missing or is not a database, or a phase has no environment in it.
        """
        names = [field.name for field in fields(cls)]
        database = cls(**read_arrays(path, names, "a database of environments"))
        for label, phase in enumerate(database.classes):
            if not np.any(database.labels == label):
                raise InputError(
                    f"{path}: the phase {phase} has no environment in it; sample the database again."
                )
        return database


def share_configurations(wanted: Mapping[str, int], phases: Sequence[str]) -> list[int]:
    """Divide the configurations wanted of each phase among its runs, as evenly as whole numbers allow.

    Parameters
    ----------
    wanted
        Configurations by phase.
    phases
        Phase of each run.

    Returns
    -------
    list of int
        Configurations of each run.
    """
    taken: dict[str, int] = {}
    counts = []
    for phase in phases:
        share, remainder = divmod(wanted[phase], phases.count(phase))
        counts.append(share + (taken.get(phase, 0) < remainder))
        taken[phase] = taken.get(phase, 0) + 1
    return counts


def equally_spaced(first: int, frames: int, wanted: int) -> np.ndarray:
    """Pick `wanted` indices from ``range(first, frames)``, equally spaced, ending with the last frame."""
    return frames - 1 - (np.arange(wanted)[::-1] * (frames - first)) // wanted


def chosen_frames(run: SampledRun, elements: tuple[str, ...]) -> tuple[Frames, np.ndarray, float]:
    """Read a run and choose equally spaced frames of its production.

    Returns
    -------
    tuple
        All frames of the run, the indices of the chosen ones, and the time between frames, ps.

    Raises
    ------
    InputError
        The run has fewer frames than asked for.
    """
    frames = read_frames(run.folder, elements)
    available = int(in_production(run.folder, frames.times).sum())
    if available < run.configurations:
        raise InputError(
            f"{run.folder}: {run.configurations} configurations are asked for, but its production has only "
            f"{available} frames; lengthen the run or lower database.configurations.{run.phase}."
        )
    interval = recorded(run.folder, "frame_interval_ps")
    return frames, equally_spaced(len(frames) - available, len(frames), run.configurations), interval


def sample_run(run: SampledRun, settings: FeatureSettings) -> tuple[np.ndarray, np.ndarray]:
    """Compute the features of equally spaced configurations of a run's production.

    Returns
    -------
    tuple of numpy.ndarray
        Features (configurations, Zn, columns) and times of the configurations, ps.
    """
    frames, picks, interval = chosen_frames(run, ("Zn", "N"))
    step = frames_apart(interval, settings.interval_ps)
    return compute_features(frames, picks, step, settings), frames.times[picks]


def sample_database(
    runs: Sequence[SampledRun], classes: Sequence[str], settings: FeatureSettings, processes: int = 1
) -> Database:
    """Sample all runs.

    Parameters
    ----------
    runs
        At least one per class.
    classes
        Names of the phases, in the order of the labels.
    settings
        Which features.
    processes
        Runs handled at once.

    Returns
    -------
    Database
        Rows run by run, configuration by configuration, Zn by Zn.

    Raises
    ------
    InputError
        A class has no run, a run has a phase that is no class, or too few frames.
    """
    present = {run.phase for run in runs}
    for phase in classes:
        if phase not in present:
            raise InputError(f"database: no sampling run of the phase {phase!r}; every class needs one.")
    for run in runs:
        if run.phase not in classes:
            raise InputError(f"{run.folder}: its phase {run.phase!r} is none of {', '.join(classes)}.")
    with ProcessPoolExecutor(processes) as pool:
        sampled = list(pool.map(partial(sample_run, settings=settings), runs))
    rows = [features.shape[0] * features.shape[1] for features, _ in sampled]
    zinc = np.repeat([features.shape[1] for features, _ in sampled], [run.configurations for run in runs])
    origin_names = list(dict.fromkeys(run.origin for run in runs))
    return Database(
        features=np.concatenate([features.reshape(-1, features.shape[-1]) for features, _ in sampled]),
        names=np.array(settings.functions.names + settings.extended_names),
        labels=np.repeat([list(classes).index(run.phase) for run in runs], rows).astype(np.int8),
        classes=np.array(classes),
        origins=np.repeat([origin_names.index(run.origin) for run in runs], rows).astype(np.int16),
        origin_names=np.array(origin_names),
        runs=np.repeat(np.arange(len(runs)), rows).astype(np.int16),
        run_names=np.array([str(run.folder) for run in runs]),
        temperatures_K=np.repeat([run.temperature_K for run in runs], rows).astype(np.float32),
        times_ps=np.repeat(np.concatenate([times for _, times in sampled]), zinc).astype(np.float32),
        configurations=np.repeat(np.arange(len(zinc)), zinc).astype(np.int32),
    )
