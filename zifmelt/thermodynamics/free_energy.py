"""Free energies of transformation by Gibbs-Helmholtz integration from the temperatures of coexistence.

All phases have the same composition, Zn(imidazolate)2, and the glass and the liquid lie on one branch of the
enthalpy, H_dis(T), whose slope changes at the glass transition. On a branch G(T)/T changes by -int H/T^2 dT;
where a crystal coexists with the disordered phase their G are equal. So for a crystal c with the temperature
T_c

    dG_c(T) = G_dis(T) - G_c(T) = -T int_{T_c}^{T} (H_dis - H_c)/T'^2 dT',

and two crystals compare through the disordered phase they share: G_2 - G_1 = dG_1 - dG_2. Taking the glass as
the continuation of the liquid neglects the heat that the glass transition produces irreversibly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import InputError
from ..files import read_table
from ..statistics import Estimate
from .enthalpy_fit import EnthalpyFit

J_PER_KJ = 1000.0


@dataclass(frozen=True)
class Coexistence:
    """A temperature at which a crystal and the disordered branch have the same free energy.

    Attributes
    ----------
    temperature_K, stderr_K
        Its value and standard error.
    lowest_K, highest_K
        Range that the coexistence runs leave for it.
    runs
        Coexistence runs behind it.
    """

    temperature_K: float
    stderr_K: float
    lowest_K: float
    highest_K: float
    runs: int


def read_coexistence(path: str | Path) -> tuple[Coexistence | None, str]:
    """Read the coexistence temperature of a crystal.

    Parameters
    ----------
    path
        CSV of `zifmelt.thermodynamics.equilibrium.Equilibrium.table`.

    Returns
    -------
    coexistence, note : tuple
        None and a sentence if the runs do not bracket the temperature.

    Raises
    ------
    InputError
        The file is missing, empty or lacks a column.
    """
    columns = ("temperature_K", "stderr_K", "lowest_K", "highest_K", "runs", "note")
    table = read_table(path, columns)
    if len(table) != 1:
        raise InputError(f"{path}: there must be one row, and there are {len(table)}.")
    row = table.iloc[0]
    note = "" if pd.isna(row["note"]) else str(row["note"])
    if not np.isfinite(row["temperature_K"]):
        return None, note
    temperature, stderr, lowest, highest = (float(row[name]) for name in columns[:4])
    return Coexistence(temperature, stderr, lowest, highest, int(row["runs"])), note


class FreeEnergies:
    """Free energies of crystals and their common disordered branch, with joint errors.

    Every quantity is computed for the best estimate and for `samples` draws of all enthalpy fits and
    coexistence temperatures together, so that what two transitions share (the disordered branch) is not
    counted as independent.

    Parameters
    ----------
    crystals
        Enthalpy fit of every crystal.
    disordered
        Enthalpy fit of the glass and the liquid as one branch.
    coexistence
        Coexistence temperature of the crystals for which it is known.
    rng
        Source of the draws.
    samples
        Number of draws.
    """

    def __init__(
        self,
        crystals: Mapping[str, EnthalpyFit],
        disordered: EnthalpyFit,
        coexistence: Mapping[str, Coexistence],
        rng: np.random.Generator,
        samples: int = 4000,
    ) -> None:
        self.coexistence = dict(coexistence)
        self._crystals = {name: fit.drawn(rng, samples) for name, fit in crystals.items()}
        self._runs = {name: fit.runs for name, fit in crystals.items()}
        self._disordered = disordered.drawn(rng, samples)
        self._temperatures = {
            name: np.concatenate(
                [
                    [known.temperature_K],
                    np.clip(
                        rng.normal(known.temperature_K, known.stderr_K, samples),
                        known.lowest_K,
                        known.highest_K,
                    ),
                ]
            )
            for name, known in self.coexistence.items()
        }

    def free_energy(self, crystal: str, temperature_K: float) -> Estimate:
        """DG(T) of crystal -> disordered, kJ/mol: -T int_{Teq}^{T} dH/T'^2 dT'."""
        return _estimate(self._free_energy(crystal, temperature_K), self.coexistence[crystal].runs)

    def at_coexistence(self, crystal: str) -> tuple[Estimate, Estimate]:
        """DH and dS = dH/Teq of crystal -> disordered where the two coexist.

        Returns
        -------
        tuple of Estimate
            kJ/mol and J/K/mol; both hold the error of the coexistence temperature; n = coexistence runs.
        """
        temperatures, runs = self._known(crystal), self.coexistence[crystal].runs
        enthalpies = self._enthalpy(crystal, temperatures)
        return _estimate(enthalpies, runs), _estimate(enthalpies / temperatures * J_PER_KJ, runs)

    def crystal_enthalpy(self, first: str, second: str, temperature_K: float) -> Estimate:
        """DH(T) of one crystal -> another, kJ/mol, without any coexistence; n = fewer runs of the two."""
        runs = min(self._runs[first], self._runs[second])
        return _estimate(self._crystal_enthalpy(first, second, temperature_K), runs)

    def between_crystals(self, first: str, second: str, temperature_K: float) -> tuple[Estimate, Estimate]:
        """DG and dS = (dH - dG)/T of one crystal -> another at one temperature, through the disordered phase.

        Returns
        -------
        tuple of Estimate
            kJ/mol and J/K/mol; n = fewer coexistence runs of the two.
        """
        free = self._free_energy(first, temperature_K) - self._free_energy(second, temperature_K)
        enthalpies = self._crystal_enthalpy(first, second, temperature_K)
        runs = min(self.coexistence[name].runs for name in (first, second))
        return _estimate(free, runs), _estimate((enthalpies - free) / temperature_K * J_PER_KJ, runs)

    def _known(self, crystal: str) -> np.ndarray:
        if crystal not in self._temperatures:
            raise InputError(
                f"The coexistence temperature of {crystal} is not known; its free energy needs it."
            )
        return self._temperatures[crystal]

    def _free_energy(self, crystal: str, temperature_K: float) -> np.ndarray:
        start = self._known(crystal)
        crystalline = self._crystals[crystal].planck(start, temperature_K)
        return temperature_K * (self._disordered.planck(start, temperature_K) - crystalline)

    def _enthalpy(self, crystal: str, temperatures: np.ndarray | float) -> np.ndarray:
        return self._disordered.enthalpy(temperatures) - self._crystals[crystal].enthalpy(temperatures)

    def _crystal_enthalpy(self, first: str, second: str, temperature_K: float) -> np.ndarray:
        return self._enthalpy(first, temperature_K) - self._enthalpy(second, temperature_K)


def _estimate(draws: np.ndarray, runs: int) -> Estimate:
    return Estimate(float(draws[0]), float(draws[1:].std(ddof=1)), runs)
