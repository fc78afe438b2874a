"""One box of ZIF-zni in LAMMPS and OpenMM, as different users would simulate it at constant pressure."""

from pathlib import Path
from typing import Any

import numpy as np

from zifmelt.dynamics.commands import Box, begin_commands
from zifmelt.dynamics.lammps_engine import start_lammps
from zifmelt.dynamics.protocol import hold
from zifmelt.dynamics.schedule import Stretch, schedule
from zifmelt.dynamics.settings import Settings
from zifmelt.files import read_yaml
from zifmelt.forcefield import lammps as commands
from zifmelt.forcefield.data_file import read_data_file
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.structures.system import build_system
from zifmelt.structures.writers import write_data_file
from zifmelt.units import A_PER_NM

from .boxes import ROOT

TEMPERATURE_K = 300.0
AUTHORS = "authors' input style"
LIKE_AUTHORS = {"numerics": "reference", "slow_timestep_fs": 0.5}
QUIET = ["-nocite", "-screen", "none", "-log", "none"]
KJ_PER_KCAL = 4.184
OURS = {
    "our default": {},
    "multistep": {"numerics": "multistep", "timestep_fs": 0.625, "slow_timestep_fs": 2.5},
    "1 fs, one time step": {"timestep_fs": 1.0, "slow_timestep_fs": 1.0},
}
"""Our contestants: what they change in the `dynamics` of the configuration."""


OPENMM = {"OpenMM, efficient": "efficient", "OpenMM, fast": "fast"}
"""Contestants in OpenMM and their numerics: pair terms to 13 A, or only within half the box."""

CONFIG = read_yaml(ROOT / "config/config.yaml")
FORCEFIELD = load_forcefield(ROOT / f"config/forcefields/{CONFIG['forcefield']}.yaml")


def prepare(data_file: Path, repeats: tuple[int, int, int]) -> None:
    """Write a relaxed box of ZIF-zni that has moved for 30 fs, with its velocities."""
    write_data_file(build_system(ROOT / "config/structures/ZIF-zni.cif", FORCEFIELD, repeats), data_file)
    lammps = start_lammps([*QUIET, "-sf", "omp", "-pk", "omp", "1"])
    for command in (
        *commands.setup_commands(FORCEFIELD),
        f"read_data {data_file}",
        *commands.coefficient_commands(FORCEFIELD),
        "minimize 1e-4 1e-4 20 40",
        f"velocity all create {2 * TEMPERATURE_K} 1 mom yes dist gaussian",
        "fix move all nve",
        "timestep 0.5",
        "run 60 post no",
        f"write_data {data_file} nocoeff",
    ):
        lammps.command(command)
    lammps.close()


def _stretch(changes: dict[str, Any]) -> tuple[Settings, Stretch]:
    """Return the settings of the configuration with some changes, and a stretch at constant pressure."""
    settings = Settings(frame_interval_ps=1.0, **(CONFIG["dynamics"] | changes))
    return settings, schedule([hold("hold", TEMPERATURE_K, 10.0)], settings, 1.0)[0]


class Lammps:
    """A contestant in LAMMPS.

    Parameters
    ----------
    name
        `AUTHORS` or one of `OURS`.
    data_file
        As `prepare` writes it.
    threads
        OpenMP threads. The authors' style takes LAMMPS's accelerated styles only with more than one.

    Attributes
    ----------
    timestep_fs
        Time between two evaluations of the slowest forces, fs.
    forces
        Shape (particles, 3), kcal/mol/angstrom, where the particles are at the start.
    """

    def __init__(self, name: str, data_file: Path, threads: int) -> None:
        authors = name == AUTHORS
        settings, stretch = _stretch(LIKE_AUTHORS if authors else OURS[name])
        accelerated = [] if authors and threads == 1 else ["-sf", "omp", "-pk", "omp", str(threads)]
        self.lammps = start_lammps([*QUIET, *accelerated])
        setup = commands.setup_commands(FORCEFIELD, settings.numerics)
        coefficients = commands.coefficient_commands(FORCEFIELD, settings.numerics)
        if authors:
            setup, coefficients = _authors_style(setup, coefficients)
        self._do(*setup, f"read_data {data_file}", *coefficients, "thermo 1000", "run 0 post no")
        self.forces = np.array(self.lammps.gather_atoms("f", 1, 3)).reshape(-1, 3)
        self.timestep_fs = stretch.timestep_fs * stretch.fast_steps
        low, high, *_ = self.lammps.extract_box()
        self._do(*begin_commands(stretch, 0, settings, Box(tuple(low), tuple(high), False)))

    def run(self, steps: int) -> None:
        """Go on by so many of these time steps."""
        self._do(f"run {steps} post no")

    def _do(self, *lines: str) -> None:
        for line in lines:
            self.lammps.command(line)


def _authors_style(setup: list[str], coefficients: list[str]) -> tuple[list[str], list[str]]:
    """Return the commands with the three pair styles of the authors' input files, all cut at 13 A."""
    cut = FORCEFIELD.lj_cutoff
    style = f"pair_style hybrid/overlay lj/cut {cut} coul/long {cut} morse {cut}"
    setup = [style if line.startswith("pair_style") else line for line in setup]
    return [line.replace(" neigh/trim yes", "") for line in setup], [
        line.replace("lj/cut 1", "lj/cut").replace("lj/cut 2", "lj/cut")
        for line in coefficients
        if not line.startswith("kspace_modify")
    ]


class OpenMM:
    """A contestant in OpenMM on its CPU platform: our force field, a Langevin thermostat, 1 fs.

    Parameters
    ----------
    name
        One of `OPENMM`.
    data_file, threads
        As for `Lammps`, and so are the attributes.
    """

    def __init__(self, name: str, data_file: Path, threads: int) -> None:
        from zifmelt.dynamics.openmm_context import State, StretchContext

        hardware = {"engine": "openmm", "platform": "CPU", "threads": threads}
        settings, stretch = _stretch({"numerics": OPENMM[name], "timestep_fs": 1.0, **hardware})
        c = read_data_file(data_file)
        state, free = State(c.positions, c.velocities, c.cell), np.zeros(len(c.types), dtype=bool)
        self.context = StretchContext(FORCEFIELD, c, stretch, settings, 1, free, state)
        self.timestep_fs = stretch.timestep_fs
        found = self.context.context.getState(forces=True).getForces(asNumpy=True)._value
        self.forces = found[: len(c.types)] @ self.context.rotation.T / (KJ_PER_KCAL * A_PER_NM)

    def run(self, steps: int) -> None:
        """Go on by so many time steps."""
        self.context.step(steps)
