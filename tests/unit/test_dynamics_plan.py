import pytest

from checkout import ROOT
from zifmelt.campaign import Campaign
from zifmelt.configuration import Configuration, load_configuration
from zifmelt.dynamics.plan import cost_of, cost_table, max_timestep_fs, runtime_of, settings_of
from zifmelt.dynamics.settings import settings_from
from zifmelt.files import read_yaml


@pytest.fixture(scope="module")
def campaign():
    return Campaign(load_configuration(ROOT / "config" / "config.yaml"), ROOT)


def test_every_run_has_valid_settings_and_a_cost(campaign):
    for run in campaign.runs:
        settings = settings_from(settings_of(campaign, run))
        assert settings.minimise == (run.start is None)
        assert cost_of(campaign, run).steps > 0


def test_table_adds_up_over_stages(campaign):
    table = cost_table(campaign).set_index("stage")
    stages = table.drop("all")
    assert table.loc["all", "runs"] == len(campaign.runs)
    assert table.loc["all", "time_ns"] == pytest.approx(sum(run.duration_ps for run in campaign.runs) / 1000)
    for column in ("steps", "core_hours", "gpu_hours", "disk_GB"):
        assert table.loc["all", column] == pytest.approx(stages[column].sum())


def test_time_step_of_a_variant_before_its_file_exists(campaign):
    variants = campaign.config.forcefield_scan.variants
    base = max_timestep_fs(campaign, campaign.config.forcefield_scan.base)
    for name, override in variants.items():
        assert max_timestep_fs(campaign, name) == override.get("max_timestep_fs", base)


def test_gpu_hours_follow_from_the_measured_speed_of_a_gpu():
    config = read_yaml(ROOT / "config" / "config.yaml")
    on_cores = Campaign(Configuration.from_plain(config), ROOT)
    gpu = {
        "engine": "lammps",
        "platform": "auto",
        "precision": "mixed",
        "accelerator": "gpu",
        "mpi_ranks": 2,
        "threads": 3,
        "gpus": 2,
    }
    speeds = {
        "throughput_particle_steps_per_core_second": 2.0e5,
        "throughput_particle_steps_per_gpu_second": 8.0e6,
    }
    measured = Campaign(Configuration.from_plain({**config, "hardware": {**gpu, **speeds}}), ROOT)
    plain, fast = (
        cost_table(campaign).set_index("stage").loc["production"] for campaign in (on_cores, measured)
    )
    assert plain["gpu_hours"] == 0
    assert fast["gpu_hours"] == pytest.approx(plain["core_hours"] / 40)
    assert fast["core_hours"] == pytest.approx(3 * fast["gpu_hours"])
    run = next(iter(run for run in measured.runs if run.stage == "production"))
    assert runtime_of(measured, run, 6) == pytest.approx(runtime_of(on_cores, run, 2) / 40, rel=0.05)


def test_hours_on_a_gpu_that_nobody_measured_are_left_open():
    config = read_yaml(ROOT / "config" / "config.yaml")
    hardware = {
        **config["hardware"],
        "engine": "lammps",
        "platform": "auto",
        "precision": "mixed",
        "accelerator": "gpu",
    }
    unknown = Campaign(Configuration.from_plain({**config, "hardware": hardware}), ROOT)
    table = cost_table(unknown).set_index("stage")
    assert table["gpu_hours"].isna().all() and table["core_hours"].isna().all()
    assert (table["steps"] > 0).all()
    run = next(iter(unknown.runs))
    assert runtime_of(unknown, run, 4) >= 30
