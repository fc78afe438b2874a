"""Scalars of single runs, averaged over independent runs."""

from collections.abc import Sequence
from pathlib import Path

from ..files import read_table
from ..statistics import Estimate, mean_of_runs
from .quantities import COLUMNS


def read_quantities(path: str | Path) -> dict[str, Estimate]:
    """Read the scalars of one run's ``structure.csv`` or ``crystal.csv`` by id.

    Raises
    ------
    InputError
        The file is missing or lacks a column.
    """
    table = read_table(path, COLUMNS)
    return {row.id: Estimate(row.value, row.stderr, int(row.n)) for row in table.itertuples()}


def mean_quantity(runs: Sequence[dict[str, Estimate]], identifier: str) -> Estimate:
    """Average the scalar of an id over independent runs; runs that do not have it are left out."""
    return mean_of_runs([run[identifier] for run in runs if identifier in run])
