"""Transition temperatures from heating ramps, cooling ramps and runs at constant temperature."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import InputError
from ..runs import Simulation
from ..statistics import Estimate, mean_of_runs, mean_of_series
from ..trajectory import read_segment, recorded
from ..units import KJ_PER_MOL_PER_EV
from .glass_transition import glass_transition, glass_transition_on_cooling
from .heating_transition import Transition, volume_transition
from .production import production_thermo

CURVE_COLUMNS = ("method", "run", "temperature_K", "value", "stderr", "fit")


def read_ramp(folder: str | Path, segment: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read one ramp of a run.

    The temperature is the line through the measured one, which fluctuates by several per cent in a small box.

    Parameters
    ----------
    folder
        Run folder.
    segment
        Name of the segment, e.g. ``heating``.

    Returns
    -------
    temperature, volume, energy : tuple of numpy.ndarray
        K, angstrom^3 per Zn, and potential energy in kJ/mol per Zn(imidazolate)2; shape (samples,) each.

    Raises
    ------
    InputError
        The run has no such segment, or fewer than two rows in it.
    """
    ramp = read_segment(folder, segment)
    if len(ramp) < 2:
        raise InputError(f"{folder}/thermo.csv: the segment {segment!r} needs at least two rows.")
    n_zn = recorded(folder, "n_zn")
    time = ramp["time_ps"].to_numpy()
    temperature = np.polynomial.Polynomial.fit(time, ramp["temperature_K"].to_numpy(), 1)(time)
    energy = ramp["potential_energy_eV"].to_numpy() * KJ_PER_MOL_PER_EV
    return temperature, ramp["volume_A3"].to_numpy() / n_zn, energy / n_zn


def heating_transitions(folders: Sequence[str | Path]) -> list[Transition]:
    """Find where the volume leaves its course on the heating ramp of each run, see `volume_transition`."""
    ramps = [read_ramp(folder, "heating") for folder in folders]
    return [volume_transition(temperature, volume) for temperature, volume, _ in ramps]


def cooling_transitions(folders: Sequence[str | Path]) -> list[Transition]:
    """Find the glass transition on the cooling ramp of each run, see `glass_transition_on_cooling`."""
    ramps = [read_ramp(folder, "cooling") for folder in folders]
    return glass_transition_on_cooling([(temperature, energy) for temperature, _, energy in ramps])


def mean_energies(folders: Mapping[Simulation, str | Path]) -> dict[float, Estimate]:
    """Average the potential energy of runs of the disordered phases at each temperature.

    Parameters
    ----------
    folders
        Run folder of each simulation.

    Returns
    -------
    dict
        By temperature (K), mean over runs in kJ/mol per Zn(imidazolate)2.

    Raises
    ------
    InputError
        A run cannot be read.
    """
    runs: dict[float, list[Estimate]] = {}
    for run, folder in folders.items():
        n_zn = recorded(folder, "n_zn")
        energy = production_thermo(folder)["potential_energy_eV"].to_numpy() * KJ_PER_MOL_PER_EV / n_zn
        runs.setdefault(float(run.temperature_K), []).append(mean_of_series(energy))
    return {temperature: mean_of_runs(estimates) for temperature, estimates in sorted(runs.items())}


def analyse_ramps(
    annealing: Mapping[Simulation, str | Path],
    sampling: Mapping[Simulation, str | Path],
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Find all transition temperatures.

    Parameters
    ----------
    annealing
        Run folder of each simulation with a heating and a cooling ramp.
    sampling
        Those of the disordered phases at constant temperature.
    rng
        Source of the resampling.

    Returns
    -------
    transitions, curves : tuple of pandas.DataFrame
        One row per ramp and one for constant temperature, with columns ``method`` (heating, cooling,
        constant), ``framework, run, unit, value, stderr, n, low, high``; and the fitted points, columns
        `CURVE_COLUMNS`, where ``value`` is angstrom^3 per Zn (heating) or kJ/mol per Zn(imidazolate)2.

    Raises
    ------
    InputError
        A run cannot be read.
    """
    energies = mean_energies(sampling)
    constant = glass_transition(list(energies), list(energies.values()), rng)
    ramps, folders = list(annealing), list(annealing.values())
    found = [
        *(("heating", *item) for item in zip(ramps, heating_transitions(folders), strict=True)),
        *(("cooling", *item) for item in zip(ramps, cooling_transitions(folders), strict=True)),
        ("constant", None, constant),
    ]
    curves = pd.concat([_curve(*item) for item in found], ignore_index=True)
    points = curves["method"] == "constant"
    curves.loc[points, "stderr"] = [estimate.stderr for estimate in energies.values()]
    return pd.DataFrame([_row(*item) for item in found]), curves


def _name(run: Simulation | None) -> str:
    return "" if run is None else f"{run.framework}/r{run.replica}"


def _row(method: str, run: Simulation | None, transition: Transition) -> dict:
    estimate = transition.temperature
    return {
        "method": method,
        "framework": "" if run is None else run.framework,
        "run": _name(run),
        "unit": "K",
        "value": estimate.value,
        "stderr": estimate.stderr,
        "n": estimate.n,
        "low": transition.low,
        "high": transition.high,
    }


def _curve(method: str, run: Simulation | None, transition: Transition) -> pd.DataFrame:
    table = pd.DataFrame({"temperature_K": transition.x, "value": transition.y, "fit": transition.fit})
    return table.assign(method=method, run=_name(run), stderr=np.nan)[list(CURVE_COLUMNS)]
