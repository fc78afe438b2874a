"""Writing a simulation cell: LAMMPS data file and PDB topology."""

from collections.abc import Iterator
from pathlib import Path

import mdtraj
import numpy as np

from ..errors import InputError
from ..files import written_whole
from ..units import A_PER_NM
from .molecules import IMIDAZOLATE, ZINC, Residue
from .system import System

DUMMIES = ("D", "L")
"""Kinds that are not atoms; they come last in their molecules."""

PDB_LARGEST_NUMBER = 99_999
"""Largest atom number in the five columns that PDB has for it."""


def write_data_file(system: System, path: str | Path) -> None:
    """Write a LAMMPS data file (units real, atom style full), whole or not at all.

    Particles lie inside the box, image flags make the molecules whole. Impropers are listed among the
    dihedrals, because the force field writes them as such. Coefficients are commands of the force field.

    Parameters
    ----------
    system
        Simulation cell.
    path
        File to write.
    """
    with written_whole(path) as scratch, scratch.open("w", encoding="utf-8") as stream:
        stream.writelines(line + "\n" for line in _data_lines(system))


def write_topology(
    source: System | str | Path, path: str | Path, elements: tuple[str, ...] | None = None
) -> None:
    """Write the atoms of some elements as PDB with residues ZN and IM, names, bonds and box, without dummies.

    The atoms keep their order, so they match a trajectory of the same kinds that is sorted by number. Beyond
    99,999 atoms the format has no numbers left for bonds, which are then left out.

    Parameters
    ----------
    source
        Simulation cell, or a PDB file that this function wrote.
    path
        File to write, ``.pdb``; it appears whole or not at all.
    elements
        Chemical symbols to keep; all if None.

    Raises
    ------
    InputError
        The PDB file is missing or not readable, or an element is not in it.
    """
    frame = _as_frame(source) if isinstance(source, System) else _read_topology(source)
    present = {atom.element.symbol for atom in frame.topology.atoms}
    missing = sorted(set(elements or ()) - present)
    if missing:
        raise InputError(f"{source}: no {missing[0]} atom to write; there are {', '.join(sorted(present))}.")
    if elements is not None:
        frame = frame.atom_slice(
            [atom.index for atom in frame.topology.atoms if atom.element.symbol in elements]
        )
    if frame.n_atoms > PDB_LARGEST_NUMBER:
        frame.topology = _without_bonds(frame.topology)
    for atom in frame.topology.atoms:
        atom.serial = None  # numbers of the source would not match the bonds that are written
    with written_whole(path) as scratch:
        frame.save_pdb(str(scratch))
        # The remark holds today's date and the library's version; without it equal cells give equal files.
        lines = scratch.read_text(encoding="utf-8").splitlines(keepends=True)
        scratch.write_text("".join(line for line in lines if not line.startswith("REMARK")), encoding="utf-8")


def _data_lines(system: System) -> Iterator[str]:
    dihedrals = np.concatenate([system.dihedrals, system.impropers])
    tables = {"Bonds": system.bonds, "Angles": system.angles, "Dihedrals": dihedrals}
    yield f"LAMMPS data file of {system.title}; units real"
    yield ""
    yield f"{len(system.positions)} atoms"
    for name, table in tables.items():
        yield f"{len(table)} {name.lower()}"
    for sort, names in system.type_names.items():
        yield f"{len(names)} {sort} types"
    for sort, names in system.type_names.items():
        yield from (f"# {sort} type {number}: {name}" for number, name in enumerate(names, start=1))
    yield ""
    for axis, length in zip("xyz", np.diag(system.cell), strict=True):
        yield f"0.0 {length:.10f} {axis}lo {axis}hi"
    tilts = system.cell[[1, 2, 2], [0, 0, 1]]
    if np.any(tilts):
        yield "{:.10f} {:.10f} {:.10f} xy xz yz".format(*tilts)
    yield from ("", "Masses", "")
    for number, (kind, mass) in enumerate(system.masses.items(), start=1):
        yield f"{number} {mass:g}  # {kind}"
    yield from ("", "Atoms  # full", "")
    yield from _atom_lines(system)
    for name, table in tables.items():
        yield from ("", name, "")
        for number, (term, *particles) in enumerate(table.tolist(), start=1):
            yield f"{number} {term} {' '.join(str(particle + 1) for particle in particles)}"


def _atom_lines(system: System) -> Iterator[str]:
    images = np.floor(system.positions @ np.linalg.inv(system.cell)).astype(int)
    wrapped = system.positions - images @ system.cell
    columns = (system.molecules, system.types, system.charges, wrapped, images, system.kinds)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for number, (molecule, kind, charge, (x, y, z), (ix, iy, iz), name) in enumerate(rows, start=1):
        yield f"{number} {molecule} {kind} {charge:.10g} {x:.8f} {y:.8f} {z:.8f} {ix} {iy} {iz}  # {name}"


def _as_frame(system: System) -> mdtraj.Trajectory:
    topology = mdtraj.Topology()
    chain = topology.add_chain()
    for _ in system.zinc_sites:
        _add_residue(topology, chain, ZINC)
    for _ in system.ligand_sites:
        _add_residue(topology, chain, IMIDAZOLATE)
    frame = mdtraj.Trajectory(system.positions[~np.isin(system.kinds, DUMMIES)] / A_PER_NM, topology)
    frame.unitcell_vectors = system.cell[None] / A_PER_NM
    return frame


def _add_residue(topology: mdtraj.Topology, chain: mdtraj.core.topology.Chain, residue: Residue) -> None:
    added = topology.add_residue(residue.name, chain)
    atoms = [
        topology.add_atom(name, mdtraj.element.get_by_symbol(symbol), added)
        for name, symbol in zip(residue.atoms, residue.elements, strict=True)
    ]
    for first, second in residue.bonds:
        topology.add_bond(atoms[first], atoms[second])


def _without_bonds(topology: mdtraj.Topology) -> mdtraj.Topology:
    """Copy atom by atom; mdtraj's way through a table takes a time quadratic in the number of atoms."""
    copy = mdtraj.Topology()
    for chain in topology.chains:
        into_chain = copy.add_chain(chain.chain_id)
        for residue in chain.residues:
            into = copy.add_residue(residue.name, into_chain, residue.resSeq, residue.segment_id)
            for atom in residue.atoms:
                copy.add_atom(atom.name, atom.element, into)
    return copy


def _read_topology(path: str | Path) -> mdtraj.Trajectory:
    try:
        return mdtraj.load_pdb(str(path), standard_names=False)
    except OSError:
        raise InputError(f"{path}: there is no such file.") from None
    except (ValueError, IndexError, KeyError, AssertionError):  # mdtraj asserts the length of lines
        raise InputError(f"{path}: not a readable PDB file.") from None
