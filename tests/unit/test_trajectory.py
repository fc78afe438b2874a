"""Run folders that were damaged after the run: every reader names the file, and none reads half of it."""

import json

import numpy as np
import pytest

from fake_runs import write_fake_run
from zifmelt.errors import InputError
from zifmelt.trajectory import production_start, read_frames, read_thermo, recorded


@pytest.fixture
def run(tmp_path):
    rng = np.random.default_rng(1)
    return write_fake_run(tmp_path / "r1", 10 * rng.random((6, 20, 3)), 10 * np.eye(3), ["Zn", "N"] * 10, 0.5)


def cut(path, share):
    content = path.read_text().splitlines(keepends=True)
    path.write_text("".join(content[: int(share * len(content))]))


def test_a_whole_run_is_read(run):
    assert len(read_frames(run)) == 6
    assert read_thermo(run)["time_ps"].iloc[-1] == 2.5
    assert production_start(run) == 0


def test_thermo_that_ends_early_is_refused(run):
    cut(run / "thermo.csv", 0.7)
    with pytest.raises(InputError, match=r"thermo\.csv: truncated, it ends before the run's 2\.5 ps"):
        read_thermo(run)


@pytest.mark.parametrize("entry", ["abc", ""])
def test_thermo_with_something_else_than_numbers_is_refused(run, entry):
    path = run / "thermo.csv"
    lines = path.read_text().splitlines()
    lines[2] = ",".join([entry, *lines[2].split(",")[1:]])
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(InputError, match=r"thermo\.csv: the column 'step' has an entry that is not a number"):
        read_thermo(run)


def test_a_topology_of_other_atoms_is_refused(run):
    path = run / "topology.pdb"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(("ATOM      8", "CONECT", "TER"))))
    with pytest.raises(InputError, match=r"topology\.pdb: 19 atoms, where the trajectory has 20"):
        read_frames(run)


@pytest.mark.parametrize("content", ["", "no atoms\n", "ATOM  half a line"])
def test_a_file_that_is_no_topology_is_refused(run, content):
    (run / "topology.pdb").write_text(content)
    with pytest.raises(InputError, match=r"topology\.pdb: (not a readable PDB file|there is no atom in it)"):
        read_frames(run)


@pytest.mark.parametrize("value", [None, "six", [], 0])
def test_a_provenance_that_no_run_writes_is_refused(run, value):
    path = run / "provenance.json"
    path.write_text(json.dumps({"frames": value, "stretches": value}))
    for key in ("frames", "stretches"):
        with pytest.raises(InputError, match=rf"provenance\.json: {key} is"):
            recorded(run, key)
    with pytest.raises(InputError, match=r"provenance\.json: the key 'n_zn' is missing"):
        recorded(run, "n_zn")
