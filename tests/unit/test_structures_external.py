"""Structures of others: any coordination of the zinc, any file format, no residues and no bonds given."""

import gemmi
import numpy as np
import pytest

from fake_runs import crystal_atoms
from zifmelt.environments.neighbours import find_neighbours
from zifmelt.errors import InputError
from zifmelt.mechanism.bonds import atoms_of, find_bonds
from zifmelt.mechanism.net import zinc_net
from zifmelt.mechanism.rings import ring_counts
from zifmelt.properties.first_neighbours import ligand_bridges
from zifmelt.properties.rdf import radial_distribution
from zifmelt.structures.external import read_structure

ELEMENTS = ("Zn", "C", "N", "H")


CRYST1 = "CRYST1   15.423   15.404   18.438  90.00  90.00  90.00 P b c a       8"
HETATM = "HETATM    1 Zn   MOL A   1      10.989   9.989  16.709  1.00  0.00          ZN\n"


def glass():
    """Two cells of ZIF-4, sheared, shaken, three Zn away from their places, atoms in any order and cell."""
    generator = np.random.default_rng(3)
    positions, box, symbols = crystal_atoms("config/structures/ZIF-4.cif", (2, 1, 1), ELEMENTS)
    sheared = box + np.array([[0, 0, 0], [1.2, 0, 0], [-0.8, 1.0, 0]])
    positions = positions @ np.linalg.inv(box) @ sheared + 0.02 * generator.standard_normal(positions.shape)
    positions[:3] += [0.9, 0.5, -0.8]
    order = generator.permutation(len(positions))
    thrown = positions + generator.integers(-1, 2, positions.shape) @ sheared
    return thrown[order], sheared, np.array(symbols)[order]


def write_cif(path, positions, box, symbols):
    structure = gemmi.SmallStructure()
    lengths = np.linalg.norm(box, axis=1)
    cosines = [box[i] @ box[j] / lengths[i] / lengths[j] for i, j in ((1, 2), (0, 2), (0, 1))]
    structure.cell = gemmi.UnitCell(*lengths, *np.degrees(np.arccos(cosines)))
    structure.spacegroup_hm = "P 1"
    for number, (symbol, place) in enumerate(zip(symbols, positions @ np.linalg.inv(box), strict=True)):
        site = gemmi.SmallStructure.Site()
        site.label, site.type_symbol = f"{symbol}{number}", str(symbol)
        site.element, site.fract = gemmi.Element(str(symbol)), gemmi.Fractional(*place)
        structure.add_site(site)
    path.write_text(structure.make_cif_block().as_string())


def write_xyz(path, positions, box, symbols):
    rotation = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))[0]
    rotation *= np.sign(np.linalg.det(rotation))
    lattice = " ".join(f"{number:.8f}" for number in (box @ rotation).ravel())
    rows = zip(symbols, positions @ rotation, strict=True)
    atoms = [f"{0.1} {symbol} {x:.6f} {y:.6f} {z:.6f}" for symbol, (x, y, z) in rows]
    header = f'Properties=charge:R:1:species:S:1:pos:R:3 Lattice="{lattice}" pbc="T T T"'
    path.write_text("\n".join([str(len(atoms)), header, *atoms, ""]))


def write_pdb(path, positions, box, symbols):
    structure = gemmi.Structure()
    lengths = np.linalg.norm(box, axis=1)
    cosines = [box[i] @ box[j] / lengths[i] / lengths[j] for i, j in ((1, 2), (0, 2), (0, 1))]
    structure.cell = gemmi.UnitCell(*lengths, *np.degrees(np.arccos(cosines)))
    residue = gemmi.Residue()
    residue.name = "MOL"
    for symbol, place in zip(symbols, positions, strict=True):
        atom = gemmi.Atom()
        atom.name, atom.element, atom.pos = str(symbol), gemmi.Element(str(symbol)), gemmi.Position(*place)
        residue.add_atom(atom)
    chain, model = gemmi.Chain("A"), gemmi.Model(1)
    chain.add_residue(residue)
    model.add_chain(chain)
    structure.add_model(model)
    structure.write_pdb(str(path))


@pytest.mark.parametrize(
    ("write", "name"), [(write_cif, "g.cif"), (write_xyz, "g.xyz"), (write_pdb, "g.pdb")]
)
def test_glass_with_undercoordinated_zinc_goes_through_the_analyses(tmp_path, write, name):
    positions, box, symbols = glass()
    write(tmp_path / name, positions, box, symbols)
    frames = read_structure(tmp_path / name)
    atoms = atoms_of(frames.topology)
    assert (len(atoms.zinc), atoms.n_ligands) == (32, 64)
    bonds = find_bonds([frames], 2.5, 2.5)
    zinc, nitrogen = positions[symbols == "Zn"], positions[symbols == "N"]
    expected = np.bincount(find_neighbours(zinc, nitrogen, box, 2.5).centres, minlength=32)
    assert sorted(bonds.coordination()[0]) == sorted(expected)
    assert min(expected) == 2
    net = zinc_net(atoms, frames.positions[0], frames.boxes[0], bonds.at(0))
    assert len(net.tail) == 64 - (32 * 4 - expected.sum())
    assert ring_counts(net, 6)[1] == 5
    rdf = radial_distribution(frames, ("Zn", "N"), 6.0, 0.1)
    assert rdf.coordination.iloc[24] == pytest.approx(
        len(find_neighbours(zinc, nitrogen, box, 2.45).atoms) / 32, abs=0.05
    )
    (bridges,) = ligand_bridges(frames, 2.5)
    assert np.sum(bridges.zn >= 0) == expected.sum()


def test_ligands_are_named_and_in_one_piece(tmp_path):
    write_xyz(tmp_path / "g.extxyz", *glass())
    frames = read_structure(tmp_path / "g.extxyz")
    for residue in list(frames.topology.residues)[32:]:
        assert [atom.name for atom in residue.atoms][:5] == ["N1", "C2", "N3", "C4", "C5"]
        assert {atom.name for atom in residue.atoms} == {"N1", "C2", "N3", "C4", "C5", "H2", "H4", "H5"}
        place = {atom.name: frames.positions[0, atom.index] for atom in residue.atoms}
        for bond in ("N1 C2", "C2 N3", "N3 C4", "C4 C5", "C5 N1", "C2 H2", "C4 H4", "C5 H5"):
            one, other = bond.split()
            assert np.linalg.norm(place[one] - place[other]) < 1.6


def test_ring_distorted_so_far_that_it_has_short_diagonals(tmp_path):
    positions, box, symbols = crystal_atoms("config/structures/ZIF-4.cif", (1, 1, 1), ELEMENTS)
    write_xyz(tmp_path / "rest.xyz", positions, box, symbols)
    rest = read_structure(tmp_path / "rest.xyz")
    ring = {atom.name: rest.positions[0, atom.index] for atom in rest.topology.residue(16).atoms}
    flatter = rest.positions[0].copy()
    moved = [atom.index for atom in rest.topology.residue(16).atoms if atom.name in ("C2", "H2")]
    flatter[moved] += 0.2 * ((ring["C4"] + ring["C5"]) / 2 - ring["C2"])
    assert np.linalg.norm(flatter[moved[0]] - ring["C4"]) < 1.85
    elements = [atom.element.symbol for atom in rest.topology.atoms]
    write_xyz(tmp_path / "flatter.xyz", flatter, rest.boxes[0], elements)
    found = read_structure(tmp_path / "flatter.xyz").topology
    assert [atom.name for atom in found.atoms] == [atom.name for atom in rest.topology.atoms]


def test_substituents_deuterium_and_missing_hydrogens(tmp_path):
    positions, box, symbols = crystal_atoms("config/structures/ZIF-4.cif", (1, 1, 1), ELEMENTS)
    symbols = np.array(symbols)
    carbon, hydrogen = np.flatnonzero(symbols == "C"), np.flatnonzero(symbols == "H")
    # Chlorine in the place of one hydrogen, another one left out, the others deuterium.
    bond = find_neighbours(positions[hydrogen[:1]], positions[carbon], box, 1.3).vectors[0]
    positions[hydrogen[0]] -= bond * (1.72 / np.linalg.norm(bond) - 1)
    symbols[hydrogen] = "D"
    symbols[hydrogen[0]] = "Cl"
    kept = np.delete(np.arange(len(symbols)), hydrogen[1])
    write_xyz(tmp_path / "g.xyz", positions[kept], box, symbols[kept])
    frames = read_structure(tmp_path / "g.xyz")
    elements = [atom.element.symbol for atom in frames.topology.atoms]
    assert [elements.count(symbol) for symbol in ("Zn", "N", "C", "H", "Cl")] == [16, 64, 96, 94, 1]
    names = [atom.name for atom in frames.topology.atoms]
    assert [names.count(name) for name in ("N1", "N3", "C2", "C4", "C5")] == [32] * 5
    assert sum(names.count(name) for name in ("H2", "H4", "H5")) == 94
    assert set(find_bonds([frames], 2.5, 2.5).coordination()[0]) == {4}


def pair_distances(frames):
    """All Zn-Zn distances under the nearest-image convention of a box wider than twice the range, sorted."""
    zinc = [atom.index for atom in frames.topology.atoms if atom.element.symbol == "Zn"]
    found = find_neighbours(frames.positions[0, zinc], frames.positions[0, zinc], frames.boxes[0], 7.0)
    return np.sort(np.linalg.norm(found.vectors, axis=1))


def test_pdb_with_an_asymmetric_unit_is_expanded(tmp_path):
    """The same crystal from the CIF, from its sites in PDB, and from all its atoms with the group's name."""
    crystal = gemmi.read_small_structure("config/structures/ZIF-4.cif")
    header = "CRYST1   15.423   15.404   18.438  90.00  90.00  90.00 P b c a       8\n"
    for name, sites in (("unit.pdb", crystal.sites), ("all.pdb", crystal.get_all_unit_cell_sites())):
        lines = [header]
        for number, site in enumerate(sites, start=1):
            place = [
                f * length for f, length in zip(site.fract.tolist(), crystal.cell.parameters, strict=False)
            ]
            x, y, z = (f"{value:8.3f}" for value in place)
            symbol = site.element.name.upper()
            lines.append(
                f"HETATM{number:5d} {symbol:<4} MOL A   1    {x}{y}{z}  1.00  0.00          {symbol:>2}\n"
            )
        (tmp_path / name).write_text("".join(lines))
    expected = read_structure("config/structures/ZIF-4.cif")
    for name in ("unit.pdb", "all.pdb"):
        frames = read_structure(tmp_path / name)
        assert frames.topology.n_atoms == expected.topology.n_atoms == 272
        assert pair_distances(frames) == pytest.approx(pair_distances(expected), abs=0.01)


ATOMS = "Zn 1 2 3 0.5\nN 4 5 6 0.5\nC 5 5 6 0.5\nN 5.5 6 6 0.5\nC 5 7 6 0.5\nC 4 6.4 6 0.5\n"
WRITTEN = [
    'Lattice="9 0 0 0 9 0 0 0 9" Properties=species:S:1:pos:R:3:charge:R:1',
    'Lattice="9 0 0 0 9 0 0 0 9" Properties="species:S:1:pos:R:3:charge:R:1" pbc="T T T"',
    "pbc='T T T' energy=-3.0 Properties='species:S:1:pos:R:3:charge:R:1' Lattice='9 0 0 0 9 0 0 0 9'",
    'note="a \\"quoted\\" Lattice=7" Properties=species:S:1:pos:R:3:charge:R:1 Lattice={9 0 0 0 9 0 0 0 9}',
    "Lattice=[[9, 0, 0], [0, 9, 0], [0, 0, 9]] Properties=species:S:1:pos:R:3:charge:R:1 pbc=[T, T, T]",
    'properties = species:S:1:pos:R:3:charge:R:1 lattice = "9.0 0 0\t0 9.0 0 0 0 9.0" spacegroup="P 1"',
    '"Lattice"="9 0 0 0 9 0 0 0 9" "Properties"="species:S:1:pos:R:3:charge:R:1" Time=0 ',
]


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("header", WRITTEN)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
def test_extended_xyz_as_others_write_it(tmp_path, header, encoding):
    text = f"6\n{header} who=\u00c5ngstr\u00f6m\n{ATOMS}".replace("\n", "\r\n")
    (tmp_path / "g.xyz").write_bytes(text.encode(encoding))
    frames = read_structure(tmp_path / "g.xyz")
    assert frames.boxes[0] == pytest.approx(9 * np.eye(3))
    assert frames.positions[0, 0] == pytest.approx([1, 2, 3])
    assert [atom.name for atom in frames.topology.atoms] == ["ZN", "N1", "C2", "N3", "C4", "C5"]


def test_atomic_numbers_instead_of_symbols(tmp_path):
    (tmp_path / "g.xyz").write_text('1\nProperties=pos:R:3:Z:I:1 Lattice="9 0 0 0 9 0 0 0 9"\n1 2 3 30\n')
    assert read_structure(tmp_path / "g.xyz").topology.n_atoms == 1


def test_left_handed_vectors_do_not_mirror_the_structure(tmp_path):
    """The triple product of three bonds of one molecule keeps its sign."""
    positions, box, symbols = crystal_atoms("config/structures/ZIF-4.cif", (1, 1, 1), ELEMENTS)
    chirality = []
    for name, vectors in (("right.xyz", box), ("left.xyz", box[[1, 0, 2]]), ("opposite.xyz", -box)):
        rows = [f"{s} {x:.6f} {y:.6f} {z:.6f}" for s, (x, y, z) in zip(symbols, positions, strict=True)]
        lattice = " ".join(map(str, vectors.ravel()))
        (tmp_path / name).write_text("\n".join([str(len(rows)), f'Lattice="{lattice}"', *rows, ""]))
        frames = read_structure(tmp_path / name)
        assert np.linalg.det(frames.boxes[0]) == pytest.approx(np.linalg.det(box))
        zinc, nitrogen = (
            frames.positions[
                0, [atom.index for atom in frames.topology.atoms if atom.element.symbol == symbol]
            ]
            for symbol in ("Zn", "N")
        )
        found = find_neighbours(zinc[:1], nitrogen, frames.boxes[0], 2.5)
        order = np.argsort(np.linalg.norm(found.vectors, axis=1))
        chirality.append(np.linalg.det(found.vectors[order[:3]]))
    assert chirality == pytest.approx([chirality[0]] * 3, rel=1e-4)
    assert abs(chirality[0]) > 1


def test_rings_that_touch_are_told_apart(tmp_path):
    """As in models from reverse Monte Carlo: a ligand pushed against another, C and N within 1.6 angstrom."""
    rest = read_structure("config/structures/ZIF-4.cif")
    positions, box = rest.positions[0].copy(), rest.boxes[0]
    rings = [[atom.index for atom in residue.atoms] for residue in list(rest.topology.residues)[16:]]
    heavy = [ring[:5] for ring in rings]
    vectors = [find_neighbours(positions[heavy[0]], positions[ring], box, 8.0).vectors for ring in heavy[1:]]
    nearest = min(filter(len, vectors), key=lambda found: np.linalg.norm(found, axis=1).min())
    step = nearest[np.argmin(np.linalg.norm(nearest, axis=1))]
    positions[rings[0]] += step * (1 - 1.6 / np.linalg.norm(step))
    elements = [atom.element.symbol for atom in rest.topology.atoms]
    write_xyz(tmp_path / "g.xyz", positions, box, elements)
    with pytest.warns(UserWarning, match="of two ligands are 1.60 A apart"):
        found = read_structure(tmp_path / "g.xyz").topology
    assert [atom.name for atom in found.atoms] == [atom.name for atom in rest.topology.atoms]


def test_short_bonds_are_read_and_said(tmp_path):
    """A ring 13 % too small, as in a powder structure: atoms across it are near enough to be bonded."""
    rest = read_structure("config/structures/ZIF-4.cif")
    positions = rest.positions[0].copy()
    ring = [atom.index for atom in rest.topology.residue(16).atoms][:5]
    positions[ring] += 0.13 * (positions[ring].mean(axis=0) - positions[ring])
    write_xyz(
        tmp_path / "g.xyz", positions, rest.boxes[0], [atom.element.symbol for atom in rest.topology.atoms]
    )
    with pytest.warns(UserWarning, match=r"between atoms \w+ and \w+ is 1\.1\d A long.*and 4 more"):
        found = read_structure(tmp_path / "g.xyz").topology
    assert [atom.name for atom in found.atoms] == [atom.name for atom in rest.topology.atoms]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda x, s: (x[s != "Zn"], s[s != "Zn"]), "no Zn"),
        (lambda x, s: (np.vstack([x, [7.7, 7.7, 9.2]]), np.append(s, "O")), "is O1, where the ring"),
        (lambda x, s: (np.vstack([x, x[:1] + 0.1]), np.append(s, "H")), "overlap"),
        (lambda x, s: (x, np.where(s == "Zn", "Qq", s)), "unknown element"),
    ],
)
def test_what_is_no_zinc_imidazolate_is_refused(tmp_path, change, message):
    positions, box, symbols = crystal_atoms("config/structures/ZIF-4.cif", (1, 1, 1), ELEMENTS)
    positions, symbols = change(positions, np.array(symbols, dtype=object))
    write_xyz(tmp_path / "g.xyz", positions, box, symbols)
    with pytest.raises(InputError, match=message):
        read_structure(tmp_path / "g.xyz")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("g.xyz", "1\nno lattice\nZn 0 0 0\n", "no unit cell"),
        ("g.xyz", '2\nLattice="9 0 0 0 9 0 0 0 9"\nZn 0 0 0\n', "1 atoms instead of 2"),
        ("g.xyz", '1\nLattice="9 0 0 0 9 0"\nZn 0 0 0\n', "not a readable"),
        ("g.xyz", '1\nLattice="9 0 0 9 0 0 0 0 9"\nZn 0 0 0\n', "without volume"),
        ("g.xyz", '1\nLattice="0 0 0 0 9 0 0 0 9"\nZn 0 0 0\n', "cell length a is 0 A"),
        ("g.xyz", '1\nLattice="9 0 0 0 nan 0 0 0 9"\nZn 0 0 0\n', "cell length b is nan A"),
        ("g.xyz", '1\nLattice="9 0 0 0 9 0 0 0 9" pbc="T T F"\nZn 0 0 0\n', "must be periodic"),
        ("g.xyz", '1\nLattice="9 0 0 0 9 0 0 0 9" Lattice="8 0 0 0 8 0 0 0 8"\nZn 0 0 0\n', "twice"),
        ("g.xyz", '1\nLattice="9 0 0 0 9 0 0 0 9" Properties=pos:R:3\n0 0 0\n', "species:S:1"),
        ("g.xyz", '1\nLattice="9 0 0 0 9 0 0 0 9" Properties=species:S:1\nZn\n', "pos:R:3"),
        ("g.xyz", '1\nLattice="9 0 0 0 9 0 0 0 9"\nZn 0 inf 0\n', "Zn1 is not within"),
        ("g.xyz", '0\nLattice="9 0 0 0 9 0 0 0 9"\n', "no atom"),
        ("g.pdb", f"{CRYST1}\n", "no atom|0 models"),
        ("g.pdb", f"{CRYST1.replace('90.00 P', '-9.00 P')}\n{HETATM}", "cell angle gamma is -9"),
        ("g.pdb", f"{CRYST1.replace('P b c a', 'P b ¸ a')}\n{HETATM}", "space group 'P b . a' is unknown"),
        ("g.pdb", f"{CRYST1.replace('P b c a', 'P q c a')}\n{HETATM}", "space group 'P q c a' is unknown"),
        ("g.pdb", f"{CRYST1}\n{HETATM.replace('9.989', '9.x89')}", "line 2 lacks a coordinate"),
        ("g.pdb", f"{CRYST1}\n{HETATM.replace('1.00', '0.50')}", "is disordered"),
        ("g.pdb", f"{CRYST1.replace(' 90.00 P', ' 80.00 P')}\n{HETATM}", "do not have the symmetry"),
        ("g.pdb", "ATOM      1 ZN   ZN  A   1       0.0     0.0     0.0\n", "no unit cell|not a readable"),
        ("g.data", "", "must end in"),
        ("missing.cif", None, "no such file"),
    ],
)
def test_unreadable_files(tmp_path, name, text, message):
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=message):
        read_structure(tmp_path / name)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_letters_that_are_not_ascii_do_not_shift_the_columns_of_pdb(tmp_path, encoding):
    plain, other = tmp_path / "plain.pdb", tmp_path / "other.pdb"
    plain.write_text(f"{CRYST1}\n{HETATM}")
    other.write_text(f"REMARK Å\n{CRYST1}\n{HETATM.replace('MOL', 'MÖL')}", encoding=encoding)
    assert other.read_bytes() != plain.read_bytes()
    assert read_structure(other).positions.tolist() == read_structure(plain).positions.tolist()
