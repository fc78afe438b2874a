"""Rows of tables and the file of the paper's values."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from zifmelt.errors import InputError
from zifmelt.statistics import UNDETERMINED, Estimate
from zifmelt.tables.quantities import IDS
from zifmelt.tables.rows import PaperValue, id_part, read_paper_values, table_row, values_beside, write_rows

VALUES = Path(__file__).parents[2] / "config" / "paper_values.yaml"


def test_the_papers_values_are_readable_and_consistent():
    """Confusion rows sum to one, entropies are enthalpy over temperature, as in the paper."""
    values = read_paper_values(VALUES)
    phases = ["ZIF-4", "ZIF-zni", "ZIF_a", "ZIF_liq"]
    for row in phases:
        assert sum(values[f"table2.confusion.{row}.{column}"].value for column in phases) == pytest.approx(
            1, abs=1e-9
        )
    for crystal in ("ZIF-4", "ZIF-zni"):
        enthalpy, entropy, temperature = (
            values[f"table3.{quantity}.{crystal}"].value
            for quantity in ("enthalpy", "entropy", "temperature")
        )
        assert 1000 * enthalpy / temperature == pytest.approx(entropy, rel=0.02)
    assert all(value.source for value in values.values() if value.reference is not None)


def test_rows_keep_what_is_known(tmp_path):
    """Undetermined numbers stay empty, frameworks the paper does not know have no paper value."""
    values = {"a": PaperValue(2.0, "A", "Tab. I", 3.0, "somebody")}
    rows = [
        table_row("distance.a", "distance", "A", Estimate(2.1, 0.1, 6), values, "a"),
        table_row("distance.b", "other", "A", UNDETERMINED, values, "b"),
    ]
    write_rows(tmp_path / "table.csv", rows)
    table = pd.read_csv(tmp_path / "table.csv")
    assert list(table.columns) == [
        "id",
        "quantity",
        "unit",
        "value",
        "stderr",
        "n",
        "paper",
        "reference",
        "source",
    ]
    assert table.loc[0, ["value", "stderr", "n", "paper", "reference"]].tolist() == [2.1, 0.1, 6, 2.0, 3.0]
    assert table.loc[1, "n"] == 0
    assert np.isnan(table.loc[1, ["value", "stderr", "paper"]].astype(float)).all()


def test_wrong_units_and_files_are_refused(tmp_path):
    """A unit that does not match, an unknown key, an empty file."""
    with pytest.raises(InputError, match="unit"):
        table_row("distance.a", "distance", "nm", UNDETERMINED, {"a": PaperValue(2.0, "A", "Tab. I")}, "a")
    path = tmp_path / "values.yaml"
    path.write_text("a: {value: 1, unit: A, were: Tab. I}\n")
    with pytest.raises(InputError, match="a needs"):
        read_paper_values(path)
    path.write_text("")
    with pytest.raises(InputError, match="entries"):
        read_paper_values(path)


def test_an_id_names_one_row(tmp_path):
    rows = [table_row("density.x", text, "1", UNDETERMINED, {}) for text in ("density", "the same again")]
    with pytest.raises(InputError, match=r"table\.csv: the id density\.x names more than one row"):
        write_rows(tmp_path / "table.csv", rows)
    assert not (tmp_path / "table.csv").exists()
    assert id_part("ZIF-4 4x4x4 550 K") == "ZIF-4_4x4x4_550K"


def test_every_measured_quantity_has_an_id_of_its_own():
    assert len(set(IDS.values())) == len(IDS)
    assert all(re.fullmatch(r"[a-z0-9_]+", identifier) for identifier in IDS.values())


def test_a_number_of_another_temperature_is_told_but_does_not_stand_beside_ours():
    """The paper's 4500 ps at 550 K are nothing to compare a run at 700 K with."""
    paper = {
        "time": PaperValue(4500.0, "ps", "Fig. 4", note="one run", temperature_K=550),
        "any": PaperValue(1.0, "1", "Tab. I"),
    }
    assert values_beside(paper, 550.0) == paper
    hotter = values_beside(paper, 700.0)
    row = table_row("time.a", "time", "ps", UNDETERMINED, hotter, "time")
    assert np.isnan(row["paper"]) and hotter["any"] == paper["any"]
    assert row["source"] == "paper: 4500 ps in Fig. 4, at 550 K and not at 700 K; one run"
    assert paper["time"].description() == "paper: Fig. 4; 550 K; one run"
