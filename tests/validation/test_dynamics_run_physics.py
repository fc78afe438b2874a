"""The checks of a run's physics on a short real one, with and without planted faults."""

import pandas as pd
import pytest

from dynamics_runs import build_cell, run_cell, short_settings
from zifmelt.dynamics.protocol import hold, ramp
from zifmelt.dynamics.run_physics import check_run


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    cell = build_cell(tmp_path_factory.mktemp("cell"))
    segments = [hold("start", 300, 0.4), ramp("heating", 300, 350, 250.0), hold("hold", 350, 0.4)]
    folder = tmp_path_factory.mktemp("run") / "r1"
    run_cell(cell, folder, segments, short_settings(checkpoint_interval_ps=0.1))
    return folder


def test_a_real_run_passes(run):
    table = check_run(run)
    assert table["ok"].all(), table[~table["ok"]].to_string()
    # Three segments, eight kinds of particles, three components of the momentum.
    quantities = table["quantity"]
    assert quantities.str.contains("mean temperature").sum() == 3
    assert quantities.str.startswith("temperature of type").sum() == 8
    assert quantities.str.startswith("momentum").sum() == 3
    momentum = table.loc[quantities.str.startswith("momentum"), "value"]
    assert momentum.abs().max() < 1e-9


def test_a_volume_that_jumps_at_a_checkpoint_is_found(run, tmp_path):
    folder = tmp_path / "r1"
    folder.mkdir()
    for name in ("final.data", "provenance.json"):
        (folder / name).symlink_to(run / name)
    thermo = pd.read_csv(run / "thermo.csv")
    thermo.loc[thermo["time_ps"] > 0.7, "volume_A3"] *= 1.05
    thermo.to_csv(folder / "thermo.csv", index=False)
    table = check_run(folder)
    assert table.loc[~table["ok"], "quantity"].tolist() == ["segment 2 (hold): jump of the volume"]
