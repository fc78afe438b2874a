"""Which numbers agree with the paper and with others: everything in units of our standard error."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from .numbers import plain_number, with_error

AGREES = 2.0
"""Standard errors within which a number agrees: 95 % of honest repetitions do."""

EDGE = 6.0
"""Ends of the figure, standard errors; what lies beyond is drawn at the edge with its number."""

VERDICTS = {
    "agrees": f"agree within {AGREES:g} standard errors",
    "differs": f"differ by more than {AGREES:g} standard errors",
    "no error": "have no error to judge them by",
    "open": "could not be determined",
    "no paper": "are not in the paper and stand beside a reference",
}
"""What is said of the numbers of each verdict."""


@dataclass(frozen=True)
class Compared:
    """One number of ours beside the paper's and a reference from elsewhere, as the page shows it.

    Attributes
    ----------
    table, quantity, unit, source
        As in the tables.
    ours, paper, reference
        For reading; empty where there is none.
    value, n
        For sorting; NaN if not determined.
    deviation, from_reference
        Our number less the paper's, and less the reference, in standard errors; NaN where there is none.
    verdict
        Key of `VERDICTS`.
    """

    table: str
    quantity: str
    unit: str
    source: str
    ours: str
    paper: str
    reference: str
    value: float
    n: float
    deviation: float
    from_reference: float
    verdict: str


def compared(rows: Iterable[Mapping[str, Any]], table: str = "") -> list[Compared]:
    """Judge rows of a table with the common columns.

    Parameters
    ----------
    rows
        With `zifmelt.tables.rows.COLUMNS`, and ``table`` unless it is given.
    table
        Name of the table.
    """
    return [_judged(row, table or str(row["table"])) for row in rows]


def counts(rows: Iterable[Compared]) -> dict[str, int]:
    """Count the verdicts, in the order of `VERDICTS`."""
    found = pd.Series([row.verdict for row in rows], dtype=object).value_counts()
    return {verdict: int(found.get(verdict, 0)) for verdict in VERDICTS}


def place(deviation: float) -> float:
    """Turn a deviation into a place on the figure, percent of its width, at most its edges."""
    return 50.0 * (1 + max(-EDGE, min(EDGE, deviation)) / EDGE)


def _judged(row: Mapping[str, Any], table: str) -> Compared:
    value, stderr, paper, reference = (_number(row[key]) for key in ("value", "stderr", "paper", "reference"))
    deviation = _in_errors(value, paper, stderr)
    if math.isnan(value):
        verdict = "open"
    elif math.isnan(paper):
        verdict = "no paper"
    elif math.isnan(deviation):
        verdict = "no error"
    else:
        verdict = "agrees" if abs(deviation) <= AGREES else "differs"
    unit, source = (row.get(key) for key in ("unit", "source"))
    return Compared(
        table=table,
        quantity=str(row["quantity"]),
        unit="" if str(unit) == "1" else str(unit),
        source=source if isinstance(source, str) else "",
        ours=with_error(value, stderr),
        paper=plain_number(paper),
        reference=plain_number(reference),
        value=value,
        n=_number(row["n"]),
        deviation=deviation,
        from_reference=_in_errors(value, reference, stderr),
        verdict=verdict,
    )


def _in_errors(value: float, other: float, stderr: float) -> float:
    return (value - other) / stderr if stderr > 0 else math.nan


def _number(value: Any) -> float:
    return math.nan if value is None else float(value)
