"""Running a protocol from a data file to a complete run folder, whatever happens on the way."""

import platform
import shutil
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

import mdtraj

from ..checksums import checksums_of
from ..errors import InputError
from ..files import write_json, written_whole
from ..structures.writers import write_topology
from . import thermo
from .engines import Engine, engine_of
from .finished import is_finished, renew
from .job import Job
from .progress import reported
from .protocol import Segment, plain_segments
from .publishing import FINAL_DATA, disk_trouble
from .schedule import frame_count
from .settings import Settings
from .stopping import ended_by_signal
from .tuning import tuned


def run_protocol(
    start: str | Path,
    topology: str | Path,
    forcefield_path: str | Path,
    segments: list[Segment],
    settings: Settings,
    seed: int,
    folder: str | Path,
    log: TextIO = sys.stderr,
    tuning: Path | None = None,
) -> None:
    """Run a protocol and write a run folder; go on from the last checkpoint if there is one.

    Until the run is complete, everything lives in the sibling ``<folder>.checkpoint/``; then `folder` gets
    ``trajectory.xtc``, ``topology.pdb``, ``thermo.csv``, ``final.data`` and ``provenance.json``, and the
    sibling goes. A folder that is complete already, with this protocol from this start, is kept. The
    trajectory holds unwrapped positions to 0.001 angstrom, a frame every `frame_interval_ps` from time 0.

    Parameters
    ----------
    start
        LAMMPS data file to begin with, with velocities if these are to be kept.
    topology
        PDB file with all real atoms of the start, in its order.
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
    tuning
        Folder of what was measured on this machine; the fastest settings there are taken, and measured before
        if need be (see `tuning`). None: the settings as they are.

    Raises
    ------
    InputError
        The inputs do not fit each other, the checkpoints are another run's or damaged, the simulation became
        unstable, the disk is full, another process is at work on this run, or its time is nearly up.
    """
    job = Job(
        Path(start), Path(topology), Path(forcefield_path), tuple(segments), settings, seed, Path(folder)
    )
    engine = engine_of(settings)
    with job.checkpoints.locked():
        if is_finished(job):
            renew(job)
            job.checkpoints.remove()
            print(f"{job.folder}: kept, complete with this protocol from this start", file=log, flush=True)
        else:
            _go_on(tuned(job, tuning, log), engine, log)


def _go_on(job: Job, engine: Engine, log: TextIO) -> None:
    store = job.checkpoints
    store.begin_piece(job.identity)
    (job.folder / "provenance.json").unlink(missing_ok=True)  # of another run, which this one replaces
    last = store.last_whole()
    _tell_start(job, last, log)
    with ended_by_signal(job), reported(job, log):
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
    pieces, engines = job.checkpoints.pieces(), job.checkpoints.notes("engines")
    content = {
        "protocol": plain_segments(job.segments),
        "stretches": [
            {"segment": s.index, "timestep_fs": s.timestep_fs, "steps": s.steps, **asdict(s.segment)}
            for s in job.stretches
        ],
        "settings": asdict(job.settings),
        "seed": job.seed,
        "forcefield": {"name": job.forcefield.name, "sha256": job.identity["force_field"]},
        "data_file": {"path": str(job.start), "sha256": job.identity["data_file"]},
        "versions": {
            "python": platform.python_version(),
            "mdtraj": version("mdtraj"),
            **{record["engine"]: record["version"] for record in engines},
        },
        "engines": engines,
        "tuning": job.checkpoints.notes("tuning"),
        "n_zn": sum(atom.element.symbol == "Zn" for atom in atoms),
        "frames": frame_count(job.stretches),
        "frame_interval_ps": job.settings.frame_interval_ps,
        "timestep_fs": [stretch.timestep_fs for stretch in job.stretches],
        "started": pieces[0],
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "pieces": len(pieces),
        "sha256": checksums_of(job.folder),
    }
    write_json(job.folder / "provenance.json", content)
