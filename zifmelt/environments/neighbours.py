"""Neighbours within a cutoff in any triclinic periodic box, however short."""

from dataclasses import dataclass

import numpy as np

COINCIDENT_A = 1e-6
"""An image closer than this is the centre itself: above rounding, far below any distance between atoms."""


@dataclass(frozen=True)
class Neighbours:
    """Pairs of a centre and a periodic image of an atom, sorted by centre.

    Attributes
    ----------
    centres
        Shape (pairs,), index of the centre.
    atoms
        Shape (pairs,), index of the neighbouring atom.
    vectors
        Shape (pairs, 3), from centre to image, angstrom.
    distances
        Shape (pairs,), angstrom.
    """

    centres: np.ndarray
    atoms: np.ndarray
    vectors: np.ndarray
    distances: np.ndarray


def periodic_images(positions: np.ndarray, box: np.ndarray, margin: float) -> tuple[np.ndarray, np.ndarray]:
    """List every image of the atoms inside the box or within `margin` of one of its faces.

    Parameters
    ----------
    positions
        Shape (atoms, 3), angstrom, wrapped into the box.
    box
        Shape (3, 3), rows are the lattice vectors, angstrom.
    margin
        Distance, angstrom; it may exceed the box.

    Returns
    -------
    tuple of numpy.ndarray
        Positions of the images (images, 3) and the index of the atom that each is an image of.
    """
    inverse = np.linalg.inv(box)
    # The distance between opposite faces along k is 1 / |k-th column of the inverse|.
    reach = margin * np.linalg.norm(inverse, axis=0)
    fractional, atoms = positions @ inverse, np.arange(len(positions))
    for axis in range(3):
        steps = np.arange(-np.ceil(reach[axis]), np.ceil(reach[axis]) + 1)
        shifted = fractional[:, axis, None] + steps
        rows, columns = np.nonzero((shifted >= -reach[axis]) & (shifted <= 1 + reach[axis]))
        fractional, atoms = fractional[rows], atoms[rows]
        fractional[:, axis] = shifted[rows, columns]
    return fractional @ box, atoms


def wrapped(positions: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Return `positions` (atoms, 3) moved by lattice vectors into the box."""
    fractional = positions @ np.linalg.inv(box)
    return (fractional - np.floor(fractional)) @ box


def find_neighbours(centres: np.ndarray, atoms: np.ndarray, box: np.ndarray, cutoff: float) -> Neighbours:
    """Find all periodic images of `atoms` closer than `cutoff` to each centre.

    Every image counts, also several of one atom and those of the centre itself, so boxes shorter than the
    cutoff are handled exactly. An atom that coincides with a centre is taken to be that centre and left out.

    Parameters
    ----------
    centres, atoms
        Shapes (centres, 3) and (atoms, 3), angstrom.
    box
        Shape (3, 3), rows are the lattice vectors, angstrom.
    cutoff
        Distance, angstrom.

    Returns
    -------
    Neighbours
        Sorted by centre.
    """
    from .neighbour_loops import list_pairs  # imports numba, see `zifmelt.compiling`

    centres, atoms, box = (np.ascontiguousarray(values, dtype=float) for values in (centres, atoms, box))
    inverse = np.linalg.inv(box)
    spacing = 1.0 / np.linalg.norm(inverse, axis=0)
    density = len(atoms) / abs(np.linalg.det(box))
    # Cells hold about one atom or more, and are not much smaller than the sphere.
    width = max(cutoff / 2, (density or 1.0) ** (-1 / 3))
    number = np.maximum(spacing / width, 1).astype(np.int64)
    reach = (cutoff * (1 + 1e-9) / spacing * number).astype(np.int64) + 1
    expected = len(centres) * density * 4 / 3 * np.pi * cutoff**3
    capacity = int(1.5 * expected) + 8 * len(centres)
    search = (centres, atoms, box, inverse, number, reach, COINCIDENT_A, float(cutoff))
    found, *pairs = list_pairs(*search, capacity)
    if found > capacity:
        found, *pairs = list_pairs(*search, found)
    return Neighbours(*(values[:found] for values in pairs))
