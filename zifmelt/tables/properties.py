"""Structure of all phases, transition temperatures of the ramps, and the check of the ramp rate."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..files import read_table
from ..properties.ramp_rate_permutation import permutation_p_value
from ..statistics import Estimate, mean_of_runs
from .quantities import NAMES, mean_quantity, read_quantities
from .rows import PaperValue, table_row

STRUCTURE = (
    ("density", "g/cm3"),
    ("bulk_modulus", "GPa"),
    ("zn_n_distance_nearest", "A"),
    ("zn_n_distance_bonded", "A"),
    ("zn_n_distance_peak", "A"),
    ("zn_zn_distance_nearest", "A"),
    ("zn_zn_distance_peak", "A"),
    ("n_zn_n_angle", "degree"),
    ("zn_zn_zn_angle", "degree"),
    ("zn_im_zn_angle", "degree"),
    ("n_around_zn", "1"),
    ("share_with_2_n", "1"),
    ("share_with_3_n", "1"),
    ("share_with_4_n", "1"),
    ("share_with_5_n", "1"),
)
TRANSITIONS = {
    "heating": (
        "temperature at which the volume leaves its course on heating {}",
        "annealing.transition_temperature.{}",
    ),
    "cooling": ("glass transition on cooling, glass from {}", "annealing.glass_transition"),
}


def structure_rows(
    phases: Mapping[str, Sequence[str | Path]],
    temperatures: Mapping[str, float],
    paper_values: Mapping[str, PaperValue],
) -> list[dict[str, Any]]:
    """Average the structure of each phase over its runs.

    Parameters
    ----------
    phases
        ``structure.csv`` of each run, by phase.
    temperatures
        Temperature of these runs by phase, K.
    paper_values
        From `zifmelt.tables.rows.read_paper_values`.

    Returns
    -------
    list of dict
        Rows of the table, n = number of runs.

    Raises
    ------
    InputError
        A file cannot be read.
    """
    rows = []
    for phase, paths in phases.items():
        runs = [read_quantities(path) for path in paths]
        for name, unit in STRUCTURE:
            known = f"fig2.zn_n_coordination.{phase}" if name == "n_around_zn" else ""
            row_id, title = f"{name}.{phase}", f"{NAMES[name]}, {phase} at {temperatures[phase]:g} K"
            rows.append(table_row(row_id, title, unit, mean_quantity(runs, name), paper_values, known))
    return rows


def origin_rows(
    glasses: Mapping[str, Sequence[str | Path]], phase: str, paper_values: Mapping[str, PaperValue]
) -> list[dict[str, Any]]:
    """Compare glasses by the crystal they were made from, which the paper finds indistinguishable.

    Parameters
    ----------
    glasses
        ``structure.csv`` of the glasses from each framework.
    phase
        Name of the glass.
    paper_values
        From `zifmelt.tables.rows.read_paper_values`.

    Returns
    -------
    list of dict
        Density and share of three-coordinated Zn per origin.
    """
    return [
        table_row(
            f"{name}.{phase}.from_{framework}",
            f"{NAMES[name]}, {phase} from {framework}",
            unit,
            mean_quantity([read_quantities(path) for path in paths], name),
            paper_values,
        )
        for name, unit in (("density", "g/cm3"), ("share_with_3_n", "1"))
        for framework, paths in glasses.items()
    ]


def transition_rows(transitions: str | Path, paper_values: Mapping[str, PaperValue]) -> list[dict[str, Any]]:
    """Average the transition temperatures of ``transitions.csv`` over ramps.

    Parameters
    ----------
    transitions
        Table made by `zifmelt.properties.ramps.analyse_ramps`.
    paper_values
        From `zifmelt.tables.rows.read_paper_values`.

    Returns
    -------
    list of dict
        Per framework the transition on heating and the glass transition on cooling; n counts the ramps that
        show one. Last the glass transition from runs at constant temperature.

    Raises
    ------
    InputError
        The file cannot be read.
    """
    table = read_table(transitions, ("method", "framework", "value", "stderr", "n"))
    rows = []
    for method, (title, identifier) in TRANSITIONS.items():
        for framework, ramps in table[table["method"] == method].groupby("framework", sort=False):
            estimate = mean_of_runs(_estimates(ramps))
            rows.append(
                table_row(
                    f"transition_on_{method}.{framework}",
                    title.format(framework),
                    "K",
                    estimate,
                    paper_values,
                    identifier.format(framework),
                )
            )
    (constant,) = _estimates(table[table["method"] == "constant"])
    name = "glass transition from runs at constant temperature"
    return [
        *rows,
        table_row(
            "glass_transition.constant_temperature",
            name,
            "K",
            constant,
            paper_values,
            "annealing.glass_transition",
        ),
    ]


def ramp_rate_row(
    fast: Sequence[str | Path], slow: Sequence[str | Path], paper_values: Mapping[str, PaperValue]
) -> dict[str, Any]:
    """Test whether the Zn-N and Zn-Zn radial distribution functions depend on the ramp rate.

    Parameters
    ----------
    fast, slow
        ``rdf.csv`` of the glasses made at either rate.
    paper_values
        From `zifmelt.tables.rows.read_paper_values`.

    Returns
    -------
    dict
        The p value of `permutation_p_value`; n is the number of glasses, 0 if there are too few for a test.
    """
    p_value = permutation_p_value(_network_curves(fast), _network_curves(slow))
    count = len(fast) + len(slow) if np.isfinite(p_value) else 0
    name = "probability of such different g(r) if the ramp rate did not matter"
    return table_row("ramp_rate_p_value", name, "1", Estimate(p_value, np.nan, count), paper_values)


def _network_curves(paths: Sequence[str | Path]) -> np.ndarray:
    tables = [read_table(path, ("pair", "r_A", "g")) for path in paths]
    return np.array([table.loc[table["pair"].isin(["Zn-Zn", "Zn-N"]), "g"] for table in tables])


def _estimates(table: pd.DataFrame) -> list[Estimate]:
    return [Estimate(row.value, row.stderr, int(row.n)) for row in table.itertuples()]
