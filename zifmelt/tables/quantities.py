"""The scalars that are measured of single runs: an id for each name, tables, and means over runs."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from ..files import read_table
from ..statistics import Estimate, mean_of_runs

COLUMNS = ("id", "quantity", "unit", "value", "stderr", "n")
"""Columns of ``structure.csv`` and ``crystal.csv``."""

IDS = {
    "temperature": "temperature",
    "density": "density",
    "density with the authors' masses": "density_authors_masses",
    "volume per Zn": "volume_per_zn",
    "drift of the volume": "volume_drift",
    "bulk modulus": "bulk_modulus",
    "potential energy and PV": "potential_energy_and_pv",
    "cell length a": "cell_length_a",
    "cell length b": "cell_length_b",
    "cell length c": "cell_length_c",
    "cell volume relative to experiment": "cell_volume_ratio",
    "largest deviation of a cell length from experiment": "cell_length_deviation",
    "Zn-N distance, mean of four nearest": "zn_n_distance_nearest",
    "Zn-N distance, mean of bonded": "zn_n_distance_bonded",
    "Zn-N distance, peak of g(r)": "zn_n_distance_peak",
    "Zn-Zn distance, mean of four nearest": "zn_zn_distance_nearest",
    "Zn-Zn distance, mean across ligands": "zn_zn_distance_across",
    "Zn-Zn distance, peak of g(r)": "zn_zn_distance_peak",
    "N-Zn-N angle": "n_zn_n_angle",
    "Zn-Zn-Zn angle": "zn_zn_zn_angle",
    "Zn-im-Zn angle": "zn_im_zn_angle",
    "N around Zn": "n_around_zn",
    "share of Zn with 2 N": "share_with_2_n",
    "share of Zn with 3 N": "share_with_3_n",
    "share of Zn with 4 N": "share_with_4_n",
    "share of Zn with 5 N": "share_with_5_n",
    "share of Zn with fewer than four N": "share_below_4_n",
    "share of Zn with fewer than four bonds": "share_below_4_bonds",
    "volume over cubed Zn-Zn distance relative to the first frame": "net_volume_ratio",
    "share of initial Zn-N bonds kept": "bonds_kept",
    "share of initial Zn-ligand links kept": "links_kept",
    "rate of breaks": "break_rate",
    "rate of turns (ii)": "turn_rate",
    "rate of exchanges (iii)": "exchange_rate",
    "rate of unconnected exchanges (iii)": "unconnected_exchange_rate",
    "time between breaks per 1024 Zn": "break_interval",
    "time between turns (ii) per 1024 Zn": "turn_interval",
    "time between exchanges (iii) per 1024 Zn": "exchange_interval",
    "time between unconnected exchanges (iii) per 1024 Zn": "unconnected_exchange_interval",
    "time to the first exchange (iii) per 1024 Zn": "first_exchange",
    "lifetime of three-coordinated Zn, mean of those seen": "lifetime_seen",
    "lifetime of three-coordinated Zn, Kaplan-Meier": "lifetime_kaplan_meier",
    "lifetime of three-coordinated Zn, exponential": "lifetime_exponential",
    "share of three-coordinated Zn": "share_three_coordinated",
    "exchanges (iii) that stand at the end": "exchanges_standing",
    "reverted share of the exchanges (iii)": "exchanges_reverted_share",
    "share of initial Zn-ligand links seen in the last tenth": "links_seen_late",
}
"""Id of every quantity, by its name for the reader."""

NAMES = {identifier: name for name, identifier in IDS.items()}
"""Name for the reader of every quantity, by its id."""


def quantity_table(rows: Iterable[tuple[str, str, Estimate]]) -> pd.DataFrame:
    """Tabulate name, unit and value of the scalars of a run, each with its id; columns `COLUMNS`."""
    table = [(IDS[name], name, unit, e.value, e.stderr, e.n) for name, unit, e in rows]
    return pd.DataFrame(table, columns=list(COLUMNS))


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
