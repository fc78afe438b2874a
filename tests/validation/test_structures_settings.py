"""The same crystal in other settings, and other frameworks, checked by gemmi, mdtraj and LAMMPS."""

from itertools import product

import gemmi
import mdtraj
import numpy as np
import pytest

from lammps_energies import Lammps
from structure_cifs import (
    FORCEFIELD,
    P1,
    SODALITE,
    ZIF_4,
    ZIF_ZNI,
    asymmetric_unit,
    lattice,
    parameters_of,
    unit_cell,
    write_cif,
)
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.structures.system import build_system
from zifmelt.structures.writers import write_data_file, write_topology

FIELD = load_forcefield(FORCEFIELD)


def permuted_axes(folder):
    """ZIF-4 with a and b exchanged and c reversed: the setting P c a b, named only."""
    (a, b, c, *angles), sites = asymmetric_unit(ZIF_4)
    sites = [[label, element, y, x, -z, *rest] for label, element, x, y, z, *rest in sites]
    return write_cif(folder / "x.cif", [b, a, c, *angles], sites, "_space_group_name_H-M_alt 'P c a b'")


def without_symmetry(folder):
    """All 272 atoms of ZIF-4 with another origin, mixed up."""
    parameters, sites = unit_cell(ZIF_4)
    order = np.random.default_rng(1).permutation(len(sites))
    moved = [
        [label, element, x + 0.13, y - 0.27, z + 0.41, *rest] for label, element, x, y, z, *rest in sites
    ]
    return write_cif(folder / "x.cif", parameters, [moved[index] for index in order], P1)


def origin_shift(folder):
    """ZIF-4 with its origin moved by (1/8, 1/4, 1/8), which no table has; operations listed."""
    parameters, sites = asymmetric_unit(ZIF_4)
    shift = np.array([0.125, 0.25, 0.125])
    operations = []
    for operation in gemmi.SpaceGroup("P b c a").operations():
        rotation = np.array(operation.rot) // gemmi.Op.DEN
        translation = np.array(operation.tran) / gemmi.Op.DEN + shift - rotation @ shift
        operation.tran = np.round(translation * gemmi.Op.DEN).astype(int).tolist()
        operations.append(f"'{operation.triplet()}'")
    symmetry = "\n".join(["loop_", "_space_group_symop_operation_xyz", *operations])
    sites = [[label, element, *(np.array(xyz) + shift), 1, "."] for label, element, *xyz, _, _ in sites]
    return write_cif(folder / "x.cif", parameters, sites, symmetry)


def number_only(folder):
    """ZIF-4 with nothing but the number of its space group."""
    return write_cif(folder / "x.cif", *asymmetric_unit(ZIF_4), "_space_group_IT_number 61")


def other_cell(path, vectors):
    """Return a function that writes a crystal with other lattice vectors, given in units of the old."""

    def write(folder):
        parameters, sites = unit_cell(path)
        change = np.array(vectors)
        new = change @ lattice(parameters)
        kept, places = [], np.empty((0, 3))
        for site, shift in product(sites, product(range(-1, 2), repeat=3)):
            place = (np.array(site[2:5]) + shift) @ np.linalg.inv(change)
            difference = places - place
            if np.all(np.linalg.norm((difference - np.round(difference)) @ new, axis=1) > 0.01):
                places = np.vstack([places, place])
                kept.append([*site[:2], *place, 1, "."])
        return write_cif(folder / "x.cif", parameters_of(new), kept, P1)

    write.__doc__ = f"{path.name} with the lattice vectors {vectors}"
    return write


primitive = other_cell(ZIF_ZNI, [[1, 0, 0], [0, 1, 0], [0.5, 0.5, 0.5]])
primitive_sodalite = other_cell(SODALITE, [[-0.5, 0.5, 0.5], [0.5, -0.5, 0.5], [0.5, 0.5, -0.5]])
skewed = other_cell(ZIF_4, [[1, 0, 0], [1, 1, 0], [-1, 1, 1]])

# A supercell of the variant, and one of the shipped crystal with the same number of Zn.
SETTINGS = [
    (permuted_axes, (1, 1, 1), ZIF_4, (1, 1, 1)),
    (without_symmetry, (1, 1, 1), ZIF_4, (1, 1, 1)),
    (origin_shift, (1, 1, 1), ZIF_4, (1, 1, 1)),
    (number_only, (1, 1, 1), ZIF_4, (1, 1, 1)),
    (skewed, (1, 1, 1), ZIF_4, (1, 1, 1)),
    (primitive, (1, 1, 2), ZIF_ZNI, (1, 1, 1)),
    (primitive_sodalite, (1, 2, 1), SODALITE, (1, 1, 1)),
]


def energy_terms(system, folder):
    """Potential energy terms by LAMMPS, kcal/mol, and the number of particles it read."""
    folder.mkdir(exist_ok=True)
    write_data_file(system, folder / "system.data")
    lammps = Lammps(FIELD, folder / "system.data", numerics="efficient")
    terms = [
        lammps.energy(*names) for names in (["ebond"], ["eangle"], ["edihed"], ["evdwl"], ["ecoul", "elong"])
    ]
    counts = [lammps.instance.get_natoms()]
    counts += [lammps.instance.extract_global(name) for name in ("nbonds", "nangles", "ndihedrals")]
    lammps.close()
    return np.array(terms), counts


@pytest.mark.parametrize(("write", "supercell", "shipped", "reference_supercell"), SETTINGS)
def test_other_settings_are_the_same_crystal(write, supercell, shipped, reference_supercell, tmp_path):
    """Equal particles, equal sorted bond lengths and, in LAMMPS, equal energies term by term.

    Short-range terms agree to the rounding of the CIFs, Coulomb terms to the accuracy of the lattice sum.
    """
    system = build_system(write(tmp_path), FIELD, supercell)
    reference = build_system(shipped, FIELD, reference_supercell)
    assert np.linalg.det(system.cell) == pytest.approx(np.linalg.det(reference.cell), rel=1e-5)
    assert sorted(system.kinds) == sorted(reference.kinds)
    lengths = []
    for one in (system, reference):
        types, first, second = one.bonds.T
        distances = np.linalg.norm(one.positions[first] - one.positions[second], axis=1)
        lengths.append([np.sort(distances[types == number]) for number in range(1, types.max() + 1)])
    for found, expected in zip(*lengths, strict=True):
        assert found == pytest.approx(expected, abs=1e-3)
    terms, counts = energy_terms(system, tmp_path / "here")
    expected_terms, expected_counts = energy_terms(reference, tmp_path / "reference")
    assert counts == expected_counts
    assert terms[:4] == pytest.approx(expected_terms[:4], rel=1e-3)
    assert terms[4] == pytest.approx(expected_terms[4], rel=1e-4)


def test_lammps_reads_a_triclinic_box(tmp_path):
    """The primitive cell of body-centred zni: tilts of half a length, all particles and terms arrive."""
    system = build_system(primitive(tmp_path), FIELD, (1, 1, 1))
    assert len(system.zinc_sites) == 16
    tilts = np.abs(system.cell[[1, 2, 2], [0, 0, 1]])
    assert tilts == pytest.approx([0, 23.433 / 2, 23.433 / 2], abs=1e-3)
    _, counts = energy_terms(system, tmp_path / "run")
    assert counts == [16 * 25, 16 * 30, 16 * 60, 16 * 46]


@pytest.mark.parametrize(
    ("path", "supercell", "density"),
    [
        # Z x 199.522 g/mol / (0.602214 mol/(g/u) x cell volume), by hand.
        (ZIF_4, (1, 1, 1), 16 * 199.522 / 0.6022141 / (15.4231 * 15.4042 * 18.4379)),
        (ZIF_ZNI, (1, 1, 1), 32 * 199.522 / 0.6022141 / (23.4330**2 * 12.4905)),
        (SODALITE, (1, 1, 1), 12 * 199.522 / 0.6022141 / 17.0354**3),
    ],
)
def test_densities_by_hand(path, supercell, density):
    """Also near what is known: ZIF-4 1.22, zni 1.55 g/cm^3 (experiments), ZIF-8's net 0.8 without methyl."""
    system = build_system(path, FIELD, supercell)
    mass = sum(system.masses[kind] for kind in system.kinds.tolist())
    assert mass / np.linalg.det(system.cell) / 0.6022141 == pytest.approx(density, rel=1e-6)
    known = {ZIF_4: 1.22, ZIF_ZNI: 1.55, SODALITE: 0.80}[path]
    assert density == pytest.approx(known, rel=0.02)


@pytest.mark.parametrize(
    ("write", "supercell"),
    [
        (lambda _: ZIF_4, (1, 1, 2)),
        (lambda _: SODALITE, (1, 1, 1)),
        (skewed, (1, 1, 1)),
        (primitive, (1, 1, 2)),
    ],
)
def test_coordination_by_mdtraj(write, supercell, tmp_path):
    """Every Zn has just four N within 2.5 angstrom in the periodic box of the written topology."""
    system = build_system(write(tmp_path), FIELD, supercell)
    write_topology(system, tmp_path / "topology.pdb")
    frame = mdtraj.load(str(tmp_path / "topology.pdb"))
    nitrogen = frame.topology.select("element N")
    for zinc in frame.topology.select("element Zn"):
        found = mdtraj.compute_neighbors(frame, 0.25, [zinc], haystack_indices=nitrogen)[0]
        assert len(found) == 4


@pytest.mark.parametrize("path", [ZIF_4, ZIF_ZNI, SODALITE])
def test_coordination_by_gemmi(path):
    """Zn-N by gemmi's neighbour search on the asymmetric unit; the framework's distances are just those."""
    structure = gemmi.read_small_structure(str(path))
    search = gemmi.NeighborSearch(structure, 3.0).populate()
    expected = []
    for site in structure.sites:
        if site.element.name == "Zn":
            near = [
                search.dist(site.orth(structure.cell), mark.pos)
                for mark in search.find_site_neighbors(site, 0.1, 2.5)
            ]
            assert len(near) == 4
            expected += near
    system = build_system(path, FIELD, (1, 1, 1))
    n_zinc = len(system.zinc_sites)
    zinc = system.positions[: 5 * n_zinc : 5]
    nitrogen = system.positions[5 * n_zinc :].reshape(-1, 10, 3)[:, [0, 2]].reshape(-1, 3)
    vectors = (nitrogen[None] - zinc[:, None]) @ np.linalg.inv(system.cell)
    distances = np.linalg.norm((vectors - np.round(vectors)) @ system.cell, axis=-1)
    bonded = np.sort(distances[distances < 2.5])
    assert bonded == pytest.approx(np.sort(np.repeat(expected, 4 * n_zinc // len(expected))), abs=1e-4)
    assert bonded.min() > 1.9
    assert bonded.max() < 2.1
