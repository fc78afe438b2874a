"""Fragments of the force field in LAMMPS against formulas evaluated by hand."""

import itertools
from pathlib import Path

import numpy as np
import pytest

import nb_zif_ff_by_hand as by_hand
from lammps_energies import Lammps, write_fragments
from zifmelt.forcefield.parameters import load_forcefield

FORCEFIELD = load_forcefield(Path(__file__).parents[2] / "config/forcefields/nb-zif-ff.yaml")
EDGE = 30.0
COULOMB_ERROR = 2e-4  # kcal/mol; LAMMPS takes the error function from a polynomial good to 1.5e-7
PAIRS = list(itertools.combinations_with_replacement(by_hand.CHARGES, 2))
SPECTATORS = [(("C4",), ()), (("L",), ())]  # keep the Ewald sum defined when a pair carries no charge
SPECTATOR_POSITIONS = [[15.0, 28.0, 3.0], [16.0, 3.0, 28.0]]


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_every_pair_has_exactly_its_terms(pair, tmp_path):
    molecules = [((pair[0],), ()), ((pair[1],), ()), *SPECTATORS]
    kinds = [*pair, "C4", "L"]
    positions = np.array([[5.0, 15.0, 15.0], [6.0, 15.0, 15.0], *SPECTATOR_POSITIONS])
    lammps = Lammps(FORCEFIELD, write_fragments(tmp_path / "pair", FORCEFIELD, molecules, positions, EDGE))
    for r in (0.6, 1.0, 1.9, 2.7, 3.6, 6.0, 9.0, 12.9, 13.1):
        positions[1, 0] = positions[0, 0] + r
        lammps.positions = positions
        short, coulomb = by_hand.nonbonded_energies(kinds, (), positions, [EDGE] * 3)
        assert lammps.energy("evdwl") == pytest.approx(short, rel=1e-9, abs=1e-11)
        assert lammps.energy("ecoul", "elong") == pytest.approx(coulomb, abs=COULOMB_ERROR)
    lammps.close()


def distorted(kinds_bonds, rng):
    """A roughly planar or tetrahedral molecule with every coordinate disturbed."""
    kinds, _ = kinds_bonds
    if kinds[0] == "Zn":
        corners = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) * 0.52
        ideal = np.vstack([[0, 0, 0], corners])
    else:
        angles = np.radians(90 + 72 * np.array([-1, 0, 1, 2, 3]))
        directions = np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)
        outer = [(1, 2.2), (3, 2.2), (4, 2.2), (0, 1.65), (2, 1.65)]
        ideal = np.vstack([1.15 * directions, *(radius * directions[[i]] for i, radius in outer)])
    return ideal + rng.normal(scale=0.04, size=ideal.shape) + EDGE / 2


@pytest.mark.parametrize("molecule", [by_hand.ZINC, by_hand.IMIDAZOLATE], ids=["zinc", "imidazolate"])
def test_a_molecule_has_its_bonded_terms_and_weights(molecule, tmp_path):
    """Bonds, angles, dihedrals with impropers, and the 1-4 weights of both nonbonded energies."""
    rng = np.random.default_rng(7)
    positions = distorted(molecule, rng)
    kinds, bonds = molecule
    lammps = Lammps(FORCEFIELD, write_fragments(tmp_path / "m", FORCEFIELD, [molecule], positions, EDGE))
    for _ in range(3):
        positions = distorted(molecule, rng)
        lammps.positions = positions
        bond, angle, dihedral = by_hand.molecule_energies(kinds, bonds, positions)
        short, coulomb = by_hand.nonbonded_energies(kinds, bonds, positions, [EDGE] * 3)
        assert lammps.energy("ebond") == pytest.approx(bond, rel=1e-10)
        assert lammps.energy("eangle") == pytest.approx(angle, rel=1e-8)
        assert lammps.energy("edihed", "eimp") == pytest.approx(dihedral, rel=1e-8, abs=1e-10)
        assert lammps.energy("evdwl") == pytest.approx(short, rel=1e-9, abs=1e-11)
        assert lammps.energy("ecoul", "elong") == pytest.approx(coulomb, abs=COULOMB_ERROR)
    lammps.close()


def bonded_fragments():
    """Chains of the smallest size that has each bonded term: name, kinds, bonds."""
    for section, table in (
        ("bonds", by_hand.BONDS),
        ("angles", by_hand.ANGLES),
        ("dihedrals", by_hand.DIHEDRALS),
    ):
        for name in table:
            kinds = tuple(name.split("-"))
            yield pytest.param(section, kinds, id=f"{section} {name}")


@pytest.mark.parametrize(("section", "kinds"), bonded_fragments())
def test_forces_of_each_bonded_term_by_hand(section, kinds, tmp_path):
    """Forces on a lone chain equal minus the numerical gradient of the formula."""
    rng = np.random.default_rng(3)
    bonds = tuple(itertools.pairwise(range(len(kinds))))
    chain = np.array([[0, 0, 0], [1.1, 0.2, 0], [1.5, 1.2, 0.3], [2.5, 1.4, 1.0]])[: len(kinds)]
    positions = chain + rng.normal(scale=0.05, size=chain.shape) + EDGE / 2

    def energy(x):
        bonded = by_hand.molecule_energies(kinds, bonds, x)
        return sum(bonded) + sum(by_hand.nonbonded_energies(kinds, bonds, x, [EDGE] * 3))

    path = write_fragments(tmp_path / "chain", FORCEFIELD, [(kinds, bonds)], positions, EDGE)
    lammps = Lammps(FORCEFIELD, path)
    forces = lammps.forces()
    lammps.close()
    step = 1e-5
    for particle, axis in itertools.product(range(len(kinds)), range(3)):
        shift = np.zeros_like(positions)
        shift[particle, axis] = step
        slope = (energy(positions + shift) - energy(positions - shift)) / (2 * step)
        assert forces[particle, axis] == pytest.approx(-slope, rel=1e-5, abs=2e-5)
