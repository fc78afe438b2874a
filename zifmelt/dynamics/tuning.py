"""Settings of LAMMPS with the same forces that are the fastest on this machine, measured once for a system.

What is chosen: threads against MPI ranks on the same cores; the real-space Coulomb cutoff, which the mesh
follows; the skin of the neighbour lists. Candidates simulate in turns, so that what else the machine does
hurts all alike, and each counts relative to the configured settings in the same turn.
"""

import fcntl
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count, product
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd

from ..errors import InputError
from ..files import read_json, sha256_of, write_json
from ..forcefield.lammps import coefficient_commands, numerical_settings, setup_commands
from .job import Job
from .lammps_engine import start_lammps
from .publishing import FINAL_DATA
from .settings import TUNED_LENGTHS, Settings
from .speeds import deciding, processor
from .throughput import CHUNKS, short_job, timed

Changes = Mapping[str, Any]
"""Settings by name that take the place of the configured ones."""

FORCE_TOLERANCE = 1e-4
"""Largest error of the forces, root mean square over that of the forces; the numerics "efficient" keep it."""

DISTURBANCE_A = 0.05
"""Forces are compared after random displacements of up to so much: in a crystal at rest most vanish."""

TURNS = 5
TURN_S = 1.5
FEWEST_STEPS = 100
"""Turns of every candidate; wall time of one that is aimed at, s; its steps of the slowest forces at least,
within which neighbour lists are made several times."""

CUTOFFS_A = (0.0, -1.0, 1.0)
SKINS_A = (0.0, 0.5)
"""Candidates: what is added to the Coulomb cutoff and to the skin of the numerics, angstrom. With 1
angstrom less, r-RESPA's slow forces change a little faster; energy is conserved as well: docs/speed.md. The
mesh that belongs to the shortest cutoff does not reach as far as atoms get with a skin thicker by 1."""

HOPELESS = 2.0
"""A candidate that takes so many times as long in a turn has no more turns."""


def tuned(job: Job, folder: Path | None, log: TextIO) -> Job:
    """Return a job with the fastest settings for this machine.

    A run that has begun keeps its cutoff and skin, whatever would be chosen now; threads and ranks need not.

    Parameters
    ----------
    job
        The run; nobody else may be at work on its checkpoint folder.
    folder
        Where measurements are kept, one file for each machine and system; None: nothing is chosen.
    log
        Where it is told what was chosen.

    Raises
    ------
    InputError
        The job cannot be simulated with the configured settings.
    """
    changes: dict[str, Any] = {}
    if folder is not None:
        path = measurement_path(job, folder)
        with path.with_suffix(".lock").open("w") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)  # two measurements at a time would disturb each other
            if not path.is_file():
                print(f"{job.folder}: measuring which settings are the fastest here", file=log, flush=True)
                measure_tuning(job, folder)
        changes = read_json(path, ("chosen",))["chosen"]
    begun = job.checkpoints.begun()
    if begun is not None:
        free = {name: value for name, value in changes.items() if name not in TUNED_LENGTHS}
        changes = free | {
            name: begun["settings"][name] for name in TUNED_LENGTHS if name in begun["settings"]
        }
    if folder is not None:
        record = {"path": str(path), "sha256": sha256_of(path), "settings": changes}
        job.checkpoints.note("tuning", record)
        print(f"{job.folder}: {told(changes)} ({path})", file=log, flush=True)
    return replace(job, settings=replace(job.settings, **changes))


def measurement_path(job: Job, folder: Path) -> Path:
    """Return the file of a job's machine and system in a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(json.dumps(_subject(job), sort_keys=True).encode()).hexdigest()
    return folder / f"{digest[:16]}.json"


def measure_tuning(job: Job, folder: Path) -> dict[str, Any]:
    """Measure which settings are the fastest for a job, and keep it in a folder.

    Parameters
    ----------
    job
        Only its start, topology, force field and settings matter.
    folder
        Where measurements are kept; an older one of the same machine and system goes.

    Returns
    -------
    dict
        ``subject`` (machine and system, which a measurement is valid for), ``load`` of the machine before and
        after, ``engine``, ``layouts`` and ``lengths`` (rows of `compared`), ``chosen``.

    Raises
    ------
    InputError
        The job cannot be simulated with the configured settings.
    """
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as name:
        here = Path(name)
        inputs = (job.topology, job.forcefield_path)
        relaxed = replace(job.settings, minimise=True, new_velocities=True)
        first = short_job(job.start, *inputs, relaxed, FEWEST_STEPS // CHUNKS, here / "first")
        speed, engine = timed(first)
        start = first.checkpoints.path / FINAL_DATA
        steps = max(FEWEST_STEPS, round(speed / first.stretches[0].fast_steps * TURN_S)) // CHUNKS
        numbers = count()

        def turn_ms(changes: Changes) -> float:
            settings = replace(job.settings, minimise=False, new_velocities=False, **changes)
            turn = short_job(start, *inputs, settings, steps, here / f"turn{next(numbers)}")
            speed, _ = timed(turn)
            turn.checkpoints.remove()
            return 1000 / speed

        layouts = compared(layout_candidates(job.settings), turn_ms)
        layout = fastest(layouts)
        lengths = compared([{**layout, **way} for way in length_candidates(job)], turn_ms)
        add_force_errors(lengths, replace(job, start=start))
    measurement = {
        "subject": _subject(job),
        "load": [load, os.getloadavg()[0]],
        "engine": engine,
        "layouts": layouts,
        "lengths": lengths,
        "chosen": fastest(lengths),
    }
    write_json(measurement_path(job, folder), measurement)
    return measurement


def layout_candidates(settings: Settings) -> list[Changes]:
    """Return all ways to share the configured cores among threads and MPI ranks, the configured one first."""
    cores = settings.threads * settings.mpi_ranks
    ways = [ranks for ranks in range(1, cores + 1) if cores % ranks == 0 and ranks != settings.mpi_ranks]
    return [{}, *({"mpi_ranks": ranks, "threads": cores // ranks} for ranks in ways)]


def length_candidates(job: Job) -> list[Changes]:
    """Return Coulomb cutoffs with skins, those of the numerics first; to the authors' no other."""
    if job.settings.numerics == "reference":
        return [{}]
    how = numerical_settings(job.forcefield, job.settings.numerics)
    return [{}] + [
        {"coulomb_cutoff_A": how["coulomb_cutoff"] + further, "skin_A": how["skin"] + thicker}
        for further, thicker in product(CUTOFFS_A, SKINS_A)
        if further or thicker
    ]


def compared(candidates: Sequence[Changes], turn_ms: Callable[[Changes], float]) -> list[dict[str, Any]]:
    """Let candidates simulate in turns.

    Parameters
    ----------
    candidates
        Their settings; the first one is what the others are compared with. Alone it does not simulate.
    turn_ms
        Simulates a turn and returns the time of a step, ms.

    Returns
    -------
    list of dict
        For each candidate: ``settings``, and ``ms_per_step`` (median of the turns), ``ratio`` of its time to
        that of the first in the same turn (median) and ``spread`` (largest less smallest ratio), or
        ``trouble`` where it does not run here.

    Raises
    ------
    InputError
        The first one does not run.
    """
    rows: list[dict[str, Any]] = [{"settings": dict(candidate)} for candidate in candidates]
    times: list[list[float]] = [[] for _ in candidates]
    for _ in range(TURNS if len(candidates) > 1 else 0):
        for row, candidate, its_times in zip(rows, candidates, times, strict=True):
            if "trouble" in row:
                continue
            try:
                its_times.append(turn_ms(candidate))
            except InputError as error:
                row["trouble"] = str(error)
                if row is rows[0]:
                    raise
            if its_times and its_times[-1] > HOPELESS * times[0][-1]:
                row["trouble"] = f"a turn took more than {HOPELESS:g} times as long"
    for row, its_times in zip(rows, times, strict=True):
        if its_times and "trouble" not in row:
            ratios = np.divide(its_times, times[0])
            row["ms_per_step"] = float(np.median(its_times))
            row |= {"ratio": float(np.median(ratios)), "spread": float(np.ptp(ratios))}
    return rows


def fastest(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the settings of the fastest candidate of `compared`.

    The first one stays unless another has forces within `FORCE_TOLERANCE`, or as good as the first one's, and
    is faster by more than the spread of its turns.
    """
    allowed = max(FORCE_TOLERANCE, rows[0].get("force_error", 0.0))
    better = [
        row
        for row in rows[1:]
        if "trouble" not in row
        and row["ratio"] + row["spread"] < 1
        and row.get("force_error", 0.0) <= allowed
    ]
    return dict(min(better, key=lambda row: row["ratio"], default=rows[0])["settings"])


def add_force_errors(rows: Sequence[dict[str, Any]], job: Job) -> None:
    """Add ``force_error`` to rows of `compared`: root mean square of the error over that of the forces.

    The reference are the numerics "reference" (Ewald sum, 1e-8), at the start of `job` disturbed by
    `DISTURBANCE_A`.
    """
    exact = _forces(replace(job, settings=replace(job.settings, numerics="reference")))
    for row in rows:
        forces = _forces(replace(job, settings=replace(job.settings, **row["settings"])))
        row["force_error"] = float(np.sqrt(np.mean((forces - exact) ** 2) / np.mean(exact**2)))


def _forces(job: Job) -> np.ndarray:
    """Return the forces (particles, 3), kcal/mol/A, at the disturbed start of a job."""
    lammps = start_lammps(["-nocite", "-screen", "none", "-log", "none"])
    numerics = job.settings.numerics
    for command in (
        *setup_commands(job.forcefield, numerics),
        f'read_data "{job.start}"',
        *coefficient_commands(job.forcefield, numerics),
        f"displace_atoms all random {DISTURBANCE_A} {DISTURBANCE_A} {DISTURBANCE_A} 1",
        "run 0 post no",
    ):
        lammps.command(command)
    forces = np.array(lammps.gather_atoms("f", 1, 3)).reshape(-1, 3)
    lammps.close()
    return forces


def told(settings: Changes) -> str:
    """Put chosen settings into words."""
    return ", ".join(f"{name} {value:g}" for name, value in settings.items()) or "the configured settings"


def tuning_table(measurement: Mapping[str, Any]) -> str:
    """Return a measurement of `measure_tuning` as a table of its candidates, and what was chosen."""
    rows = measurement["layouts"][1:] + measurement["lengths"]
    table = pd.DataFrame([{**row, "settings": told(row["settings"])} for row in rows])
    text = table.to_string(index=False, float_format="{:.3g}".format, na_rep="")
    return f"{text}\nchosen: {told(measurement['chosen'])}"


def _subject(job: Job) -> dict[str, Any]:
    """Return what a measurement is valid for."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "topology": sha256_of(job.topology),
        "force_field": job.forcefield.sha256,
        "settings": deciding(job.settings),
        "timesteps_fs": [job.settings.timestep_fs, job.settings.slow_timestep_fs],
    }
