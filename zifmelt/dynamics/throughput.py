"""How fast an engine is on this machine: measured in seconds, kept in a file."""

import platform
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..files import read_json, write_json
from ..forcefield.parameters import load_forcefield
from ..structures.system import build_system
from ..structures.writers import write_data_file, write_topology
from .engines import engine_of
from .job import Job
from .protocol import hold
from .schedule import FS_PER_PS
from .settings import Settings

CHUNKS = 4
"""Chunks of a measurement; the first is left out, because the device warms up in it."""

HARDWARE = ("engine", "accelerator", "platform", "precision", "threads", "mpi_ranks", "gpus")
"""Settings that the speed depends on, besides the numerics."""


def measure(
    cif: str | Path,
    supercell: tuple[int, int, int],
    forcefield_path: str | Path,
    settings: Settings,
    seconds: float = 5.0,
) -> dict[str, Any]:
    """Measure the speed of molecular dynamics of a crystal at 300 K.

    Parameters
    ----------
    cif
        Crystal structure.
    supercell
        Unit cells along each direction.
    forcefield_path
        Force field file.
    settings
        Engine, hardware, numerics and time step; frames, rows and checkpoints are laid out anew: one row and
        one frame in a hundred time steps, as a campaign has.
    seconds
        Wall time to aim at, s.

    Returns
    -------
    dict
        ``particles``, ``steps_per_second`` (time steps, not those of slow forces) and ``ns_per_day``, the
        engine's record (version, platform, device), and the settings that matter.

    Raises
    ------
    InputError
        The engine does not run here.
    """
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        system = build_system(cif, load_forcefield(forcefield_path), supercell)
        write_data_file(system, here / "system.data")
        write_topology(system, here / "topology.pdb")
        steps, speed = 8, 0.0
        record: dict[str, Any] = {}
        for attempt in range(2):
            job = _job(here, f"run{attempt}", Path(forcefield_path), settings, steps)
            speed, record = _timed(job)
            steps = max(steps, min(20_000, round(speed * seconds / CHUNKS)))
    chosen = {key: getattr(settings, key) for key in (*HARDWARE, "numerics")}
    timestep_ps = job.stretches[0].timestep_fs / FS_PER_PS
    return {
        "particles": len(system.positions),
        "steps_per_second": speed,
        "ns_per_day": speed * timestep_ps * 86.4,
        "timestep_fs": job.stretches[0].timestep_fs,
        "settings": chosen,
        **record,
    }


def cache_path(folder: str | Path) -> Path:
    """Return the file in which the measurements of this machine are kept."""
    return Path(folder) / f"throughput-{platform.node()}.json"


def remember(path: str | Path, measurement: Mapping[str, Any]) -> None:
    """Add a measurement to a file; an older one of the same settings and size goes."""
    others = [known for known in remembered(path) if _key(known) != _key(measurement)]
    write_json(path, {"measurements": [*others, dict(measurement)]})


def remembered(path: str | Path) -> list[dict[str, Any]]:
    """Return the measurements in a file, none if there is no such file."""
    return read_json(path, ("measurements",))["measurements"] if Path(path).is_file() else []


def steps_per_second(path: str | Path, settings: Settings, particles: int) -> float | None:
    """Return the speed for a size, from the measurement of the nearest size with the same settings.

    Parameters
    ----------
    path
        File of measurements.
    settings
        Engine, hardware and numerics.
    particles
        Size of the box.

    Returns
    -------
    float or None
        Time steps per second; the time of a step is taken as proportional to the particles in boxes larger
        than those measured, and as that of the smallest in boxes smaller than all. None: never measured.
    """
    wanted = {key: getattr(settings, key) for key in (*HARDWARE, "numerics")}
    known = sorted(
        (entry["particles"], entry["steps_per_second"])
        for entry in remembered(path)
        if entry["settings"] == wanted
    )
    if not known:
        return None
    size, speed = min(known, key=lambda entry: abs(entry[0] - particles))
    return speed * min(1.0, size / particles)


def _key(measurement: Mapping[str, Any]) -> tuple[Any, ...]:
    return measurement["particles"], measurement["settings"]


def _job(here: Path, name: str, forcefield: Path, settings: Settings, steps: int) -> Job:
    """Return a hold of `CHUNKS` chunks of so many steps each, with one frame and row in a hundred."""
    limit = load_forcefield(forcefield).max_timestep_fs
    timestep = max(min(settings.timestep_fs, limit), settings.slow_timestep_fs)
    between = min(100, steps) * timestep / FS_PER_PS
    chunk_ps = max(1, round(steps / 100)) * between if steps > 100 else between
    layout = replace(
        settings,
        frame_interval_ps=between,
        thermo_interval_ps=between,
        checkpoint_interval_ps=chunk_ps,
        minimise=True,
        new_velocities=True,
    )
    segments = (hold("hold", 300, CHUNKS * chunk_ps),)
    return Job(here / "system.data", here / "topology.pdb", forcefield, segments, layout, 1, here / name)


def _timed(job: Job) -> tuple[float, dict[str, str]]:
    """Simulate a job; return time steps per second after its first chunk, and the engine's record."""
    store = job.checkpoints
    with store.locked():
        store.begin_piece(job.identity)
        engine_of(job.settings).simulate(job, None)
        ends = [store.part(chunk.number, "json").stat().st_mtime for chunk in job.chunks]
        record = store.engines()[-1]
        stretch = job.stretches[0]
        steps = (job.chunks[-1].end - job.chunks[0].end) * stretch.fast_steps
        store.remove()
    if len(ends) < 2 or ends[-1] <= ends[0]:
        raise InputError("the machine's clock went backwards while the speed was measured; measure again.")
    return steps / (ends[-1] - ends[0]), record
