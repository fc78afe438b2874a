"""The simulation cell: counts by hand, geometry of the dummies, bookkeeping."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from structure_cifs import FORCEFIELD, SODALITE, ZIF_4, ZIF_ZNI
from zifmelt.errors import InputError
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.structures.system import _reduce_tilts, build_system

# Per Zn(imidazolate)2 by hand. Zinc: all 10 pairs of five; each centre has 6 pairs of neighbours, 5 x 6 = 30
# angles. Ligand: 5 + 3 + 2 = 10 bonds; five ring atoms with three neighbours, 5 x 3 = 15 angles; each of the
# 5 ring bonds carries 2 x 2 = 4 dihedrals; impropers at C4 and both N.
TERMS = {"bonds": 10 + 2 * 10, "angles": 30 + 2 * 15, "dihedrals": 2 * 20, "impropers": 2 * 3}

BOND_TYPES = {"D-Zn": 4, "D-D": 6, "L-N": 4, "C4-N": 4, "C2-N": 4, "C2-C2": 2, "C4-H4": 2, "C2-H2": 4}
"""Bonds per Zn(imidazolate)2 by hand."""


@pytest.fixture(scope="module")
def forcefield():
    return load_forcefield(FORCEFIELD)


@pytest.fixture(scope="module", params=[(ZIF_4, (1, 1, 1)), (ZIF_ZNI, (1, 1, 2)), (SODALITE, (2, 1, 1))])
def system(request, forcefield):
    path, supercell = request.param
    return build_system(path, forcefield, supercell)


def zinc_part(system):
    """Positions (zinc, 5, 3) of Zn and its dummies."""
    return system.positions[: 5 * len(system.zinc_sites)].reshape(-1, 5, 3)


def ligand_part(system):
    """Positions (ligands, 10, 3)."""
    return system.positions[5 * len(system.zinc_sites) :].reshape(-1, 10, 3)


def test_counts_per_formula_unit(system):
    n_zinc = len(system.zinc_sites)
    assert len(system.positions) == 25 * n_zinc
    kinds = {"Zn": 1, "D": 4, "N": 4, "L": 4, "C4": 2, "C2": 4, "H4": 2, "H2": 4}
    assert Counter(system.kinds.tolist()) == {kind: number * n_zinc for kind, number in kinds.items()}
    for name, number in TERMS.items():
        assert len(getattr(system, name)) == number * n_zinc
    types = Counter(system.type_names["bond"][number - 1] for number in system.bonds[:, 0])
    assert types == {name: number * n_zinc for name, number in BOND_TYPES.items()}


def test_types_agree_with_the_kinds_of_their_particles(system):
    """Every row's type name, read from either end, is the kinds of its particles."""
    for table, sort in (("bonds", "bond"), ("angles", "angle"), ("dihedrals", "dihedral")):
        for number, *particles in getattr(system, table)[:: len(system.zinc_sites) // 2]:
            kinds = system.kinds[particles].tolist()
            assert system.type_names[sort][number - 1] in ("-".join(kinds), "-".join(kinds[::-1]))
    for number, *particles in system.impropers:
        assert system.type_names["dihedral"][number - 1] == f"improper {'-'.join(system.kinds[particles])}"


def test_bonded_particles_are_in_one_molecule_and_close(system):
    one, two = system.bonds[:, 1], system.bonds[:, 2]
    assert np.array_equal(system.molecules[one], system.molecules[two])
    assert np.linalg.norm(system.positions[one] - system.positions[two], axis=1).max() < 1.5


def test_order_and_molecules(system):
    n_zinc, n_ligands = len(system.zinc_sites), len(system.ligand_sites)
    assert n_ligands == 2 * n_zinc
    ligand = ["N", "C4", "N", "C2", "C2", "H4", "H2", "H2", "L", "L"]
    assert system.kinds.tolist() == ["Zn", "D", "D", "D", "D"] * n_zinc + ligand * n_ligands
    assert Counter(Counter(system.molecules.tolist()).values()) == {5: n_zinc, 10: n_ligands}
    assert system.molecules[0] == 1
    assert np.all(np.diff(system.molecules) >= 0)


def test_exactly_neutral(system):
    """With the published charges L takes -0.42029 e instead of -0.4203 e, and the title says so."""
    assert abs(system.charges.sum()) < 1e-9
    assert system.charges[system.kinds == "L"] == pytest.approx(-0.42029, abs=1e-12)
    assert "L -0.4203 -> -0.42029 e" in system.title


def test_dummies_form_a_regular_tetrahedron_towards_the_nitrogens(system):
    """0.900 angstrom from Zn, 0.9 sqrt(8/3) = 1.470 from each other, each within 15 degrees of a Zn-N."""
    zinc = zinc_part(system)
    arms = zinc[:, 1:] - zinc[:, :1]
    assert np.linalg.norm(arms, axis=-1) == pytest.approx(0.9, abs=1e-9)
    edges = np.linalg.norm(arms[:, :, None] - arms[:, None], axis=-1)
    assert edges[:, *np.triu_indices(4, 1)] == pytest.approx(1.4697, abs=1e-4)
    nitrogen = ligand_part(system)[:, [0, 2]].reshape(-1, 3)
    inverse = np.linalg.inv(system.cell)
    for centre, dummies in zip(zinc[:, 0], arms, strict=True):
        vectors = (nitrogen - centre) @ inverse
        vectors = (vectors - np.round(vectors)) @ system.cell
        near = vectors[np.linalg.norm(vectors, axis=1) < 2.3]
        assert near.shape == (4, 3)
        cosines = (near / np.linalg.norm(near, axis=1, keepdims=True)) @ dummies.T / 0.9
        assert sorted(cosines.argmax(axis=1)) == [0, 1, 2, 3]
        assert cosines.max(axis=1).min() > np.cos(np.radians(15))


def test_regular_zinc_gets_its_dummies_on_the_bonds(forcefield):
    """In the sodalite the N are an exact tetrahedron, so D lies on the line to N, 1.1 angstrom from it."""
    system = build_system(SODALITE, forcefield, (1, 1, 1))
    dummies = zinc_part(system)[:, 1:].reshape(-1, 3)
    nitrogen = ligand_part(system)[:, [0, 2]].reshape(-1, 3)
    vectors = (nitrogen[None] - dummies[:, None]) / system.cell[0, 0]
    distances = np.linalg.norm(vectors - np.round(vectors), axis=-1).min(axis=1) * system.cell[0, 0]
    assert distances == pytest.approx(1.1, abs=2e-3)


def test_lone_pairs_leave_the_ring_in_its_plane(system):
    """0.5 angstrom from N, equal angles to both ring neighbours, in the plane, away from the ring."""
    ligand = ligand_part(system)
    for nitrogen, one, two, lone_pair in ((0, 1, 4, 8), (2, 1, 3, 9)):
        arm = ligand[:, lone_pair] - ligand[:, nitrogen]
        assert np.linalg.norm(arm, axis=1) == pytest.approx(0.5, abs=1e-9)
        sides = [ligand[:, other] - ligand[:, nitrogen] for other in (one, two)]
        cosines = [np.einsum("ij,ij->i", arm, side) / 0.5 / np.linalg.norm(side, axis=1) for side in sides]
        assert cosines[0] == pytest.approx(cosines[1], abs=1e-9)
        assert np.all(cosines[0] < -0.5)
        assert np.einsum("ij,ij->i", arm, np.cross(*sides)) == pytest.approx(0, abs=1e-9)
        middle = ligand[:, :5].mean(axis=1)
        assert np.all(np.linalg.norm(ligand[:, lone_pair] - middle, axis=1) > 1.6)


def test_sites_fold_the_supercell_onto_the_unit_cell(forcefield):
    """Molecule k and its site in the unit cell differ by a lattice vector."""
    unit = build_system(ZIF_4, forcefield, (1, 1, 1))
    large = build_system(ZIF_4, forcefield, (2, 1, 3))
    assert np.linalg.det(large.cell) == pytest.approx(6 * np.linalg.det(unit.cell), rel=1e-12)
    assert Counter(large.ligand_sites.tolist()) == dict.fromkeys(range(32), 6)
    for part, sites in ((zinc_part, large.zinc_sites), (ligand_part, large.ligand_sites)):
        assert sites.tolist() == list(range(len(part(unit)))) * 6
        shifts = (part(large) - part(unit)[sites]) @ np.linalg.inv(unit.cell)
        assert shifts == pytest.approx(np.round(shifts), abs=1e-9)


def test_reduced_tilts_span_the_same_lattice():
    cell = np.array([[10.0, 0, 0], [17.0, 9.0, 0], [-23.0, 14.0, 8.0]])
    reduced = _reduce_tilts(cell)
    change = reduced @ np.linalg.inv(cell)
    assert change == pytest.approx(np.round(change), abs=1e-9)
    assert np.linalg.det(change) == pytest.approx(1)
    assert abs(reduced[1, 0]) <= 5
    assert abs(reduced[2, 0]) <= 5
    assert abs(reduced[2, 1]) <= 4.5


def test_force_field_with_other_molecules_is_refused(forcefield):
    other = replace(forcefield, molecules={"zinc": forcefield.molecules["zinc"]})
    with pytest.raises(InputError, match="molecules.imidazolate must have the particles N, C4, N"):
        build_system(ZIF_4, other, (1, 1, 1))
