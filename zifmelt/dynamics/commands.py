"""LAMMPS commands of a stretch of molecular dynamics (`units real`: fs, atmosphere)."""

from dataclasses import dataclass

import numpy as np

from ..forcefield.lammps import slow_force_levels
from ..units import BAR_PER_ATM
from . import thermo
from .particles import frozen_molecules
from .protocol import AXES, FrozenRegion
from .publishing import LARGEST_VOLUME_CHANGE, hottest_K
from .schedule import Stretch
from .settings import Settings

COUPLED = {"isotropic": "iso", "anisotropic": "aniso", "triclinic": "tri", "z": "z"}
"""LAMMPS names of the barostats."""


@dataclass(frozen=True)
class Box:
    """Bounds of the simulation box, angstrom; `tilted` when it is triclinic."""

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    tilted: bool

    @property
    def cube_edge(self) -> float:
        """Edge of the cube with the same volume, angstrom."""
        volume = 1.0
        for low, high in zip(self.low, self.high, strict=True):
            volume *= high - low
        return volume ** (1 / 3)


def begin_commands(stretch: Stretch, number: int, settings: Settings, box: Box) -> list[str]:
    """Return the commands that set up a stretch.

    The integrator's name contains `number`: LAMMPS hands the state of thermostat and barostat from a restart
    to a fix of the same name, which must happen within a stretch and must not from one stretch to the next.

    Parameters
    ----------
    stretch
        What to run.
    number
        Its number in the schedule.
    settings
        Damping and pressure.
    box
        Box at the start of the stretch.

    Returns
    -------
    list of str
        Time step and integrator; for barostat ``cubic`` also the deformation.
    """
    segment, dt = stretch.segment, stretch.timestep_fs
    levels = f"run_style {slow_force_levels(stretch.fast_steps, settings.numerics)}"
    group = "moving" if segment.frozen else "all"
    thermostat = f"temp {segment.from_K} {segment.to_K} {settings.thermostat_damping_steps * dt}"
    commands = [levels, f"timestep {dt * stretch.fast_steps}"]
    if segment.barostat in COUPLED:
        pressure = settings.pressure_bar / BAR_PER_ATM
        damping = settings.barostat_damping_steps * dt
        barostat = f"{COUPLED[segment.barostat]} {pressure:.12g} {pressure:.12g} {damping}"
        # By default the middle of the box at the command, whose last digit is another one after a restart.
        middle = " ".join(repr((low + high) / 2) for low, high in zip(box.low, box.high, strict=True))
        commands.append(f"fix integrate_{number} {group} npt {thermostat} {barostat} fixedpoint {middle}")
    else:
        commands.append(f"fix integrate_{number} {group} nvt {thermostat}")
    if segment.barostat == "cubic":
        commands.append(f"fix deform_{number} all deform 1 {_to_cube(box)} remap x units box")
    if segment.frozen:
        commands += ["compute moving_temperature moving temp", "thermo_modify temp moving_temperature"]
    return commands


def limit_commands(stretch: Stretch, box: Box) -> list[str]:
    """Return the commands that stop a simulation that became unstable; they replace those of another stretch.

    Parameters
    ----------
    stretch
        What runs.
    box
        Box at the start of the stretch.
    """
    limits = (
        f"v_temp > {hottest_K(stretch.segment)}",
        f"v_vol > {LARGEST_VOLUME_CHANGE * box.cube_edge**3:.6g}",
        f"v_vol < {box.cube_edge**3 / LARGEST_VOLUME_CHANGE:.6g}",
    )
    return [
        f"fix halt_{number} all halt {stretch.steps_per_row} {limit} error hard"
        for number, limit in enumerate(limits)
    ]


def end_commands(stretch: Stretch, number: int) -> list[str]:
    """Return the commands that undo `begin_commands`."""
    commands = [f"unfix integrate_{number}"]
    if stretch.segment.barostat == "cubic":
        commands.append(f"unfix deform_{number}")
    if stretch.segment.frozen:
        commands += ["thermo_modify temp thermo_temp", "uncompute moving_temperature"]
        commands += ["group moving delete", "group frozen delete"]
    return commands


def frozen_commands(region: FrozenRegion, centres: np.ndarray, box: Box) -> list[str]:
    """Return the commands that define the groups ``frozen`` and ``moving``.

    Parameters
    ----------
    region
        Where molecules are held still.
    centres
        Mean position of the particles of molecules 1, 2, ..., angstrom, continuous across the box's faces.
    box
        Current box.

    Returns
    -------
    list of str
        Every molecule is whole in one group; positions are taken modulo the box.
    """
    axis = AXES.index(region.axis)
    low, high = box.low[axis], box.high[axis]
    chosen = " ".join(map(str, frozen_molecules(region, np.asarray(centres), low, high - low))) or "0"
    return [f"group frozen molecule {chosen}", "group moving subtract all frozen"]


def variable_commands() -> list[str]:
    """Return the LAMMPS commands that define one variable for every keyword."""
    return [f"variable {keyword} equal {keyword}" for keyword, _ in thermo.KEYWORDS.values()]


def print_command(steps_per_row: int, path: str) -> str:
    """Return the LAMMPS command that prints a row to `path` every so many steps."""
    values = " ".join(f"${{{keyword}}}" for keyword, _ in thermo.KEYWORDS.values())
    return f'fix rows all print {steps_per_row} "$(step) {values}" file "{path}" screen no'


def _to_cube(box: Box) -> str:
    half = box.cube_edge / 2
    words = []
    for axis, low, high in zip(AXES[:2], box.low[:2], box.high[:2], strict=True):
        middle = (low + high) / 2
        words.append(f"{axis} final {middle - half:.12g} {middle + half:.12g}")
    words.append("z volume")  # follows the other two, so that the volume never changes
    if box.tilted:
        words += [f"{tilt} final 0.0" for tilt in ("xy", "xz", "yz")]
    return " ".join(words)
