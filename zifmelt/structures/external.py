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

import warnings
from collections.abc import Sequence
from pathlib import Path

import mdtraj
import numpy as np

from ..errors import InputError
from ..trajectory import Frames
from .crystal import read_crystal
from .imidazole import RING, Ligand, bonded_neighbours, find_ligands
from .molecules import IMIDAZOLATE, ZINC
from .pdb import read_pdb
from .unit_cell import Crystal
from .xyz import read_xyz


def read_structure(path: str | Path) -> Frames:
    """Read one structure of Zn and imidazolates, as ordered or disordered as it may be.

    Parameters
    ----------
    path
        CIF or PDB with a unit cell (the symmetry is applied), or extended XYZ with ``Lattice``. Residues and
        bonds are not read but found. Deuterium counts as hydrogen.

    Returns
    -------
    Frames
        One frame at time 0: the Zn, then the ligands, each a residue in one piece. Ring atoms are called
        N1 C2 N3 C4 C5, hydrogens on them H2 H4 H5; there may be substituents, and hydrogens may be missing.

    Raises
    ------
    InputError
        The file cannot be read or has no possible unit cell, atoms overlap, there is no Zn, or a molecule has
        no imidazole ring.

    Warns
    -----
    UserWarning
        Bonds are unusually short or long, or ligands touch; rings are the best match of the atoms.
    """
    read = {".cif": read_crystal, ".pdb": read_pdb, ".xyz": read_xyz, ".extxyz": read_xyz}
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
    ligands, unusual = find_ligands(crystal, bonded_neighbours(crystal))
    if unusual:
        more = f" (and {len(unusual) - 1} more such places)" if len(unusual) > 1 else ""
        warnings.warn(f"{crystal.path}: {unusual[0]}{more}.", stacklevel=3)
    topology = mdtraj.Topology()
    chain = topology.add_chain()
    order, shifts = zinc.tolist(), [np.zeros((len(zinc), 3), dtype=int)]
    for _ in zinc:
        _add_residue(topology, chain, ZINC.name, ZINC.atoms, ZINC.elements)
    for ligand in ligands:
        _add_residue(
            topology, chain, IMIDAZOLATE.name, _names(crystal, ligand), crystal.elements[ligand.atoms]
        )
        order += ligand.atoms
        shifts.append(ligand.shifts)
    positions = (crystal.fractional[order] + np.concatenate(shifts)) @ crystal.cell
    return Frames(positions[None], crystal.cell[None], np.zeros(1), topology)


def _names(crystal: Crystal, ligand: Ligand) -> list[str]:
    """Name the atoms of a ligand: ring, hydrogens on it after the carbon, everything else by its place."""
    names = list(RING)
    for atom in ligand.atoms[len(RING) :]:
        element, holder = str(crystal.elements[atom]), ligand.parents[atom]
        on_ring = element == "H" and holder in ligand.ring
        number = int(RING[ligand.ring.index(holder)][1:]) if on_ring else len(names) + 1
        names.append(f"{element}{number}")
    return names


def _add_residue(
    topology: mdtraj.Topology,
    chain: mdtraj.core.topology.Chain,
    name: str,
    atoms: Sequence[str],
    elements: Sequence[str] | np.ndarray,
) -> None:
    residue = topology.add_residue(name, chain)
    for atom, element in zip(atoms, elements, strict=True):
        topology.add_atom(atom, mdtraj.element.get_by_symbol(str(element)), residue)
