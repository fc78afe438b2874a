"""Growth of the disordered phase as one cluster or from many."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ..statistics import UNDETERMINED, mean_of_runs, mean_of_series
from ..tables.rows import PaperValue, id_part, table_row

HALF = 0.5
"""Disordered fraction up to which clusters are compared: beyond, Zn at random places make one cluster too."""

ROWS = {
    "share_in_largest": "share of the disordered Zn in the largest cluster",
    "share_if_random": "the same for as many Zn at random",
}
"""Columns of the table of clusters, and how the rows name them."""


def single_cluster_rows(
    runs: Sequence[pd.DataFrame], label: str, onset: float, paper_values: Mapping[str, PaperValue]
) -> list[dict[str, Any]]:
    """Tabulate how much of the disordered phase is one cluster while it grows.

    Frames count in which the disordered fraction lies between `onset` and one half. Growth from one nucleus
    gives a share near 1, far above that of as many Zn at random; scattered nuclei give shares alike. The
    paper calls what it sees growth as a single cluster (Sec. III B), without a number.

    Parameters
    ----------
    runs
        Results of `zifmelt.mechanism.clusters.follow_clusters` of independent runs.
    label
        How the rows name the system.
    onset
        Disordered fraction at which the growth begins.
    paper_values
        Numbers of the paper.

    Returns
    -------
    list of dict
        Rows of a table; n counts the runs that have such frames.
    """
    growing = [run[(run["disordered_zinc"] / run["zinc"]).between(onset, HALF)] for run in runs]
    rows = []
    for column, text in ROWS.items():
        shares = [mean_of_series(run[column].to_numpy()) for run in growing if len(run)]
        estimate = mean_of_runs(shares) if shares else UNDETERMINED
        rows.append(table_row(f"{column}.{id_part(label)}", f"{label}: {text}", "1", estimate, paper_values))
    return rows
