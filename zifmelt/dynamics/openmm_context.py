"""An OpenMM context for one stretch: thermostat, barostat, platform, and what is read from it."""

from dataclasses import dataclass, replace

import numpy as np
import openmm

from ..errors import InputError
from ..forcefield.data_file import Configuration
from ..forcefield.openmm import GROUPS, build_model
from ..forcefield.openmm_pairs import KJ_PER_KCAL, SHIFTED
from ..forcefield.parameters import ForceField
from ..units import A_PER_NM, EV_PER_A3_IN_BAR, GAS_CONSTANT, KJ_PER_MOL_PER_EV
from .flexible_barostat import FlexibleBarostat
from .schedule import FS_PER_PS, Stretch
from .settings import Settings

FRICTION_PER_PS = 1.0
"""Weak enough to leave the motion of molecules alone, strong enough to hold a temperature in picoseconds."""

BAROSTAT_INTERVAL = 25
"""Time steps between attempts to change the box."""

ON_GPUS = ("CUDA", "HIP", "OpenCL")
"""Platforms for GPUs, the fastest first."""

STRAIN = 1e-3
"""Strain of the finite differences that give the pressure; OpenMM's own are of this size."""

BAR_PER_KJ_PER_MOL_PER_NM3 = EV_PER_A3_IN_BAR / A_PER_NM**3 / KJ_PER_MOL_PER_EV
A_PER_FS_IN_NM_PER_PS = FS_PER_PS / A_PER_NM


@dataclass(frozen=True)
class State:
    """Positions (particles, 3), A, continuous; velocities (particles, 3), A/fs; cell (3, 3), A."""

    positions: np.ndarray
    velocities: np.ndarray
    cell: np.ndarray


@dataclass(frozen=True)
class Energies:
    """Potential and kinetic energy of one box, kcal/mol, and the temperature, K."""

    potential: float
    kinetic: float
    temperature: float


class StretchContext:
    """A context that simulates a stretch.

    Parameters
    ----------
    forcefield, configuration
        What to simulate; the configuration's cell decides on copies and cutoffs.
    stretch, settings
        How.
    seed
        Seed of thermostat and barostat, from 1.
    frozen
        Shape (particles,), True where a particle is held still.
    state
        Where to start.
    turning
        Whether OpenMM's box may be turned where that saves copies and the barostat allows it.
    """

    def __init__(
        self,
        forcefield: ForceField,
        configuration: Configuration,
        stretch: Stretch,
        settings: Settings,
        seed: int,
        frozen: np.ndarray,
        state: State,
        turning: bool = True,
    ) -> None:
        orthogonal = np.array_equal(state.cell, np.diag(np.diag(state.cell)))
        keeps_shape = stretch.segment.barostat in ("isotropic", "none")
        self.model = build_model(
            forcefield, configuration, settings.numerics, turning and orthogonal and keeps_shape
        )
        self.count = len(configuration.types)
        self.frozen = frozen
        self.boxes = len(self.model.copies.shifts)
        self.masses = np.where(frozen, 0.0, configuration.masses[configuration.types - 1])
        self.still = np.where(frozen[:, None], state.velocities, 0.0)
        system = self.model.system
        for particle in np.flatnonzero(frozen).tolist():
            system.setParticleMass(particle, 0.0)
        if not frozen.any():
            system.addForce(openmm.CMMotionRemover(BAROSTAT_INTERVAL))
        # The momentum of the whole is zero unless a part is held.
        self.degrees = 3 * np.count_nonzero(~frozen) - (0 if frozen.any() else 3)
        self.barostat = _barostat(stretch, settings, self.boxes)
        if self.barostat is not None:
            self.barostat.setRandomNumberSeed(seed)
            system.addForce(self.barostat)
        self.flexible = None
        if stretch.segment.barostat == "triclinic":
            pressure = settings.pressure_bar / BAR_PER_KJ_PER_MOL_PER_NM3
            self.flexible = FlexibleBarostat(
                self.model, configuration.molecules, pressure, BAROSTAT_INTERVAL, seed
            )
            self.flexible.kT = GAS_CONSTANT * stretch.segment.from_K
        self.gauge, self.upright = None, None
        if self.model.copies.turned:
            still = replace(stretch, segment=replace(stretch.segment, barostat="none"))
            self.upright = StretchContext(
                forcefield, configuration, still, settings, seed, frozen, state, turning=False
            )
        elif orthogonal and stretch.segment.barostat != "triclinic":
            self.gauge = _gauge(stretch, settings, self.boxes)
            system.addForce(self.gauge)
        self.context, self.integrator = _context(system, stretch, settings, seed)
        self.previous = state
        self.set_state(state)

    def set_state(self, state: State) -> None:
        """Put particles and box where `state` has them."""
        self.context.setPeriodicBoxVectors(*self.model.box_nm(state.cell))
        self.context.setPositions(self.model.positions_nm(state.positions, state.cell))
        velocities = np.zeros((self.count * self.boxes, 3))
        self.rotation = self.model.copies.rotation(state.cell)
        moving = np.where(self.frozen[:, None], 0.0, state.velocities)
        velocities[: self.count] = moving @ self.rotation * A_PER_FS_IN_NM_PER_PS
        self.context.setVelocities(velocities)
        self.previous = state

    def minimise(self, iterations: int) -> None:
        """Relax the positions a little."""
        openmm.LocalEnergyMinimizer.minimize(self.context, maxIterations=iterations)

    def set_temperature(self, temperature_K: float) -> None:
        """Give thermostat and barostat another target temperature."""
        self.integrator.setTemperature(temperature_K)
        if self.barostat is not None:
            self.context.setParameter(self.barostat.Temperature(), temperature_K)
        if self.flexible is not None:
            self.flexible.kT = GAS_CONSTANT * temperature_K

    def step(self, steps: int) -> None:
        """Go on by so many time steps."""
        if self.flexible is not None:
            self.flexible.step(self.context, steps)
        else:
            self.integrator.step(steps)

    def state(self, velocities: bool = False) -> State:
        """Read positions, which go on where they were before, and velocities if asked for (else zero)."""
        read = self.context.getState(positions=True, velocities=velocities)
        cell = self._cell(read.getPeriodicBoxVectors(asNumpy=True)._value)
        positions = read.getPositions(asNumpy=True)._value[: self.count] @ self.rotation.T * A_PER_NM
        before = self.previous.positions @ np.linalg.inv(self.previous.cell)
        jumps = np.round(positions @ np.linalg.inv(cell) - before)
        positions = positions - jumps @ cell
        speeds = np.zeros_like(positions)
        if velocities:
            turned = read.getVelocities(asNumpy=True)._value[: self.count]
            speeds = turned @ self.rotation.T / A_PER_FS_IN_NM_PER_PS + self.still
        self.previous = State(positions, speeds, cell)
        return self.previous

    def _cell(self, box_nm: np.ndarray) -> np.ndarray:
        """Return the cell (3, 3), A, for OpenMM's box; a turned box has kept its shape."""
        if self.model.copies.turned:
            before = self.model.box_nm(self.previous.cell)
            return self.previous.cell * (box_nm[0, 0] / before[0, 0])
        return np.linalg.inv(self.model.copies.matrix) @ box_nm * A_PER_NM

    def energies(self) -> Energies:
        """Return the energies as the force field defines them: Lennard-Jones terms cut but not shifted."""
        self.context.setParameter(SHIFTED, 0.0)
        groups = {number for name, number in GROUPS.items() if name != "tail_pressure"}
        read = self.context.getState(energy=True, groups=groups)
        self.context.setParameter(SHIFTED, 1.0)
        volume = read.getPeriodicBoxVolume()._value / self.boxes
        potential = read.getPotentialEnergy()._value + self.model.tail_kj_nm3 / volume
        kinetic = read.getKineticEnergy()._value
        return Energies(
            potential / KJ_PER_KCAL, kinetic / KJ_PER_KCAL, 2 * kinetic / (self.degrees * GAS_CONSTANT)
        )

    def pressure_bar(self) -> np.ndarray:
        """Return the diagonal of the pressure tensor (3,) with the atomic virial, bar."""
        if self.upright is not None:
            self.upright.set_state(self.state(velocities=True))
            return self.upright.pressure_bar()
        if self.gauge is None:
            return self._pressure_of_tilted_box_bar()
        pressures = self.gauge.computeCurrentPressure(self.context)
        return np.array([p.value_in_unit(openmm.unit.bar) for p in pressures]) * self.boxes

    def _pressure_of_tilted_box_bar(self) -> np.ndarray:
        """Do the same by strains along the axes, which OpenMM's barostats cannot apply to a tilted box."""
        read = self.context.getState(positions=True, velocities=True)
        positions = read.getPositions(asNumpy=True)._value
        box = read.getPeriodicBoxVectors(asNumpy=True)._value
        velocities = read.getVelocities(asNumpy=True)._value[: self.count]
        pressures = self.masses @ velocities**2
        for axis in range(3):
            for sign in (1, -1):
                stretched = np.ones(3)
                stretched[axis] += sign * STRAIN
                self._place(positions * stretched, box * stretched)
                energy = self.context.getState(energy=True).getPotentialEnergy()._value
                pressures[axis] -= sign * energy / (2 * STRAIN)
        self._place(positions, box)
        volume = np.linalg.det(box) / self.boxes
        return pressures / volume * BAR_PER_KJ_PER_MOL_PER_NM3

    def _place(self, positions: np.ndarray, box: np.ndarray) -> None:
        self.context.setPeriodicBoxVectors(*box)
        self.context.setPositions(positions)

    def hardware(self) -> dict[str, str]:
        """Return engine, version, platform, and where the platform has them precision and device."""
        platform = self.context.getPlatform()
        record = {
            "engine": "openmm",
            "version": openmm.version.short_version,
            "platform": platform.getName(),
        }
        for key, name in (("precision", "Precision"), ("device", "DeviceName")):
            if name in platform.getPropertyNames():
                record[key] = platform.getPropertyValue(self.context, name)
        return record


def _context(
    system: openmm.System, stretch: Stretch, settings: Settings, seed: int
) -> tuple[openmm.Context, openmm.Integrator]:
    """Return a context on the platform that the settings name, or the fastest that works; its integrator."""
    trouble = "OpenMM does not have it"
    for name in _candidates(settings):
        platform = openmm.Platform.getPlatform(name)
        properties = {"Threads": str(settings.threads)} if name == "CPU" else {}
        if "Precision" in platform.getPropertyNames():
            properties["Precision"] = settings.precision
        integrator = openmm.LangevinMiddleIntegrator(
            stretch.segment.from_K, FRICTION_PER_PS, stretch.timestep_fs / FS_PER_PS
        )
        integrator.setRandomNumberSeed(seed)
        try:
            return openmm.Context(system, integrator, platform, properties), integrator
        except openmm.OpenMMException as error:
            trouble = f"{name}: {error}"
    wanted = "GPU" if settings.platform == "auto" else settings.platform
    raise InputError(
        f"OpenMM cannot use the platform {wanted} ({trouble}); docs/cluster.md says what it needs; the "
        "platform CPU with the accelerator cpu always works."
    )


def _candidates(settings: Settings) -> list[str]:
    """Return the names of the platforms to try, in this order."""
    present = [openmm.Platform.getPlatform(i).getName() for i in range(openmm.Platform.getNumPlatforms())]
    wanted: tuple[str, ...] = (settings.platform,)
    if settings.platform == "auto":
        wanted = ON_GPUS if settings.accelerator == "gpu" else (*ON_GPUS, "CPU")
    return [name for name in wanted if name in present]


def _barostat(stretch: Stretch, settings: Settings, boxes: int) -> openmm.Force | None:
    """Return OpenMM's barostat for a stretch; its box holds several boxes but the energy of one."""
    pressure, temperature = settings.pressure_bar / boxes, stretch.segment.from_K
    kind = stretch.segment.barostat
    if kind == "isotropic":
        return openmm.MonteCarloBarostat(pressure, temperature, BAROSTAT_INTERVAL)
    if kind in ("anisotropic", "z"):
        along = (kind == "anisotropic", kind == "anisotropic", True)
        return openmm.MonteCarloAnisotropicBarostat(
            openmm.Vec3(pressure, pressure, pressure), temperature, *along, BAROSTAT_INTERVAL
        )
    return None


def _gauge(stretch: Stretch, settings: Settings, boxes: int) -> openmm.Force:
    """Return a barostat that never moves the box: its differences of the energy give the atomic virial."""
    pressure, temperature = settings.pressure_bar / boxes, stretch.segment.from_K
    pressures = openmm.Vec3(pressure, pressure, pressure)
    return openmm.MonteCarloAnisotropicBarostat(pressures, temperature, True, True, True, 0, False)
