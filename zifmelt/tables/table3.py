"""Table III: thermodynamics of the transitions."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..statistics import Estimate
from .rows import PaperValue, table_row

SYMBOLS = {"temperature": "T", "free_energy": "dG", "enthalpy": "dH", "entropy": "dS"}
"""Names of the properties in the table."""


def table3_rows(transitions: pd.DataFrame, paper_values: Mapping[str, PaperValue]) -> list[dict[str, Any]]:
    """Make the rows of Table III.

    Parameters
    ----------
    transitions
        From `zifmelt.thermodynamics.transition_table.transition_table`; energies per mole of
        Zn(imidazolate)2.
    paper_values
        From `zifmelt.tables.rows.read_paper_values`.

    Returns
    -------
    list of dict
        One row per transition and property, with the temperature it holds at. Where the coexistence runs
        leave a value open, it is empty and `source` begins with the reason.
    """
    rows = []
    for entry in transitions.fillna({"note": "", "identifier": ""}).itertuples():
        estimate = Estimate(entry.value, entry.stderr, int(entry.n))
        place = _place(entry.property, entry.temperature_K)
        quantity = f"{entry.transition}: {SYMBOLS[entry.property]}{place}"
        transition = entry.transition.replace(" -> ", ".")
        at = (
            "coexistence"
            if pd.isna(entry.temperature_K) or not place.endswith(" K")
            else f"{entry.temperature_K:g}K"
        )
        row = table_row(
            f"{entry.property}.{transition}.{at}",
            quantity,
            entry.unit,
            estimate,
            paper_values,
            entry.identifier,
        )
        row["source"] = " ".join(part for part in (entry.note, row["source"]) if part)
        rows.append(row)
    return rows


def _place(quantity: str, temperature_K: float) -> str:
    if quantity == "temperature":
        return " of coexistence"
    return " at coexistence" if pd.isna(temperature_K) else f" at {temperature_K:.0f} K"
