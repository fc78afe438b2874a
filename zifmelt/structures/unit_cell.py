"""All atoms of a unit cell: filling it by symmetry, and distances in the infinite crystal."""

import itertools
from dataclasses import dataclass, replace
from pathlib import Path

import gemmi
import numpy as np
import scipy  # its neighbour trees take a while to load: only where they are used

from ..errors import InputError

SAME_ATOM = 0.1
"""Symmetry images of one site closer than this (angstrom) are one atom on a special position."""

OVERLAP = 0.7
"""No two atoms of a molecule are closer than this (angstrom); the shortest bond, C-H, has 0.93 to 1.09."""

FARTHEST = 1_000_000
"""Fractional coordinates beyond this have no digits left for the place in the cell."""

METRIC_TOLERANCE = 5e-4
"""Relative error of squared lengths up to which a cell obeys its symmetry (relaxed cells are rounded)."""


@dataclass(frozen=True)
class Crystal:
    """All atoms of one unit cell.

    Attributes
    ----------
    path
        File it came from, for messages.
    cell
        Shape (3, 3), angstrom; the rows are the lattice vectors, a along x and b in the xy plane.
    fractional
        Shape (atoms, 3), fractional coordinates in [0, 1).
    elements
        Shape (atoms,), chemical symbols.
    labels
        Shape (atoms,), labels of the sites the atoms are images of.
    """

    path: str
    cell: np.ndarray
    fractional: np.ndarray
    elements: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        """Return the number of atoms in the unit cell."""
        return len(self.elements)


def filled(sites: Crystal, operations: list[gemmi.Op]) -> Crystal:
    """Expand sites to the whole unit cell.

    Parameters
    ----------
    sites
        Atoms of an asymmetric unit, or already all atoms of the cell.
    operations
        All symmetry operations on fractional coordinates.

    Returns
    -------
    Crystal
        The atoms of the unit cell, site by site.

    Raises
    ------
    InputError
        The cell does not have the symmetry, or two atoms overlap.
    """
    rotations = np.array([operation.rot for operation in operations]) / gemmi.Op.DEN
    translations = np.array([operation.tran for operation in operations]) / gemmi.Op.DEN
    _check_metric(sites.path, sites.cell, rotations)
    if _is_whole(sites, rotations, translations):
        check_overlaps(sites)
        return replace(sites, fractional=sites.fractional % 1.0 % 1.0)
    images = [_expand(place, sites.cell, rotations, translations) for place in sites.fractional]
    counts = [len(image) for image in images]
    crystal = Crystal(
        path=sites.path,
        cell=sites.cell,
        fractional=np.concatenate(images),
        elements=np.repeat(sites.elements, counts),
        labels=np.repeat(sites.labels, counts),
    )
    check_overlaps(crystal)
    return crystal


def all_atoms(path: str | Path, cell: np.ndarray, fractional: np.ndarray, symbols: list[str]) -> Crystal:
    """Make a unit cell of atoms without labels.

    Parameters
    ----------
    path
        File they came from, for messages.
    cell
        Shape (3, 3), angstrom, as in `Crystal`.
    fractional
        Shape (atoms, 3), fractional coordinates in any cell.
    symbols
        Chemical symbol of each atom.

    Returns
    -------
    Crystal
        The atoms, labelled by symbol and number.

    Raises
    ------
    InputError
        There is no atom, an element is unknown, an atom is nowhere or far away, or two atoms overlap.
    """
    labels = [f"{symbol}{number}" for number, symbol in enumerate(symbols, start=1)]
    elements = [gemmi.Element(symbol) for symbol in symbols]
    if not elements:
        raise InputError(f"{path}: there is no atom in it.")
    for element, label, place in zip(elements, labels, fractional, strict=True):
        if element.atomic_number == 0:
            raise InputError(f"{path}: atom {label} has an unknown element.")
        if not np.all(np.abs(place) < FARTHEST):  # NaN neither
            raise InputError(f"{path}: atom {label} is not within {FARTHEST} cells of the origin.")
    names = np.array([element.name for element in elements])
    crystal = Crystal(str(path), cell, fractional % 1.0 % 1.0, names, np.array(labels))
    check_overlaps(crystal)
    return crystal


def pairs_within(crystal: Crystal, cutoff: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find all pairs of atoms within a distance in the infinite crystal, however short the cell.

    Parameters
    ----------
    crystal
        Unit cell.
    cutoff
        Largest distance, angstrom.

    Returns
    -------
    pairs : numpy.ndarray
        Shape (pairs, 2), indices of the first atom (in the home cell) and the second; each pair once.
    shifts : numpy.ndarray
        Shape (pairs, 3), lattice translation of the second atom.
    distances : numpy.ndarray
        Shape (pairs,), angstrom.
    """
    widths = 1 / np.linalg.norm(np.linalg.inv(crystal.cell), axis=0)
    reach = np.ceil(cutoff / widths).astype(int)
    shifts = np.array(list(itertools.product(*(range(-n, n + 1) for n in reach))))
    images = (crystal.fractional + shifts[:, None]).reshape(-1, 3) @ crystal.cell
    home = scipy.spatial.cKDTree(crystal.fractional @ crystal.cell)
    found = home.sparse_distance_matrix(scipy.spatial.cKDTree(images), cutoff, output_type="ndarray")
    image, second = np.divmod(found["j"], len(crystal))
    # The home cell is the middle one of the shifts; those of an atom's own images come in opposite pairs.
    once = (found["i"] < second) | ((found["i"] == second) & (image > len(shifts) // 2))
    pairs = np.column_stack([found["i"], second])[once]
    order = np.lexsort((image[once], pairs[:, 1], pairs[:, 0]))
    return pairs[order], shifts[image[once]][order], found["v"][once][order]


def _check_metric(path: str | Path, cell: np.ndarray, rotations: np.ndarray) -> None:
    """Check that every rotation leaves lengths and angles of the cell as they are."""
    metric = cell @ cell.T
    images = np.einsum("oji,jk,okl->oil", rotations, metric, rotations)
    if np.max(np.abs(images - metric)) > METRIC_TOLERANCE * np.max(metric):
        raise InputError(
            f"{path}: the lengths and angles of the cell do not have the symmetry of the space group."
        )


def _is_whole(sites: Crystal, rotations: np.ndarray, translations: np.ndarray) -> bool:
    """Tell whether every image of every atom is a listed atom of its element."""
    home = scipy.spatial.cKDTree(sites.fractional % 1.0 % 1.0, boxsize=1.0)
    for rotation, translation in zip(rotations, translations, strict=True):
        images = sites.fractional @ rotation.T + translation
        nearest = home.query(images % 1.0 % 1.0)[1]
        difference = images - sites.fractional[nearest]
        distances = np.linalg.norm((difference - np.round(difference)) @ sites.cell, axis=1)
        if np.any(distances > SAME_ATOM) or np.any(sites.elements != sites.elements[nearest]):
            return False
    return True


def _expand(
    place: np.ndarray, cell: np.ndarray, rotations: np.ndarray, translations: np.ndarray
) -> np.ndarray:
    """Return the fractional coordinates in [0, 1) of all distinct symmetry images of a site."""
    images = rotations @ place + translations
    kept: list[np.ndarray] = []
    for image in images:
        differences = np.array([image - other for other in kept]).reshape(-1, 3)
        distances = np.linalg.norm((differences - np.round(differences)) @ cell, axis=1)
        if np.all(distances > SAME_ATOM):
            kept.append(image)
    # The second modulo turns the 1.0 that rounding makes of a tiny negative number into 0.
    return np.array(kept) % 1.0 % 1.0


def check_overlaps(crystal: Crystal) -> None:
    """Raise an `InputError` if two atoms are closer than `OVERLAP`."""
    pairs, _, distances = pairs_within(crystal, OVERLAP)
    if len(pairs):
        first, second = crystal.labels[pairs[0]]
        raise InputError(
            f"{crystal.path}: atoms {first} and {second} overlap ({distances[0]:.2f} A apart); "
            "keep one alternative of a disordered site and check the space group."
        )
