"""Smooth enthalpies of the phases: fits through the runs, with what the runs leave open."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..errors import InputError
from ..files import read_json, write_json
from .spreads import fit_with_spreads, possible_noises

SCALE_K = 300.0
"""Unit of the temperatures in the fits, so that all coefficients are in kJ/mol."""

GLASS_TRANSITION_RANGE_K = 75.0
"""How far the glass transition may be from the one given; in simulated glasses it spreads over as much."""

LARGEST_SPREAD = 3.0
"""Largest spread between runs that is tried, in units of their scatter about the fit: three runs may agree by
chance."""

GLASS_TRANSITIONS = 31
"""Number of glass transition temperatures tried."""


@dataclass(frozen=True)
class EnthalpyFit:
    """Smooth enthalpy of a phase: H(T) = sum_k c_k (T/T0)^k + h max(T - Tg, 0)/T0, T0 = `SCALE_K`.

    Attributes
    ----------
    order
        Degree of the polynomial.
    glass_transition_K
        Tg, where the heat capacity of the disordered branch jumps by h/T0; None: no such term.
    coefficients
        Shape (k,), kJ/mol: c_0, c_1, ..., then h if there is a glass transition.
    covariance
        Shape (k, k), (kJ/mol)^2, at this Tg.
    lowest_K, highest_K
        Range of the data.
    runs
        Runs behind the fit.
    alternatives
        Weights, adding up to 1, and fits with the glass transition at all places where it may be; empty if
        that is known. This fit is the likeliest of them.
    """

    order: int
    glass_transition_K: float | None
    coefficients: np.ndarray
    covariance: np.ndarray
    lowest_K: float
    highest_K: float
    runs: int
    alternatives: tuple[tuple[float, "EnthalpyFit"], ...] = ()

    def enthalpy(self, temperatures: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
        """H(T) and its standard error, kJ/mol, shape of `temperatures`."""
        terms = _terms(temperatures, self.order, self.glass_transition_K)
        values = terms @ self.coefficients
        if not self.alternatives:
            return values, np.sqrt(np.einsum("...i,ij,...j->...", terms, self.covariance, terms))
        others = [(weight, *fit.enthalpy(temperatures)) for weight, fit in self.alternatives]
        return values, np.sqrt(sum(weight * (error**2 + (h - values) ** 2) for weight, h, error in others))

    def drawn(self, rng: np.random.Generator, samples: int) -> "EnthalpyDraws":
        """Draw branches within the errors of the fit; the first is the fit itself."""
        possible = self.alternatives or ((1.0, self),)
        counts = rng.multinomial(samples, [weight for weight, _ in possible])
        draws = [
            rng.multivariate_normal(fit.coefficients, fit.covariance, size=count, method="eigh")
            for (_, fit), count in zip(possible, counts, strict=True)
        ]
        # Draws of two branches are combined one by one, which must not pair like with like.
        order = np.append(0, 1 + rng.permutation(samples))
        coefficients = np.vstack([self.coefficients, *draws])[order]
        if self.glass_transition_K is None:
            return EnthalpyDraws(self.order, coefficients, None)
        places = np.repeat([fit.glass_transition_K for _, fit in possible], counts)
        return EnthalpyDraws(self.order, coefficients, np.append(self.glass_transition_K, places)[order])


@dataclass(frozen=True)
class EnthalpyDraws:
    """Branches H(T) drawn within the errors of an `EnthalpyFit`.

    Attributes
    ----------
    order
        Degree of the polynomial.
    coefficients
        Shape (draws, k), kJ/mol.
    glass_transitions_K
        Shape (draws,); None: no such term.
    """

    order: int
    coefficients: np.ndarray
    glass_transitions_K: np.ndarray | None

    def enthalpy(self, temperatures: np.ndarray | float) -> np.ndarray:
        """H(T) of every draw, kJ/mol, shape (draws,); `temperatures` is one or one per draw."""
        terms = _terms(temperatures, self.order, self.glass_transitions_K)
        return np.sum(terms * self.coefficients, axis=-1)

    def planck(self, start_K: np.ndarray | float, end_K: np.ndarray | float) -> np.ndarray:
        """G(end)/end - G(start)/start of every draw, kJ/mol/K, shape (draws,).

        By the Gibbs-Helmholtz equation d(G/T)/dT = -H/T^2, so each is minus the integral of H over T^2, taken
        in closed form.
        """
        terms = self._planck_terms(end_K) - self._planck_terms(start_K)
        return np.sum(terms * self.coefficients, axis=-1)

    def _planck_terms(self, temperatures: np.ndarray | float) -> np.ndarray:
        x = np.asarray(temperatures, dtype=float)[..., None] / SCALE_K
        powers = np.arange(self.order + 1)
        # The integral of x^(k-2) is x^(k-1)/(k-1), except ln x for k = 1.
        safe = np.where(powers == 1, 0, powers - 1)
        divisor = np.where(powers == 1, 1, powers - 1)
        integral = np.where(powers == 1, np.log(x), x**safe / divisor)
        if self.glass_transitions_K is not None:
            glass = self.glass_transitions_K[:, None] / SCALE_K
            above = np.maximum(x, glass)
            integral = _beside(integral, np.log(above / glass) + glass / above - 1.0)
        return -integral / SCALE_K


def fit_enthalpy(table: pd.DataFrame, order: int, glass_transition_K: float | None = None) -> EnthalpyFit:
    """Fit the enthalpies of the runs of one phase, or of the glass and the liquid as one branch.

    Every run counts with the variance of its own error plus two variances that are the same for all runs: one
    of each run by itself, and one of each replica, whose runs at all temperatures start from the same
    structure (a glass keeps its history, and glasses of different history have different enthalpies), see
    `zifmelt.thermodynamics.spreads`. The glass transition is sought within `GLASS_TRANSITION_RANGE_K` of the
    one given, and what the runs do not tell about it widens the errors.
    The degree is lowered until the temperatures support every coefficient; if a straight line with the glass
    transition is too much for them, the transition is left out.

    Parameters
    ----------
    table
        Rows of `enthalpy_table`.
    order
        Highest degree of the polynomial, 1 or more.
    glass_transition_K
        About the temperature at which the heat capacity of the disordered branch jumps; None for a crystal.

    Returns
    -------
    EnthalpyFit
        With the covariance of its coefficients.

    Raises
    ------
    InputError
        The runs have fewer than two temperatures, or an enthalpy has no error.
    """
    temperatures = table["temperature_K"].to_numpy(float)
    values, errors = table["enthalpy_kJ_per_mol"].to_numpy(float), table["stderr_kJ_per_mol"].to_numpy(float)
    phases = " and ".join(dict.fromkeys(table["phase"]))
    distinct = np.unique(temperatures)
    if len(distinct) < 2:
        raise InputError(
            f"The enthalpy of {phases} is known at {len(distinct)} temperature; a fit needs two or more."
        )
    if not np.all(np.isfinite(values) & np.isfinite(errors)):
        raise InputError(
            f"An enthalpy of {phases} has no standard error; its run needs more rows of thermo.csv."
        )
    order, glass_transition_K = _affordable(distinct, order, glass_transition_K)
    # A constant series has no error of its own; far below any meaning, this keeps the weights finite.
    errors = np.maximum(errors, 1e-9 * max(1.0, np.abs(values).max()))
    origins = (table["phase"].astype(str) + "/" + table["replica"].astype(str)).to_numpy()
    design = _terms(temperatures, order, glass_transition_K)
    left = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    noises = possible_noises(errors, origins, LARGEST_SPREAD * float(left.std()))
    limits = float(distinct[0]), float(distinct[-1]), len(table)
    if glass_transition_K is None:
        fit = fit_with_spreads(design, values, noises)
        return EnthalpyFit(order, None, fit.coefficients, fit.covariance, *limits)
    near = glass_transition_K + GLASS_TRANSITION_RANGE_K * np.linspace(-1.0, 1.0, GLASS_TRANSITIONS)
    places = [float(place) for place in near if _supported(distinct, place)]
    fits = [fit_with_spreads(_terms(temperatures, order, place), values, noises) for place in places]
    evidence = np.array([fit.log_evidence for fit in fits])
    weights = np.exp(evidence - evidence.max())
    alternatives = [
        EnthalpyFit(order, place, fit.coefficients, fit.covariance, *limits)
        for place, fit in zip(places, fits, strict=True)
    ]
    weighed = tuple(zip((weights / weights.sum()).tolist(), alternatives, strict=True))
    return replace(alternatives[int(np.argmax(weights))], alternatives=weighed)


def fit_phases(
    table: pd.DataFrame, order: int, glass_transition_K: float, crystals: Collection[str]
) -> tuple[dict[str, EnthalpyFit], EnthalpyFit]:
    """Fit every crystal by itself and all disordered phases, such as glass and liquid, as one branch.

    Parameters
    ----------
    table
        Rows of `enthalpy_table` of all phases.
    order, glass_transition_K
        As in `fit_enthalpy`.
    crystals
        Names of the ordered phases.

    Returns
    -------
    fits, disordered : tuple
        Fit of each crystal by name, and of the disordered branch.
    """
    fits = {
        str(phase): fit_enthalpy(rows, order)
        for phase, rows in table.groupby("phase", sort=False)
        if phase in crystals
    }
    return fits, fit_enthalpy(table[~table["phase"].isin(crystals)], order, glass_transition_K)


def save_fits(path: str | Path, crystals: Mapping[str, EnthalpyFit], disordered: EnthalpyFit) -> None:
    """Write the fits of `fit_phases` as JSON, whole or not at all."""
    content = {"crystals": {name: _plain(fit) for name, fit in crystals.items()}}
    write_json(path, {**content, "disordered": _plain(disordered)})


def load_fits(path: str | Path) -> tuple[dict[str, EnthalpyFit], EnthalpyFit]:
    """Read what `save_fits` wrote.

    Raises
    ------
    InputError
        The file is missing or damaged.
    """
    content = read_json(path, ("crystals", "disordered"))
    try:
        crystals = {name: _from_plain(fit) for name, fit in content["crystals"].items()}
        return crystals, _from_plain(content["disordered"])
    except (AttributeError, KeyError, TypeError, ValueError):
        raise InputError(f"{path}: these are no fits of enthalpies; fit them again.") from None


def _plain(fit: EnthalpyFit) -> dict[str, Any]:
    plain = {field.name: getattr(fit, field.name) for field in fields(fit)}
    arrays = {name: plain[name].tolist() for name in ("coefficients", "covariance")}
    return {
        **plain,
        **arrays,
        "alternatives": [(weight, _plain(other)) for weight, other in fit.alternatives],
    }


def _from_plain(plain: Mapping[str, Any]) -> EnthalpyFit:
    arrays = {name: np.array(plain[name], dtype=float) for name in ("coefficients", "covariance")}
    others = tuple((weight, _from_plain(other)) for weight, other in plain["alternatives"])
    return EnthalpyFit(**{**plain, **arrays, "alternatives": others})


def enthalpy_curves(
    crystals: Mapping[str, EnthalpyFit], disordered: EnthalpyFit, points: int = 101
) -> pd.DataFrame:
    """Tabulate the fits over the range of their data.

    Returns
    -------
    pandas.DataFrame
        phase (``disordered`` for the branch of glass and liquid), temperature_K, enthalpy_kJ_per_mol,
        stderr_kJ_per_mol.
    """
    tables = []
    for phase, fit in {**crystals, "disordered": disordered}.items():
        temperatures = np.linspace(fit.lowest_K, fit.highest_K, points)
        values, errors = fit.enthalpy(temperatures)
        columns = {"temperature_K": temperatures, "enthalpy_kJ_per_mol": values, "stderr_kJ_per_mol": errors}
        tables.append(pd.DataFrame({"phase": phase, **columns}))
    return pd.concat(tables, ignore_index=True)


def _terms(
    temperatures: np.ndarray | float, order: int, glass_transition_K: np.ndarray | float | None
) -> np.ndarray:
    """Terms of H(T) beside the coefficients, shape (..., k), dimensionless."""
    x = np.asarray(temperatures, dtype=float) / SCALE_K
    terms = x[..., None] ** np.arange(order + 1)
    if glass_transition_K is None:
        return terms
    return _beside(terms, np.maximum(x - glass_transition_K / SCALE_K, 0.0)[..., None])


def _beside(terms: np.ndarray, further: np.ndarray) -> np.ndarray:
    """Append a term, repeating the others where only it differs from draw to draw."""
    return np.concatenate([np.broadcast_to(terms, (*further.shape[:-1], terms.shape[-1])), further], axis=-1)


def _affordable(
    distinct: np.ndarray, order: int, glass_transition_K: float | None
) -> tuple[int, float | None]:
    """Leave out what the temperatures do not support; a curvature must leave one to spare."""
    if glass_transition_K is not None and not _supported(distinct, glass_transition_K):
        glass_transition_K = None
    fewest = 2 if glass_transition_K is None else 3
    return max(1, min(order, len(distinct) - fewest)), glass_transition_K


def _supported(distinct: np.ndarray, glass_transition_K: float) -> bool:
    """Whether there are two temperatures below the glass transition and one above it."""
    above = int(np.sum(distinct > glass_transition_K))
    return above >= 1 and len(distinct) - above >= 2
