"""Building the simulation cell: a supercell of molecules with the force field's dummies and bonded terms."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy  # its rotations take a while to load: only where they are used

from ..errors import InputError
from ..forcefield.files import read_forcefield_file
from ..forcefield.parameters import ForceField
from ..forcefield.topology import BondedTerms, bonded_terms
from .crystal import lattice_translations, read_crystal
from .ligands import Framework, recognise_framework

KINDS = {
    "zinc": ("Zn", "D", "D", "D", "D"),
    "imidazolate": ("N", "C4", "N", "C2", "C2", "H4", "H2", "H2", "L", "L"),
}
"""Kinds of the particles of each molecule: N1 C2 N3 C4 C5 H2 H4 H5, then the lone pairs of N1 and N3."""

TETRAHEDRON = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / np.sqrt(3)
"""Unit vectors to the corners of a regular tetrahedron; the first three are a right-handed set."""


@dataclass(frozen=True)
class System:
    """A simulation cell: all zinc molecules (Zn and four D), then all imidazolates (eight atoms and two L).

    Molecules come unit cell by unit cell, so zinc or ligand k is site k modulo the sites of a unit cell. The
    rows of the four tables of bonded terms hold a type number of the force field and particle numbers from 0.

    Attributes
    ----------
    title
        What it was built from, in one line.
    cell
        Shape (3, 3), angstrom; rows are the lattice vectors, lower triangular, tilts at most half a length.
    positions
        Shape (particles, 3), angstrom, every molecule in one piece.
    kinds
        Shape (particles,), force-field kinds.
    types
        Shape (particles,), atom type numbers, from 1.
    molecules
        Shape (particles,), molecule numbers, from 1.
    charges
        Shape (particles,), e.
    masses
        Mass of each kind in the order of the types, g/mol.
    bonds, angles, dihedrals, impropers
        Shapes (terms, 3), (terms, 4), (terms, 5) and (terms, 5). An improper has a dihedral type's number.
    type_names
        Names of the ``atom``, ``bond``, ``angle`` and ``dihedral`` types in the order of their numbers.
    zinc_sites, ligand_sites
        Shapes (zinc,) and (ligands,), site of each in the unit cell, from 0.
    """

    title: str
    cell: np.ndarray
    positions: np.ndarray
    kinds: np.ndarray
    types: np.ndarray
    molecules: np.ndarray
    charges: np.ndarray
    masses: dict[str, float]
    bonds: np.ndarray
    angles: np.ndarray
    dihedrals: np.ndarray
    impropers: np.ndarray
    type_names: dict[str, list[str]]
    zinc_sites: np.ndarray
    ligand_sites: np.ndarray


def build_system(cif_path: str | Path, forcefield: ForceField, supercell: tuple[int, int, int]) -> System:
    """Build a supercell of a crystal with all particles and bonded terms of a force field.

    Parameters
    ----------
    cif_path
        Crystal structure of a zinc imidazolate framework.
    forcefield
        Force field with the kinds of nb-ZIF-FF.
    supercell
        Number of unit cells along a, b and c.

    Returns
    -------
    System
        With 25 particles per Zn: Zn and its dummies 4 D; in two imidazolates 16 atoms and 4 L.

    Raises
    ------
    InputError
        The crystal structure is not usable (`read_crystal`, `recognise_framework`), or the force field has
        other molecules or lacks a term.
    """
    for name, wanted in KINDS.items():
        if name not in forcefield.molecules or forcefield.molecules[name].kinds != wanted:
            raise InputError(
                f"{forcefield.path}: molecules.{name} must have the particles {', '.join(wanted)}."
            )
    framework = recognise_framework(read_crystal(cif_path))
    cell = framework.crystal.cell
    zinc = _into_cell(_zinc_molecules(framework, forcefield), cell)
    ligands = _into_cell(_ligand_molecules(framework, forcefield), cell)
    offsets = lattice_translations(supercell) @ cell
    positions = [(group + offsets[:, None, None]).reshape(-1, 3) for group in (zinc, ligands)]
    n_zinc, n_ligands = len(offsets) * len(zinc), len(offsets) * len(ligands)
    kinds = np.array(KINDS["zinc"] * n_zinc + KINDS["imidazolate"] * n_ligands)
    particles = forcefield.particles
    return System(
        title=f"{Path(cif_path).name} {'x'.join(map(str, supercell))}, {_charge_statement(forcefield)}",
        cell=_reduce_tilts(cell * np.array(supercell)[:, None]),
        positions=np.concatenate(positions),
        kinds=kinds,
        types=np.array([particles[kind].type_id for kind in kinds]),
        molecules=1 + np.repeat(np.arange(n_zinc + n_ligands), [5] * n_zinc + [10] * n_ligands),
        charges=np.array([particles[kind].charge for kind in kinds]),
        masses={kind: particle.mass for kind, particle in particles.items()},
        **_all_terms(forcefield, {"zinc": n_zinc, "imidazolate": n_ligands}),
        type_names=_type_names(forcefield),
        zinc_sites=np.tile(np.arange(len(zinc)), len(offsets)),
        ligand_sites=np.tile(np.arange(len(ligands)), len(offsets)),
    )


def _charge_statement(forcefield: ForceField) -> str:
    """Say which charges differ from those of the force field file, so that the cell is neutral."""
    published = read_forcefield_file(forcefield.path)["particles"]
    changes = [
        f"{kind} {published[kind]['charge']:g} -> {particle.charge:.10g} e"
        for kind, particle in forcefield.particles.items()
        if particle.charge != published[kind]["charge"]
    ]
    return f"force field {forcefield.name}, charges made neutral by {' and '.join(changes) or 'no change'}"


def _type_names(forcefield: ForceField) -> dict[str, list[str]]:
    """Name every type; impropers are dihedral types after the proper ones."""
    impropers = [
        f"improper {'-'.join((improper.centre, *improper.others))}" for improper in forcefield.impropers
    ]
    return {
        "atom": list(forcefield.particles),
        "bond": ["-".join(kinds) for kinds in forcefield.bonds],
        "angle": ["-".join(kinds) for kinds in forcefield.angles],
        "dihedral": ["-".join(kinds) for kinds in forcefield.dihedrals] + impropers,
    }


def _zinc_molecules(framework: Framework, forcefield: ForceField) -> np.ndarray:
    """Place four dummies around each zinc towards its N; shape (zinc, 5, 3), angstrom."""
    crystal, radius = framework.crystal, forcefield.bond_length("Zn", "D")
    molecules = []
    for atom, nitrogen, shifts in zip(
        framework.zinc, framework.nitrogen, framework.nitrogen_shifts, strict=True
    ):
        centre = crystal.fractional[atom] @ crystal.cell
        directions = _unit((crystal.fractional[nitrogen] + shifts) @ crystal.cell - centre)
        # No rotation makes a left-handed set right-handed; dummies are alike, so swap two N instead.
        if np.linalg.det(directions[:3]) * np.linalg.det(TETRAHEDRON[:3]) < 0:
            directions = directions[[0, 1, 3, 2]]
        rotation, _ = scipy.spatial.transform.Rotation.align_vectors(directions, TETRAHEDRON)
        molecules.append(np.vstack([centre, centre + radius * rotation.apply(TETRAHEDRON)]))
    return np.array(molecules)


def _ligand_molecules(framework: Framework, forcefield: ForceField) -> np.ndarray:
    """Place a lone pair on each N, away from the ring; shape (ligands, 10, 3), angstrom."""
    crystal = framework.crystal
    atoms = (crystal.fractional[framework.ligands] + framework.ligand_shifts) @ crystal.cell
    n1, c2, n3, c4, c5 = (atoms[:, index] for index in range(5))
    length = forcefield.bond_length("N", "L")
    lone_pairs = [
        nitrogen + length * _unit(-_unit(one - nitrogen) - _unit(two - nitrogen))
        for nitrogen, one, two in ((n1, c2, c5), (n3, c2, c4))
    ]
    return np.concatenate([atoms, np.stack(lone_pairs, axis=1)], axis=1)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def _into_cell(molecules: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Move whole molecules by lattice vectors so that their centres lie in the cell."""
    centres = molecules.mean(axis=1) @ np.linalg.inv(cell)
    return molecules - (np.floor(centres) @ cell)[:, None]


def _reduce_tilts(cell: np.ndarray) -> np.ndarray:
    """Choose lattice vectors of the same lattice with tilts of at most half a length, as LAMMPS wants."""
    a, b, c = cell
    b = b - np.round(b[0] / a[0]) * a
    c = c - np.round(c[1] / b[1]) * b
    c = c - np.round(c[0] / a[0]) * a
    reduced = np.array([a, b, c])
    reduced[np.abs(reduced) < 1e-9] = 0.0  # the cosine of 90 degrees is not exactly zero
    return reduced


def _all_terms(forcefield: ForceField, counts: dict[str, int]) -> dict[str, np.ndarray]:
    """Enumerate the bonded terms of all molecules, species after species."""
    tables: dict[str, list[np.ndarray]] = {name: [] for name in BondedTerms._fields}
    first = 0
    for species, count in counts.items():
        size = len(KINDS[species])
        starts = first + size * np.arange(count)
        for name, table in _molecule_terms(forcefield, species).items():
            # The type column stays, the particle numbers move on with the molecule.
            steps = starts[:, None, None] * np.array([0] + [1] * (table.shape[1] - 1))
            tables[name].append((table + steps).reshape(-1, table.shape[1]))
        first += size * count
    return {name: np.concatenate(parts) for name, parts in tables.items()}


def _molecule_terms(forcefield: ForceField, species: str) -> dict[str, np.ndarray]:
    """Look up the types of a molecule's bonded terms; rows of type number and positions in the molecule."""
    molecule = forcefield.molecules[species]
    terms = bonded_terms(len(molecule.kinds), molecule.bonds)
    impropers = [_ordered_improper(forcefield, molecule.kinds, term) for term in terms.impropers]
    look_ups: dict[str, tuple[list, Callable[..., int | None]]] = {
        "bonds": (terms.bonds, forcefield.bond_type),
        "angles": (terms.angles, forcefield.angle_type),
        "dihedrals": (terms.dihedrals, forcefield.dihedral_type),
        "impropers": (impropers, lambda centre, *others: forcefield.improper_type(centre, others)),
    }
    tables = {}
    for name, (members, look_up) in look_ups.items():
        types = [look_up(*(molecule.kinds[index] for index in term)) for term in members]
        rows = [(number, *term) for number, term in zip(types, members, strict=True) if number is not None]
        width = 1 + {"bonds": 2, "angles": 3}.get(name, 4)
        tables[name] = np.array(rows, dtype=int).reshape(-1, width)
    return tables


def _ordered_improper(
    forcefield: ForceField, kinds: tuple[str, ...], term: tuple[int, ...]
) -> tuple[int, ...]:
    """Put the three neighbours of an improper's centre into the order in which the force field means them."""
    centre, *others = term
    if forcefield.improper_type(kinds[centre], tuple(kinds[index] for index in others)) is None:
        return term
    order = forcefield.improper_order(kinds[centre])
    return (centre, *sorted(others, key=lambda index: order.index(kinds[index])))
