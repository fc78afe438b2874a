"""Whatever happens to a run, it ends as the run to which nothing happened; see also test_dynamics_resume."""

import os
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from dynamics_runs import interrupted, published, run_cell, short_settings, start_process
from zifmelt.dynamics.checkpoint import CheckpointFolder
from zifmelt.dynamics.lammps_engine import Simulation
from zifmelt.dynamics.protocol import hold, ramp
from zifmelt.errors import InputError
from zifmelt.files import read_json, write_json, write_table
from zifmelt.trajectory import read_frames, read_thermo

pytestmark = pytest.mark.slow

SEGMENTS = [ramp("heating", 300, 330, 1000.0), hold("cube", 330, 0.03, "cubic"), hold("hold", 330, 0.06)]
CHUNKS, KILLS = 12, 20


def settings():
    """A checkpoint at every frame, each 0.01 ps."""
    return short_settings(checkpoint_interval_ps=0.01)


@pytest.fixture(scope="module")
def whole(cell, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "r1"
    run_cell(cell, folder, SEGMENTS, settings())
    return folder


def assert_equal(folder: Path, whole: Path) -> None:
    """On one thread LAMMPS is deterministic, so that nothing may differ at all."""
    for name in ("trajectory.xtc", "thermo.csv"):
        assert (folder / name).read_bytes() == (whole / name).read_bytes(), name
    assert np.allclose(np.diff(read_frames(folder).times), 0.01)
    assert np.allclose(np.diff(read_thermo(folder)["time_ps"]), 0.005)
    assert not CheckpointFolder.of(folder).path.exists()


def test_twenty_kills_at_random_moments_from_start_to_finish(cell, whole, tmp_path):
    """A kill may fall into the imports, the set-up, the dynamics, a checkpoint or the finished files."""
    rng, kills, runs = np.random.default_rng(20), 0, 0
    began = time.monotonic()
    start_process(cell, tmp_path / "timed", SEGMENTS, settings()).wait()
    seconds = time.monotonic() - began
    while kills < KILLS:
        folder = tmp_path / f"r{runs}"
        process = start_process(cell, folder, SEGMENTS, settings())
        try:
            process.wait(rng.uniform(0.2, 1.1) * seconds)
            assert process.returncode == 0
            assert_equal(folder, whole)
            runs += 1
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            kills += 1
    run_cell(cell, tmp_path / f"r{runs}", SEGMENTS, settings())
    assert_equal(tmp_path / f"r{runs}", whole)


@pytest.mark.parametrize("gone", ["final.data", "chunk-000000.xtc", "identity.json"])
def test_a_kill_while_the_checkpoints_of_a_complete_run_are_removed(cell, whole, tmp_path, gone):
    def killed(path, *_, **__):
        (Path(path) / gone).unlink()
        raise KeyboardInterrupt

    folder = tmp_path / "r1"
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("zifmelt.dynamics.checkpoint.shutil.rmtree", killed)
        run_cell(cell, folder, SEGMENTS, settings())
    assert (folder / "provenance.json").is_file()
    run_cell(cell, folder, SEGMENTS, settings())
    assert_equal(folder, whole)


@pytest.mark.parametrize("part", ["xtc", "restart", "json"])
def test_garbage_in_the_last_checkpoint_costs_one_chunk(cell, whole, tmp_path, part):
    folder = tmp_path / "r1"
    store = interrupted(cell, folder, SEGMENTS, settings(), 3)
    last = published(folder) - 1
    path = store.part(last, part)
    path.write_bytes(np.random.default_rng(1).bytes(path.stat().st_size))
    run_cell(cell, folder, SEGMENTS, settings())
    assert_equal(folder, whole)


def test_a_checkpoint_of_another_version_is_refused_in_one_sentence(cell, tmp_path):
    """A version that has a setting more or less: it cannot be known what the run was made with."""
    folder = tmp_path / "r1"
    store = interrupted(cell, folder, SEGMENTS, settings(), 2)
    known = read_json(store.path / "identity.json")
    known["identity"]["settings"].pop("slow_timestep_fs")
    write_json(store.path / "identity.json", known)
    with pytest.raises(
        InputError, match="made with another settings; delete this folder to start the run anew"
    ):
        run_cell(cell, folder, SEGMENTS, settings())
    assert published(folder) >= 2, "what was computed is left alone"


def test_a_run_whose_particles_are_too_hot_ends_at_its_checkpoint(cell, tmp_path, monkeypatch):
    measured = Simulation._per_particle

    def hot(self, name, *how):
        return measured(self, name, *how) * (3 if name == "v" else 1)

    with monkeypatch.context() as patch:
        patch.setattr("zifmelt.dynamics.checkpoint_physics.SETTLED_PS", 0.0)
        patch.setattr(Simulation, "_per_particle", hot)
        with pytest.raises(InputError, match="its physics does not hold .temperature of type 1"):
            run_cell(cell, tmp_path / "r1", SEGMENTS, settings())
    assert published(tmp_path / "r1") == 0, "a checkpoint that is wrong is none"
    with pytest.raises(InputError, match="its physics does not hold"):
        run_cell(cell, tmp_path / "r1", SEGMENTS, settings())


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 3 MB; a restart of this cell takes 0.13 MB, a frame 1 kB."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a file system")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("no file system can be mounted here")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def fill(disk: Path, free: int) -> Path:
    """Leave so many bytes, and return the file that takes the rest."""
    ballast = disk / "ballast"
    left = os.statvfs(disk)
    ballast.write_bytes(bytes(max(0, left.f_bavail * left.f_bsize - free)))
    return ballast


@pytest.mark.parametrize("free", [0, 12288, 100_000, 320_000])
def test_a_disk_that_fills_up_anywhere_and_has_space_again(cell, whole, small_disk, free):
    """In the log, a frame, a row, a restart, a manifest, the finished files: whatever comes there."""
    folder = small_disk / "r1"
    interrupted(cell, folder, SEGMENTS, settings(), 2)
    ballast = fill(small_disk, free)
    with pytest.raises((InputError, OSError)) as trouble:
        run_cell(cell, folder, SEGMENTS, settings())
    assert "\n" not in str(trouble.value)
    assert not (folder / "provenance.json").exists()
    ballast.unlink()
    run_cell(cell, folder, SEGMENTS, settings())
    assert_equal(folder, whole)


def test_a_disk_that_is_full_leaves_the_old_table(small_disk, whole):
    table = read_thermo(whole)
    path = small_disk / "table.csv"
    write_table(path, table.head(3))
    before = path.read_bytes()
    ballast = fill(small_disk, 0)
    with pytest.raises(OSError, match="No space left"):
        write_table(path, table)
    assert path.read_bytes() == before and sorted(small_disk.iterdir()) == [ballast, path]
    ballast.unlink()
    write_table(path, table)
    assert len(path.read_text().splitlines()) == len(table) + 1
