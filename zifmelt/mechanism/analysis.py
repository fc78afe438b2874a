"""The analyses of one run: from its folder, bonds and classes to tables against time."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ..environments.classify import Classification
from ..errors import InputError
from ..structures.crystal import parse_supercell
from ..trajectory import Frames, iterate_frames, read_frames, recorded
from .bonds import Bonds, atoms_of, find_bonds
from .clusters import follow_clusters
from .local_surroundings import describe_classes
from .net import zinc_net
from .profiles import density_profiles
from .rings import SMALLEST, ring_counts

ELEMENTS = ("Zn", "N")

MOST_PROFILE_FRAMES = 1000
"""Frames that a density profile is averaged over; all of a long run in a large box fill 20 GB of memory."""


def bonds_of_run(folder: str | Path, form_A: float, break_A: float, persistence_ps: float) -> Bonds:
    """Follow the Zn-N bonds of a run, see `zifmelt.mechanism.bonds.find_bonds`."""
    return find_bonds(iterate_frames(folder, ELEMENTS), form_A, break_A, persistence_ps)


def rings_of_run(folder: str | Path, bonds: Bonds, largest: int, every_ps: float) -> pd.DataFrame:
    """Count the primitive rings of Zn against time.

    Parameters
    ----------
    folder
        Run folder.
    bonds
        Bonds of the run.
    largest
        Largest ring size.
    every_ps
        Time between the frames that are looked at, ps.

    Returns
    -------
    pandas.DataFrame
        Columns ``time_ps``, ``zinc`` (in the box) and ``rings_of_<size>`` (in the box), sizes 3 to `largest`.
    """
    step = _step(folder, every_ps)
    rows, frame = [], 0
    for chunk in iterate_frames(folder, ELEMENTS, stride=step):
        atoms = atoms_of(chunk.topology)
        for positions, box in zip(chunk.positions, chunk.boxes, strict=True):
            counts = ring_counts(zinc_net(atoms, positions, box, bonds.at(frame)), largest)
            rows.append((bonds.times[frame], bonds.n_zinc, *counts))
            frame += step
    sizes = [f"rings_of_{size}" for size in range(SMALLEST, largest + 1)]
    return pd.DataFrame(rows, columns=["time_ps", "zinc", *sizes])


def clusters_of_run(
    folder: str | Path,
    classification: Classification,
    crystals: Sequence[str],
    cutoff_A: float,
    every_ps: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Measure the clusters of disordered Zn of a run against time.

    Parameters
    ----------
    folder
        Run folder.
    classification
        Classes of its Zn.
    crystals
        Names of the ordered classes; Zn of any other most probable class are disordered.
    cutoff_A
        Largest distance of neighbouring Zn, angstrom.
    every_ps
        Time between the frames that are looked at, ps.
    rng
        For the comparison with Zn drawn at random.

    Returns
    -------
    pandas.DataFrame
        See `zifmelt.mechanism.clusters.follow_clusters`.
    """
    ordered = [index for index, name in enumerate(classification.classes) if name in crystals]
    tables = [
        follow_clusters(chunk.positions, chunk.boxes, chunk.times, ~np.isin(assigned, ordered), cutoff_A, rng)
        for chunk, assigned in classified_frames(folder, classification, every_ps)
    ]
    return pd.concat(tables, ignore_index=True)


def surroundings_of_run(
    folder: str | Path, classification: Classification, bonds: Bonds, cutoff_A: float, every_ps: float
) -> pd.DataFrame:
    """Average density and connectivity around the Zn of each class, see `describe_classes`.

    Parameters are those of `clusters_of_run`, with the bonds of the run.
    """
    chunks = list(classified_frames(folder, classification, every_ps))
    times = np.concatenate([chunk.times for chunk, _ in chunks])
    frames = np.searchsorted(bonds.times, times - _interval(folder) / 2)
    return describe_classes(
        np.concatenate([chunk.positions for chunk, _ in chunks]),
        np.concatenate([chunk.boxes for chunk, _ in chunks]),
        bonds.coordination()[frames],
        np.concatenate([assigned for _, assigned in chunks]),
        classification.classes,
        cutoff_A,
    )


def classified_frames(
    folder: str | Path, classification: Classification, every_ps: float
) -> Iterator[tuple[Frames, np.ndarray]]:
    """Read the Zn of a run together with their classes.

    Parameters
    ----------
    folder
        Run folder.
    classification
        Classes of its Zn, in frames that may be farther apart than those of the run.
    every_ps
        Time between the frames wanted, ps; at least that between classified frames.

    Yields
    ------
    frames : Frames
        Positions of the Zn.
    assigned : numpy.ndarray
        Shape (frames, zinc), index of the most probable class.

    Raises
    ------
    InputError
        The classification belongs to another trajectory.
    """
    times, assigned = classification.times_ps, classification.assigned
    spacing = times[1] - times[0] if len(times) > 1 else every_ps
    sparse = max(1, round(every_ps / spacing))
    stride = sparse * max(1, round(spacing / _interval(folder)))
    done, wanted = 0, assigned[::sparse]
    for chunk in iterate_frames(folder, ("Zn",), stride=stride):
        part = slice(done, done + len(chunk))
        done += len(chunk)
        off = chunk.times - times[::sparse][part] if done <= len(wanted) else np.array([np.inf])
        if np.max(np.abs(off)) > _interval(folder) / 2 or wanted.shape[1] != chunk.positions.shape[1]:
            raise InputError(
                f"{folder}: the classified frames are not those of this trajectory; classify it again."
            )
        yield chunk, wanted[part]


def density_profile_of_run(
    folder: str | Path, elements: Sequence[str], supercell: str, bins: int
) -> pd.DataFrame:
    """Profile the number density of a crystal's atoms, see `density_profiles`.

    Of a run of many frames at most `MOST_PROFILE_FRAMES`, equally spaced, are used.

    Parameters
    ----------
    folder
        Run folder of a crystal.
    elements
        Chemical symbols of the atoms that count.
    supercell
        Unit cells in the box, e.g. ``4x4x4``.
    bins
        Bins per unit cell.

    Returns
    -------
    pandas.DataFrame
        With the further column ``elements``, which atoms were counted.
    """
    stored = recorded(folder, "frames")
    frames = read_frames(folder, tuple(elements), stride=-(-stored // MOST_PROFILE_FRAMES))
    table = density_profiles(frames.positions, frames.boxes, parse_supercell(supercell), bins)
    return table.assign(elements=" ".join(elements))


def _interval(folder: str | Path) -> float:
    return float(recorded(folder, "frame_interval_ps"))


def _step(folder: str | Path, every_ps: float) -> int:
    return max(1, round(every_ps / _interval(folder)))
