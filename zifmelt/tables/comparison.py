"""One table of everything that can be compared with the paper or with others."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..files import read_table
from .rows import COLUMNS


def gather_comparison(paths: Sequence[str | Path]) -> pd.DataFrame:
    """Collect the rows with a paper or reference value from tables in the common columns.

    Parameters
    ----------
    paths
        CSV tables with the columns of `zifmelt.tables.rows.COLUMNS`; ``source`` may be missing.

    Returns
    -------
    pandas.DataFrame
        Columns ``table`` (file name without suffix) and `COLUMNS`, in the order given; and ``deviation``, our
        value less the paper's in units of our standard error (empty where there is none).

    Raises
    ------
    InputError
        A file is missing or lacks a column.
    """
    parts = []
    for path in paths:
        table = read_table(path, COLUMNS[:-1])
        comparable = table[table["paper"].notna() | table["reference"].notna()]
        parts.append(comparable.reindex(columns=list(COLUMNS)).assign(table=Path(path).stem))
    gathered = pd.concat(parts, ignore_index=True)
    error = gathered["stderr"].where(gathered["stderr"] > 0)
    gathered["deviation"] = (gathered["value"] - gathered["paper"]) / error
    return gathered[["table", *COLUMNS, "deviation"]]
