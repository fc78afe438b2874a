"""Which particles are stored and which are held still: questions that every engine asks in the same way."""

import mdtraj
import numpy as np

from ..errors import InputError
from .job import Job
from .protocol import AXES, FrozenRegion


def stored_types(job: Job, types: np.ndarray) -> list[int]:
    """Return the atom types of the elements in the trajectory.

    Parameters
    ----------
    job
        The run.
    types
        Shape (particles,), atom type of every particle in the order of their numbers.

    Raises
    ------
    InputError
        The topology's atoms are not the real atoms of the configuration.
    """
    elements = {
        particle.type_id: kind.rstrip("0123456789")
        for kind, particle in job.forcefield.particles.items()
        if not particle.soft_core
    }
    simulated = [elements[kind] for kind in types.tolist() if kind in elements]
    known = [atom.element.symbol for atom in mdtraj.load_topology(str(job.topology)).atoms]
    if simulated != known:
        raise InputError(
            f"{job.topology}: its {len(known)} atoms are not the real atoms of {job.start}, in order."
        )
    return [kind for kind, element in elements.items() if element in job.settings.trajectory_elements]


def molecule_centres(positions: np.ndarray, molecules: np.ndarray) -> np.ndarray:
    """Return the mean position of every molecule's particles.

    Parameters
    ----------
    positions
        Shape (particles, 3), angstrom, continuous across the box's faces.
    molecules
        Shape (particles,), molecule numbers, from 1.

    Returns
    -------
    numpy.ndarray
        Shape (molecules, 3), angstrom.
    """
    sums = np.zeros((molecules.max(), 3))
    np.add.at(sums, molecules - 1, positions)
    return sums / np.bincount(molecules - 1)[:, None]


def moved_with_box(
    positions: np.ndarray, molecules: np.ndarray, cell: np.ndarray, new_cell: np.ndarray
) -> np.ndarray:
    """Return positions in a box of another shape: centres keep their fractions, molecules stay as they are.

    Parameters
    ----------
    positions
        Shape (particles, 3), continuous across the box's faces, in the cells' unit of length.
    molecules
        Shape (particles,), molecule numbers, from 1.
    cell, new_cell
        Shape (3, 3), rows are the lattice vectors.
    """
    centres = molecule_centres(positions, molecules)
    moves = centres @ (np.linalg.inv(cell) @ new_cell) - centres
    return positions + moves[molecules - 1]


def frozen_molecules(region: FrozenRegion, centres: np.ndarray, low: float, length: float) -> list[int]:
    """Return the numbers (from 1) of the molecules in a region.

    Parameters
    ----------
    region
        Where molecules are held still.
    centres
        Shape (molecules, 3), angstrom; taken modulo the box.
    low, length
        Lower bound and length of the box along the region's axis, angstrom.
    """
    fractions = (centres[:, AXES.index(region.axis)] - low) / length % 1.0
    return (np.flatnonzero((region.low <= fractions) & (fractions < region.high)) + 1).tolist()
