"""Recognising the zinc imidazolate framework in a crystal structure."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from .imidazole import BondedNeighbours, bonded_neighbours, find_ligands, wrong_ligand
from .molecules import IMIDAZOLATE
from .unit_cell import Crystal


@dataclass(frozen=True)
class Framework:
    """A Zn(imidazolate)2 net: who is bonded to whom in the unit cell of a crystal.

    Attributes
    ----------
    crystal
        The unit cell.
    zinc
        Shape (zinc,), atom indices.
    ligands
        Shape (ligands, 8), atom indices in the order N1 C2 N3 C4 C5 H2 H4 H5.
    ligand_shifts
        Shape (ligands, 8, 3), lattice translations that put the atoms of a ligand side by side.
    nitrogen
        Shape (zinc, 4), atom indices of the four N bonded to each zinc.
    nitrogen_shifts
        Shape (zinc, 4, 3), lattice translations of these N as seen from the zinc.
    """

    crystal: Crystal
    zinc: np.ndarray
    ligands: np.ndarray
    ligand_shifts: np.ndarray
    nitrogen: np.ndarray
    nitrogen_shifts: np.ndarray


def recognise_framework(crystal: Crystal) -> Framework:
    """Find the zinc atoms and the imidazolates that bridge them.

    Parameters
    ----------
    crystal
        Unit cell with all its atoms.

    Returns
    -------
    Framework
        Zinc and ligands in the order of the crystal's atoms.

    Raises
    ------
    InputError
        There is another element than Zn, C, N and H, a ligand other than imidazolate (C3H3N2) or with unusual
        bond lengths, a zinc that is not bonded to just four N, or an N that is not bonded to just one Zn.
    """
    for element, label in zip(crystal.elements, crystal.labels, strict=True):
        if element not in {"Zn", "C", "N", "H"}:
            raise InputError(
                f"{crystal.path}: atom {label} is {element}, "
                "but a zinc imidazolate framework has only Zn, C, N and H."
            )
    neighbours = bonded_neighbours(crystal)
    zinc = np.flatnonzero(crystal.elements == "Zn")
    if not len(zinc):
        raise InputError(f"{crystal.path}: no Zn atom, but a zinc imidazolate framework is needed.")
    nitrogen, nitrogen_shifts = _coordination(crystal, neighbours, zinc)
    ligands, ligand_shifts = _imidazolates(crystal, neighbours)
    _check_bridges(crystal, ligands, nitrogen)
    return Framework(crystal, zinc, ligands, ligand_shifts, nitrogen, nitrogen_shifts)


def _coordination(
    crystal: Crystal, neighbours: BondedNeighbours, zinc: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the four N of each zinc and their lattice translations."""
    for atom in zinc:
        found = Counter(str(crystal.elements[other]) for other, _ in neighbours[atom])
        if found != Counter({"N": 4}):
            listed = ", ".join(f"{count} {element}" for element, count in sorted(found.items())) or "nothing"
            raise InputError(
                f"{crystal.path}: atom {crystal.labels[atom]} is bonded to {listed}, where 4 N are needed."
            )
    nitrogen = np.array([[other for other, _ in neighbours[atom]] for atom in zinc])
    shifts = np.array([[shift for _, shift in neighbours[atom]] for atom in zinc])
    return nitrogen, shifts


def _imidazolates(crystal: Crystal, neighbours: BondedNeighbours) -> tuple[np.ndarray, np.ndarray]:
    """Return the atoms of each ligand in the template's order and the translations that make it whole."""
    found, unusual = find_ligands(crystal, neighbours)
    if unusual:
        raise InputError(f"{crystal.path}: {unusual[0]}; relax the structure first.")
    atoms, shifts = [], []
    for ligand in found:
        n1, c2, n3, c4, c5 = ligand.ring
        on = {parent: atom for atom, parent in ligand.parents.items() if crystal.elements[atom] == "H"}
        if len(ligand.atoms) != len(IMIDAZOLATE.atoms) or set(on) != {c2, c4, c5}:
            raise InputError(wrong_ligand(crystal, set(ligand.atoms)))
        # A ring reads the same from either N: the smaller list of atoms makes the choice reproducible.
        order = min(
            [n1, c2, n3, c4, c5, on[c2], on[c4], on[c5]], [n3, c2, n1, c5, c4, on[c2], on[c5], on[c4]]
        )
        places = dict(zip(ligand.atoms, ligand.shifts, strict=True))
        atoms.append(order)
        shifts.append([places[atom] - places[order[0]] for atom in order])
    return np.array(atoms), np.array(shifts)


def _check_bridges(crystal: Crystal, ligands: np.ndarray, nitrogen: np.ndarray) -> None:
    """Check that each N of each ligand is bonded to one zinc."""
    bonds = Counter(nitrogen.ravel().tolist())
    for atom in ligands[:, np.array(IMIDAZOLATE.elements) == "N"].ravel().tolist():
        if bonds[atom] != 1:
            raise InputError(
                f"{crystal.path}: atom {crystal.labels[atom]} is bonded to {bonds[atom]} Zn, "
                "where 1 is needed."
            )
