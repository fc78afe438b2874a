"""Table I: density, bulk modulus and first-neighbour geometry of the glass."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..statistics import Estimate
from .rows import PaperValue, table_row
from .runs import mean_quantity, read_quantities

QUANTITIES = (
    ("density", "g/cm3", "table1.density_glass"),
    ("bulk modulus", "GPa", "table1.bulk_modulus_glass"),
    ("Zn-Zn distance, mean of four nearest", "A", "table1.zn_zn_glass"),
    ("Zn-Zn distance, mean across ligands", "A", "table1.zn_zn_glass"),
    ("Zn-Zn distance, peak of g(r)", "A", "table1.zn_zn_glass"),
    ("Zn-N distance, mean of four nearest", "A", "table1.zn_n_glass"),
    ("Zn-N distance, mean of bonded", "A", "table1.zn_n_glass"),
    ("Zn-N distance, peak of g(r)", "A", "table1.zn_n_glass"),
    ("N-Zn-N angle", "degree", "table1.n_zn_n_glass"),
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
        table_row(f"{name} of {phase}", unit, mean_quantity(runs, name), paper_values, identifier)
        for name, unit, identifier in QUANTITIES
    ]
    response = table_row(
        f"bulk modulus of {phase}, response to pressure",
        "GPa",
        bulk_modulus_of_response,
        paper_values,
        "table1.bulk_modulus_glass",
    )
    return [*rows[:2], response, *rows[2:]]
