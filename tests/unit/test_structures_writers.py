"""Data file and topology as text, read back by plain parsing and by mdtraj."""

from time import perf_counter, process_time

import mdtraj
import numpy as np
import pytest

from structure_cifs import FORCEFIELD, ZIF_4, ZIF_ZNI
from zifmelt.errors import InputError
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.structures import writers
from zifmelt.structures.system import build_system
from zifmelt.structures.writers import write_data_file, write_topology


@pytest.fixture(scope="module")
def system():
    return build_system(ZIF_4, load_forcefield(FORCEFIELD), (2, 1, 1))


def sections(path):
    """Split a data file into its title, header values and sections of number lists."""
    title, *lines = path.read_text().splitlines()
    parts, name = {"": []}, ""
    for line in lines:
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] in ("Masses", "Atoms", "Bonds", "Angles", "Dihedrals"):
            name = words[0]
            parts[name] = []
        else:
            parts[name].append(words)
    return title, {" ".join(w for w in words if w.isalpha()): words for words in parts.pop("")}, parts


def test_data_file_holds_the_system(system, tmp_path):
    path = tmp_path / "system.data"
    write_data_file(system, path)
    title, header, parts = sections(path)
    assert "ZIF-4.cif 2x1x1" in title
    atoms = np.array(parts["Atoms"], dtype=float)
    assert int(header["atoms"][0]) == len(atoms) == 25 * 32
    assert np.array_equal(atoms[:, 0], np.arange(1, 801))
    assert np.array_equal(atoms[:, 1], system.molecules)
    assert np.array_equal(atoms[:, 2], system.types)
    assert abs(sum(atoms[:, 3])) < 1e-9
    assert np.all(atoms[:, 4:7] >= 0)
    assert np.all(atoms[:, 4:7] <= np.diag(system.cell))
    assert atoms[:, 4:7] + atoms[:, 7:] @ system.cell == pytest.approx(system.positions, abs=1e-7)
    for name, tables in (
        ("Bonds", [system.bonds]),
        ("Angles", [system.angles]),
        ("Dihedrals", [system.dihedrals, system.impropers]),
    ):
        expected = np.concatenate(tables)
        rows = np.array(parts[name], dtype=int)
        assert int(header[name.lower()][0]) == len(rows)
        assert np.array_equal(rows[:, 0], np.arange(1, len(rows) + 1))
        assert np.array_equal(rows[:, 1], expected[:, 0])
        assert np.array_equal(rows[:, 2:], expected[:, 1:] + 1)
    masses = np.array([float(mass) for _, mass in parts["Masses"]])
    # Zn 65.38, 6 C 72.066, 6 H 6.048, 4 N 56.028 g/mol, by hand.
    assert masses[system.types - 1].sum() == pytest.approx(32 * 199.522, abs=1e-6)


def test_right_angles_make_an_orthogonal_box(system, tmp_path):
    path = tmp_path / "system.data"
    write_data_file(system, path)
    assert "xy xz yz" not in path.read_text()


def test_topology_names_and_bonds(system, tmp_path):
    path = tmp_path / "topology.pdb"
    write_topology(system, path)
    frame = mdtraj.load(str(path))
    residues = list(frame.topology.residues)
    assert [residue.name for residue in residues] == ["ZN"] * 32 + ["IM"] * 64
    assert [atom.name for atom in residues[-1].atoms] == ["N1", "C2", "N3", "C4", "C5", "H2", "H4", "H5"]
    assert frame.topology.n_bonds == 64 * 8
    real = ~np.isin(system.kinds, ["D", "L"])
    elements = {"Zn": "Zn", "N": "N", "C4": "C", "C2": "C", "H4": "H", "H2": "H"}
    assert [atom.element.symbol for atom in frame.topology.atoms] == [elements[k] for k in system.kinds[real]]
    assert frame.xyz[0] * 10 == pytest.approx(system.positions[real], abs=1e-3)
    assert frame.unitcell_vectors[0] * 10 == pytest.approx(system.cell, abs=1e-3)
    bonds = np.array([[one.index, two.index] for one, two in frame.topology.bonds])
    lengths = np.linalg.norm(frame.xyz[0][bonds[:, 0]] - frame.xyz[0][bonds[:, 1]], axis=1)
    assert lengths.max() < 0.145


@pytest.mark.parametrize("elements", [("Zn", "N"), ("C", "H", "N"), ("Zn",)])
def test_topology_of_some_elements(system, tmp_path, elements):
    """From the system and from the whole PDB alike; order kept; the bonds still join neighbours."""
    write_topology(system, tmp_path / "all.pdb")
    write_topology(tmp_path / "all.pdb", tmp_path / "from_file.pdb", elements)
    write_topology(system, tmp_path / "from_system.pdb", elements)
    whole = mdtraj.load(str(tmp_path / "all.pdb"))
    kept = [atom.index for atom in whole.topology.atoms if atom.element.symbol in elements]
    for name in ("from_file.pdb", "from_system.pdb"):
        frame = mdtraj.load(str(tmp_path / name))
        assert [str(atom) for atom in frame.topology.atoms] == [str(whole.topology.atom(i)) for i in kept]
        assert frame.xyz == pytest.approx(whole.xyz[:, kept], abs=1e-4)
        assert frame.topology.n_bonds == (64 * 8 if "C" in elements else 0)
        for one, two in frame.topology.bonds:
            assert np.linalg.norm(frame.xyz[0, one.index] - frame.xyz[0, two.index]) < 0.145


def test_topology_does_not_depend_on_the_day(system, tmp_path):
    """Equal cells give equal files: atoms, bonds and box, nothing of when or by what it was written."""
    write_topology(system, tmp_path / "all.pdb")
    records = {line[:6].strip() for line in (tmp_path / "all.pdb").read_text().splitlines()}
    assert records == {"CRYST1", "ATOM", "TER", "CONECT", "END"}


def test_topology_errors(system, tmp_path):
    with pytest.raises(InputError, match=r"missing\.pdb: there is no such file"):
        write_topology(tmp_path / "missing.pdb", tmp_path / "x.pdb", ("Zn",))
    write_topology(system, tmp_path / "zinc.pdb", ("Zn",))
    with pytest.raises(InputError, match=r"zinc\.pdb: no N atom to write; there are Zn"):
        write_topology(tmp_path / "zinc.pdb", tmp_path / "x.pdb", ("Zn", "N"))
    (tmp_path / "text.pdb").write_text("ATOM  nonsense\n")
    with pytest.raises(InputError, match=r"text\.pdb: not a readable PDB file"):
        write_topology(tmp_path / "text.pdb", tmp_path / "x.pdb")
    assert not (tmp_path / "x.pdb").exists()


def test_large_boxes_in_seconds(tmp_path):
    """1024 Zn as the paper has them: 25,600 particles, 17,408 atoms."""
    start = perf_counter()
    system = build_system(ZIF_ZNI, load_forcefield(FORCEFIELD), (2, 2, 8))
    write_data_file(system, tmp_path / "system.data")
    write_topology(system, tmp_path / "topology.pdb")
    assert len(system.positions) == 25600
    assert perf_counter() - start < 30
    assert mdtraj.load_topology(str(tmp_path / "topology.pdb")).n_atoms == 17408


def test_more_residues_than_pdb_has_numbers_for(tmp_path):
    """3360 Zn are 10,080 residues; the number starts again at 0 and every residue is read back."""
    system = build_system(ZIF_4, load_forcefield(FORCEFIELD), (7, 5, 6))
    write_topology(system, tmp_path / "topology.pdb", ("Zn", "N"))
    topology = mdtraj.load_topology(str(tmp_path / "topology.pdb"))
    assert topology.n_residues == 10080
    assert topology.n_atoms == 5 * 3360
    assert [atom.name for atom in topology.residue(9999).atoms] == ["N1", "N3"]


def test_more_atoms_than_pdb_has_numbers_for(system, tmp_path, monkeypatch):
    """Bonds would join the wrong atoms then, so they are left out; everything else stays."""
    write_topology(system, tmp_path / "bonds.pdb")
    monkeypatch.setattr(writers, "PDB_LARGEST_NUMBER", 543)
    write_topology(system, tmp_path / "none.pdb")
    lines = (tmp_path / "bonds.pdb").read_text().splitlines()
    assert sum(line.startswith("CONECT") for line in lines) == 64 * 8
    expected = [line for line in lines if not line.startswith("CONECT")]
    assert (tmp_path / "none.pdb").read_text().splitlines() == expected


def test_a_large_cell_is_written_in_a_time_that_grows_with_its_size(tmp_path):
    """107,000 atoms: seconds; minutes if the time grew as the square of their number."""
    large = build_system(ZIF_4, load_forcefield(FORCEFIELD), (7, 7, 8))
    start = process_time()
    write_topology(large, tmp_path / "large.pdb")
    assert process_time() - start < 60
    with (tmp_path / "large.pdb").open() as stream:
        assert sum(line.startswith(("ATOM", "HETATM")) for line in stream) == 17 * 16 * 7 * 7 * 8
