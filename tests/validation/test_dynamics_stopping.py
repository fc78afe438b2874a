"""A run that is told that its time is nearly up ends at its next checkpoint, and the next attempt goes on."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from dynamics_runs import run_cell, short_settings
from zifmelt.dynamics.checkpoint import CheckpointFolder
from zifmelt.dynamics.protocol import hold, ramp
from zifmelt.errors import InputError
from zifmelt.files import read_json
from zifmelt.trajectory import read_frames, read_thermo

pytestmark = pytest.mark.slow

SHORT = [hold("hold", 300, 0.05)]
LONG = [ramp("heating", 300, 340, 1000.0), hold("cube", 340, 0.04, "cubic"), hold("hold", 340, 0.04)]
OPENMM = {"engine": "openmm", "platform": "CPU", "numerics": "fast"}


def settings(**changes):
    """A checkpoint at every frame, each 0.01 ps."""
    return short_settings(checkpoint_interval_ps=0.01, **changes)


@contextmanager
def told_all_the_time() -> Iterator[None]:
    """Send this process the signal again and again; who does not listen does not notice."""
    over = threading.Event()

    def tell():
        while not over.wait(0.005):
            os.kill(os.getpid(), signal.SIGURG)

    thread = threading.Thread(target=tell)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@pytest.mark.parametrize(
    ("how", "segments", "chunks"), [({}, LONG, 12), (OPENMM, SHORT, 5)], ids=["lammps", "openmm"]
)
def test_a_run_many_limits_long_gets_there_a_checkpoint_at_a_time(cell, tmp_path, how, segments, chunks):
    folder, attempts = tmp_path / "r1", 0
    with told_all_the_time():
        while not (folder / "provenance.json").exists():
            attempts += 1
            try:
                run_cell(cell, folder, segments, settings(**how))
            except InputError as error:
                assert f"ended at the checkpoint at {0.01 * attempts:g} ps" in str(error)
                assert "its time is nearly up; the next attempt goes on from there" in str(error)
            assert attempts <= chunks
    assert attempts == chunks == read_json(folder / "provenance.json")["pieces"]
    frames, rows = read_frames(folder, ("Zn", "N")), read_thermo(folder)
    assert frames.times == pytest.approx(0.01 * np.arange(chunks + 1))
    assert rows["time_ps"].to_numpy() == pytest.approx(0.005 * np.arange(2 * chunks + 1))
    assert not CheckpointFolder.of(folder).path.exists()
    if not how:
        # On one thread LAMMPS is deterministic: what was ended and continued is what was left alone.
        run_cell(cell, tmp_path / "whole", segments, settings())
        assert np.array_equal(frames.positions, read_frames(tmp_path / "whole", ("Zn", "N")).positions)
        assert rows.equals(read_thermo(tmp_path / "whole"))


def test_mpi_ranks_end_with_the_process_that_hears_it(cell, tmp_path):
    """SLURM sends the signal to every process of a step; only the first one has to understand it."""
    folder = tmp_path / "r1"
    code = (
        f"import sys; sys.path[:0] = {[path for path in sys.path if path]!r}\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "from pathlib import Path\n"
        "from dynamics_runs import run_cell\n"
        "from test_dynamics_stopping import SHORT, settings\n"
        f"run_cell(Path({str(cell)!r}), Path({str(folder)!r}), SHORT, settings(mpi_ranks=2))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    store = CheckpointFolder.of(folder)
    while not list(store.path.glob("chunk-*.json")) and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGURG)
    told = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert "ended at the checkpoint at" in told.splitlines()[-1]
    done = store.last_whole()
    assert done is not None and 1 <= done + 1 < 5
    assert not store.stop.exists()
    run_cell(cell, folder, SHORT, settings(mpi_ranks=2))
    assert read_frames(folder).times == pytest.approx(0.01 * np.arange(6))
    assert read_json(folder / "provenance.json")["pieces"] == 2


def test_a_wish_that_an_earlier_attempt_left_does_not_end_this_one(cell, tmp_path):
    store = CheckpointFolder.of(tmp_path / "r1")
    store.path.mkdir()
    store.stop.touch()
    run_cell(cell, tmp_path / "r1", [hold("hold", 300, 0.02)], settings())
    assert len(read_frames(tmp_path / "r1").times) == 3
