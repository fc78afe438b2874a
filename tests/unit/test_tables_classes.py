"""Surroundings and disagreement of classes over runs, against means by hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from zifmelt.files import write_table
from zifmelt.mechanism.lability import lability_rows
from zifmelt.mechanism.sequence import disordered_share_row
from zifmelt.tables.comparison import gather_comparison
from zifmelt.tables.disagreement import disagreement_rows
from zifmelt.tables.rows import read_paper_values, write_rows
from zifmelt.tables.surroundings import surroundings_rows

PAPER = read_paper_values(Path(__file__).parents[2] / "config" / "paper_values.yaml")


def by_quantity(rows):
    return {row["quantity"]: row for row in rows}


def surroundings(path, volumes, stderr=1.0):
    rows = [
        (
            name,
            quantity,
            "A3" if quantity == "voronoi_volume" else "1",
            value,
            stderr,
            10 * np.isfinite(value),
        )
        for name, volume in volumes.items()
        for quantity, value in (("voronoi_volume", volume), ("neighbours", 4.0), ("nitrogen", 3.9))
    ]
    write_table(path, pd.DataFrame(rows, columns=["class", "quantity", "unit", "value", "stderr", "n"]))
    return path


def test_surroundings_are_means_of_runs(tmp_path):
    """Of the second run no liquid is known: it counts for the glass alone. 1 - 200/250 = 0.2 by hand."""
    first = surroundings(tmp_path / "1.csv", {"ZIF-4": 270.0, "ZIF_a": 200.0, "ZIF_liq": 250.0})
    second = surroundings(tmp_path / "2.csv", {"ZIF-4": 272.0, "ZIF_a": 210.0, "ZIF_liq": np.nan})
    rows = by_quantity(surroundings_rows([first, second], "ZIF-4 550 K", "ZIF-4", ["ZIF-4"], PAPER))
    crystal = rows["ZIF-4 550 K: Voronoi volume of a Zn called ZIF-4"]
    assert (crystal["value"], crystal["stderr"], crystal["n"]) == (271.0, pytest.approx(1.0), 2)
    assert rows["ZIF-4 550 K: Voronoi volume of a Zn called ZIF_liq"]["n"] == 1
    less = rows["ZIF-4 550 K: density of Zn called ZIF_liq below that of Zn called ZIF_a"]
    assert (less["value"], less["n"], less["paper"]) == (pytest.approx(0.2), 1, 0.1)
    # Error by hand: 0.8 sqrt((1/200)^2 + (1/250)^2).
    assert less["stderr"] == pytest.approx(0.8 * np.sqrt(1 / 200**2 + 1 / 250**2))
    elsewhere = by_quantity(surroundings_rows([first], "x", "ZIF-zni", ["ZIF-4"], PAPER))
    assert elsewhere["x: density of Zn called ZIF_liq below that of Zn called ZIF_a"]["paper"] is None


def test_disagreement_is_a_mean_of_runs(tmp_path):
    for number, share in ((1, 0.1), (2, 0.3)):
        table = pd.DataFrame({"phase": ["ZIF-4", "ZIF_a", "all"], "share": [share, np.nan, 2 * share]})
        write_table(tmp_path / f"{number}.csv", table)
    paths = [tmp_path / "1.csv", tmp_path / "2.csv"]
    rows = by_quantity(disagreement_rows({"runs": paths}, ["paper", "extended"]))
    every = rows["runs: share of all Zn that extended calls otherwise than paper"]
    assert (every["value"], every["stderr"], every["n"]) == (pytest.approx(0.4), pytest.approx(0.2), 2)
    assert rows["runs: share of Zn that paper calls ZIF-4 that extended calls otherwise than paper"][
        "value"
    ] == pytest.approx(0.2)
    assert rows["runs: share of Zn that paper calls ZIF_a that extended calls otherwise than paper"]["n"] == 0


def test_disordered_share_of_the_stable_run_stands_beside_the_papers():
    run = pd.DataFrame({"time_ps": np.arange(4.0), "ZIF-4": 0.97, "ZIF_a": 0.01, "ZIF_liq": 0.02})
    row = disordered_share_row([run], "ZIF-4 540 K", "ZIF-4", ["ZIF-4", "ZIF-zni"], PAPER)
    assert (row["value"], row["paper"]) == (pytest.approx(0.03), 0.02)


def test_upper_end_of_the_labile_sites_and_the_comparison(tmp_path):
    """Sites outside the most stable group: the longest of 1.9, 2.0 and 2.6 ps."""
    table = pd.DataFrame(
        {
            "group": [0, 0, 1, 2],
            "site_interval_ps": [1.9, 2.0, 2.6, 4.5],
            "site_interval_stderr_ps": [0.1, 0.1, 0.2, 0.3],
        }
    )
    rows = lability_rows(table, "ZIF-zni", "670", PAPER)
    name = "ZIF-zni 670 K, all groups but the most stable: longest time between breaks at a site per 1024 Zn"
    upper = by_quantity(rows)[name]
    assert (upper["value"], upper["stderr"], upper["n"], upper["paper"]) == (2.6, 0.2, 3, 2.7)
    write_rows(tmp_path / "lability_ZIF-zni.csv", rows)
    gathered = gather_comparison([tmp_path / "lability_ZIF-zni.csv"]).set_index("quantity")
    assert gathered.loc[name, "deviation"] == pytest.approx(-0.5)
    one_group = lability_rows(table.assign(group=0), "ZIF-zni", "670", PAPER)
    assert name not in by_quantity(one_group)
