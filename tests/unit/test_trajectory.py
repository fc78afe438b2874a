"""Run folders that were damaged after the run: every reader names the file, and none reads half of it."""

import json

import numpy as np
import pytest

from fake_runs import write_fake_run
from zifmelt import checksums
from zifmelt.checksums import checksums_of
from zifmelt.errors import InputError
from zifmelt.files import sha256_of
from zifmelt.trajectory import iterate_frames, production_start, read_frames, read_thermo, recorded


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


def flip_a_bit(path):
    content = bytearray(path.read_bytes())
    content[len(content) * 2 // 3] ^= 1
    path.write_bytes(content)


def test_a_flipped_bit_is_found_before_anything_is_read(run):
    record = run / "provenance.json"
    content = json.loads(record.read_text())
    whole = read_frames(run).positions
    record.write_text(json.dumps({**content, "sha256": checksums_of(run)}))
    np.testing.assert_array_equal(read_frames(run).positions, whole)
    flip_a_bit(run / "trajectory.xtc")
    with pytest.raises(InputError, match=r"trajectory\.xtc: damaged or replaced since the run ended"):
        next(iterate_frames(run))


def test_pieces_hold_no_more_frames_than_asked_for_also_with_a_stride(run):
    whole = read_frames(run)
    pieces = list(iterate_frames(run, stride=2, chunk=2))
    assert [len(piece) for piece in pieces] == [2, 1]
    np.testing.assert_array_equal(np.concatenate([piece.positions for piece in pieces]), whole.positions[::2])


def test_a_run_from_before_checksums_is_read(run):
    assert "sha256" not in json.loads((run / "provenance.json").read_text())
    assert len(read_frames(run)) == 6


def test_a_trajectory_is_summed_once(run, monkeypatch):
    record = run / "provenance.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "sha256": checksums_of(run)}))
    summed = []
    monkeypatch.setattr(checksums, "sha256_of", lambda path: summed.append(path) or sha256_of(path))
    for _ in range(3):
        read_frames(run)
    assert len(summed) == 1
    (run / "trajectory.xtc").touch()
    read_frames(run)
    assert len(summed) == 2


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
