"""Physics that must hold at every checkpoint of a run, so that a wrong one ends there and not after days.

The limits are wider than those for finished runs in `run_physics`: a campaign passes some hundred thousand
checkpoints, and none of a sound run may fail.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import scipy  # its special functions take a while to load: only where they are used

from . import thermo
from .job import Job
from .run_physics import (
    FEWEST_ROWS,
    FINITE_STEP,
    LARGEST_JUMP,
    MOMENTUM,
    Row,
    largest_jump,
    momentum_rows,
    temperatures_of_types,
)
from .schedule import Chunk

CHANCE = 1e-9
"""How often the temperature of a kind of particle in a sound run may be beyond its limit."""

SETTLED_PS = 2.0
"""A segment is judged from so long after its start, ps: before, it is on the way to its temperature."""

LAG_PS = 1.0
"""On a ramp the temperature may be behind its target by what that changes in so long, ps; it is half of that
with a Langevin thermostat of a friction of 1/ps."""

SLACK = 4.0
"""Limits of jumps and momentum in units of those of finished runs; 806 checkpoints of 100 runs reach 0.83."""


def failed_checks(job: Job, chunk: Chunk, types: np.ndarray, velocities: np.ndarray) -> list[Row]:
    """Check a chunk that is whole but does not count yet.

    Parameters
    ----------
    job
        The run.
    chunk
        Chunk whose rows are written.
    types
        Type of each particle, from 1, at the end of the chunk.
    velocities
        Velocities there, shape (particles, 3), A/fs.

    Returns
    -------
    list of tuple
        Quantity, value and limit of what does not hold: jumps of energy and volume from row to row, also over
        the checkpoint before; the temperature of each kind of particle; the momentum. Nothing within
        `SETTLED_PS` of the start of a segment or while a part of the box is held still.
    """
    stretch = job.stretches[chunk.stretch]
    interval = job.settings.frame_interval_ps
    if stretch.segment.frozen or stretch.time_ps(chunk.end, interval) < _settled_ps(job, chunk):
        return []
    checks = _jumps(job, chunk)
    masses = np.zeros(types.max())
    for particle in job.forcefield.particles.values():
        masses[particle.type_id - 1] = particle.mass
    segment = stretch.segment
    target = segment.from_K + (segment.to_K - segment.from_K) * chunk.end / stretch.steps
    lag = LAG_PS * abs(segment.to_K - segment.from_K) / segment.duration_ps
    for name, off, degrees in temperatures_of_types(masses, types - 1, velocities, target):
        limit = lag + target * (scipy.special.chdtri(degrees, CHANCE) / degrees - 1 + FINITE_STEP)
        checks.append((name, off, limit))
    if not any(earlier.segment.frozen for earlier in job.stretches[: chunk.stretch]):
        limit = SLACK * MOMENTUM[job.settings.engine]
        checks += momentum_rows(masses[types - 1], velocities, target, limit)
    return [(name, value, limit) for name, value, limit in checks if not abs(value) <= limit]


def _settled_ps(job: Job, chunk: Chunk) -> float:
    stretch = job.stretches[chunk.stretch]
    return stretch.time_ps(0, job.settings.frame_interval_ps) + SETTLED_PS


def _jumps(job: Job, chunk: Chunk) -> list[Row]:
    """Jumps over the chunk and the one before it, in units of the median change."""
    store = job.checkpoints
    paths = [store.part(chunk.number - 1, "csv")] if chunk.number else []
    rows = pd.concat([_read(path) for path in [*paths, store.running(chunk.number, "csv")]])
    rows = rows[rows["time_ps"] >= _settled_ps(job, chunk) - 1e-9]
    if len(rows) < FEWEST_ROWS:
        return []
    energy = rows["potential_energy_eV"] + rows["kinetic_energy_eV"]
    series = {"energy": energy.to_numpy(), "volume": np.log(rows["volume_A3"].to_numpy())}
    if rows["conserved_energy_eV"].notna().all():
        series["conserved energy"] = rows["conserved_energy_eV"].to_numpy()
    limit = SLACK * LARGEST_JUMP
    return [(f"jump of the {what}", largest_jump(values), limit) for what, values in series.items()]


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, names=list(thermo.COLUMNS))
