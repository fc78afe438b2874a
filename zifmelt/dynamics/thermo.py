"""Thermodynamic quantities: what an engine writes and the rows of ``thermo.csv``."""

from dataclasses import dataclass
from math import isfinite
from pathlib import Path

from ..errors import InputError
from ..trajectory import THERMO_COLUMNS
from ..units import BAR_PER_ATM, EV_PER_KCAL_PER_MOL

KEYWORDS = {
    "temperature_K": ("temp", 1.0),
    "pressure_bar": ("press", BAR_PER_ATM),
    "volume_A3": ("vol", 1.0),
    "density_g_cm3": ("density", 1.0),
    "potential_energy_eV": ("pe", EV_PER_KCAL_PER_MOL),
    "kinetic_energy_eV": ("ke", EV_PER_KCAL_PER_MOL),
    "enthalpy_eV": ("enthalpy", EV_PER_KCAL_PER_MOL),
    "length_x_A": ("lx", 1.0),
    "length_y_A": ("ly", 1.0),
    "length_z_A": ("lz", 1.0),
    "tilt_xy_A": ("xy", 1.0),
    "tilt_xz_A": ("xz", 1.0),
    "tilt_yz_A": ("yz", 1.0),
    "pressure_xx_bar": ("pxx", BAR_PER_ATM),
    "pressure_yy_bar": ("pyy", BAR_PER_ATM),
    "pressure_zz_bar": ("pzz", BAR_PER_ATM),
    "conserved_energy_eV": ("econserve", EV_PER_KCAL_PER_MOL),
}
"""LAMMPS's name and its unit's factor for every column after step, time_ps and segment.

The conserved energy is that of particles, thermostat and barostat together; it is constant only within a
hold, and not a number with a stochastic thermostat, which conserves none.
"""

COLUMNS = (*THERMO_COLUMNS[:3], *KEYWORDS)
HEADER = ",".join(COLUMNS) + "\n"


@dataclass(frozen=True)
class Row:
    """One line of an engine: the step within the stretch and the values of `KEYWORDS` in `units real`."""

    step: int
    values: tuple[float, ...]

    def csv_line(self, step: int, time_ps: float, segment: int) -> str:
        """Return the line of ``thermo.csv``, in its units, at a step and time (ps) of the run."""
        factors = (factor for _, factor in KEYWORDS.values())
        numbers = (f"{value * factor:.10g}" for value, factor in zip(self.values, factors, strict=True))
        return ",".join([str(step), f"{time_ps:.10g}", str(segment), *numbers]) + "\n"


def read_rows(path: Path) -> list[Row]:
    """Read the lines that an engine wrote.

    Raises
    ------
    InputError
        A line is incomplete or a value is not finite.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_parsed(line, path) for line in lines if not line.startswith("#")]


def _parsed(line: str, path: Path) -> Row:
    try:
        step, *values = (float(word) for word in line.split())
    except ValueError:
        raise InputError(f"{path}: the line {line!r} is not a row of numbers.") from None
    if len(values) != len(KEYWORDS):
        raise InputError(f"{path}: a row has {len(values)} of {len(KEYWORDS)} values.")
    needed = (value for name, value in zip(KEYWORDS, values, strict=True) if name != "conserved_energy_eV")
    if not all(isfinite(value) for value in needed):
        raise InputError(
            f"{path}: at step {step:.0f} the simulation became unstable (a value is not a number)."
        )
    return Row(int(step), tuple(values))
