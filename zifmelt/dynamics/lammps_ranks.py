"""Starting LAMMPS on several MPI ranks of this machine."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from ..errors import InputError
from .job import Job

LOCAL_RANKS = {"HYDRA_LAUNCHER": "fork", "HYDRA_RMK": "user"}
"""MPICH: start the ranks on this machine, not through the queue that the job itself may run in."""

SET_PARENT_DEATH_SIGNAL = 1
"""Linux: prctl option that sends a process a signal when its parent dies."""


def simulate_with_mpi(job: Job, last: int | None) -> None:
    """Start the ranks; they end when this process ends, however it ends."""
    store = job.checkpoints
    order, trouble = store.path / "job.json", store.path / "trouble.txt"
    trouble.unlink(missing_ok=True)
    job.save(order)
    beside_python = Path(sys.executable).with_name("mpiexec")
    launcher = str(beside_python) if beside_python.is_file() else shutil.which("mpiexec")
    if launcher is None:
        raise InputError(
            "mpi_ranks is above 1, but there is no mpiexec; install an MPI library or set mpi_ranks to 1."
        )
    package_root = str(Path(__file__).resolve().parents[2])
    search_path = os.pathsep.join(filter(None, [package_root, os.environ.get("PYTHONPATH")]))
    resume = [] if last is None else [str(last)]
    ranks = subprocess.run(
        [
            launcher,
            "-n",
            str(job.settings.mpi_ranks),
            sys.executable,
            "-m",
            "zifmelt.dynamics",
            str(order),
            *resume,
        ],
        env={**os.environ, **LOCAL_RANKS, "PYTHONPATH": search_path},
        stdin=subprocess.DEVNULL,
        preexec_fn=_die_with_parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if ranks.returncode:
        if trouble.is_file():
            raise InputError(trouble.read_text(encoding="utf-8"))
        reason = " ".join((ranks.stderr or ranks.stdout).split())[-300:]
        raise InputError(f"{job.folder}: the MPI ranks stopped ({reason}); see {store.path / 'lammps.log'}.")


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)
