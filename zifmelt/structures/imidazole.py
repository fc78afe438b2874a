"""Which atoms are which imidazole, by the best match of rings: in crystals and in models that others made.

In a disordered model atoms of neighbouring rings may touch, and in a shrunken ring atoms across it look
bonded. So rings are not read off the bonds alone: of all circles N-C-N-C-C those are taken whose ten
distances are nearest to those of the imidazolate in ZIF-4.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import gemmi
import numpy as np

from ..errors import InputError
from .molecules import IMIDAZOLATE
from .unit_cell import Crystal, pairs_within

if TYPE_CHECKING:
    import networkx

BOND_TOLERANCE = 0.4
"""Two atoms are bonded up to the sum of their covalent radii (Cordero 2008, as in gemmi) plus this, angstrom.

Zn-N 2.33 (in crystals 2.0, next 3); C-N 1.84 (1.3-1.4, across the ring 2.1); C-H 1.44 (1.1, next 2.1).
"""

RING = IMIDAZOLATE.atoms[:5]
"""N1 C2 N3 C4 C5."""

RING_PAIRS = list(combinations(range(len(RING)), 2))
RING_DISTANCES = np.array([1.35, 2.24, 2.24, 1.38, 1.35, 2.17, 2.17, 1.38, 2.24, 1.38])
"""Distances of `RING_PAIRS` in ZIF-4, relaxed by density functional theory; angstrom."""

USUAL_RING_BOND = (1.22, 1.55)
USUAL_CH_BOND = (0.80, 1.30)
"""Shortest and longest likely bonds, angstrom; at rest 1.32 to 1.42 and 0.93 to 1.11."""

Site = tuple[int, tuple[int, int, int]]
"""An atom and the lattice translation of its image."""

BondedNeighbours = list[list[tuple[int, np.ndarray]]]
"""For every atom its bonded neighbours and their lattice translations."""


@dataclass(frozen=True)
class Ligand:
    """One imidazole with everything that is bonded to it.

    Attributes
    ----------
    atoms
        Atom indices: N1 C2 N3 C4 C5, then the others in rising order.
    shifts
        Shape (atoms, 3), lattice translations that put the atoms side by side.
    parents
        For each atom beyond the ring the atom that holds it.
    """

    atoms: list[int]
    shifts: np.ndarray
    parents: dict[int, int]

    @property
    def ring(self) -> list[int]:
        """The first five atoms."""
        return self.atoms[: len(RING)]


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


def find_ligands(crystal: Crystal, neighbours: BondedNeighbours) -> tuple[list[Ligand], list[str]]:
    """Divide all atoms other than Zn among imidazoles.

    A hydrogen belongs to the nearest heavier atom, anything else beyond the rings to the ring that is nearest
    along bonds.

    Parameters
    ----------
    crystal
        Unit cell.
    neighbours
        Its `bonded_neighbours`.

    Returns
    -------
    ligands : list of Ligand
        In the order of their first atoms.
    unusual : list of str
        What no careful crystal structure has: bond lengths, and ligands that touch.

    Raises
    ------
    InputError
        A molecule has no imidazole ring.
    """
    import networkx  # which takes a while to load: only for those who look for ligands

    bonds = _bonds(crystal, neighbours)
    rings = _best_rings(crystal, bonds)
    ring_of = {atom: number for number, ring in enumerate(rings) for atom, _ in ring}
    _, paths = networkx.multi_source_dijkstra(bonds, set(ring_of), weight="length") if ring_of else ({}, {})
    stray = set(bonds) - set(paths)
    if stray:
        component = networkx.node_connected_component(bonds, min(stray))
        raise InputError(wrong_ligand(crystal, component))
    owners = {atom: ring_of[path[0]] for atom, path in paths.items()}
    parents: list[dict[int, int]] = [{} for _ in rings]
    for atom in sorted(set(paths) - set(ring_of)):
        parents[owners[atom]][atom] = paths[atom][-2]
    ligands = [_ligand(bonds, ring, held) for ring, held in zip(rings, parents, strict=True)]
    ligands.sort(key=lambda ligand: min(ligand.atoms))
    unusual = [text for ligand in ligands for text in _unusual_bonds(crystal, ligand)]
    return ligands, unusual + _touching(crystal, bonds, owners)


def wrong_ligand(crystal: Crystal, component: set[int]) -> str:
    """Say which atoms are a molecule that is not the ligand."""
    count = Counter(str(crystal.elements[atom]) for atom in component)
    formula = "".join(f"{element}{count[element]}" for element in sorted(count))
    where = f"{crystal.path}: the ligand with atom {crystal.labels[min(component)]} is {formula}"
    if formula == "C3H3N2":
        return f"{where} as it should be, but its atoms are not bonded like those of imidazolate."
    return f"{where}, where the ring of imidazolate C3H3N2 is needed."


def _bonds(crystal: Crystal, neighbours: BondedNeighbours) -> "networkx.Graph":
    """Join the atoms other than Zn; a hydrogen to the nearest heavier atom only."""
    import networkx

    graph = networkx.Graph()
    organic = np.flatnonzero(crystal.elements != "Zn").tolist()
    graph.add_nodes_from(organic)
    for atom in organic:
        found = [
            (_distance(crystal, (atom, (0, 0, 0)), (other, shift)), other, tuple(shift.tolist()))
            for other, shift in neighbours[atom]
            if other != atom and crystal.elements[other] not in ("Zn", "H")
        ]
        found = sorted(found)[: 1 if crystal.elements[atom] == "H" else None]
        for length, other, shift in reversed(found):
            graph.add_edge(atom, other, length=length, shift=(atom, shift))
    return graph


def _distance(crystal: Crystal, one: tuple, other: tuple) -> float:
    step = crystal.fractional[other[0]] + other[1] - crystal.fractional[one[0]] - one[1]
    return float(np.linalg.norm(step @ crystal.cell))


def _step(bonds: "networkx.Graph", site: Site, other: int) -> Site:
    """Go along a bond to the image of the other atom."""
    start, shift = bonds.edges[site[0], other]["shift"]
    sign = 1 if start == site[0] else -1
    return other, tuple(a + sign * b for a, b in zip(site[1], shift, strict=True))


def _best_rings(crystal: Crystal, bonds: "networkx.Graph") -> list[list[Site]]:
    """Choose rings that share no atom, the best match first."""
    candidates = []
    for ring in _circles(crystal, bonds):
        distances = [_distance(crystal, ring[i], ring[j]) for i, j in RING_PAIRS]
        misfit = float(np.sum((distances - RING_DISTANCES) ** 2))
        candidates.append((round(misfit, 6), [atom for atom, _ in ring], ring))
    taken: set[int] = set()
    chosen = []
    for _, atoms, ring in sorted(candidates):
        if taken.isdisjoint(atoms):
            taken.update(atoms)
            chosen.append(ring)
    return chosen


def _circles(crystal: Crystal, bonds: "networkx.Graph") -> Iterator[list[Site]]:
    """List all circles N-C-N-C-C along bonds, from the smaller list of atoms of the two ways around."""
    for carbon in (atom for atom in bonds if crystal.elements[atom] == "C"):
        home = (carbon, (0, 0, 0))
        for one, other in combinations(_steps(crystal, bonds, home, "N"), 2):
            for fifth in _steps(crystal, bonds, one, "C"):
                for fourth in _steps(crystal, bonds, other, "C"):
                    ring = [one, home, other, fourth, fifth]
                    closed = bonds.has_edge(fourth[0], fifth[0]) and _step(bonds, fourth, fifth[0]) == fifth
                    if closed and len({atom for atom, _ in ring}) == len(RING):
                        yield min(ring, [other, home, one, fifth, fourth])


def _steps(crystal: Crystal, bonds: "networkx.Graph", site: Site, element: str) -> list[Site]:
    return [_step(bonds, site, other) for other in bonds[site[0]] if crystal.elements[other] == element]


def _ligand(bonds: "networkx.Graph", ring: list[Site], parents: dict[int, int]) -> Ligand:
    places = dict(ring)
    waiting = list(parents)
    while waiting:
        atom = next(atom for atom in waiting if parents[atom] in places)
        places[atom] = _step(bonds, (parents[atom], places[parents[atom]]), atom)[1]
        waiting.remove(atom)
    atoms = [atom for atom, _ in ring] + sorted(parents)
    shifts = np.array([places[atom] for atom in atoms]) - places[atoms[0]]
    return Ligand(atoms, shifts, parents)


def _unusual_bonds(crystal: Crystal, ligand: Ligand) -> Iterator[str]:
    """Say which ring and C-H bonds are too short or too long."""
    places = dict(zip(ligand.atoms, ligand.shifts, strict=True))
    ring = ligand.ring
    bonds = [(pair, USUAL_RING_BOND) for pair in zip(ring, [*ring[1:], ring[0]], strict=True)]
    hydrogen = [pair for pair in ligand.parents.items() if crystal.elements[pair[0]] == "H"]
    bonds += [(pair, USUAL_CH_BOND) for pair in hydrogen]
    for (one, other), (shortest, longest) in bonds:
        length = _distance(crystal, (one, places[one]), (other, places[other]))
        if not shortest <= length <= longest:
            yield (
                f"the bond between atoms {crystal.labels[one]} and {crystal.labels[other]} is {length:.2f} A "
                f"long, where {shortest:.2f} to {longest:.2f} A are usual"
            )


def _touching(crystal: Crystal, bonds: "networkx.Graph", owners: dict[int, int]) -> list[str]:
    """Say which atoms of different ligands are as near as bonded ones."""
    return [
        f"atoms {crystal.labels[one]} and {crystal.labels[other]} of two ligands are {length:.2f} A apart"
        for one, other, length in bonds.edges(data="length")
        if owners[one] != owners[other]
    ]
