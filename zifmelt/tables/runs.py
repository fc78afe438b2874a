"""Scalars of single runs, averaged over independent runs."""

from collections.abc import Sequence
from pathlib import Path

from ..files import read_table
from ..statistics import Estimate, mean_of_runs

QUANTITY_COLUMNS = ("quantity", "unit", "value", "stderr", "n")


def read_quantities(path: str | Path) -> dict[str, Estimate]:
    """Read the scalars of one run's ``structure.csv`` by name.

    Raises
    ------
    InputError
        The file is missing or lacks a column.
    """
    table = read_table(path, QUANTITY_COLUMNS)
    return {row.quantity: Estimate(row.value, row.stderr, int(row.n)) for row in table.itertuples()}


def mean_quantity(runs: Sequence[dict[str, Estimate]], name: str) -> Estimate:
    """Average one scalar over independent runs; runs that do not have it are left out."""
    return mean_of_runs([run[name] for run in runs if name in run])
