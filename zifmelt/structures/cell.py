"""The unit cell as every reader of structures takes it: a right-handed box with a volume, or one sentence."""

from collections.abc import Sequence
from pathlib import Path

import gemmi
import numpy as np

from ..errors import InputError

SHORTEST_A = 1.0
"""No lattice vector is shorter (angstrom): an atom would overlap its own image."""

FLATTEST = 0.02
"""Least volume as a share of the product of the lengths; 0.1 for a rhombohedron with angles of 20 degrees."""

ANGLES = ("alpha", "beta", "gamma")


def cell_of_parameters(path: str | Path, parameters: Sequence[float]) -> np.ndarray:
    """Return the lattice vectors of a cell given by lengths and angles.

    Parameters
    ----------
    path
        File it came from, for messages.
    parameters
        a, b, c in angstrom, then alpha, beta, gamma in degrees.

    Returns
    -------
    numpy.ndarray
        Shape (3, 3), angstrom; the rows are the lattice vectors, a along x and b in the xy plane.

    Raises
    ------
    InputError
        A length or an angle is missing or impossible, or the cell has no volume.
    """
    lengths, angles = np.array(parameters[:3], dtype=float), np.array(parameters[3:], dtype=float)
    for name, length in zip("abc", lengths, strict=True):
        _check_length(path, name, length)
    for name, angle in zip(ANGLES, angles, strict=True):
        if not 0 < angle < 180:  # NaN neither
            raise InputError(
                f"{path}: the cell angle {name} is {angle:g} degrees, but must be between 0 and 180."
            )
    cosines = np.cos(np.radians(angles))
    share = 1 + 2 * np.prod(cosines) - np.sum(cosines**2)
    if not share > FLATTEST**2:
        raise InputError(
            f"{path}: a unit cell without volume; no cell has the angles "
            f"{', '.join(f'{angle:g}' for angle in angles)} degrees."
        )
    return np.array(gemmi.UnitCell(*lengths, *angles).orth.mat.tolist()).T


def cell_of_vectors(path: str | Path, vectors: np.ndarray) -> tuple[np.ndarray, int]:
    """Return the standard orientation of lattice vectors that point anywhere.

    Parameters
    ----------
    path
        File they came from, for messages.
    vectors
        Shape (3, 3), angstrom; the rows are the lattice vectors.

    Returns
    -------
    cell : numpy.ndarray
        As of `cell_of_parameters`: the structure is rotated.
    sign : int
        What fractional coordinates must be multiplied by: -1 where the vectors are left-handed, because their
        opposites are the right-handed vectors of the same lattice. The structure is not mirrored.

    Raises
    ------
    InputError
        A vector is missing or too short, or they have no volume.
    """
    lengths = np.linalg.norm(vectors, axis=1)
    for name, length in zip("abc", lengths, strict=True):
        _check_length(path, name, length)
    share = np.linalg.det(vectors / lengths[:, None])
    if not abs(share) > FLATTEST:
        raise InputError(f"{path}: a unit cell without volume; its lattice vectors lie in one plane.")
    return np.linalg.cholesky(vectors @ vectors.T), 1 if share > 0 else -1


def _check_length(path: str | Path, name: str, length: float) -> None:
    if not SHORTEST_A <= length < np.inf:
        raise InputError(
            f"{path}: the cell length {name} is {length:g} A, but must be at least {SHORTEST_A:g} A."
        )
