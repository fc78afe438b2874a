"""What a run costs: time steps, core-hours, disk; and the resources to ask a queue for. Quick to import."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from .protocol import Segment
from .schedule import frame_count, schedule
from .settings import Settings

BYTES_PER_STORED_ATOM = 7.0
"""Size of one atom in one compressed frame at 0.001 angstrom; measured 6.7."""

BYTES_PER_ROW = 200.0
"""Size of one line of ``thermo.csv``; measured 190."""

BYTES_PER_PARTICLE = 320.0
"""Size of one particle in a restart, and about in a data file; measured 311."""

SLOW_SHARE = 0.5
"""Share of a plain time step's cost that goes into the slowly varying forces; measured 0.53."""

SNAKEMAKES_MB = 410
"""Memory of the two Snakemakes that a job of a cluster has beside its script, as SLURM measured it."""

SNAKEMAKE_MEMORY_MB = 520
"""What is asked for them, 1.3 times."""

PROCESS_MEMORY_MB = 230
MEMORY_MB_PER_PARTICLE = 0.012
"""Memory of a process of LAMMPS and of its particles; measured 180 MB with 400 particles, 188 with 1600, 229
with 6400 and 385 with 25 600, of which these are 1.3 times."""

GPU_MEMORY_MB = 1000
"""What CUDA keeps in the memory of its host; not measured."""

START_UP_S = 2.0
"""Time to start a run and to finish its files, s; most of a short run. With it and the configured speed 0.83
and 0.77 times the CPU time come out that 56 and 29 runs of two demonstrations took on a shared machine."""

RUNTIME_MARGIN = 2.0
"""Slower nodes and shared caches; a run that still meets its time limit goes on from its checkpoint."""

S_PER_HOUR = 3600.0


@dataclass(frozen=True)
class Cost:
    """What a run takes: time steps, hours of a core or a GPU, and disk in MB while it runs."""

    steps: int
    processor_hours: float
    disk_mb: float

    def __add__(self, other: "Cost") -> "Cost":
        """Add two runs up."""
        return Cost(
            self.steps + other.steps,
            self.processor_hours + other.processor_hours,
            self.disk_mb + other.disk_mb,
        )


def estimate(
    segments: Sequence[Segment],
    settings: Settings,
    max_timestep_fs: float,
    n_particles: int,
    n_stored: int,
    throughput: float,
) -> Cost:
    """Estimate the cost of a run.

    Parameters
    ----------
    segments
        The protocol.
    settings
        Time steps and intervals.
    max_timestep_fs
        Largest time step the force field allows, fs.
    n_particles, n_stored
        Particles in the box, dummies included, and atoms in the trajectory.
    throughput
        Measured particle-steps per second of one core or GPU.

    Returns
    -------
    Cost
        Disk holds the trajectory twice, because at the end it is in the chunks and in the finished file.
    """
    stretches = schedule(segments, settings, max_timestep_fs)
    steps = sum(stretch.steps * stretch.fast_steps for stretch in stretches)
    slow_steps = sum(stretch.steps for stretch in stretches)
    frames = frame_count(stretches)
    rows = frames * settings.frame_interval_ps / settings.thermo_interval_ps
    written = frames * n_stored * BYTES_PER_STORED_ATOM + rows * BYTES_PER_ROW
    disk = 2 * written + 4 * n_particles * BYTES_PER_PARTICLE
    seconds = START_UP_S + evaluations(steps, slow_steps) * n_particles / throughput
    return Cost(steps, seconds / S_PER_HOUR, disk / 1e6)


def evaluations(steps: float, slow_steps: float) -> float:
    """Return how many evaluations of all forces cost as much as so many time steps and slow ones."""
    return SLOW_SHARE * slow_steps + (1 - SLOW_SHARE) * steps


def runtime_minutes(hours: float, processors: int) -> int:
    """Return the time limit to ask for, minutes, at least 30.

    Parameters
    ----------
    hours
        Core-hours or GPU-hours of the run.
    processors
        Cores or GPUs that share them.
    """
    return max(30, ceil(RUNTIME_MARGIN * hours * 60 / processors))


def memory_mb(n_particles: int, ranks: int = 1, on_gpu: bool = False) -> int:
    """Return the memory to ask a queue for, MB.

    Parameters
    ----------
    n_particles
        Particles in the box.
    ranks
        MPI ranks; several have one more process, which starts them.
    on_gpu
        Whether the simulation uses a GPU.
    """
    processes = ranks if ranks == 1 else ranks + 1
    gpu = GPU_MEMORY_MB if on_gpu else 0
    return ceil(
        SNAKEMAKE_MEMORY_MB + PROCESS_MEMORY_MB * processes + MEMORY_MB_PER_PARTICLE * n_particles + gpu
    )
