"""A Monte Carlo barostat for all six numbers of a cell; molecules go with it as they are.

OpenMM's own MonteCarloFlexibleBarostat multiplies the molecules' coordinates by the ratios of the box lengths
and leaves tilts to the box alone: a change of a tilt tears the molecules at the faces from the images of
their neighbours, so that in a solid hardly one is accepted.
"""

import numpy as np
import openmm

from ..forcefield.openmm import Model
from .particles import moved_with_box

FIRST_STRAIN = 0.003
"""Largest change of a component at first, in mean box lengths: about what 64 Zn do by themselves."""

ATTEMPTS_PER_ADJUSTMENT = 10
ADJUSTMENT = 1.1
ACCEPTED = (0.25, 0.75)
"""The largest change shrinks or grows by `ADJUSTMENT` where a smaller or larger share is accepted."""


class FlexibleBarostat:
    """Moves of the cell between the time steps of a simulation.

    It samples the ensemble of constant pressure and flexible cell, whose density over the components of a
    lower triangular cell with the diagonal a, b, c is

        V^(N-2) a^2 b exp(-(U + P V) / kT),   V = a b c,

    at given fractional coordinates of the N molecules' centres (Martyna, Tobias and Klein, J. Chem. Phys.
    101, 4177 (1994); the powers of a and b count the orientations of a cell). All six components change at
    once. A cell whose box OpenMM would not take, with a tilt beyond half a length, is refused: without copies
    a less tilted cell describes the same shape.

    Parameters
    ----------
    model
        What is simulated; its copies lie along the cell's own vectors.
    molecules
        Shape (particles,), molecule numbers, from 1.
    pressure
        Pressure, kJ/mol/nm^3.
    interval
        Time steps between attempts.
    seed
        Seed of the moves.

    Attributes
    ----------
    kT
        Thermal energy, kJ/mol; to be set before the first step.
    attempts, accepted
        Number of moves so far.
    """

    def __init__(
        self, model: Model, molecules: np.ndarray, pressure: float, interval: int, seed: int
    ) -> None:
        self.model = model
        self.molecules = molecules
        self.pressure = pressure
        self.interval = interval
        self.random = np.random.default_rng(seed)
        self.kT = 0.0
        self.attempts = self.accepted = 0
        self._strain = FIRST_STRAIN
        self._recent: list[bool] = []
        self._steps_left = interval

    def step(self, context: openmm.Context, steps: int) -> None:
        """Simulate so many time steps with an attempt after every `interval` of them."""
        while steps > 0:
            now = min(steps, self._steps_left)
            context.getIntegrator().step(now)
            steps -= now
            self._steps_left -= now
            if self._steps_left == 0:
                self.attempt(context)
                self._steps_left = self.interval

    def attempt(self, context: openmm.Context) -> bool:
        """Try another cell; return whether it was taken."""
        read = context.getState(positions=True, energy=True)
        matrix = self.model.copies.matrix
        box = read.getPeriodicBoxVectors(asNumpy=True)._value
        positions = read.getPositions(asNumpy=True)._value
        cell = np.linalg.solve(matrix, box)
        change = np.tril(self.random.uniform(-1.0, 1.0, (3, 3))) * np.cbrt(np.linalg.det(cell))
        trial = cell + self._strain * change
        taken = False
        if _is_reduced(matrix @ trial):
            ours = positions[: len(self.molecules)]
            moved = moved_with_box(ours, self.molecules, cell, trial)
            self._place(context, matrix @ trial, (moved + (self.model.copies.shifts @ trial)[:, None]))
            energy = context.getState(energy=True).getPotentialEnergy()._value
            cost = energy - read.getPotentialEnergy()._value + self._cost(trial) - self._cost(cell)
            taken = bool(self.random.random() < np.exp(min(0.0, -cost / self.kT)))
            if not taken:
                self._place(context, box, positions)
        self._adjust(taken)
        return taken

    def _cost(self, cell: np.ndarray) -> float:
        """Return what a cell costs besides the potential energy, kJ/mol."""
        a, b, c = np.diag(cell)
        volume, molecules = a * b * c, self.molecules.max()
        return self.pressure * volume - self.kT * ((molecules - 2) * np.log(volume) + np.log(a * a * b))

    def _place(self, context: openmm.Context, box: np.ndarray, positions: np.ndarray) -> None:
        context.setPeriodicBoxVectors(*box)
        context.setPositions(positions.reshape(-1, 3))

    def _adjust(self, taken: bool) -> None:
        self.attempts += 1
        self.accepted += taken
        self._recent.append(taken)
        if len(self._recent) == ATTEMPTS_PER_ADJUSTMENT:
            share = np.mean(self._recent)
            self._recent.clear()
            if share < ACCEPTED[0]:
                self._strain /= ADJUSTMENT
            elif share > ACCEPTED[1]:
                self._strain *= ADJUSTMENT


def _is_reduced(box: np.ndarray) -> bool:
    """Return whether OpenMM takes a lower triangular box."""
    a, b, _ = lengths = np.diag(box)
    tilts = np.abs([box[1, 0] / a, box[2, 0] / a, box[2, 1] / b])
    return bool(lengths.min() > 0 and tilts.max() < 0.5)
