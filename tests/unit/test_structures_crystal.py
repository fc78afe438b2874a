"""Reading and expanding crystal structures."""

from itertools import product

import numpy as np
import pytest

from structure_cifs import P1, PBCA, SODALITE, ZIF_4, ZIF_ZNI, asymmetric_unit, lattice, unit_cell, write_cif
from zifmelt.errors import InputError
from zifmelt.structures.crystal import (
    Crystal,
    lattice_translations,
    pairs_within,
    parse_supercell,
    read_crystal,
)

# Sites times their multiplicities; sodalite: 12 Zn, 48 N, 24 C2 and 48 C4, 24 H2 and 48 H4.
CONTENTS = [
    (ZIF_4, {"Zn": 16, "N": 64, "C": 96, "H": 96}),
    (ZIF_ZNI, {"Zn": 32, "N": 128, "C": 192, "H": 192}),
    (SODALITE, {"Zn": 12, "N": 48, "C": 72, "H": 72}),
]


@pytest.mark.parametrize(("path", "content"), CONTENTS)
def test_unit_cell_has_the_composition_of_zn_imidazolate(path, content):
    elements, counts = np.unique(read_crystal(path).elements, return_counts=True)
    assert dict(zip(elements.tolist(), counts.tolist(), strict=True)) == content


@pytest.mark.parametrize(("path", "content"), CONTENTS)
def test_expansion_agrees_with_gemmi(path, content):
    """The same set of positions as gemmi's own expansion, which takes the group from its table."""
    crystal = read_crystal(path)
    parameters, sites = unit_cell(path)
    theirs = np.array([site[2:5] for site in sites], dtype=float)
    assert len(theirs) == len(crystal)
    difference = theirs[:, None] - crystal.fractional[None]
    distance = np.linalg.norm((difference - np.round(difference)) @ lattice(parameters), axis=-1)
    assert np.all(distance.min(axis=1) < 1e-3)
    assert np.all(distance.min(axis=0) < 1e-3)


def test_cell_is_lower_triangular_with_its_lengths_and_angles(tmp_path):
    parameters = [9.0, 10.0, 11.0, 80.0, 100.0, 95.0]
    path = write_cif(tmp_path / "x.cif", parameters, [["Zn1", "Zn", 0.1, 0.2, 0.3, 1, "."]], P1)
    cell = read_crystal(path).cell
    assert cell == pytest.approx(lattice(parameters), abs=1e-9)
    assert np.all(cell[np.triu_indices(3, 1)] == 0)


@pytest.mark.parametrize("cutoff", [2.0, 7.0])
def test_pairs_in_a_short_skewed_cell_agree_with_a_plain_loop(cutoff):
    """In a cell shorter than the cutoff an atom has several images of another, and images of itself."""
    rng = np.random.default_rng(4)
    cell = lattice([3.1, 4.0, 5.2, 70.0, 110.0, 60.0])
    fractional = rng.random((4, 3))
    crystal = Crystal("", cell, fractional, np.array(["N"] * 4), np.array(["N"] * 4))
    expected = set()
    for i, j, shift in product(range(4), range(4), product(range(-5, 6), repeat=3)):
        distance = np.linalg.norm((fractional[j] + shift - fractional[i]) @ cell)
        if distance <= cutoff and (i < j or (i == j and shift > (0, 0, 0))):
            expected.add((i, j, shift, round(distance, 9)))
    pairs, shifts, distances = pairs_within(crystal, cutoff)
    found = {
        (int(i), int(j), tuple(shift.tolist()), round(float(distance), 9))
        for (i, j), shift, distance in zip(pairs, shifts, distances, strict=True)
    }
    assert found == expected
    assert len(pairs) == len(expected)


def test_supercell_names():
    assert parse_supercell("2x10x1") == (2, 10, 1)
    assert lattice_translations((2, 1, 2)).tolist() == [[0, 0, 0], [0, 0, 1], [1, 0, 0], [1, 0, 1]]


@pytest.mark.parametrize("text", ["2x2", "0x1x1", "2x2x1.5", "axbxc", "", "1x1x1\n"])
def test_bad_supercell_names(text):
    with pytest.raises(InputError, match="three positive whole numbers"):
        parse_supercell(text)


def changed(index, **changes):
    """Return ZIF-4's sites with some entries of one changed."""
    parameters, sites = asymmetric_unit(ZIF_4)
    columns = {"element": 1, "x": 2, "y": 3, "z": 4, "occupancy": 5, "group": 6}
    for name, value in changes.items():
        sites[index][columns[name]] = value
    return parameters, sites


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"element": "Xx"}, "atom Zn2 has the unknown element 'Xx'"),
        ({"occupancy": 0.5}, "atom Zn2 is disordered"),
        ({"group": 1}, "atom Zn2 is disordered"),
        ({"x": "?"}, "atom Zn2 lacks a fractional coordinate"),
    ],
)
def test_bad_site(tmp_path, changes, message):
    path = write_cif(tmp_path / "bad.cif", *changed(1, **changes), PBCA)
    with pytest.raises(InputError, match=message) as error:
        read_crystal(path)
    assert str(path) in str(error.value)


def test_overlapping_atoms(tmp_path):
    parameters, sites = asymmetric_unit(ZIF_4)
    label, element, x, y, z, *rest = sites[2]
    path = write_cif(
        tmp_path / "bad.cif", parameters, [*sites, ["N1B", element, x + 0.02, y, z, *rest]], PBCA
    )
    with pytest.raises(InputError, match=r"atoms N1 and N1B overlap \(0\.31 A apart\)"):
        read_crystal(path)


def test_atom_close_to_its_own_image_overlaps(tmp_path):
    """0.02 of the cell off the inversion centre: images 0.6 angstrom apart are not one atom."""
    path = write_cif(tmp_path / "bad.cif", [15.0] * 3 + [90.0] * 3, [["N1", "N", 0.02, 0, 0, 1, "."]], PBCA)
    with pytest.raises(InputError, match="atoms N1 and N1 overlap"):
        read_crystal(path)


def test_atom_on_a_special_position_is_one_atom(tmp_path):
    """On the inversion centre of Pbca (4a) the eight images are four atoms."""
    path = write_cif(tmp_path / "x.cif", [15.0] * 3 + [90.0] * 3, [["N1", "N", 1e-4, 0, 0, 1, "."]], PBCA)
    assert len(read_crystal(path)) == 4


@pytest.mark.parametrize(
    ("symmetry", "message"),
    [
        ("", "no known symmetry"),
        ("_space_group_name_H-M_alt 'P q r s'", "no known symmetry"),
        ("loop_\n_space_group_symop_operation_xyz\n'x,y'", "symmetry operations that cannot be read"),
        (f"{PBCA}\n{P1}", "1 symmetry operations, where the space group P b c a has 8"),
        ("_space_group_name_H-M_alt 'P 4'", "do not have the symmetry"),
        ("_space_group_name_H-M_alt 'P 63'", "do not have the symmetry"),
    ],
)
def test_bad_symmetry(tmp_path, symmetry, message):
    path = write_cif(tmp_path / "bad.cif", *asymmetric_unit(ZIF_4), symmetry)
    with pytest.raises(InputError, match=message):
        read_crystal(path)


def test_a_bad_symmetry_is_named_once(tmp_path):
    path = write_cif(tmp_path / "bad.cif", *asymmetric_unit(ZIF_4), "")
    with pytest.raises(InputError) as caught:
        read_crystal(path)
    assert str(caught.value).count("bad.cif") == 1
    assert "cannot be read" not in str(caught.value)


@pytest.mark.parametrize("length", [0.0, "nan"])
def test_a_cell_without_volume_is_refused(tmp_path, length):
    parameters, sites = asymmetric_unit(ZIF_4)
    path = write_cif(tmp_path / "flat.cif", [length, *parameters[1:]], sites, PBCA)
    with pytest.raises(InputError, match=r"flat\.cif: a unit cell without volume"):
        read_crystal(path)


def test_missing_cell_atoms_and_files(tmp_path):
    parameters, sites = asymmetric_unit(ZIF_4)
    with pytest.raises(InputError, match="no unit cell"):
        read_crystal(write_cif(tmp_path / "a.cif", None, sites, PBCA))
    with pytest.raises(InputError, match="there is no such file"):
        read_crystal(tmp_path / "missing.cif")
    (tmp_path / "text.cif").write_text("this is not a CIF\n")
    with pytest.raises(InputError, match="not a readable CIF"):
        read_crystal(tmp_path / "text.cif")
    (tmp_path / "binary.cif").write_bytes(bytes(range(256)))
    with pytest.raises(InputError, match="not a readable CIF"):
        read_crystal(tmp_path / "binary.cif")
    (tmp_path / "none.cif").write_text("data_none\n_cell_length_a 10\n")
    with pytest.raises(InputError, match="0 structures"):
        read_crystal(tmp_path / "none.cif")
    two = write_cif(tmp_path / "a.cif", parameters, sites, PBCA).read_text()
    (tmp_path / "two.cif").write_text(two + two.replace("data_test", "data_other"))
    with pytest.raises(InputError, match="2 structures"):
        read_crystal(tmp_path / "two.cif")
