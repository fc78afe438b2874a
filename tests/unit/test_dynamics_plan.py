import pytest

from checkout import ROOT
from zifmelt.campaign import Campaign
from zifmelt.configuration import Configuration, load_configuration
from zifmelt.dynamics.cost import START_UP_S
from zifmelt.dynamics.plan import (
    boxes_of,
    cost_of,
    cost_table,
    hardware_of,
    max_timestep_fs,
    runtime_of,
    settings_of,
    told_cost,
)
from zifmelt.dynamics.settings import settings_from
from zifmelt.dynamics.speeds import MEASURED, cache_path, deciding, remember
from zifmelt.files import read_yaml


@pytest.fixture(autouse=True)
def nothing_measured(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


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
    gpu = {**config["hardware"], "accelerator": "gpu", "mpi_ranks": 2, "threads": 3, "gpus": 2}
    speeds = {
        "throughput_particle_steps_per_core_second": 2.0e5,
        "throughput_particle_steps_per_gpu_second": 8.0e6,
    }
    cores = {**config["hardware"], **speeds}
    on_cores = Campaign(Configuration.from_plain({**config, "hardware": cores}), ROOT)
    measured = Campaign(Configuration.from_plain({**config, "hardware": {**gpu, **speeds}}), ROOT)
    plain, fast = (
        cost_table(campaign).set_index("stage").loc["production"] for campaign in (on_cores, measured)
    )
    assert plain["gpu_hours"] == 0
    start_up = plain["runs"] * START_UP_S / 3600
    assert fast["gpu_hours"] - start_up == pytest.approx((plain["core_hours"] - start_up) / 40)
    assert fast["core_hours"] == pytest.approx(3 * fast["gpu_hours"])
    run = next(iter(run for run in measured.runs if run.stage == "production"))
    assert runtime_of(measured, run, 6) == pytest.approx(runtime_of(on_cores, run, 2) / 40, rel=0.05)


def test_hours_on_a_gpu_that_nobody_measured_are_left_open():
    config = read_yaml(ROOT / "config" / "config.yaml")
    hardware = {**config["hardware"], "accelerator": "gpu"}
    unknown = Campaign(Configuration.from_plain({**config, "hardware": hardware}), ROOT)
    table = cost_table(unknown).set_index("stage")
    assert table["gpu_hours"].isna().all() and table["core_hours"].isna().all()
    assert (table["steps"] > 0).all()
    run = next(iter(unknown.runs))
    assert runtime_of(unknown, run, 4) >= 30


def test_measured_speed_decides_where_there_is_one():
    config = read_yaml(ROOT / "config" / "config.yaml")
    hardware = {**config["hardware"], "engine": "openmm", "accelerator": "gpu", "threads": 2}
    campaign = Campaign(Configuration.from_plain({**config, "hardware": hardware}), ROOT)
    run = next(iter(run for run in campaign.runs if run.stage == "production"))
    assert "speed: configured" in told_cost(campaign)
    settings = settings_from({**settings_of(campaign, run), **hardware_of(campaign)})
    measured = {
        "particles": 25 * run.n_zn,
        "particle_steps_per_second": 25.0 * run.n_zn * 1000.0,
        "engine": "openmm",
        "platform": "CUDA",
        "device": "a card",
        "settings": deciding(settings),
    }
    remember(cache_path(MEASURED), {**measured, "settings": {**deciding(settings), "numerics": "fast"}})
    assert "speed: configured" in told_cost(campaign)
    remember(cache_path(MEASURED), measured)
    assert told_cost(campaign).endswith("speed: measured here on a card with openmm")
    # 1000 steps per second, and OpenMM evaluates all forces at each of them.
    cost = cost_of(campaign, run)
    assert cost.processor_hours == pytest.approx((cost.steps / 1000 + START_UP_S) / 3600)
    # Steps take longer in larger boxes than the measured one.
    production = cost_table(campaign).set_index("stage").loc["production"]
    hours = [
        (cost_of(campaign, other).steps / 1000 * max(1.0, other.n_zn / run.n_zn) + START_UP_S) / 3600
        for other in campaign.runs
        if other.stage == "production"
    ]
    assert production["gpu_hours"] == pytest.approx(sum(hours))
    assert production["core_hours"] == pytest.approx(2 * sum(hours))
    assert runtime_of(campaign, run, 2) == pytest.approx(2 * 60 * cost.processor_hours, abs=1)
    shared = {**config, "hardware": {**hardware, "runs_per_gpu": 8}}
    in_turns = runtime_of(Campaign(Configuration.from_plain(shared), ROOT), run, 2)
    assert in_turns == pytest.approx(8 * 2 * 60 * cost.processor_hours, abs=1)


def test_every_size_of_box_once(campaign):
    sizes = {run.n_zn for run in campaign.runs}
    assert len(boxes_of(campaign)) == len(sizes)
