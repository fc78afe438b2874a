"""Running a protocol from a data file to a complete run folder, whatever happens on the way."""

import ctypes
import os
import platform
import shutil
import signal
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

import mdtraj

from ..errors import InputError
from ..files import write_json, written_whole
from ..structures.writers import write_topology
from . import engine, thermo
from .job import Job
from .progress import reported
from .protocol import Segment, plain_segments
from .publishing import FINAL_DATA, disk_trouble
from .schedule import frame_count
from .settings import Settings

LOCAL_RANKS = {"HYDRA_LAUNCHER": "fork", "HYDRA_RMK": "user"}
"""MPICH: start the ranks on this machine, not through the queue that the job itself may run in."""

SET_PARENT_DEATH_SIGNAL = 1
"""Linux: prctl option that sends a process a signal when its parent dies."""


def run_protocol(
    data_file: str | Path,
    topology: str | Path,
    forcefield_path: str | Path,
    segments: list[Segment],
    settings: Settings,
    seed: int,
    folder: str | Path,
    log: TextIO = sys.stderr,
) -> None:
    """Run a protocol and write a run folder; go on from the last checkpoint if there is one.

    Until the run is complete, everything lives in the sibling ``<folder>.checkpoint/``; then `folder` gets
    ``trajectory.xtc``, ``topology.pdb``, ``thermo.csv``, ``final.data`` and ``provenance.json``, and the
    sibling goes. The trajectory holds unwrapped positions to 0.001 angstrom, a frame every
    `frame_interval_ps` from time 0.

    Parameters
    ----------
    data_file
        LAMMPS data file of the start, with velocities if these are to be kept.
    topology
        PDB file with all real atoms of the data file, in its order.
    forcefield_path
        Force field file that the data file was written for.
    segments
        The protocol.
    settings
        How to run it.
    seed
        Seed of the velocities, 1 to 2^31 - 1.
    folder
        Run folder.
    log
        Where progress is told.

    Raises
    ------
    InputError
        The inputs do not fit each other, the checkpoints are another run's or damaged, the simulation became
        unstable, the disk is full, or another process is at work on this run.
    """
    job = Job(
        Path(data_file), Path(topology), Path(forcefield_path), tuple(segments), settings, seed, Path(folder)
    )
    store = job.checkpoints
    with store.locked():
        store.begin_piece(job.identity)
        last = store.last_whole()
        _tell_start(job, last, log)
        with reported(job, log):
            if settings.engine == "openmm":
                from . import openmm_engine  # only here, so that LAMMPS alone suffices for its own runs

                openmm_engine.simulate(job, last)
            elif settings.mpi_ranks > 1:
                _simulate_with_mpi(job, last)
            else:
                engine.simulate(job, last)
        _complete(job)
        print(f"{job.folder}: complete, {frame_count(job.stretches)} frames", file=log, flush=True)


def _tell_start(job: Job, last: int | None, log: TextIO) -> None:
    planned = sum(stretch.segment.duration_ps for stretch in job.stretches)
    asked = sum(segment.duration_ps for segment in job.segments)
    if abs(planned - asked) > 1e-6:
        print(f"{job.folder}: {asked:.3f} ps rounded to {planned:.3f} ps, whole frame intervals", file=log)
    if last is not None:
        chunk = job.chunks[last]
        time_ps = job.stretches[chunk.stretch].time_ps(chunk.end, job.settings.frame_interval_ps)
        print(f"{job.folder}: going on from the checkpoint at {time_ps:g} ps", file=log)
    log.flush()


def _simulate_with_mpi(job: Job, last: int | None) -> None:
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


def _complete(job: Job) -> None:
    """Turn the chunks into the run folder; the provenance comes last, then the checkpoints go."""
    store, folder, count = job.checkpoints, job.folder, len(job.chunks)
    topology_path = folder / "topology.pdb"
    write_topology(job.topology, topology_path, job.settings.trajectory_elements)
    try:
        with written_whole(folder / "trajectory.xtc") as scratch:
            store.join("xtc", count, scratch)
            _check_frames(job, scratch)
        with written_whole(folder / "thermo.csv") as scratch:
            scratch.write_text(thermo.HEADER, encoding="utf-8")
            store.join("csv", count, scratch)
        with written_whole(folder / "final.data") as scratch:
            shutil.copyfile(store.path / FINAL_DATA, scratch)
    except OSError as error:
        raise disk_trouble(job, error) from None
    _write_provenance(job, topology_path)
    store.remove()


def _check_frames(job: Job, path: Path) -> None:
    with mdtraj.formats.XTCTrajectoryFile(str(path)) as stream:
        found = len(stream)
    if found != frame_count(job.stretches):
        raise InputError(
            f"{path}: {found} frames were joined, but the protocol has {frame_count(job.stretches)}."
        )


def _write_provenance(job: Job, topology_path: Path) -> None:
    atoms = mdtraj.load_topology(str(topology_path)).atoms
    pieces, engines = job.checkpoints.pieces(), job.checkpoints.engines()
    content = {
        "protocol": plain_segments(job.segments),
        "stretches": [
            {"segment": s.index, "timestep_fs": s.timestep_fs, "steps": s.steps, **asdict(s.segment)}
            for s in job.stretches
        ],
        "settings": asdict(job.settings),
        "seed": job.seed,
        "forcefield": {"name": job.forcefield.name, "sha256": job.identity["force_field"]},
        "data_file": {"path": str(job.data_file), "sha256": job.identity["data_file"]},
        "versions": {
            "python": platform.python_version(),
            "mdtraj": version("mdtraj"),
            **{record["engine"]: record["version"] for record in engines},
        },
        "engines": engines,
        "n_zn": sum(atom.element.symbol == "Zn" for atom in atoms),
        "frames": frame_count(job.stretches),
        "frame_interval_ps": job.settings.frame_interval_ps,
        "timestep_fs": [stretch.timestep_fs for stretch in job.stretches],
        "started": pieces[0],
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "pieces": len(pieces),
    }
    write_json(job.folder / "provenance.json", content)
