"""A run killed at random moments must be the run that was never killed, frame by frame."""

import shutil
import time

import numpy as np
import pytest

from dynamics_runs import FORCEFIELD, interrupted, published, run_cell, short_settings, start_process
from zifmelt.dynamics.checkpoint import CheckpointFolder
from zifmelt.dynamics.finished import is_finished
from zifmelt.dynamics.job import Job
from zifmelt.dynamics.protocol import hold, ramp
from zifmelt.errors import InputError
from zifmelt.files import read_json, sha256_of
from zifmelt.trajectory import read_frames, read_thermo

pytestmark = pytest.mark.slow

# Kills fall into the ramp, the deformation and the hold, and onto the boundaries between them.
SEGMENTS = [ramp("heating", 300, 340, 1000.0), hold("cube", 340, 0.06, "cubic"), hold("hold", 340, 0.06)]
CHUNKS, KILLS = 16, 4


@pytest.fixture(scope="module")
def whole(cell, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "r1"
    run_cell(cell, folder, SEGMENTS, short_settings())
    return folder


def test_killed_run_equals_the_uninterrupted_one(cell, tmp_path):
    """Sixteen chunks: four kills, each at most two chunks after the one before, come before the end."""
    folder, whole, rng = tmp_path / "r1", tmp_path / "whole", np.random.default_rng(20240308)
    settings = short_settings(checkpoint_interval_ps=0.01)
    began = time.monotonic()
    run_cell(cell, whole, SEGMENTS, settings)
    chunk_s = (time.monotonic() - began) / CHUNKS
    for _ in range(KILLS):
        before = published(folder)
        process = start_process(cell, folder, SEGMENTS, settings)
        while published(folder) == before and process.poll() is None:
            time.sleep(0.01)
        until = time.monotonic() + rng.uniform(0, chunk_s)
        # A machine that is faster now than when it was timed must not end the run before the last kill.
        while published(folder) < before + 2 and time.monotonic() < until:
            time.sleep(0.001)
        process.kill()  # SIGKILL: nothing can be tidied up
        process.wait()
    assert not folder.exists(), "nothing is declared finished before it is"
    run_cell(cell, folder, SEGMENTS, settings)

    provenance = read_json(folder / "provenance.json")
    assert provenance["pieces"] == KILLS + 1
    assert provenance["sha256"] == {"trajectory.xtc": sha256_of(folder / "trajectory.xtc")}
    expected, found = (read_frames(path, ("Zn", "N")) for path in (whole, folder))
    assert np.array_equal(found.times, expected.times)
    assert found.times == pytest.approx(0.01 * np.arange(17))
    # On one thread LAMMPS is deterministic, so the restart is complete only if nothing differs at all.
    assert np.array_equal(found.positions, expected.positions)
    assert np.array_equal(found.boxes, expected.boxes)
    rows, expected_rows = read_thermo(folder), read_thermo(whole)
    assert rows["time_ps"].to_numpy() == pytest.approx(0.005 * np.arange(33))
    assert rows.equals(expected_rows)
    assert not CheckpointFolder.of(folder).path.exists()


def test_damaged_checkpoint_and_another_protocol(cell, whole, tmp_path):
    folder = tmp_path / "r1"
    store = interrupted(cell, folder, SEGMENTS, short_settings(), 3)
    with pytest.raises(InputError, match="made with another seed; delete this folder"):
        run_cell(cell, folder, SEGMENTS, short_settings(), seed=8)
    with pytest.raises(InputError, match="made with another protocol"):
        run_cell(cell, folder, [hold("hold", 300, 0.1)], short_settings())
    last = store.last_whole()
    restart = store.part(last, "restart")
    restart.write_bytes(restart.read_bytes()[:-1000])
    told = run_cell(cell, folder, SEGMENTS, short_settings())
    assert "going on from the checkpoint at" in told
    assert np.array_equal(read_frames(folder, ("N",)).positions, read_frames(whole, ("N",)).positions)


def test_kill_between_last_chunk_and_finished_files(cell, whole, tmp_path, monkeypatch):
    folder = tmp_path / "r1"

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(CheckpointFolder, "join", full_disk)
        with pytest.raises(InputError, match="the disk is full .* goes on from its last checkpoint"):
            run_cell(cell, folder, SEGMENTS, short_settings())
    assert not (folder / "trajectory.xtc").exists() and not (folder / "provenance.json").exists()
    run_cell(cell, folder, SEGMENTS, short_settings())
    assert read_thermo(folder).equals(read_thermo(whole))
    assert (folder / "final.data").read_text().split("Atoms")[1] == (whole / "final.data").read_text().split(
        "Atoms"
    )[1]


def test_full_disk_while_publishing_loses_only_the_present_chunk(cell, whole, tmp_path, monkeypatch):
    folder, publish = tmp_path / "r1", CheckpointFolder.publish

    def full_at_third(self, number, state):
        if number == 2:
            raise OSError(28, "No space left on device")
        publish(self, number, state)

    with monkeypatch.context() as patch:
        patch.setattr(CheckpointFolder, "publish", full_at_third)
        with pytest.raises(InputError, match="the disk is full"):
            run_cell(cell, folder, SEGMENTS, short_settings())
    assert published(folder) == 2
    run_cell(cell, folder, SEGMENTS, short_settings())
    assert np.array_equal(read_frames(folder, ("N",)).positions, read_frames(whole, ("N",)).positions)


def test_a_finished_run_is_kept_wherever_it_is_asked_for_again(cell, whole, tmp_path):
    folder = tmp_path / "elsewhere/r1"
    shutil.copytree(whole, folder, copy_function=shutil.copyfile)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    told = run_cell(cell, folder, SEGMENTS, short_settings(threads=2, checkpoint_interval_ps=0.06))
    assert "kept" in told
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert not CheckpointFolder.of(folder).path.exists()


def test_a_finished_run_of_something_else_or_damaged_is_not_taken_for_it(cell, whole, tmp_path):
    folder = tmp_path / "r1"
    shutil.copytree(whole, folder)
    start, topology = cell / "system.data", cell / "topology.pdb"

    def finished(segments=SEGMENTS, settings=None, seed=7, start=start, forcefield=FORCEFIELD):
        job = Job(start, topology, forcefield, tuple(segments), settings or short_settings(), seed, folder)
        return is_finished(job)

    assert finished()
    assert not finished(seed=8)
    assert not finished(segments=SEGMENTS[:2])
    assert not finished(settings=short_settings(thermo_interval_ps=0.01))
    assert not finished(start=whole / "final.data")
    assert not finished(forcefield=FORCEFIELD.with_stem("nb-zif-ff-D0-0.025eV"))
    (folder / "thermo.csv").rename(folder / "thermo")
    assert not finished()
    (folder / "thermo").rename(folder / "thermo.csv")
    trajectory = folder / "trajectory.xtc"
    trajectory.write_bytes(trajectory.read_bytes()[:-1] + b"x")
    assert not finished()
