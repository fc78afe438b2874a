"""Reading and expanding crystal structures."""

from itertools import product

import numpy as np
import pytest

from structure_cifs import P1, PBCA, SODALITE, ZIF_4, ZIF_ZNI, asymmetric_unit, lattice, unit_cell, write_cif
from zifmelt.errors import InputError
from zifmelt.structures.crystal import lattice_translations, parse_supercell, read_crystal
from zifmelt.structures.unit_cell import Crystal, pairs_within

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
        (f"{PBCA}\n_space_group_IT_number n", "whole number is not an integer: n"),
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


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        (0, 0.0, "the cell length a is 0 A"),
        (1, "?", "the cell length b is nan A"),
        (2, -18.4, "the cell length c is -18.4 A"),
        (3, -90, "the cell angle alpha is -90 degrees"),
        (4, 0, "the cell angle beta is 0 degrees"),
        (4, 270, "the cell angle beta is 270 degrees"),
        (5, 179.9, "a unit cell without volume; no cell has the angles 90, 90, 179.9"),
    ],
)
def test_a_cell_that_cannot_be_is_refused(tmp_path, place, value, message):
    parameters, sites = asymmetric_unit(ZIF_4)
    parameters[place] = value
    with pytest.raises(InputError, match=rf"flat\.cif: .*{message}"):
        read_crystal(write_cif(tmp_path / "flat.cif", parameters, sites, PBCA))


def test_angles_that_no_cell_has_together(tmp_path):
    sites = [["Zn1", "Zn", 0.1, 0.2, 0.3, 1, "."]]
    with pytest.raises(InputError, match="no cell has the angles 120, 120, 125"):
        read_crystal(write_cif(tmp_path / "x.cif", [9.0, 10.0, 11.0, 120, 120, 125], sites, P1))


def test_a_whole_cell_with_its_space_group_is_the_same_crystal(tmp_path):
    """Some programs list all atoms and keep the name of the space group."""
    parameters, sites = unit_cell(ZIF_4)
    whole = read_crystal(write_cif(tmp_path / "whole.cif", parameters, sites, PBCA))
    plain = read_crystal(write_cif(tmp_path / "plain.cif", parameters, sites, P1))
    assert whole.fractional == pytest.approx(plain.fractional, abs=1e-12)
    assert len(whole) == len(read_crystal(ZIF_4))
    part = write_cif(tmp_path / "part.cif", parameters, sites[::2], PBCA)
    with pytest.raises(InputError, match="overlap"):
        read_crystal(part)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "latin-1"])
def test_encodings_of_other_programs(tmp_path, encoding):
    text = "# Gr\u00f6\u00dfe in \u00c5\n" + ZIF_4.read_text().replace("\n", "\r\n")
    (tmp_path / "x.cif").write_bytes(text.encode(encoding))
    assert read_crystal(tmp_path / "x.cif").fractional.tolist() == read_crystal(ZIF_4).fractional.tolist()


def test_content_must_be_what_the_file_says(tmp_path):
    """Without its symmetry a file has an eighth of its atoms."""
    text = ZIF_4.read_text()
    start, end = text.index("_space_group_IT_number"), text.index("loop_\n_atom_site_label")
    (tmp_path / "x.cif").write_text(text[:start] + "_space_group_name_H-M_alt 'P 1'\n" + text[end:])
    with pytest.raises(InputError, match="2 Zn in the cell, where 16 formula units"):
        read_crystal(tmp_path / "x.cif")


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
    with pytest.raises(InputError, match="not a text file"):
        read_crystal(tmp_path / "binary.cif")
    (tmp_path / "none.cif").write_text("data_none\n_cell_length_a 10\n")
    with pytest.raises(InputError, match="0 structures"):
        read_crystal(tmp_path / "none.cif")
    two = write_cif(tmp_path / "a.cif", parameters, sites, PBCA).read_text()
    (tmp_path / "two.cif").write_text(two + two.replace("data_test", "data_other"))
    with pytest.raises(InputError, match="2 structures"):
        read_crystal(tmp_path / "two.cif")
