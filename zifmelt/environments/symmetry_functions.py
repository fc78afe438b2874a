"""Behler-Parrinello symmetry functions of the zinc network (paper, Sec. II C, eqs. 2 and 3).

The paper leaves the parameters to its supplementary material. Those of the configuration are the first four
radial and eight angular ones that `zifmelt.environments.ranking.rank_candidates` chose, at a cutoff of
11 angstrom, from runs of both crystals, a glass (300 K) and a liquid (700 K) with the published force field.
They are used with 12 angstrom, which fades the second shell of Zn less. The target
``symmetry_function_ranking.csv`` repeats the choice on any campaign's sampling runs.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..configuration import SymmetryFunctionSet
from .neighbours import COINCIDENT_A, Neighbours, find_neighbours

CHUNK_CENTRES = 256
"""Environments handled at once: enough to amortise numpy's overhead, few enough to stay in the cache."""

GENERIC_DIRECTION = np.array([1.0, math.sqrt(2), math.sqrt(3)])
"""No lattice vector is normal to it, except by design."""


@dataclass(frozen=True)
class Radial:
    """Parameters of one radial function: width `eta` (1/angstrom^2) and shift `r_s` (angstrom)."""

    eta: float
    r_s: float

    @property
    def name(self) -> str:
        """Column name in databases and figures."""
        return f"radial eta={self.eta:g} r_s={self.r_s:g}"


@dataclass(frozen=True)
class Angular:
    """Parameters of one angular function: width `eta` (1/angstrom^2), sign `lam` (-1 or 1), power `zeta`."""

    eta: float
    lam: int
    zeta: float

    @property
    def name(self) -> str:
        """Column name in databases and figures."""
        return f"angular eta={self.eta:g} lambda={self.lam:+d} zeta={self.zeta:g}"


@dataclass(frozen=True)
class SymmetryFunctions:
    """A set of symmetry functions with one cutoff.

    Attributes
    ----------
    cutoff
        Distance at which every function has gone smoothly to zero, angstrom.
    radial, angular
        Parameters of the functions.
    """

    cutoff: float
    radial: tuple[Radial, ...]
    angular: tuple[Angular, ...]

    @classmethod
    def from_config(cls, settings: Mapping[str, Any]) -> "SymmetryFunctions":
        """Read the ``symmetry_functions`` section of the configuration.

        Raises
        ------
        InputError
            A key is missing or unknown, or its value is out of range.
        """
        section = SymmetryFunctionSet.from_plain(settings, "environments.symmetry_functions")
        return cls(
            cutoff=float(section.cutoff_A),
            radial=tuple(Radial(float(one.eta_per_A2), float(one.r_s_A)) for one in section.radial),
            angular=tuple(
                Angular(float(one.eta_per_A2), one.lambda_, float(one.zeta)) for one in section.angular
            ),
        )

    @property
    def names(self) -> list[str]:
        """Names of the columns, radial functions first."""
        return [function.name for function in self.radial + self.angular]


def cutoff_function(distances: np.ndarray, cutoff: float) -> np.ndarray:
    """Return fc = (cos(pi R / Rc) + 1) / 2 below the cutoff; `distances` must not exceed it."""
    return 0.5 * (np.cos(math.pi / cutoff * distances) + 1)


def compute_symmetry_functions(
    positions: np.ndarray, boxes: np.ndarray, functions: SymmetryFunctions
) -> np.ndarray:
    """Compute the symmetry functions of every atom in every frame.

    Radial (eq. 2): sum over j of exp(-eta (R_ij - R_s)^2) fc(R_ij).
    Angular (eq. 3): 2^(1 - zeta) times the sum over unordered pairs j < k of
    (1 - lambda cos theta_jik)^zeta exp(-eta (R_ij^2 + R_ik^2 + R_jk^2)) fc(R_ij) fc(R_ik) fc(R_jk).
    Eq. 3 prints the sum over i, j, k; counting each pair once instead of twice only halves the values. Note
    the minus sign before lambda: lambda = 1 favours 180 degrees, lambda = -1 favours 0 degrees.

    Parameters
    ----------
    positions
        Shape (frames, atoms, 3), angstrom; wrapped or not.
    boxes
        Shape (frames, 3, 3), rows are the lattice vectors, angstrom; any triclinic box of any size.
    functions
        Which functions to compute.

    Returns
    -------
    numpy.ndarray
        Shape (frames, atoms, functions), dimensionless, columns in the order of ``functions.names``.
    """
    frames, atoms = positions.shape[:2]
    values = np.empty((frames, atoms, len(functions.names)))
    step = max(1, CHUNK_CENTRES // atoms)
    for start in range(0, frames, step):
        chunk = range(start, min(start + step, frames))
        lists = [find_neighbours(positions[f], positions[f], boxes[f], functions.cutoff) for f in chunk]
        joined = join_neighbours(lists, atoms)
        values[chunk.start : chunk.stop] = evaluate(joined, atoms * len(chunk), functions).reshape(
            len(chunk), atoms, -1
        )
    return values


def join_neighbours(lists: list[Neighbours], atoms: int) -> Neighbours:
    """Join the neighbours of several frames, numbering the centres and atoms on from frame to frame."""
    offsets = np.repeat(np.arange(len(lists)) * atoms, [len(entry.centres) for entry in lists])
    return Neighbours(
        centres=np.concatenate([entry.centres for entry in lists]) + offsets,
        atoms=np.concatenate([entry.atoms for entry in lists]) + offsets,
        vectors=np.concatenate([entry.vectors for entry in lists]),
        distances=np.concatenate([entry.distances for entry in lists]),
    )


def evaluate(neighbours: Neighbours, centres: int, functions: SymmetryFunctions) -> np.ndarray:
    """Evaluate the functions for a list of neighbours, shape (centres, functions)."""
    fade = cutoff_function(neighbours.distances, functions.cutoff)
    columns = [
        np.bincount(
            neighbours.centres,
            np.exp(-function.eta * (neighbours.distances - function.r_s) ** 2) * fade,
            minlength=centres,
        )
        for function in functions.radial
    ]
    if functions.angular:
        columns += _angular_columns(neighbours, fade, centres, functions)
    return np.stack(columns, axis=1)


def _angular_columns(
    neighbours: Neighbours, fade: np.ndarray, centres: int, functions: SymmetryFunctions
) -> list[np.ndarray]:
    """Return the columns of the angular functions, each triangle of neighbours being visited only once.

    A triangle has one product of distances and cutoffs, which its three corners share.
    """
    owners, cosines, squares, weights = _triangles(neighbours, fade, centres, functions.cutoff)
    damped = {eta: weights * np.exp(-eta * squares) for eta in {f.eta for f in functions.angular}}
    powers = {
        (lam, zeta): [_power(1 - lam * corner, zeta) for corner in cosines]
        for lam, zeta in {(f.lam, f.zeta) for f in functions.angular}
    }
    return [
        2.0 ** (1.0 - f.zeta)
        * sum(
            np.bincount(owner, power * damped[f.eta], minlength=centres)
            for owner, power in zip(owners, powers[f.lam, f.zeta], strict=True)
        )
        for f in functions.angular
    ]


def _triangles(
    neighbours: Neighbours, fade: np.ndarray, centres: int, cutoff: float
) -> tuple[list[np.ndarray], list[np.ndarray], np.ndarray, np.ndarray]:
    """List every triangle of mutual neighbours once.

    Returns the three corners' atoms and the cosines of the angles there, then the sum of the squared sides
    (square angstrom) and the product of their cutoff functions.
    """
    # Images are ordered by atom, then along a direction, so that of a triangle one corner is the first.
    along = neighbours.vectors @ GENERIC_DIRECTION
    after = neighbours.atoms > neighbours.centres
    after |= (neighbours.atoms == neighbours.centres) & (along > 0)
    centre, atoms, lengths, fade = (
        values[after] for values in (neighbours.centres, neighbours.atoms, neighbours.distances, fade)
    )
    first, second = unordered_pairs(centre, centres)
    dots = sum(component[first] * component[second] for component in neighbours.vectors[after].T.copy())
    squares = lengths**2
    opposite = squares[first] + squares[second] - 2 * dots
    # Atoms in one place are no neighbours of each other, as in `find_neighbours`.
    near = np.flatnonzero((opposite < cutoff**2) & (opposite > COINCIDENT_A**2))
    first, second, dots, opposite = first[near], second[near], dots[near], opposite[near]
    a, b, c = lengths[first], lengths[second], np.sqrt(opposite)
    aa, bb = squares[first], squares[second]
    cosines = [dots / (a * b), (aa - dots) / (a * c), (bb - dots) / (b * c)]
    return (
        [centre[first], atoms[first], atoms[second]],
        [np.clip(corner, -1, 1) for corner in cosines],
        aa + bb + opposite,
        fade[first] * fade[second] * cutoff_function(c, cutoff),
    )


def _power(base: np.ndarray, exponent: float) -> np.ndarray:
    """Return `base` to a power, by squaring where that is a power of two: far cheaper than logarithms."""
    if exponent in (2, 4, 8, 16, 32):
        root = _power(base, exponent / 2)
        return root * root
    return base if exponent == 1 else base**exponent


def unordered_pairs(centres: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """List every two different entries with the same centre once.

    Parameters
    ----------
    centres
        Shape (entries,), sorted.
    count
        Number of centres.

    Returns
    -------
    tuple of numpy.ndarray
        Indices of the first and of the second entry of each pair.
    """
    ends = np.cumsum(np.bincount(centres, minlength=count))
    entries = np.arange(len(centres))
    later = ends[centres] - entries - 1
    first = np.repeat(entries, later)
    starts = np.cumsum(later) - later
    second = np.arange(len(first)) - np.repeat(starts, later) + first + 1
    return first, second
