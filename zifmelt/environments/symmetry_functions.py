"""Behler-Parrinello symmetry functions of the zinc network (paper, Sec. II C, eqs. 2 and 3).

The paper leaves the parameters to its supplementary material. Those of the configuration are the first four
radial and eight angular ones that `zifmelt.environments.ranking.rank_candidates` chose, at a cutoff of
11 angstrom, from runs of both crystals, a glass (300 K) and a liquid (700 K) with the published force field.
They are used with 12 angstrom, which fades the second shell of Zn less. The target
``symmetry_function_ranking.csv`` repeats the choice on any campaign's sampling runs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from ..configuration import SymmetryFunctionSet
from .neighbours import COINCIDENT_A, Neighbours, find_neighbours


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
    return np.stack(
        [
            evaluate(find_neighbours(atoms, atoms, box, functions.cutoff), len(atoms), functions)
            for atoms, box in zip(positions, boxes, strict=True)
        ]
    )


def evaluate(neighbours: Neighbours, centres: int, functions: SymmetryFunctions) -> np.ndarray:
    """Evaluate the functions for a list of neighbours, shape (centres, functions)."""
    from .symmetry_function_loops import sum_functions  # imports numba, see `zifmelt.compiling`

    radial, etas, angular, columns = _in_order_of_powers(functions)
    starts = np.searchsorted(neighbours.centres, np.arange(centres + 1))
    values = sum_functions(
        starts,
        neighbours.vectors,
        neighbours.distances,
        COINCIDENT_A,
        functions.cutoff,
        radial,
        etas,
        angular,
    )
    return values[:, columns]


@cache
def _in_order_of_powers(functions: SymmetryFunctions) -> tuple[np.ndarray, ...]:
    """Return the parameters as `sum_functions` takes them, and where the functions are among its columns."""
    etas = sorted({function.eta for function in functions.angular})
    radial = [(function.eta, function.r_s) for function in functions.radial]
    angular = [(etas.index(function.eta), function.lam, function.zeta) for function in functions.angular]
    order = np.array(sorted(range(len(angular)), key=lambda f: angular[f][1:]), dtype=int)
    return (
        np.array(radial, dtype=float).reshape(-1, 2),
        np.array(etas, dtype=float),
        np.array(angular, dtype=float).reshape(-1, 3)[order],
        np.append(np.arange(len(radial)), len(radial) + np.argsort(order)),
    )
