"""Distances and angles of the first coordination shells, and how many neighbours a Zn has."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..environments.neighbours import Neighbours, find_neighbours
from ..trajectory import Frames
from .rdf import atoms_named

RING = ("N1", "C2", "N3", "C4", "C5")
"""Atoms of the imidazolate ring."""


def nearest_distances(frames: Frames, pair: tuple[str, str], count: int) -> np.ndarray:
    """Find the distances from each a to its `count` nearest b, periodic images included.

    Parameters
    ----------
    frames
        Trajectory.
    pair
        Elements or atom names (a, b).
    count
        Number of neighbours, e.g. 4.

    Returns
    -------
    numpy.ndarray
        Shape (frames, a, count), angstrom, ascending.

    Raises
    ------
    InputError
        An atom kind is absent.
    """
    first, second = (atoms_named(frames.topology, name) for name in pair)
    distances = np.empty((len(frames), len(first), count))
    for frame, (positions, box) in enumerate(zip(frames.positions, frames.boxes, strict=True)):
        # A sphere that holds 4 * count atoms at the mean density is a good first guess.
        reach = (3.0 * count * np.linalg.det(box) / np.pi / len(second)) ** (1 / 3)
        while True:
            found = find_neighbours(positions[first], positions[second], box, reach)
            per_centre = np.bincount(found.centres, minlength=len(first))
            if per_centre.min() >= count:
                break
            reach *= 1.3
        order = np.lexsort((found.distances, found.centres))
        starts = np.cumsum(per_centre) - per_centre
        distances[frame] = found.distances[order][starts[:, None] + np.arange(count)]
    return distances


def coordination_numbers(frames: Frames, pair: tuple[str, str], cutoff: float) -> np.ndarray:
    """Count the b within `cutoff` (angstrom) of each a.

    Returns
    -------
    numpy.ndarray
        Shape (frames, a), integers.

    Raises
    ------
    InputError
        An atom kind is absent.
    """
    first, second = (atoms_named(frames.topology, name) for name in pair)
    return np.array(
        [
            np.bincount(
                find_neighbours(positions[first], positions[second], box, cutoff).centres,
                minlength=len(first),
            )
            for positions, box in zip(frames.positions, frames.boxes, strict=True)
        ]
    )


@dataclass(frozen=True)
class LigandBridges:
    """For one frame, the Zn at either end of each imidazolate.

    Attributes
    ----------
    zn
        Shape (ligands, 2), which Zn, counted among the Zn; -1 where the N has none within the cutoff.
    to_zn
        Shape (ligands, 2, 3), vector from the centre of the ring to that Zn, angstrom.
    """

    zn: np.ndarray
    to_zn: np.ndarray


def ligand_bridges(frames: Frames, cutoff: float) -> Iterator[LigandBridges]:
    """Follow each imidazolate's two N to their nearest Zn within `cutoff`, frame by frame.

    Parameters
    ----------
    frames
        Trajectory with Zn and all atoms of the rings, which are named as in `RING`.
    cutoff
        Longest bond between Zn and N, angstrom.

    Yields
    ------
    LigandBridges
        One per frame.

    Raises
    ------
    InputError
        The ring's atoms or Zn are absent.
    """
    ring = np.array([atoms_named(frames.topology, name) for name in RING])
    zn = atoms_named(frames.topology, "Zn")
    for positions, box in zip(frames.positions, frames.boxes, strict=True):
        # Vectors from N1, by the nearest image: a ring is far smaller than half a box.
        from_n1 = positions[ring] - positions[ring[0]]
        from_n1 -= np.round(from_n1 @ np.linalg.inv(box)) @ box
        ends, vectors = [], []
        for member in (RING.index("N1"), RING.index("N3")):
            found = find_neighbours(positions[ring[member]], positions[zn], box, cutoff)
            partner, vector = _nearest_only(found, ring.shape[1])
            ends.append(partner)
            vectors.append(from_n1[member] - from_n1.mean(axis=0) + vector)
        yield LigandBridges(np.stack(ends, axis=1), np.stack(vectors, axis=1))


def _nearest_only(found: Neighbours, centres: int) -> tuple[np.ndarray, np.ndarray]:
    partner, vector = np.full(centres, -1), np.full((centres, 3), np.nan)
    farthest_first = np.argsort(-found.distances)
    partner[found.centres[farthest_first]] = found.atoms[farthest_first]
    vector[found.centres[farthest_first]] = found.vectors[farthest_first]
    return partner, vector
