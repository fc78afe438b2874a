"""Curves of single runs, averaged over the independent runs of each phase."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import InputError
from ..files import read_table
from ..statistics import mean_of_curves

CURVES = {
    "rdf": ("pair", "r_A", ("g", "coordination")),
    "angles": ("angle", "degree", ("density_per_degree",)),
    "structure_factor": ("radiation", "q_per_A", ("s",)),
    "correlation": ("radiation", "r_A", ("d_per_A2",)),
}
"""Tables of a run: the column that names the curve, the abscissa, and the columns to average."""


def average_phases(runs: Mapping[str, Sequence[str | Path]], table: str) -> pd.DataFrame:
    """Average one kind of table over the runs of each phase.

    Parameters
    ----------
    runs
        Files of each phase, one per run.
    table
        Kind of table, a key of `CURVES`.

    Returns
    -------
    pandas.DataFrame
        Columns ``phase`` and those of `mean_curves`.

    Raises
    ------
    InputError
        As `mean_curves`.
    """
    parts = [mean_curves(paths, *CURVES[table]).assign(phase=phase) for phase, paths in runs.items()]
    return pd.concat(parts, ignore_index=True)


def mean_curves(paths: Sequence[str | Path], label: str, x: str, columns: Sequence[str]) -> pd.DataFrame:
    """Average the curves of independent runs point by point.

    Parameters
    ----------
    paths
        CSV tables of the same form, one per run.
    label, x
        Columns that name the curve and its abscissa.
    columns
        Columns to average.

    Returns
    -------
    pandas.DataFrame
        Columns `label`, `x`, and each of `columns` with its standard error ``{column}_stderr`` (NaN for a
        single run).

    Raises
    ------
    InputError
        There is no table, a column is missing, or the tables differ in their points.
    """
    if not paths:
        raise InputError("There are no runs to average; at least one is needed.")
    tables = [read_table(path, (label, x, *columns)) for path in paths]
    mean = tables[0][[label, x]].copy()
    for path, table in zip(paths, tables, strict=True):
        if len(table) != len(mean) or not np.allclose(table[x], mean[x]):
            raise InputError(f"{path}: the points differ from those of {paths[0]}; analyse both runs alike.")
    for column in columns:
        curves = np.array([table[column] for table in tables])
        mean[column], mean[f"{column}_stderr"] = mean_of_curves(curves)
    return mean
