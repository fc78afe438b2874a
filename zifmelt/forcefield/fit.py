"""The Zn-N Morse term that meets criteria best, out of a scan of it.

Each criterion's distance from the wanted number, in tolerances, is a smooth function of the parameters
(`zifmelt.forcefield.response`). chi squared is the sum of squares over the criteria, each taken at its best
reading and 0 where a bound is met. It is minimised within the convex hull of the scanned points, where the
surfaces interpolate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.spatial import Delaunay
from scipy.stats import chi2

from ..errors import InputError
from ..statistics import Estimate
from ..units import EV_PER_KCAL_PER_MOL
from .criteria import Criterion
from .parameters import ForceField
from .response import Response, features, fit_response

WALL_A = 1.9
"""Zn-N distance at which the height of the repulsive wall is a coordinate: about that of a bond."""
GRID = 25
"""Points per coordinate of the grid that is searched."""


@dataclass(frozen=True)
class MorseParameters:
    """The Zn-N term D0 [exp(-2 alpha (r - r0)) - 2 exp(-alpha (r - r0))].

    Attributes
    ----------
    D0_eV, r0_A, alpha_per_A
        Depth, position of the minimum, and steepness.
    """

    D0_eV: float
    r0_A: float
    alpha_per_A: float

    @property
    def coordinates(self) -> np.ndarray:
        """Logarithms of the depth and of the repulsion at `WALL_A` (eV), and alpha (1/angstrom)."""
        wall = np.log(self.D0_eV) + 2.0 * self.alpha_per_A * (self.r0_A - WALL_A)
        return np.array([np.log(self.D0_eV), wall, self.alpha_per_A])


def morse_at(coordinates: Sequence[float]) -> MorseParameters:
    """Invert `MorseParameters.coordinates`."""
    depth, wall, alpha = (float(value) for value in coordinates)
    return MorseParameters(float(np.exp(depth)), WALL_A + (wall - depth) / (2.0 * alpha), alpha)


@dataclass(frozen=True)
class Fit:
    """The best parameters and how well they are known.

    Attributes
    ----------
    best
        Parameters of the smallest chi squared.
    chi_squared, degrees, p_value
        At the best parameters; degrees of freedom are criteria less parameters; the probability of a larger
        value if every tolerance is a standard deviation.
    at_border
        Whether the best point lies at the border of what was scanned.
    samples
        Best parameters of resampled data, columns ``D0_eV, r0_A, alpha_per_A``.
    deviations
        One line per criterion: what is predicted at the best parameters, and where the fit goes without it.
    """

    best: MorseParameters
    chi_squared: float
    degrees: int
    p_value: float
    at_border: bool
    samples: pd.DataFrame
    deviations: pd.DataFrame


def morse_of(forcefield: ForceField) -> MorseParameters:
    """Take the Morse term of a force field."""
    term = forcefield.morse
    return MorseParameters(term.D0 * EV_PER_KCAL_PER_MOL, term.r0, term.alpha)


class Surfaces:
    """Responses of all criteria to the parameters, and chi squared."""

    def __init__(
        self, points: Mapping[str, MorseParameters], measured: Mapping[Criterion, Mapping[str, Estimate]]
    ) -> None:
        """Fit one response per criterion.

        Parameters
        ----------
        points
            Scanned parameters by name.
        measured
            For each criterion the values measured at (some of) the points.

        Raises
        ------
        InputError
            The points do not span the parameters, or a criterion has too few values.
        """
        x = np.array([point.coordinates for point in points.values()])
        self._centre, self._span = (x.max(axis=0) + x.min(axis=0)) / 2, np.ptp(x, axis=0) / 2
        if np.any(self._span <= 0) or np.linalg.matrix_rank(x - x[0]) < x.shape[1]:
            raise InputError("The scanned points must differ in D0, r0 and alpha.")
        if not measured:
            raise InputError("There is no criterion that enough of the scanned points were measured for.")
        self.hull = Delaunay(self.scaled(x))
        axes = [np.linspace(-1, 1, GRID)] * x.shape[1]
        grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, x.shape[1])
        # The grid seldom has the corners of the hull.
        self.grid = np.vstack([grid[self.hull.find_simplex(grid) >= 0], self.scaled(x)])
        self._grid_rows = features(self.grid)
        names = list(points)
        self.responses: dict[Criterion, Response] = {}
        self.values: dict[Criterion, np.ndarray] = {}
        for criterion, values in measured.items():
            excess = {name: criterion.excess(values[name]) for name in names if name in values}
            known = {name: e for name, e in excess.items() if np.isfinite(e.value)}
            place = self.scaled(
                np.array([points[name].coordinates for name in known]).reshape(-1, x.shape[1])
            )
            y = np.array([e.value for e in known.values()])
            try:
                self.responses[criterion] = fit_response(
                    place, y, np.array([e.stderr for e in known.values()])
                )
            except InputError as error:
                raise InputError(
                    f"Criterion {criterion.name!r}, {criterion.quantity_name}: {error}"
                ) from None
            self.values[criterion] = y

    def scaled(self, coordinates: np.ndarray) -> np.ndarray:
        """Map coordinates to -1 ... 1 over the scanned range."""
        return (coordinates - self._centre) / self._span

    def morse(self, scaled: np.ndarray) -> MorseParameters:
        """Give the parameters at a scaled point."""
        return morse_at(scaled * self._span + self._centre)

    def terms(
        self,
        rows: np.ndarray,
        coefficients: Mapping[Criterion, np.ndarray] | None = None,
        shifts: Mapping[str, float] | None = None,
    ) -> dict[str, np.ndarray]:
        """Square the deviations at points, given by their `features`; the best reading of each criterion.

        Parameters
        ----------
        rows
            Shape (points, features).
        coefficients
            Of the responses; their own if not given.
        shifts
            Tolerances that the wanted numbers are off, by the criteria's names.
        """
        squares: dict[str, np.ndarray] = {}
        for criterion, response in self.responses.items():
            own = response.coefficients if coefficients is None else coefficients[criterion]
            off = 0.0 if shifts is None else shifts[criterion.name]
            square = criterion.bounded(rows @ own - off) ** 2
            squares[criterion.name] = np.minimum(squares.get(criterion.name, np.inf), square)
        return squares

    def minimum(self, without: str | None = None) -> np.ndarray:
        """Find the scaled point of the smallest chi squared, polished from the best point of the grid."""

        def chi_squared(rows: np.ndarray) -> np.ndarray:
            return np.sum([square for name, square in self.terms(rows).items() if name != without], axis=0)

        def penalised(x: np.ndarray) -> float:
            inside = self.hull.find_simplex(x[None]) >= 0
            return float(chi_squared(features(x))[0]) if inside[0] else np.inf

        start = self.grid[np.argmin(chi_squared(self._grid_rows))]
        result = minimize(penalised, start, method="Nelder-Mead", options={"xatol": 1e-4, "fatol": 1e-6})
        return result.x

    def resampled(self, generator: np.random.Generator) -> np.ndarray:
        """Find the best point of the grid for data and wanted numbers drawn anew within their errors."""
        coefficients = {
            criterion: response.linear
            @ (self.values[criterion] + response.errors * generator.standard_normal(len(response.errors)))
            for criterion, response in self.responses.items()
        }
        names = dict.fromkeys(criterion.name for criterion in self.responses)
        shifts = {name: generator.standard_normal() for name in names}
        return self.grid[np.argmin(sum(self.terms(self._grid_rows, coefficients, shifts).values()))]


def fit_morse(
    points: Mapping[str, MorseParameters],
    measured: Mapping[Criterion, Mapping[str, Estimate]],
    generator: np.random.Generator,
    samples: int = 300,
) -> Fit:
    """Find the parameters that meet the criteria best, with their uncertainty.

    Parameters
    ----------
    points, measured
        As in `Surfaces`.
    generator
        Source of random numbers for the resampling.
    samples
        How often the data (within their errors) and the wanted numbers (within their tolerances, taken as
        standard deviations) are drawn anew.

    Raises
    ------
    InputError
        As `Surfaces`.
    """
    surfaces = Surfaces(points, measured)
    x = surfaces.minimum()
    squares = surfaces.terms(features(x))
    total = float(sum(square[0] for square in squares.values()))
    degrees = len(squares) - len(x)
    drawn = [vars(surfaces.morse(surfaces.resampled(generator))) for _ in range(samples)]
    step = 2.0 / (GRID - 1)
    corners = x + step * np.vstack([np.eye(len(x)), -np.eye(len(x))]) / 2
    return Fit(
        best=surfaces.morse(x),
        chi_squared=total,
        degrees=degrees,
        p_value=float(chi2.sf(total, degrees)) if degrees > 0 else np.nan,
        at_border=bool(np.any(surfaces.hull.find_simplex(corners) < 0)),
        samples=pd.DataFrame(drawn),
        deviations=_deviations(surfaces, x),
    )


def _deviations(surfaces: Surfaces, x: np.ndarray) -> pd.DataFrame:
    """Predict every reading at a scaled point, and fit again without its criterion."""
    elsewhere = {name: surfaces.morse(surfaces.minimum(name)) for name in surfaces.terms(features(x))}
    rows = []
    for criterion, response in surfaces.responses.items():
        value, error = response.predict(x)
        rows.append(
            {
                "criterion": criterion.name,
                "quantity": criterion.quantity_name,
                "framework": criterion.subject,
                "temperature_K": criterion.temperature_K,
                "excess": float(value[0]),
                "excess_stderr": float(error[0]),
                "deviation": float(criterion.bounded(value[0])),
                "scatter": response.scatter,
                **{f"{key}_without": entry for key, entry in vars(elsewhere[criterion.name]).items()},
            }
        )
    return pd.DataFrame(rows)
