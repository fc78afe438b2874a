"""Reading what LAMMPS and the structure builder write, and writing what both engines read."""

from dataclasses import fields, replace

import numpy as np
import pytest

from checkout import ROOT
from zifmelt.errors import InputError
from zifmelt.forcefield.data_file import read_data_file, write_data_file
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.structures import writers
from zifmelt.structures.system import build_system


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    forcefield = load_forcefield(ROOT / "config/forcefields/nb-zif-ff.yaml")
    system = build_system(ROOT / "config/structures/ZIF-4.cif", forcefield, (1, 1, 1))
    path = tmp_path_factory.mktemp("cell") / "system.data"
    writers.write_data_file(system, path)
    return system, path


def test_what_was_built_is_read(built):
    system, path = built
    found = read_data_file(path)
    assert found.positions == pytest.approx(system.positions, abs=1e-8)
    assert found.cell == pytest.approx(system.cell)
    assert np.array_equal(found.types, system.types) and np.array_equal(found.molecules, system.molecules)
    assert found.charges == pytest.approx(system.charges, abs=1e-10) and not found.velocities.any()
    assert np.array_equal(found.terms["Bonds"], system.bonds)
    assert len(found.terms["Dihedrals"]) == len(system.dihedrals) + len(system.impropers)


def test_what_is_written_is_read_again(built, tmp_path):
    generator = np.random.default_rng(1)
    start = read_data_file(built[1])
    tilted = start.cell.copy()
    tilted[[1, 2, 2], [0, 0, 1]] = 1.5, -2.0, 3.0
    moved = replace(
        start,
        cell=tilted,
        positions=start.positions + generator.normal(0, 40, start.positions.shape),
        velocities=generator.normal(0, 0.01, start.positions.shape),
    )
    path = tmp_path / "final.data"
    write_data_file(moved, path, "of a test")
    found = read_data_file(path)
    for field in fields(found):
        ours, theirs = getattr(moved, field.name), getattr(found, field.name)
        if field.name == "terms":
            assert all(np.array_equal(ours[name], theirs[name]) for name in ours)
        else:
            assert theirs == pytest.approx(ours, abs=1e-9), field.name


def test_incomplete_files_are_refused(built, tmp_path):
    text = built[1].read_text()
    path = tmp_path / "system.data"
    path.write_text(text[: text.index("Bonds") - 200])
    with pytest.raises(InputError, match="no complete LAMMPS data file"):
        read_data_file(path)
    with pytest.raises(InputError, match="there is no such file"):
        read_data_file(tmp_path / "nowhere.data")
