"""Enthalpy of the phases against temperature, per mole of Zn(imidazolate)2."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from ..config import DISORDERED
from ..errors import InputError
from ..properties.production import production_thermo
from ..runs import Simulation
from ..statistics import Estimate, mean_of_series
from ..trajectory import recorded
from ..units import EV_PER_A3_IN_BAR, KJ_PER_MOL_PER_EV
from .regression import LinearFit, generalised_least_squares

SCALE_K = 300.0
"""Unit of the temperatures in the fits, so that all coefficients are in kJ/mol."""

CONSTANT_VOLUME = ("none", "cubic")
"""Barostats of `zifmelt.dynamics.protocol.Segment` that do not keep the pressure."""


def enthalpy_of_run(folder: str | Path) -> Estimate:
    """Average the enthalpy U + K + P0 V over the last segment of a run at constant temperature.

    P0 is the pressure that the barostat is set to; the instantaneous one has the same mean but adds noise.

    Parameters
    ----------
    folder
        Run folder with ``thermo.csv`` and ``provenance.json``.

    Returns
    -------
    Estimate
        kJ per mole of Zn(imidazolate)2; the error counts correlated rows by their statistical inefficiency.

    Raises
    ------
    InputError
        A file is missing, has no row of the last segment, or that segment has no barostat.
    """
    production = production_thermo(folder)
    if production.empty:
        raise InputError(f"{Path(folder) / 'thermo.csv'}: there is no row of the last segment; run it again.")
    barostat, settings = recorded(folder, "stretches")[-1].get("barostat"), recorded(folder, "settings")
    if barostat in CONSTANT_VOLUME or "pressure_bar" not in settings:
        raise InputError(
            f"{Path(folder) / 'provenance.json'}: the last segment has no barostat of known pressure, and an"
            " enthalpy needs one."
        )
    energy = production["potential_energy_eV"] + production["kinetic_energy_eV"]
    work = settings["pressure_bar"] / EV_PER_A3_IN_BAR * production["volume_A3"]
    return mean_of_series((energy + work).to_numpy() * KJ_PER_MOL_PER_EV / recorded(folder, "n_zn"))


def enthalpy_table(folders: Mapping[Simulation, str | Path]) -> pd.DataFrame:
    """Average the enthalpy of every sampling run.

    Parameters
    ----------
    folders
        Run folder of each simulation.

    Returns
    -------
    pandas.DataFrame
        One row per run: phase, temperature_K, replica, enthalpy_kJ_per_mol, stderr_kJ_per_mol,
        independent_samples.
    """
    rows = []
    for run, folder in folders.items():
        estimate = enthalpy_of_run(folder)
        conditions = (run.phase, float(run.temperature_K), run.replica)
        rows.append((*conditions, estimate.value, estimate.stderr, estimate.n))
    columns = ["phase", "temperature_K", "replica", "enthalpy_kJ_per_mol", "stderr_kJ_per_mol"]
    return pd.DataFrame(rows, columns=[*columns, "independent_samples"])


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
        Shape (k, k), (kJ/mol)^2.
    lowest_K, highest_K
        Range of the data.
    runs
        Runs behind the fit.
    """

    order: int
    glass_transition_K: float | None
    coefficients: np.ndarray
    covariance: np.ndarray
    lowest_K: float
    highest_K: float
    runs: int

    def enthalpy_terms(self, temperatures: np.ndarray | float) -> np.ndarray:
        """Terms of H(T), shape (..., k), dimensionless: H = terms @ coefficients."""
        return _terms(temperatures, self.order, self.glass_transition_K)

    def planck_terms(self, start_K: np.ndarray | float, end_K: np.ndarray | float) -> np.ndarray:
        """Terms of G(end)/end - G(start)/start, shape (..., k), 1/K.

        By the Gibbs-Helmholtz equation d(G/T)/dT = -H/T^2, so each is minus the integral of a term of H over
        T^2, taken in closed form.
        """
        return self._planck(end_K) - self._planck(start_K)

    def _planck(self, temperatures: np.ndarray | float) -> np.ndarray:
        x = np.asarray(temperatures, dtype=float)[..., None] / SCALE_K
        powers = np.arange(self.order + 1)
        # The integral of x^(k-2) is x^(k-1)/(k-1), except ln x for k = 1.
        safe = np.where(powers == 1, 0, powers - 1)
        divisor = np.where(powers == 1, 1, powers - 1)
        integral = np.where(powers == 1, np.log(x), x**safe / divisor)
        if self.glass_transition_K is not None:
            above = np.maximum(x, self.glass_transition_K / SCALE_K)
            glass = self.glass_transition_K / SCALE_K
            integral = np.concatenate([integral, np.log(above / glass) + glass / above - 1.0], axis=-1)
        return -integral / SCALE_K

    def enthalpy(self, temperatures: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
        """H(T) and its standard error, kJ/mol, shape of `temperatures`."""
        terms = self.enthalpy_terms(temperatures)
        return terms @ self.coefficients, np.sqrt(
            np.einsum("...i,ij,...j->...", terms, self.covariance, terms)
        )


def fit_enthalpy(table: pd.DataFrame, order: int, glass_transition_K: float | None = None) -> EnthalpyFit:
    """Fit the enthalpies of the runs of one phase, or of the glass and the liquid as one branch.

    Every run counts with the variance of its own error plus two variances that are the same for all runs: one
    of each run by itself, and one of each replica, whose runs at all temperatures start from the same
    structure (a glass keeps its history, and glasses of different history have different enthalpies). Both
    are those of the highest restricted likelihood (Patterson and Thompson, Biometrika 58, 545 (1971)).
    The degree is lowered until the temperatures support every coefficient; if a straight line with the glass
    transition is too much for them, the transition is left out.

    Parameters
    ----------
    table
        Rows of `enthalpy_table`.
    order
        Highest degree of the polynomial, 1 or more.
    glass_transition_K
        Temperature at which the heat capacity of the disordered branch jumps; None for a crystal.

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
    design = _terms(temperatures, order, glass_transition_K)
    # A constant series has no error of its own; far below any meaning, this keeps the weights finite.
    variances = np.maximum(errors, 1e-9 * max(1.0, np.abs(values).max())) ** 2
    origins = (table["phase"].astype(str) + "/" + table["replica"].astype(str)).to_numpy()
    fit = _fit_with_spreads(design, values, variances, origins[:, None] == origins)
    return EnthalpyFit(
        order=order,
        glass_transition_K=glass_transition_K,
        coefficients=fit.coefficients,
        covariance=fit.covariance,
        lowest_K=float(distinct[0]),
        highest_K=float(distinct[-1]),
        runs=len(table),
    )


def fit_phases(
    table: pd.DataFrame, order: int, glass_transition_K: float
) -> tuple[dict[str, EnthalpyFit], EnthalpyFit]:
    """Fit every crystal by itself and the glass and the liquid as one branch.

    Parameters
    ----------
    table
        Rows of `enthalpy_table` of all phases.
    order, glass_transition_K
        As in `fit_enthalpy`.

    Returns
    -------
    crystals, disordered : tuple
        Fit of each crystal by name, and of the disordered branch.
    """
    crystals = {
        str(phase): fit_enthalpy(rows, order)
        for phase, rows in table.groupby("phase", sort=False)
        if phase not in DISORDERED
    }
    return crystals, fit_enthalpy(table[table["phase"].isin(DISORDERED)], order, glass_transition_K)


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


def _terms(temperatures: np.ndarray | float, order: int, glass_transition_K: float | None) -> np.ndarray:
    x = np.asarray(temperatures, dtype=float)[..., None] / SCALE_K
    terms = x ** np.arange(order + 1)
    if glass_transition_K is None:
        return terms
    return np.concatenate([terms, np.maximum(x - glass_transition_K / SCALE_K, 0.0)], axis=-1)


def _affordable(
    distinct: np.ndarray, order: int, glass_transition_K: float | None
) -> tuple[int, float | None]:
    """Leave out what the temperatures do not support.

    A glass transition needs two temperatures below and one above it; a curvature must leave one to spare.
    """
    if glass_transition_K is not None:
        above = int(np.sum(distinct > glass_transition_K))
        if above == 0 or len(distinct) - above < 2:
            glass_transition_K = None
    fewest = 2 if glass_transition_K is None else 3
    return max(1, min(order, len(distinct) - fewest)), glass_transition_K


def _fit_with_spreads(
    design: np.ndarray, values: np.ndarray, variances: np.ndarray, same: np.ndarray
) -> LinearFit:
    """Fit with the likeliest spreads of runs and of replicas (`same`: which pairs of runs are of one)."""

    def fit(spreads: Sequence[float]) -> LinearFit:
        own, shared = spreads
        return generalised_least_squares(design, values, np.diag(variances + own**2) + shared**2 * same)

    def misfit(spreads: Sequence[float]) -> float:
        found = fit(spreads)
        return found.chi_square + found.log_determinant + found.log_information

    alone = fit((0.0, 0.0))
    scatter = float((values - design @ alone.coefficients).std())
    if len(values) == design.shape[1] or scatter == 0.0:
        return alone
    # Replicas are told from runs by two or more of them, one of them with several runs.
    several = not same.all() and same.sum() > len(same)
    bounds = [(0.0, 10 * scatter), (0.0, 10 * scatter if several else 0.0)]
    starts = [(scatter, 0.0), (scatter / 2, scatter)] if several else [(scatter, 0.0)]
    options = {"xatol": 1e-2 * scatter, "fatol": 1e-3}
    found = [
        minimize(misfit, start, method="Nelder-Mead", bounds=bounds, options=options) for start in starts
    ]
    likeliest = min(found, key=lambda one: one.fun)
    return alone if misfit((0.0, 0.0)) <= likeliest.fun + 1e-3 else fit(likeliest.x)
