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
from zifmelt.properties.neighbours import ligand_bridges
from zifmelt.properties.rdf import radial_distribution
from zifmelt.structures.external import read_structure

ELEMENTS = ("Zn", "C", "N", "H")


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
