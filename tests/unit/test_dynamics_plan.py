from pathlib import Path

import pytest

from zifmelt.campaign import Campaign
from zifmelt.dynamics.plan import cost_of, cost_table, max_timestep_fs, settings_of
from zifmelt.dynamics.settings import settings_from
from zifmelt.files import read_yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def campaign():
    return Campaign(read_yaml(ROOT / "config" / "config.yaml"), ROOT)


def test_every_run_has_valid_settings_and_a_cost(campaign):
    for run in campaign.runs.values():
        settings = settings_from(settings_of(campaign, run))
        assert settings.minimise == (run.start is None)
        assert cost_of(campaign, run).steps > 0


def test_table_adds_up_over_stages(campaign):
    table = cost_table(campaign).set_index("stage")
    stages = table.drop("all")
    assert table.loc["all", "runs"] == len(campaign.runs)
    assert table.loc["all", "time_ns"] == pytest.approx(
        sum(run.duration_ps for run in campaign.runs.values()) / 1000
    )
    for column in ("steps", "core_hours", "disk_GB"):
        assert table.loc["all", column] == pytest.approx(stages[column].sum())


def test_time_step_of_a_variant_before_its_file_exists(campaign):
    variants = campaign.config["forcefield_scan"]["variants"]
    base = max_timestep_fs(campaign, campaign.config["forcefield_scan"]["base"])
    for name, override in variants.items():
        assert max_timestep_fs(campaign, name) == override.get("max_timestep_fs", base)
