"""The fit of the Morse term to a scan: what is fitted, and its outcome as tables."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ..forcefield.criteria import Criterion
from ..forcefield.fit import Fit, MorseParameters, fit_morse
from ..statistics import Estimate
from .forcefield_scores import Averages, value_of

LEAST_POINTS = 5
"""Force fields that a criterion must have been measured for: one more than fix a plane in 3 parameters."""

SCANNED = "scanned"
"""Name of the scanned points among the fits' samples."""

UNITS = {"D0_eV": "eV", "r0_A": "A", "alpha_per_A": "1/A"}


def measured_values(
    averages: Averages, criteria: Sequence[Criterion], points: Mapping[str, MorseParameters], barostat: str
) -> dict[Criterion, dict[str, Estimate]]:
    """Collect what the scan measured for each criterion; those measured at too few points are left out.

    Parameters
    ----------
    averages
        From `zifmelt.tables.forcefield_scores.average_runs`.
    criteria
        What is to be met.
    points
        Parameters of the force fields to use, by the variants' names.
    barostat
        Runs to take.
    """
    measured = {}
    for criterion in criteria:
        values = {name: value_of(averages, name, barostat, criterion)[1] for name in points}
        known = {name: value for name, value in values.items() if np.isfinite(value.value)}
        if len(known) >= LEAST_POINTS:
            measured[criterion] = known
    return measured


def fits_of_temperatures(
    points: Mapping[str, MorseParameters],
    measured: Mapping[Criterion, Mapping[str, Estimate]],
    generator: np.random.Generator,
) -> dict[str, Fit]:
    """Fit all criteria, and those of each hot framework alone beside the ones at rest (300 K).

    Returns
    -------
    dict
        ``all`` and, for every framework with criteria above 300 K, ``without hot <framework>``.
    """
    hot = list(dict.fromkeys(c.framework for c in measured if c.temperature_K > 300))
    fits = {"all": fit_morse(points, measured, generator)}
    for framework in hot:
        kept = {c: v for c, v in measured.items() if c.temperature_K <= 300 or c.framework != framework}
        fits[f"without hot {framework}"] = fit_morse(points, kept, generator)
    return fits


def fit_rows(fits: Mapping[str, Fit]) -> pd.DataFrame:
    """List the best parameters of each fit with their uncertainty.

    Returns
    -------
    pandas.DataFrame
        Columns ``fit, quantity, unit, value, stderr, low, high``: the parameters with standard error and
        central 68 % of the resampled fits, and chi squared, degrees of freedom, p value, and whether the best
        point is at the border of the scan.
    """
    rows = []
    for name, fit in fits.items():
        for key, unit in UNITS.items():
            sample = fit.samples[key]
            low, high = np.quantile(sample, [0.16, 0.84])
            rows.append((name, key.rpartition("_")[0], unit, getattr(fit.best, key), sample.std(), low, high))
        for key in ("chi_squared", "degrees", "p_value", "at_border"):
            rows.append((name, key, "1", float(getattr(fit, key)), np.nan, np.nan, np.nan))
    table = pd.DataFrame(rows, columns=["fit", "quantity", "unit", "value", "stderr", "low", "high"])
    return table.replace({"quantity": {"alpha_per": "alpha"}})


def sample_rows(fits: Mapping[str, Fit], points: Mapping[str, MorseParameters]) -> pd.DataFrame:
    """Stack the scanned points and the best points of resampled data.

    Returns
    -------
    pandas.DataFrame
        Columns ``fit`` (`SCANNED` for the scanned points), ``name`` (of a scanned point), ``D0_eV, r0_A,
        alpha_per_A``.
    """
    scanned = pd.DataFrame([{"fit": SCANNED, "name": name, **vars(point)} for name, point in points.items()])
    return pd.concat(
        [scanned, *(fit.samples.assign(fit=name, name="") for name, fit in fits.items())], ignore_index=True
    )


def deviation_rows(fits: Mapping[str, Fit]) -> pd.DataFrame:
    """Stack the criteria's deviations of all fits, with the column ``fit``."""
    return pd.concat([fit.deviations.assign(fit=name) for name, fit in fits.items()], ignore_index=True)
