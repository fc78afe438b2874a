"""Enthalpy of the phases against temperature, per mole of Zn(imidazolate)2."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from ..errors import InputError
from ..properties.production import production_thermo
from ..runs import Simulation
from ..statistics import Estimate, mean_of_series
from ..trajectory import recorded
from ..units import EV_PER_A3_IN_BAR, KJ_PER_MOL_PER_EV

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
