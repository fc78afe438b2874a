"""Boxes of Zn and N with thermal disorder, in the sizes that the campaign has."""

from pathlib import Path

import mdtraj
import numpy as np

from zifmelt.structures.crystal import lattice_translations, read_crystal

ROOT = Path(__file__).resolve().parents[1]
DISPLACEMENT_A = 0.1
"""Standard deviation of the displacements along each axis: keeps every bond, breaks all symmetry."""


def disturbed_box(crystal: str, repeats: tuple[int, int, int], seed: int = 1) -> dict[str, np.ndarray]:
    """Return a supercell with random displacements.

    Parameters
    ----------
    crystal
        Name of a file in ``config/structures``.
    repeats
        Unit cells along each lattice vector.
    seed
        Of the displacements.

    Returns
    -------
    dict
        ``Zn`` and ``N``, shapes (n, 3), angstrom, and ``box`` (3, 3), rows are the lattice vectors.
    """
    unit = read_crystal(ROOT / f"config/structures/{crystal}.cif")
    cells = lattice_translations(repeats)
    rng = np.random.default_rng(seed)
    atoms = {"box": unit.cell * np.array(repeats)[:, None]}
    for symbol in ("Zn", "N"):
        fractional = unit.fractional[unit.elements == symbol]
        positions = (fractional[None] + cells[:, None]).reshape(-1, 3) @ unit.cell
        atoms[symbol] = positions + rng.normal(scale=DISPLACEMENT_A, size=positions.shape)
    return atoms


def topology_of(box: dict[str, np.ndarray]) -> mdtraj.Topology:
    """Return the atoms of a box, its Zn first, each a residue of its own."""
    topology = mdtraj.Topology()
    chain = topology.add_chain()
    for symbol in ("Zn", "N"):
        element = mdtraj.element.get_by_symbol(symbol)
        for _ in box[symbol]:
            topology.add_atom(symbol, element, topology.add_residue(symbol, chain))
    return topology
