"""How fast an engine is on this machine, measured in seconds."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..forcefield.parameters import load_forcefield
from ..structures.system import build_system
from ..structures.writers import write_data_file, write_topology
from .cost import evaluations
from .engines import engine_of
from .job import Job
from .protocol import hold
from .schedule import FS_PER_PS
from .settings import Settings
from .speeds import deciding

CHUNKS = 4
"""Chunks of a measurement; the first is left out, because the device warms up in it."""


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
        ``particles``, ``steps_per_second`` (time steps, not those of slow forces), ``ns_per_day``,
        ``particle_steps_per_second`` (particles times evaluations of all forces), the engine's record
        (version, platform, device), and the settings that matter.

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
        settings = replace(settings, minimise=True, new_velocities=True)
        steps, speed = 8, 0.0
        record: dict[str, Any] = {}
        built = (here / "system.data", here / "topology.pdb", Path(forcefield_path))
        for attempt in range(2):
            job = short_job(*built, settings, steps, here / f"run{attempt}")
            speed, record = timed(job)
            steps = max(steps, min(20_000, round(speed * seconds / CHUNKS)))
    particles, stretch = len(system.positions), job.stretches[0]
    return {
        "particles": particles,
        "steps_per_second": speed,
        "ns_per_day": speed * stretch.timestep_fs / FS_PER_PS * 86.4,
        "particle_steps_per_second": particles * evaluations(speed, speed / stretch.fast_steps),
        "timestep_fs": stretch.timestep_fs,
        "settings": deciding(settings),
        **record,
    }


def short_job(
    start: Path, topology: Path, forcefield: Path, settings: Settings, steps: int, folder: Path
) -> Job:
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
    )
    segments = (hold("hold", 300, CHUNKS * chunk_ps),)
    return Job(start, topology, forcefield, segments, layout, 1, folder)


def timed(job: Job) -> tuple[float, dict[str, str]]:
    """Simulate a short job; return time steps per second after its first chunk, and the engine's record."""
    store = job.checkpoints
    with store.locked():
        store.begin_piece(job.identity)
        engine_of(job.settings).simulate(job, None)
        ends = [store.part(chunk.number, "json").stat().st_mtime for chunk in job.chunks]
        record = store.notes("engines")[-1]
        stretch = job.stretches[0]
        steps = (job.chunks[-1].end - job.chunks[0].end) * stretch.fast_steps
    if len(ends) < 2 or ends[-1] <= ends[0]:
        raise InputError("the machine's clock went backwards while the speed was measured; measure again.")
    return steps / (ends[-1] - ends[0]), record
