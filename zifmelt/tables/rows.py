"""Rows of the tables: our number with its error beside the paper's and a reference from elsewhere."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import InputError
from ..files import read_yaml, write_table
from ..statistics import Estimate

COLUMNS = ("id", "quantity", "unit", "value", "stderr", "n", "paper", "reference", "source")
"""Columns of every table; `id` names a row for programs, `source` tells where the paper's number and the
reference come from."""


@dataclass(frozen=True)
class PaperValue:
    """A number of the paper, and what others found.

    Attributes
    ----------
    value
        The paper's number.
    unit
        Its unit, "1" if it has none.
    where
        Place in the paper.
    reference
        Experimental or ab initio value, or None.
    source
        Where `reference` comes from.
    note
        What a reader must know before comparing.
    temperature_K
        Temperature that it was found at, K, where it depends on that; else None.
    """

    value: float
    unit: str
    where: str
    reference: float | None = None
    source: str = ""
    note: str = ""
    temperature_K: float | None = None

    def description(self) -> str:
        """Give the places of both numbers, the temperature and the note as one line."""
        reference = f"reference: {self.source}" if self.source else ""
        temperature = "" if self.temperature_K is None else f"{self.temperature_K:g} K"
        return "; ".join(part for part in (f"paper: {self.where}", reference, temperature, self.note) if part)

    def beside(self, temperature_K: float) -> "PaperValue":
        """Return what may stand beside a number found at a temperature: of another one, only a remark."""
        if self.temperature_K in (None, temperature_K):
            return self
        found = f"{self.value:g}{'' if self.unit == '1' else ' ' + self.unit} in {self.where}"
        where = f"{found}, at {self.temperature_K:g} K and not at {temperature_K:g} K"
        return replace(self, value=math.nan, where=where, temperature_K=None)


def values_beside(values: Mapping[str, PaperValue], temperature_K: float) -> dict[str, PaperValue]:
    """Take the paper's numbers that may stand beside ours at a temperature, see `PaperValue.beside`."""
    return {identifier: value.beside(temperature_K) for identifier, value in values.items()}


def read_paper_values(path: str | Path) -> dict[str, PaperValue]:
    """Read ``paper_values.yaml``.

    Returns
    -------
    dict
        By identifier, such as ``table3.enthalpy.ZIF-4``.

    Raises
    ------
    InputError
        The file is missing, not YAML, or an entry has an unknown or missing key.
    """
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise InputError(f"{path}: expected entries 'identifier: {{value, unit, where}}', found none.")
    values = {}
    for identifier, entry in content.items():
        try:
            values[identifier] = PaperValue(**entry)
        except TypeError:
            raise InputError(
                f"{path}: {identifier} needs value, unit and where; it may have reference, source, note and "
                "temperature_K."
            ) from None
    return values


def table_row(
    row_id: str,
    quantity: str,
    unit: str,
    estimate: Estimate,
    paper_values: Mapping[str, PaperValue],
    identifier: str = "",
) -> dict[str, Any]:
    """Make one row of a table.

    Parameters
    ----------
    row_id
        Name for programs, unlike that of every other row of the table: parts of lower-case words, names and
        numbers joined by dots, e.g. ``density.ZIF_a.300K``.
    quantity
        Name for the reader.
    unit
        Unit of the estimate, "1" if it has none.
    estimate
        Our number; an undetermined one leaves `value` and `stderr` empty with n = 0.
    paper_values
        From `read_paper_values`.
    identifier
        Entry of `paper_values`; unknown identifiers (a framework the paper did not study) leave the columns
        empty.

    Raises
    ------
    InputError
        The entry is in another unit.
    """
    paper = paper_values.get(identifier)
    if paper is not None and paper.unit != unit:
        raise InputError(f"Paper value {identifier}: the unit is {paper.unit}, but the table needs {unit}.")
    return {
        "id": row_id,
        "quantity": quantity,
        "unit": unit,
        "value": estimate.value,
        "stderr": estimate.stderr,
        "n": estimate.n,
        "paper": None if paper is None else paper.value,
        "reference": None if paper is None else paper.reference,
        "source": "" if paper is None else paper.description(),
    }


def id_part(label: str) -> str:
    """Turn the label of a system, e.g. ``ZIF-4 4x4x4 550 K``, into a part of an id, ``ZIF-4_4x4x4_550K``."""
    return label.replace(" K", "K").replace(" ", "_")


def write_rows(path: str | Path, rows: list[dict[str, Any]]) -> None:
    """Write rows of `table_row` as CSV with the columns `COLUMNS`, whole or not at all.

    Raises
    ------
    InputError
        Two rows have the same id.
    """
    seen = Counter(row["id"] for row in rows)
    if len(seen) < len(rows):
        raise InputError(f"{path}: the id {seen.most_common(1)[0][0]} names more than one row.")
    write_table(path, pd.DataFrame(rows, columns=list(COLUMNS)))
