"""Physics that must hold for every run: temperatures, momentum, and nothing that jumps."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy  # its special functions take a while to load: only where they are used

from ..errors import InputError
from ..files import read_json, read_table
from ..statistics import mean_of_series
from ..trajectory import THERMO_COLUMNS
from ..units import BOLTZMANN_EV_PER_K, EV_PER_AMU_A2_PER_FS2

CHANCE = 1e-6
"""How often a sound run may fail a check of a mean; a campaign makes some thousand of them."""

FEWEST_ROWS = 20
"""Rows of ``thermo.csv`` from which the mean of a segment is judged."""

LAG = 2.0
"""On a ramp the temperature may be behind its target by so many damping times."""

FINITE_STEP = 0.05
"""Share by which the time step may change the kinetic energy of a kind: its fastest motion takes 6 fs."""

LARGEST_JUMP = 20.0
"""Largest change from row to row in units of the median change; 7 in ten thousand Gaussian changes."""

SMALLEST_CHANGE = 1e-8
"""Relative changes of this size are those of the digits in ``thermo.csv``."""

MOMENTUM = {"lammps": 1e-6, "openmm": 5.0}
"""Largest momentum in units of its thermal value, sqrt(M k T), by engine: a Nose-Hoover thermostat leaves
it zero, a Langevin thermostat lets it fluctuate."""

COLUMNS = ("quantity", "value", "limit", "ok")
"""Columns of a table of checks; a check holds if the absolute value is at most the limit."""

Row = tuple[str, float, float]


def check_run(folder: str | Path) -> pd.DataFrame:
    """Check the physics of a finished run.

    Parameters
    ----------
    folder
        Run folder with ``thermo.csv``, ``provenance.json`` and ``final.data``.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`: those of `check_rows`, and from the velocities at the end

        * temperature of each atom type less the target, K; limit: five standard deviations of as many
          velocities and `FINITE_STEP`;
        * momentum along x, y and z in units of its thermal value; not after a segment that held a part of
          the box still.

    Raises
    ------
    InputError
        A file is missing or damaged.
    """
    folder = Path(folder)
    recorded = read_json(folder / "provenance.json", ("stretches", "settings"))
    stretches = recorded["stretches"]
    rows = check_rows(read_table(folder / "thermo.csv", THERMO_COLUMNS), stretches, recorded["settings"])
    masses, types, velocities = read_velocities(folder / "final.data")
    target_K = float(stretches[-1]["to_K"])
    last: list[Row] = []
    for name, off, degrees in temperatures_of_types(masses, types, velocities, target_K):
        last.append((name, off, target_K * (5.0 * np.sqrt(2.0 / degrees) + FINITE_STEP)))
    if not any(stretch.get("frozen") for stretch in stretches):
        limit = MOMENTUM[recorded["settings"].get("engine", "lammps")]
        last += momentum_rows(masses[types], velocities, target_K, limit)
    return pd.concat([rows, _table(last)], ignore_index=True)


def check_rows(
    thermo: pd.DataFrame, stretches: Sequence[Mapping[str, Any]], settings: Mapping[str, Any]
) -> pd.DataFrame:
    """Check the physics of the rows that there are; of a run under way as well.

    Parameters
    ----------
    thermo
        Rows of ``thermo.csv``, from the start of the run on.
    stretches, settings
        Those of ``provenance.json``.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`:

        * mean temperature less its target over the second half of each stretch of `FEWEST_ROWS` rows or more,
          K; limit: the error of the mean at the level `CHANCE`, and on a ramp `LAG` damping times;
        * kinetic energy less that of the temperature, relative to it and to the first row (degrees of freedom
          do not change), largest;
        * largest change of volume and energy from row to row in each stretch, in units of the
          median change: a run taken up again or a new segment continues where the run was.
    """
    rows: list[Row] = []
    ends = np.cumsum([stretch["duration_ps"] for stretch in stretches])
    number = np.minimum(np.searchsorted(ends, thermo["time_ps"] - 1e-6), len(stretches) - 1)
    volume = np.log(thermo["volume_A3"].to_numpy())
    for place, stretch in enumerate(stretches):
        own = thermo[number == place]
        name = f"segment {stretch['segment']} ({stretch['name']})"
        if len(own) >= FEWEST_ROWS:
            start = ends[place] - stretch["duration_ps"]
            rows.append(_temperature_row(name, own, stretch, start, settings))
            rows += [(f"{name}: jump of the {what}", jump, LARGEST_JUMP) for what, jump in _energy_jumps(own)]
            # From the last row before the stretch on: the box goes on where it was.
            inside = np.flatnonzero(number == place)
            series = volume[max(inside[0] - 1, 0) : inside[-1] + 1]
            rows.append((f"{name}: jump of the volume", largest_jump(series), LARGEST_JUMP))
    return _table(rows + _freedom_rows(thermo, number, stretches))


def largest_jump(series: np.ndarray) -> float:
    """Largest change from one value to the next in units of the median change (or of rounding)."""
    change = np.abs(np.diff(series))
    rounding = SMALLEST_CHANGE * max(1.0, float(np.abs(series).max()))
    return float(change.max() / max(np.median(change), rounding))


def read_velocities(path: str | Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Read masses, types and velocities of a LAMMPS data file in `units real`.

    Returns
    -------
    masses, types, velocities : tuple of numpy.ndarray
        Shape (types,), g/mol; (particles,), from 0; (particles, 3), A/fs.

    Raises
    ------
    InputError
        The file is missing or one of its sections is.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path}: there is no such file.")
    sections: dict[str, list[list[str]]] = {"Masses": [], "Atoms": [], "Velocities": []}
    rows: list[list[str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.split("#")[0].split()
        if words and words[0].isalpha():
            rows = sections.get(words[0], [])
        elif words:
            rows.append(words)
    try:
        masses, atoms, velocities = (np.array(section, dtype=float) for section in sections.values())
        # Identifier, molecule, type, ... of each atom; particles are listed in the order of their place.
        types = atoms[np.argsort(atoms[:, 0]), 2].astype(int) - 1
        ordered = velocities[np.argsort(velocities[:, 0]), 1:4]
        return masses[np.argsort(masses[:, 0]), 1], types, ordered
    except (ValueError, IndexError):
        raise InputError(
            f"{path}: not a LAMMPS data file with masses, atoms (style full) and velocities."
        ) from None


def temperatures_of_types(
    masses: np.ndarray, types: np.ndarray, velocities: np.ndarray, target_K: float
) -> list[tuple[str, float, int]]:
    """Compare the temperature of each kind of particle with its target.

    Parameters
    ----------
    masses, types, velocities
        As `read_velocities` returns them.
    target_K
        Target temperature, K.

    Returns
    -------
    list of tuple
        For each type there is: name of the quantity, temperature less the target (K), degrees of freedom.
    """
    twice_kinetic = masses[types] * np.sum(velocities**2, axis=1) * EV_PER_AMU_A2_PER_FS2
    found = []
    for kind in np.unique(types):
        own = types == kind
        degrees = 3 * int(own.sum())
        temperature = twice_kinetic[own].sum() / degrees / BOLTZMANN_EV_PER_K
        found.append((f"temperature of type {kind + 1} less the target (K)", temperature - target_K, degrees))
    return found


def momentum_rows(masses: np.ndarray, velocities: np.ndarray, target_K: float, limit: float) -> list[Row]:
    """Return the momentum along x, y and z in units of its thermal value, each with its limit.

    Parameters
    ----------
    masses, velocities
        Of each particle, g/mol and A/fs.
    target_K
        Target temperature, K.
    limit
        Largest value that is allowed.
    """
    total = masses @ velocities
    thermal = np.sqrt(masses.sum() * BOLTZMANN_EV_PER_K * target_K / EV_PER_AMU_A2_PER_FS2)
    return [(f"momentum along {axis}", p / thermal, limit) for axis, p in zip("xyz", total, strict=True)]


def _temperature_row(
    name: str, own: pd.DataFrame, stretch: Mapping[str, Any], start: float, settings: Mapping[str, Any]
) -> Row:
    half = own.iloc[len(own) // 2 :]
    rate = (stretch["to_K"] - stretch["from_K"]) / stretch["duration_ps"]
    target = stretch["from_K"] + rate * (half["time_ps"] - start)
    mean = mean_of_series((half["temperature_K"] - target).to_numpy())
    chance = -scipy.special.stdtrit(max(mean.n - 1, 1), CHANCE / 2) * mean.stderr
    damping_ps = settings["thermostat_damping_steps"] * stretch["timestep_fs"] / 1000.0
    return f"{name}: mean temperature less its target (K)", mean.value, chance + LAG * abs(rate) * damping_ps


def _energy_jumps(own: pd.DataFrame) -> list[tuple[str, float]]:
    # At time 0 velocities are new, and positions often at a minimum: what a finite time step makes of the
    # energy there comes within the first interval, and is no jump.
    own = own[own["time_ps"] > 0]
    found = [("energy", largest_jump((own["potential_energy_eV"] + own["kinetic_energy_eV"]).to_numpy()))]
    if "conserved_energy_eV" in own and own["conserved_energy_eV"].notna().all():
        found.append(("conserved energy", largest_jump(own["conserved_energy_eV"].to_numpy())))
    return found


def _freedom_rows(
    thermo: pd.DataFrame, number: np.ndarray, stretches: Sequence[Mapping[str, Any]]
) -> list[Row]:
    """Degrees of freedom 2 K / (k T), which are those of the first row as long as everything moves."""
    frozen = np.array([bool(stretch.get("frozen")) for stretch in stretches])[number]
    moving = thermo[~frozen & (thermo["temperature_K"] > 0).to_numpy()]
    if moving.empty:
        return []
    freedom = 2.0 * moving["kinetic_energy_eV"] / (BOLTZMANN_EV_PER_K * moving["temperature_K"])
    off = float((freedom / freedom.iloc[0] - 1.0).abs().max())
    return [("relative change of the degrees of freedom", off, 1e-6)]


def _table(rows: Sequence[Row]) -> pd.DataFrame:
    checked = [(name, float(value), float(limit), bool(abs(value) <= limit)) for name, value, limit in rows]
    return pd.DataFrame(checked, columns=list(COLUMNS))
