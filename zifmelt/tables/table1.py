"""Table I: density, bulk modulus and first-neighbour geometry of the glass."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..statistics import Estimate
from .quantities import NAMES, mean_quantity, read_quantities
from .rows import PaperValue, table_row

QUANTITIES = (
    ("density", "g/cm3", "table1.density_glass"),
    ("bulk_modulus", "GPa", "table1.bulk_modulus_glass"),
    ("zn_zn_distance_nearest", "A", "table1.zn_zn_glass"),
    ("zn_zn_distance_across", "A", "table1.zn_zn_glass"),
    ("zn_zn_distance_peak", "A", "table1.zn_zn_glass"),
    ("zn_n_distance_nearest", "A", "table1.zn_n_glass"),
    ("zn_n_distance_bonded", "A", "table1.zn_n_glass"),
    ("zn_n_distance_peak", "A", "table1.zn_n_glass"),
    ("n_zn_n_angle", "degree", "table1.n_zn_n_glass"),
)
"""The paper's columns; where it does not say which average it took, each that is in use."""


def table1_rows(
    structures: Sequence[str | Path],
    bulk_modulus_of_response: Estimate,
    phase: str,
    paper_values: Mapping[str, PaperValue],
) -> list[dict[str, Any]]:
    """Average over independent glasses; the errors are from their spread.

    Parameters
    ----------
    structures
        ``structure.csv`` of each glass.
    bulk_modulus_of_response
        K from the response to pressure, GPa.
    phase
        Name of the glass.
    paper_values
        From `zifmelt.tables.rows.read_paper_values`.

    Returns
    -------
    list of dict
        Rows of the table, n = number of glasses.

    Raises
    ------
    InputError
        A file cannot be read.
    """
    runs = [read_quantities(path) for path in structures]
    rows = [
        table_row(
            f"{name}.{phase}",
            f"{NAMES[name]} of {phase}",
            unit,
            mean_quantity(runs, name),
            paper_values,
            paper,
        )
        for name, unit, paper in QUANTITIES
    ]
    response = table_row(
        f"bulk_modulus_response.{phase}",
        f"bulk modulus of {phase}, response to pressure",
        "GPa",
        bulk_modulus_of_response,
        paper_values,
        "table1.bulk_modulus_glass",
    )
    return [*rows[:2], response, *rows[2:]]
