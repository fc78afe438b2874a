"""How much two classifiers disagree, averaged over independent runs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ..files import read_table
from ..statistics import Estimate, mean_of_runs
from .rows import id_part, table_row


def disagreement_rows(
    groups: Mapping[str, Sequence[str | Path]], classifiers: Sequence[str]
) -> list[dict[str, Any]]:
    """Average the share of the Zn that two classifiers call differently.

    Parameters
    ----------
    groups
        ``disagreement.csv`` of the runs of each system, see `zifmelt.environments.classify.disagreement`.
    classifiers
        Names of the two.

    Returns
    -------
    list of dict
        Rows of a table: per system, all Zn, then the Zn of each class of the first classifier; n = runs.

    Raises
    ------
    InputError
        A file is missing or lacks a column.
    """
    first, second = classifiers
    rows = []
    for system, paths in groups.items():
        runs = [read_table(path, ("phase", "share")).set_index("phase")["share"] for path in paths]
        for phase in ("all", *(name for name in runs[0].index if name != "all")):
            mean = mean_of_runs([Estimate(float(run[phase]), np.nan, 1) for run in runs])
            called = "all Zn" if phase == "all" else f"Zn that {first} calls {phase}"
            text = f"{system}: share of {called} that {second} calls otherwise than {first}"
            row_id = f"disagreement.{phase}.{id_part(system)}"
            rows.append(table_row(row_id, text, "1", mean, {}))
    return rows
