"""Reading a crystal structure and expanding it by its space group."""

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

import gemmi
import numpy as np
from scipy.spatial import cKDTree

from ..errors import InputError

SAME_ATOM = 0.1
"""Symmetry images of one site closer than this (angstrom) are one atom on a special position."""

OVERLAP = 0.7
"""No two atoms of a molecule are closer than this (angstrom); the shortest bond, C-H, has 0.93 to 1.09."""

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


def read_crystal(path: str | Path) -> Crystal:
    """Read a CIF and expand its asymmetric unit to the whole unit cell.

    The symmetry is taken from the listed operations, else from the Hall symbol, the Hermann-Mauguin symbol or
    the number of the space group, in this order, so any setting and any choice of origin will do.

    Parameters
    ----------
    path
        Crystallographic information file with one structure.

    Returns
    -------
    Crystal
        The atoms of the unit cell, site by site.

    Raises
    ------
    InputError
        The file is missing or unreadable, has no cell, atoms or symmetry, or its cell and symmetry disagree;
        a site has an unknown element, no coordinates or is disordered; two atoms overlap.
    """
    structure = _read_cif(path)
    if not structure.cell.is_crystal():
        raise InputError(f"{path}: no unit cell; give _cell_length_a/b/c and _cell_angle_alpha/beta/gamma.")
    if not structure.cell.volume > 0:  # NaN neither
        raise InputError(f"{path}: a unit cell without volume; correct _cell_length_* and _cell_angle_*.")
    if not structure.sites:
        raise InputError(f"{path}: no atoms; give a loop of _atom_site_label and _atom_site_fract_x/y/z.")
    for site in structure.sites:
        _check_site(path, site)
    cell = np.array(structure.cell.orth.mat.tolist()).T
    operations = _symmetry(path, structure)
    rotations = np.array([operation.rot for operation in operations]) / gemmi.Op.DEN
    translations = np.array([operation.tran for operation in operations]) / gemmi.Op.DEN
    _check_metric(path, cell, rotations)
    images = [_expand(site, cell, rotations, translations) for site in structure.sites]
    counts = [len(image) for image in images]
    crystal = Crystal(
        path=str(path),
        cell=cell,
        fractional=np.concatenate(images),
        elements=np.repeat([site.element.name for site in structure.sites], counts),
        labels=np.repeat([site.label for site in structure.sites], counts),
    )
    check_overlaps(crystal)
    return crystal


def read_symmetry(path: str | Path) -> list[gemmi.Op]:
    """Read the operations on fractional coordinates by which `read_crystal` expands a CIF.

    Raises
    ------
    InputError
        The file is missing or unreadable, or has no known symmetry.
    """
    return _symmetry(path, _read_cif(path))


def parse_supercell(text: str) -> tuple[int, int, int]:
    """Read the numbers of unit cells along a, b and c from a name such as ``2x2x1``.

    Raises
    ------
    InputError
        The name is not three positive whole numbers joined by ``x``.
    """
    match = re.fullmatch(r"([1-9]\d*)x([1-9]\d*)x([1-9]\d*)", text)
    if match is None:
        raise InputError(f"supercell {text!r}: give three positive whole numbers joined by x, such as 2x2x1.")
    return tuple(int(number) for number in match.groups())


def lattice_translations(repeats: tuple[int, int, int]) -> np.ndarray:
    """List the unit cells of a supercell, the last axis fastest.

    Parameters
    ----------
    repeats
        Number of unit cells along a, b and c.

    Returns
    -------
    numpy.ndarray
        Shape (cells, 3), whole numbers of lattice vectors.
    """
    return np.array(list(itertools.product(*(range(number) for number in repeats))))


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
    home = cKDTree(crystal.fractional @ crystal.cell)
    found = home.sparse_distance_matrix(cKDTree(images), cutoff, output_type="ndarray")
    image, second = np.divmod(found["j"], len(crystal))
    # The home cell is the middle one of the shifts; those of an atom's own images come in opposite pairs.
    once = (found["i"] < second) | ((found["i"] == second) & (image > len(shifts) // 2))
    pairs = np.column_stack([found["i"], second])[once]
    order = np.lexsort((image[once], pairs[:, 1], pairs[:, 0]))
    return pairs[order], shifts[image[once]][order], found["v"][once][order]


def _read_cif(path: str | Path) -> gemmi.SmallStructure:
    if not Path(path).is_file():
        raise InputError(f"{path}: there is no such file.")
    try:
        blocks = [block for block in gemmi.cif.read(str(path)) if block.find_loop("_atom_site_fract_x")]
    except (ValueError, OSError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: not a readable CIF ({reason}).") from None
    if len(blocks) != 1:
        raise InputError(
            f"{path}: {len(blocks)} structures with fractional coordinates, where one is needed."
        )
    return gemmi.make_small_structure_from_block(blocks[0])


def _check_site(path: str | Path, site: gemmi.SmallStructure.Site) -> None:
    if site.element.atomic_number == 0:
        raise InputError(
            f"{path}: atom {site.label} has the unknown element {site.type_symbol or site.label!r}."
        )
    if not np.all(np.isfinite(site.fract.tolist())):
        raise InputError(f"{path}: atom {site.label} lacks a fractional coordinate.")
    if site.occ < 1 or site.disorder_group != 0:
        raise InputError(
            f"{path}: atom {site.label} is disordered (occupancy {site.occ:g}, group {site.disorder_group}); "
            "keep one alternative with occupancy 1."
        )


def _symmetry(path: str | Path, structure: gemmi.SmallStructure) -> list[gemmi.Op]:
    cell = structure.cell
    named = gemmi.find_spacegroup_by_name(structure.spacegroup_hm, cell.alpha, cell.gamma)
    if structure.symops or structure.spacegroup_hall:
        operations = _listed_operations(path, structure)
    elif named is not None:
        operations = list(named.operations())
    elif structure.spacegroup_hm or not 1 <= structure.spacegroup_number <= 230:
        raise InputError(
            f"{path}: no known symmetry (space group {structure.spacegroup_hm or 'not given'!r}); "
            "list the operations in _space_group_symop_operation_xyz."
        )
    else:
        operations = list(gemmi.find_spacegroup_by_number(structure.spacegroup_number).operations())
    if named is not None and len(named.operations()) != len(operations):
        raise InputError(
            f"{path}: {len(operations)} symmetry operations, where the space group {named.hm} "
            f"has {len(named.operations())}."
        )
    return operations


def _listed_operations(path: str | Path, structure: gemmi.SmallStructure) -> list[gemmi.Op]:
    try:
        if structure.symops:
            return [gemmi.Op(text) for text in structure.symops]
        return list(gemmi.symops_from_hall(structure.spacegroup_hall))
    except (ValueError, RuntimeError) as error:
        raise InputError(f"{path}: symmetry operations that cannot be read ({error}).") from None


def _check_metric(path: str | Path, cell: np.ndarray, rotations: np.ndarray) -> None:
    """Check that every rotation leaves lengths and angles of the cell as they are."""
    metric = cell @ cell.T
    images = np.einsum("oji,jk,okl->oil", rotations, metric, rotations)
    if np.max(np.abs(images - metric)) > METRIC_TOLERANCE * np.max(metric):
        raise InputError(
            f"{path}: the lengths and angles of the cell do not have the symmetry of the space group."
        )


def _expand(
    site: gemmi.SmallStructure.Site, cell: np.ndarray, rotations: np.ndarray, translations: np.ndarray
) -> np.ndarray:
    """Return the fractional coordinates in [0, 1) of all distinct symmetry images of a site."""
    images = rotations @ np.array(site.fract.tolist()) + translations
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
