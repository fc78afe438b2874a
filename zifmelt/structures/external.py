"""Reading a disordered structure that somebody else made, for example a published model of a glass.

Unlike in a crystal that is prepared for a simulation (`zifmelt.structures.ligands`), a zinc may have any
number of N, and an N may have no zinc or several. The result goes where the frames of a run go::

    frames = read_structure("glass.cif")
    bonds = find_bonds([frames], form_A=2.5, break_A=2.5)
    bonds.coordination()[0]  # number of N of every Zn
    net = zinc_net(atoms_of(frames.topology), frames.positions[0], frames.boxes[0], bonds.at(0))
    ring_counts(net, 12)
    radial_distribution(frames, ("Zn", "N"), r_max=12.0, bin_width=0.02)
"""

import re
from pathlib import Path

import gemmi
import mdtraj
import networkx as nx
import numpy as np
from networkx.algorithms.isomorphism import GraphMatcher, categorical_node_match

from ..errors import InputError
from ..trajectory import Frames
from .crystal import Crystal, check_overlaps, read_crystal
from .ligands import BondedNeighbours, bonded_neighbours, whole, wrong_ligand
from .molecules import IMIDAZOLATE, ZINC

RING = IMIDAZOLATE.atoms[:5]
"""N1 C2 N3 C4 C5."""


def read_structure(path: str | Path) -> Frames:
    """Read one structure of Zn and imidazolates, as ordered or disordered as it may be.

    Parameters
    ----------
    path
        CIF (its symmetry is applied), PDB with a unit cell, or extended XYZ with ``Lattice``. Residues and
        bonds are not read but found. Deuterium counts as hydrogen.

    Returns
    -------
    Frames
        One frame at time 0: the Zn, then the ligands, each a residue in one piece. Ring atoms are called
        N1 C2 N3 C4 C5, hydrogens on them H2 H4 H5; there may be substituents, and hydrogens may be missing.

    Raises
    ------
    InputError
        The file cannot be read or has no unit cell, atoms overlap, there is no Zn, or a molecule does not
        have just one imidazole ring.
    """
    read = {".cif": read_crystal, ".pdb": _read_pdb, ".xyz": _read_xyz, ".extxyz": _read_xyz}
    suffix = Path(path).suffix.lower()
    if suffix not in read:
        raise InputError(f"{path}: the name of a structure must end in {', '.join(read)}.")
    if not Path(path).is_file():
        raise InputError(f"{path}: there is no such file.")
    return frames_of(read[suffix](path))


def frames_of(crystal: Crystal) -> Frames:
    """Find the Zn and the ligands among the atoms of a unit cell, see `read_structure`."""
    crystal = Crystal(
        crystal.path,
        crystal.cell,
        crystal.fractional,
        np.where(crystal.elements == "D", "H", crystal.elements),
        crystal.labels,
    )
    zinc = np.flatnonzero(crystal.elements == "Zn")
    if not len(zinc):
        raise InputError(f"{crystal.path}: no Zn atom, but zinc and imidazolates are needed.")
    neighbours = bonded_neighbours(crystal)
    molecules = _molecules(crystal, neighbours)
    topology = mdtraj.Topology()
    chain = topology.add_chain()
    order, shifts = list(zinc), [np.zeros((len(zinc), 3), dtype=int)]
    for _ in zinc:
        _add_residue(topology, chain, ZINC.name, ZINC.atoms, ZINC.elements)
    for component in nx.connected_components(molecules):
        atoms, names = _ligand(crystal, molecules.subgraph(component).copy())
        _add_residue(topology, chain, IMIDAZOLATE.name, names, crystal.elements[atoms])
        order += atoms
        shifts.append(whole(neighbours, atoms))
    positions = (crystal.fractional[order] + np.concatenate(shifts)) @ crystal.cell
    return Frames(positions[None], crystal.cell[None], np.zeros(1), topology)


def _molecules(crystal: Crystal, neighbours: BondedNeighbours) -> nx.Graph:
    """Join the atoms other than Zn to molecules; a hydrogen belongs to the nearest heavier atom only."""
    graph = nx.Graph()
    organic = np.flatnonzero(crystal.elements != "Zn")
    graph.add_nodes_from((int(atom), {"element": str(crystal.elements[atom])}) for atom in organic)
    for atom in organic.tolist():
        here = crystal.fractional[atom]
        bonds = [
            (other, float(np.linalg.norm((crystal.fractional[other] + shift - here) @ crystal.cell)))
            for other, shift in neighbours[atom]
            if crystal.elements[other] not in ("Zn", "H")
        ]
        if crystal.elements[atom] == "H":
            bonds = sorted(bonds, key=lambda bond: bond[1])[:1]
        graph.add_weighted_edges_from(((atom, *bond) for bond in bonds), weight="length")
    return graph


def _ligand(crystal: Crystal, molecule: nx.Graph) -> tuple[list[int], list[str]]:
    """Order the atoms of a molecule, those of its imidazole ring first, and name them."""
    template = IMIDAZOLATE.graph().subgraph(range(len(RING))).copy()
    matcher = GraphMatcher(molecule, template, categorical_node_match("element", None))
    found = [sorted(match, key=match.__getitem__) for match in matcher.subgraph_monomorphisms_iter()]
    # In a distorted ring atoms that are not neighbours may come close, but the way around is the shortest.
    # It reads the same from either N: the smaller list of atoms makes the choice reproducible.
    rings = sorted(found, key=lambda ring: (round(_perimeter(molecule, ring), 6), ring))
    if len({frozenset(ring) for ring in rings}) != 1:
        raise InputError(wrong_ligand(crystal, set(molecule)))
    atoms, names = list(rings[0]), list(RING)
    for atom in sorted(set(molecule) - set(atoms)):
        element, (bonded, *others) = str(crystal.elements[atom]), molecule[atom]
        on_ring = element == "H" and not others and bonded in rings[0]
        number = int(RING[rings[0].index(bonded)][1:]) if on_ring else len(atoms) + 1
        atoms.append(atom)
        names.append(f"{element}{number}")
    return atoms, names


def _perimeter(molecule: nx.Graph, ring: list[int]) -> float:
    return sum(molecule.edges[pair]["length"] for pair in zip(ring, [*ring[1:], ring[0]], strict=True))


def _add_residue(topology, chain, name, atoms, elements) -> None:
    residue = topology.add_residue(name, chain)
    for atom, element in zip(atoms, elements, strict=True):
        topology.add_atom(atom, mdtraj.element.get_by_symbol(str(element)), residue)


def _read_pdb(path: str | Path) -> Crystal:
    try:
        structure = gemmi.read_structure(str(path), format=gemmi.CoorFormat.Pdb)
    except (ValueError, RuntimeError) as error:
        raise InputError(f"{path}: not a readable PDB file ({error}).") from None
    if not structure.cell.is_crystal():
        raise InputError(f"{path}: no unit cell; give it as CRYST1.")
    if len(structure) != 1:
        raise InputError(f"{path}: {len(structure)} models, where one is needed.")
    atoms = [found.atom for found in structure[0].all()]
    fractional = np.array([structure.cell.fractionalize(atom.pos).tolist() for atom in atoms])
    cell = np.array(structure.cell.orth.mat.tolist()).T
    return _unit_cell(path, cell, fractional, [atom.element.name for atom in atoms])


def _read_xyz(path: str | Path) -> Crystal:
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    lattice = re.search(r'Lattice\s*=\s*"([^"]+)"', lines[1] if len(lines) > 1 else "", re.IGNORECASE)
    if lattice is None:
        raise InputError(f'{path}: no unit cell; give it in the second line as Lattice="ax ay az bx ... cz".')
    columns = re.search(r"Properties\s*=\s*(\S+)", lines[1], re.IGNORECASE)
    species, place = _xyz_columns(columns[1] if columns else "species:S:1:pos:R:3")
    try:
        vectors = np.array(lattice[1].split(), dtype=float).reshape(3, 3)
        rows = [line.split() for line in lines[2:] if line.strip()]
        if len(rows) != int(lines[0]):
            raise ValueError(f"{len(rows)} atoms instead of {lines[0].strip()}; give one frame")
        positions = np.array([row[place : place + 3] for row in rows], dtype=float).reshape(-1, 3)
        symbols = [row[species] for row in rows]
        # The same cell with the first vector along x and the second in the xy plane.
        cell = np.linalg.cholesky(vectors @ vectors.T)
        return _unit_cell(path, cell, positions @ np.linalg.inv(vectors), symbols)
    except (ValueError, IndexError, np.linalg.LinAlgError) as error:
        raise InputError(f"{path}: not a readable extended XYZ file ({error}).") from None


def _xyz_columns(properties: str) -> tuple[int, int]:
    """Columns in which the chemical symbol and the first coordinate are."""
    fields = properties.split(":")
    starts, column = {}, 0
    for name, width in zip(fields[::3], fields[2::3], strict=False):
        starts[name.lower()] = column
        column += int(width)
    return starts.get("species", 0), starts.get("pos", 1)


def _unit_cell(path: str | Path, cell: np.ndarray, fractional: np.ndarray, symbols: list[str]) -> Crystal:
    labels = [f"{symbol}{number}" for number, symbol in enumerate(symbols, start=1)]
    elements = [gemmi.Element(symbol) for symbol in symbols]
    for element, label in zip(elements, labels, strict=True):
        if element.atomic_number == 0:
            raise InputError(f"{path}: atom {label} has an unknown element.")
    names = np.array([element.name for element in elements])
    crystal = Crystal(str(path), cell, fractional % 1.0 % 1.0, names, np.array(labels))
    check_overlaps(crystal)
    return crystal
