"""The OpenMM engine: it simulates the chunks of a job that are still missing, on GPUs and CPUs."""

from dataclasses import replace
from math import ceil
from typing import Any

import numpy as np
import openmm

from ..errors import InputError
from ..forcefield.data_file import read_data_file, write_data_file
from ..units import BAR_PER_ATM, BOLTZMANN_EV_PER_K, EV_PER_KCAL_PER_MOL, G_PER_CM3_PER_AMU_PER_A3
from . import xtc
from .checkpoint import ENGINE_STATE
from .job import Job
from .openmm_context import State, StretchContext
from .particles import frozen_molecules, molecule_centres, moved_with_box, stored_types
from .publishing import (
    FINAL_DATA,
    LARGEST_VOLUME_CHANGE,
    disk_trouble,
    hottest_K,
    publish,
    unstable,
)
from .schedule import Chunk, Stretch

MINIMISATION_STEPS = 50
"""Enough to take the strain out of a crystal structure's bonds, far from a full relaxation."""

LARGEST_TEMPERATURE_CHANGE_K = 0.5
LARGEST_STRAIN = 5e-4
"""Largest change of the target temperature and of the driven box at once; both change linearly in time."""

TOO_SHORT = "periodic box size has decreased"
"""What OpenMM says of a box shorter than twice the cutoff."""

ATM_A3_PER_KCAL_PER_MOL = EV_PER_KCAL_PER_MOL * 1602176.634 / BAR_PER_ATM


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
    try:
        Simulation(job).run(last)
    except OSError as error:
        raise disk_trouble(job, error) from None
    except openmm.OpenMMException as error:
        if "NaN" in str(error):
            raise unstable(job, f"OpenMM: {error}") from None
        raise InputError(f"{job.folder}: OpenMM stopped ({error}).") from None


class Simulation:
    """A job that OpenMM works on.

    Parameters
    ----------
    job
        The run.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.configuration = read_data_file(job.start)
        self.stored = np.isin(self.configuration.types, stored_types(job, self.configuration.types))
        self.masses = self.configuration.masses[self.configuration.types - 1]
        self.context: Any = None  # a `StretchContext` once a stretch is entered
        self.start_cell = self.configuration.cell
        self.frozen = np.zeros(len(self.masses), dtype=bool)

    def run(self, last: int | None) -> None:
        """Simulate the chunks after number `last`."""
        entered: int | None = None
        state: State | None = None
        if last is not None:
            state = self._restart(last)
        for chunk in self.job.chunks[0 if last is None else last + 1 :]:
            if state is None or chunk.stretch != entered:
                state = self._enter(chunk, state)
                entered = chunk.stretch
            state = self._simulate_in_shrinking_box(chunk, state)
        assert state is not None, "a run has at least one chunk"
        final = replace(
            self.configuration, cell=state.cell, positions=state.positions, velocities=state.velocities
        )
        write_data_file(
            final, self.job.checkpoints.path / FINAL_DATA, f"of {self.job.folder.name}; units real"
        )

    def _enter(self, chunk: Chunk, state: State | None) -> State:
        """Make the context of a chunk's stretch; return the state to go on from."""
        job, c = self.job, self.configuration
        begin = state or State(c.positions, c.velocities, c.cell)
        if chunk.start == 0:
            self.start_cell = begin.cell
            self.frozen = self._frozen(self.job.stretches[chunk.stretch], begin)
        self._make_context(chunk, begin)
        if state is None:
            if job.settings.minimise:
                self.context.minimise(MINIMISATION_STEPS)
                begin = self.context.state()
                begin = replace(begin, velocities=c.velocities)
            if job.settings.new_velocities:
                begin = replace(begin, velocities=self._drawn_velocities())
            self.context.set_state(begin)
        return begin

    def _make_context(self, chunk: Chunk, state: State) -> None:
        job, stretch = self.job, self.job.stretches[chunk.stretch]
        self.context = None  # releases the device before the next context claims it
        configuration = replace(self.configuration, cell=state.cell)
        seed = int(np.random.SeedSequence([job.seed, chunk.number]).generate_state(1)[0] >> 1) or 1
        self.context = StretchContext(
            job.forcefield, configuration, stretch, job.settings, seed, self.frozen, state
        )
        job.checkpoints.note("engines", self.context.hardware())

    def _simulate_in_shrinking_box(self, chunk: Chunk, state: State) -> State:
        """Simulate a chunk; again from its start if the box became too short for copies and cutoff."""
        try:
            return self._simulate_chunk(chunk, state)
        except openmm.OpenMMException as error:
            if TOO_SHORT not in str(error):
                raise
        self._make_context(chunk, state)
        return self._simulate_chunk(chunk, state)

    def _simulate_chunk(self, chunk: Chunk, state: State) -> State:
        stretch, store = self.job.stretches[chunk.stretch], self.job.checkpoints
        frames: list[tuple[int, np.ndarray, np.ndarray]] = []
        begin = 0 if chunk.number == 0 else chunk.start + stretch.steps_per_row
        with store.running(chunk.number, "rows").open("w", encoding="utf-8") as rows:
            for step in range(begin, chunk.end + 1, stretch.steps_per_row):
                if step > chunk.start:
                    self._advance(stretch, step - stretch.steps_per_row, step)
                is_frame = step % stretch.steps_per_frame == 0
                now = self.context.state(velocities=step == chunk.end)
                if is_frame:
                    frames.append((step, now.positions[self.stored], now.cell))
                row = self._row(now.cell)
                self._check_stable(stretch, step, row)
                rows.write(f"{step} {' '.join(f'{value:.12g}' for value in row)}\n")
                rows.flush()
        steps, positions, boxes = zip(*frames, strict=True)
        xtc.write(store.running(chunk.number, "raw"), positions, boxes, steps)
        with store.running(chunk.number, ENGINE_STATE).open("wb") as stream:
            np.savez(
                stream,
                positions=now.positions,
                velocities=now.velocities,
                cell=now.cell,
                start_cell=self.start_cell,
                frozen=self.frozen,
            )
        publish(self.job, chunk, {}, self.configuration.types, now.velocities)
        return now

    def _check_stable(self, stretch: Stretch, step: int, row: list[float]) -> None:
        """Stop where a value is not a number, or temperature or volume are far off."""
        temperature, _, volume = row[:3]
        change = volume / np.linalg.det(self.start_cell)
        sane = temperature < hottest_K(stretch.segment) and np.isfinite(row[:-1]).all()
        if not (sane and 1 / LARGEST_VOLUME_CHANGE < change < LARGEST_VOLUME_CHANGE):
            time_ps = stretch.time_ps(step, self.job.settings.frame_interval_ps)
            raise unstable(self.job, f"{temperature:.0f} K and {volume:.0f} A^3 at {time_ps:g} ps")

    def _advance(self, stretch: Stretch, start: int, end: int) -> None:
        """Simulate from one step to another while temperature and box follow their lines."""
        segment = stretch.segment
        pieces = _pieces(stretch, start, end, self.start_cell)
        for begin, stop in zip(pieces[:-1], pieces[1:], strict=True):
            middle = (begin + stop) / 2 / stretch.steps
            self.context.set_temperature(segment.from_K + (segment.to_K - segment.from_K) * middle)
            self.context.step(stop - begin)
            if segment.barostat == "cubic":
                self._deform(towards_cube(self.start_cell, stop / stretch.steps))

    def _deform(self, cell: np.ndarray) -> None:
        """Give the box another shape; molecules move with it as they are."""
        state = self.context.state(velocities=True)
        positions = moved_with_box(state.positions, self.configuration.molecules, state.cell, cell)
        self.context.set_state(State(positions, state.velocities, cell))

    def _row(self, cell: np.ndarray) -> list[float]:
        """Return the values of `thermo.KEYWORDS` in `units real`."""
        energies, pressures = self.context.energies(), self.context.pressure_bar() / BAR_PER_ATM
        volume = np.linalg.det(cell)
        pressure = pressures.mean()
        total = energies.potential + energies.kinetic
        return [
            energies.temperature,
            pressure,
            volume,
            self.masses.sum() / volume * G_PER_CM3_PER_AMU_PER_A3,
            energies.potential,
            energies.kinetic,
            total + pressure * volume / ATM_A3_PER_KCAL_PER_MOL,
            *np.diag(cell),
            *cell[[1, 2, 2], [0, 0, 1]],
            *pressures,
            np.nan,
        ]

    def _frozen(self, stretch: Stretch, state: State) -> np.ndarray:
        region = stretch.segment.frozen
        if region is None:
            return np.zeros(len(self.masses), dtype=bool)
        centres = molecule_centres(state.positions, self.configuration.molecules)
        length = np.diag(state.cell)["xyz".index(region.axis)]
        return np.isin(self.configuration.molecules, frozen_molecules(region, centres, 0.0, length))

    def _drawn_velocities(self) -> np.ndarray:
        """Return Maxwell's velocities (A/fs) without momentum, exactly at the first temperature."""
        temperature = self.job.segments[0].from_K
        thermal = BOLTZMANN_EV_PER_K * temperature / EV_PER_KCAL_PER_MOL * KCAL_PER_MOL_IN_AMU_A2_PER_FS2
        generator = np.random.default_rng(self.job.seed)
        velocities = (
            generator.standard_normal((len(self.masses), 3)) * np.sqrt(thermal / self.masses)[:, None]
        )
        velocities -= self.masses @ velocities / self.masses.sum()
        degrees = 3 * len(self.masses) - 3
        return velocities * np.sqrt(degrees * thermal / np.sum(self.masses[:, None] * velocities**2))

    def _restart(self, number: int) -> State:
        with np.load(self.job.checkpoints.part(number, ENGINE_STATE), allow_pickle=False) as stored:
            self.start_cell, self.frozen = stored["start_cell"], stored["frozen"]
            return State(stored["positions"], stored["velocities"], stored["cell"])


KCAL_PER_MOL_IN_AMU_A2_PER_FS2 = 4.184e-4
"""One kcal/mol in g/mol (A/fs)^2."""


def towards_cube(cell: np.ndarray, share: float) -> np.ndarray:
    """Return the cell (3, 3), A, on the way from `cell` to a cube of equal volume, `share` from 0 to 1."""
    volume = np.linalg.det(cell)
    new = (1 - share) * cell
    new[[0, 1], [0, 1]] += share * np.cbrt(volume)
    new[2, 2] = volume / (new[0, 0] * new[1, 1])
    return new


def _pieces(stretch: Stretch, start: int, end: int, cell: np.ndarray) -> list[int]:
    """Cut steps `start` to `end` so that target temperature and box change little within a piece."""
    segment, share = stretch.segment, (end - start) / stretch.steps
    count = ceil(abs(segment.to_K - segment.from_K) * share / LARGEST_TEMPERATURE_CHANGE_K)
    if segment.barostat == "cubic":
        strain = np.abs(towards_cube(cell, 1.0) @ np.linalg.inv(cell) - np.eye(3)).max()
        count = max(count, ceil(strain * share / LARGEST_STRAIN))
    count = max(1, min(count, end - start))
    return np.linspace(start, end, count + 1).round().astype(int).tolist()
