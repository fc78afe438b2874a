"""Recognising the zinc imidazolate framework in a crystal structure."""

from collections import Counter
from dataclasses import dataclass

import gemmi
import networkx as nx
import numpy as np
from networkx.algorithms.isomorphism import GraphMatcher, categorical_node_match

from ..errors import InputError
from .crystal import Crystal, pairs_within
from .molecules import IMIDAZOLATE

BOND_TOLERANCE = 0.4
"""Two atoms are bonded up to the sum of their covalent radii (Cordero 2008, as in gemmi) plus this, angstrom.

Zn-N 2.33 (in crystals 2.0, next 3); C-N 1.84 (1.3-1.4, across the ring 2.1); C-H 1.44 (1.1, next 2.1).
"""

BondedNeighbours = list[list[tuple[int, np.ndarray]]]
"""For every atom its bonded neighbours and their lattice translations."""


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
        There is another element than Zn, C, N and H, a ligand other than imidazolate (C3H3N2), a zinc that is
        not bonded to just four N, or an N that is not bonded to just one Zn.
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
    ligands, ligand_shifts = _ligands(crystal, neighbours)
    _check_bridges(crystal, ligands, nitrogen)
    return Framework(crystal, zinc, ligands, ligand_shifts, nitrogen, nitrogen_shifts)


def bonded_neighbours(crystal: Crystal) -> BondedNeighbours:
    """List for every atom its bonded neighbours and their lattice translations (`BOND_TOLERANCE`)."""
    radius = {symbol: gemmi.Element(symbol).covalent_r for symbol in set(crystal.elements)}
    radii = np.array([radius[symbol] for symbol in crystal.elements])
    pairs, shifts, distances = pairs_within(crystal, 2 * radii.max() + BOND_TOLERANCE)
    bonded = distances <= radii[pairs].sum(axis=1) + BOND_TOLERANCE
    neighbours: BondedNeighbours = [[] for _ in range(len(crystal))]
    for (first, second), shift in zip(pairs[bonded], shifts[bonded], strict=True):
        neighbours[first].append((int(second), shift))
        neighbours[second].append((int(first), -shift))
    return neighbours


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


def _ligands(crystal: Crystal, neighbours: BondedNeighbours) -> tuple[np.ndarray, np.ndarray]:
    """Return the atoms of each ligand in the template's order and the translations that make it whole."""
    organic = nx.Graph()
    organic.add_nodes_from(
        (atom, {"element": element}) for atom, element in enumerate(crystal.elements) if element != "Zn"
    )
    organic.add_edges_from(
        (atom, other) for atom in organic for other, _ in neighbours[atom] if crystal.elements[other] != "Zn"
    )
    template = IMIDAZOLATE.graph()
    same_element = categorical_node_match("element", None)
    atoms, shifts = [], []
    for component in nx.connected_components(organic):
        matcher = GraphMatcher(template, organic.subgraph(component), same_element)
        # A ring reads the same from either N: the smaller list of atoms makes the choice reproducible.
        matches = [[match[i] for i in range(len(template))] for match in matcher.isomorphisms_iter()]
        if not matches:
            raise InputError(wrong_ligand(crystal, component))
        atoms.append(min(matches))
        shifts.append(whole(neighbours, atoms[-1]))
    return np.array(atoms), np.array(shifts)


def wrong_ligand(crystal: Crystal, component: set[int]) -> str:
    """Say which atoms are a molecule that is not the ligand."""
    count = Counter(str(crystal.elements[atom]) for atom in component)
    formula = "".join(f"{element}{count[element]}" for element in sorted(count))
    return (
        f"{crystal.path}: the ligand with atom {crystal.labels[min(component)]} is {formula}, "
        "where the ring of imidazolate C3H3N2 is needed."
    )


def whole(neighbours: BondedNeighbours, atoms: list[int]) -> np.ndarray:
    """Walk along the bonds of a ligand and return the translation of each atom relative to the first."""
    shifts = {atoms[0]: np.zeros(3, dtype=int)}
    reached = [atoms[0]]
    for atom in reached:
        for other, shift in neighbours[atom]:
            if other in atoms and other not in shifts:
                shifts[other] = shifts[atom] + shift
                reached.append(other)
    return np.array([shifts[atom] for atom in atoms])


def _check_bridges(crystal: Crystal, ligands: np.ndarray, nitrogen: np.ndarray) -> None:
    """Check that each N of each ligand is bonded to one zinc."""
    bonds = Counter(nitrogen.ravel().tolist())
    for atom in ligands[:, np.array(IMIDAZOLATE.elements) == "N"].ravel().tolist():
        if bonds[atom] != 1:
            raise InputError(
                f"{crystal.path}: atom {crystal.labels[atom]} is bonded to {bonds[atom]} Zn, "
                "where 1 is needed."
            )
