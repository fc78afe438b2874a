"""Local density and connectivity of the classes, averaged over independent runs."""

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from ..files import read_table
from ..statistics import Estimate, mean_of_runs
from .rows import PaperValue, id_part, table_row

QUANTITIES = {
    "voronoi_volume": "Voronoi volume of a Zn called {}",
    "neighbours": "Zn around a Zn called {}",
    "nitrogen": "N bonded to a Zn called {}",
}
"""Quantities of ``surroundings.csv``, and how the rows name them."""


def surroundings_rows(
    paths: Sequence[str | Path],
    label: str,
    framework: str,
    crystals: Collection[str],
    paper_values: Mapping[str, PaperValue],
) -> list[dict[str, Any]]:
    """Average the surroundings of the Zn of each class over the runs of one system.

    Parameters
    ----------
    paths
        ``surroundings.csv`` of each run, see `zifmelt.mechanism.local_surroundings.describe_classes`.
    label
        How the rows name the system, e.g. ``ZIF-4 550 K``.
    framework
        Crystal, for the paper's values.
    crystals
        Names of the ordered classes.
    paper_values
        From `zifmelt.tables.rows.read_paper_values`.

    Returns
    -------
    list of dict
        Rows of a table, n = runs in which the class occurs; last how much less dense each disordered class
        is than those before it, as the liquid than the glass, 1 - V(glass)/V(liquid), from runs with both.

    Raises
    ------
    InputError
        A file is missing or lacks a column.
    """
    tables = [read_table(path, ("class", "quantity", "unit", "value", "stderr", "n")) for path in paths]
    runs = [
        {
            (row.cls, row.quantity): (row.unit, Estimate(row.value, row.stderr, int(row.n)))
            for row in table.rename(columns={"class": "cls"}).itertuples()
        }
        for table in tables
    ]
    rows, system = [], id_part(label)
    for phase, quantity in runs[0]:
        mean = mean_of_runs([run[phase, quantity][1] for run in runs])
        text, unit = QUANTITIES[quantity].format(phase), runs[0][phase, quantity][0]
        rows.append(table_row(f"{quantity}.{phase}.{system}", f"{label}: {text}", unit, mean, paper_values))
    volumes = {
        phase: [run[phase, quantity][1] for run in runs]
        for phase, quantity in runs[0]
        if quantity == "voronoi_volume" and phase not in crystals
    }
    identifier = f"mechanism.liquid_below_glass_density.{framework}"
    for number, (dense, loose) in enumerate(combinations(volumes, 2)):
        pairs = zip(volumes[loose], volumes[dense], strict=True)
        less = mean_of_runs([_less_dense(*pair) for pair in pairs])
        row_id, paper = f"density_below.{loose}.{dense}.{system}", "" if number else identifier
        text = f"{label}: density of Zn called {loose} below that of Zn called {dense}"
        rows.append(table_row(row_id, text, "1", less, paper_values, paper))
    return rows


def _less_dense(first: Estimate, second: Estimate) -> Estimate:
    """1 - V(second)/V(first); errors of both volumes count as independent."""
    ratio = second.value / first.value
    error = ratio * np.hypot(first.stderr / first.value, second.stderr / second.value)
    return Estimate(1 - ratio, error, min(first.n, second.n))
