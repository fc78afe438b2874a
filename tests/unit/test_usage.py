"""What jobs took, from planted benchmark files: numbers by hand."""

import json
import math

import pytest

from checkout import ROOT
from zifmelt.campaign import Campaign
from zifmelt.configuration import Configuration, load_configuration
from zifmelt.dynamics.plan import cost_of
from zifmelt.errors import InputError
from zifmelt.files import read_yaml
from zifmelt.memory import LARGE_MB, SMALL_MB, asked_MB, environments
from zifmelt.usage import compare_cost, compare_memory, read_usage, told_usage

HEADER = "s\th:m:s\tmax_rss\tmax_vms\tmax_uss\tmax_pss\tio_in\tio_out\tmean_load\tcpu_time\n"


def plant(folder, job, wall_s, cpu_s, memory_MB):
    path = folder / f"benchmarks/{job}.tsv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{HEADER}{wall_s}\t0:00:01\t{memory_MB}\t1\t1\t1\t1\t1\t1\t{cpu_s}\n")


def plant_run(folder, path, started, finished):
    record = {"started": f"2026-01-01T00:{started}+00:00", "finished": f"2026-01-01T00:{finished}+00:00"}
    (folder / "md" / path).mkdir(parents=True, exist_ok=True)
    (folder / "md" / path / "provenance.json").write_text(json.dumps(record))


@pytest.fixture(scope="module")
def campaign():
    return Campaign(load_configuration(ROOT / "config/config.yaml"), ROOT)


@pytest.fixture(scope="module")
def study():
    return Campaign(load_configuration(ROOT / "config/config.yaml", ROOT / "config/workstation.yaml"), ROOT)


@pytest.fixture(autouse=True)
def nothing_measured(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_cpu_time_after_the_last_look_is_made_up_for(tmp_path):
    plant(tmp_path, "plot_fig2/all", 4.0, 3.0, 200)
    # Looked at until 15.5 s and then at 45.5 s, when 40 s of CPU had been used: so 60 s take 52.7 s.
    plant(tmp_path, "simulate/sampling/ZIF_a/300K/r1", 60.0, 40.0, 180)
    plant(tmp_path, "tabulate_table2/all", 0.1, "NA", "NA")
    usage = read_usage(tmp_path / "benchmarks").set_index("job")
    assert usage["rule"].tolist() == ["plot_fig2", "simulate", "tabulate_table2"]
    assert usage.loc["sampling/ZIF_a/300K/r1", "cpu_s"] == pytest.approx(40 * 60 / 45.5)
    assert usage["cpu_s"].iloc[0] == 3.0 and math.isnan(usage["cpu_s"].iloc[2])


def test_memory_asked_and_used(tmp_path):
    for name, memory_MB in (("a/1", 90), ("a/2", 590), ("b/all", 340)):
        plant(tmp_path, name, 3600.0, 1800.0, memory_MB)
    plant(tmp_path, "b/none", 0.1, "NA", "NA")
    usage = read_usage(tmp_path / "benchmarks")
    table = compare_memory(usage, lambda rule, job: {"a": 1000, "b": 1500}[rule]).set_index("rule")
    # Beside each the 410 MB of two Snakemakes: 500, 1000 and 750 MB.
    assert table.loc["a", ["jobs", "asked_MB", "used_MB", "asked_over_used_from", "to"]].tolist() == [
        *(2, 1000, 1000, 1.0, 2.0),
    ]
    assert table.loc["b", ["jobs", "asked_over_used_from", "to"]].tolist() == [1, 2.0, 2.0]
    assert table["wall_hours"].tolist() == [2.0, 1.0]


def test_cost_of_whole_runs_beside_what_they_took(campaign, tmp_path):
    first, second, third = list(campaign.runs)[:3]
    plant(tmp_path, f"simulate/{first.path}", 10.0, 9.0, 180)
    plant_run(tmp_path, first.path, "00:00", "00:10")
    plant(tmp_path, f"simulate/{second.path}", 10.0, 9.0, 180)  # its last piece of ten minutes
    plant_run(tmp_path, second.path, "00:00", "10:00")
    plant(tmp_path, f"simulate/{third.path}", 10.0, 9.0, 180)  # has not ended
    count, estimated_h, taken_h = compare_cost(campaign, read_usage(tmp_path / "benchmarks"), tmp_path / "md")
    assert (count, taken_h) == (1, pytest.approx(9 / 3600))
    assert estimated_h == cost_of(campaign, first).processor_hours


def test_on_gpus_the_time_of_the_gpu_counts_shared_by_those_on_it(tmp_path):
    config = read_yaml(ROOT / "config/config.yaml")
    hardware = {**config["hardware"], "engine": "openmm", "accelerator": "gpu", "runs_per_gpu": 8}
    hardware["throughput_particle_steps_per_gpu_second"] = 8.0e6
    campaign = Campaign(Configuration.from_plain({**config, "hardware": hardware}), ROOT)
    run = next(iter(campaign.runs))
    plant(tmp_path, f"simulate/{run.path}", 3600.0, 9.0, 180)
    plant_run(tmp_path, run.path, "00:00", "59:59")
    told = told_usage(campaign, tmp_path)
    assert "1 finished simulations" in told and "GPU-hours, taken 0.125" in told


def test_what_is_told_names_each_rule_and_leaves_out_runs_of_another_configuration(campaign, tmp_path):
    assert told_usage(campaign, tmp_path) == ""
    run = next(iter(campaign.runs))
    plant(tmp_path, "simulate/a/run/of/before", 10.0, 9.0, 180)
    plant(tmp_path, f"simulate/{run.path}", 10.0, 9.0, 180)
    plant(tmp_path, "train_classifier/paper", 10.0, 9.0, 500)
    told = told_usage(campaign, tmp_path)
    assert [line.split()[:2] for line in told.splitlines()[2:]] == [
        ["simulate", "1"],
        ["train_classifier", "1"],
    ]


@pytest.mark.parametrize(
    "content", ["", "not\na table\n", HEADER, HEADER + "1\t2\n", HEADER + "x\t" * 9 + "x\n"]
)
def test_another_file_in_the_folder_is_named(tmp_path, content):
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks/wrong.tsv").write_text(content)
    with pytest.raises(InputError, match=r"wrong\.tsv: not a benchmark file"):
        read_usage(tmp_path / "benchmarks")


def test_memory_grows_with_the_database_alone(campaign):
    # 64 Zn in each of the 3000 + 3000 + 12 000 + 12 000 configurations.
    assert environments(campaign) == 64 * 30_000
    assert asked_MB(campaign, "plot_fig2", "all") == SMALL_MB
    assert asked_MB(campaign, "classify_trajectory", "sampling/ZIF_a/300K/r1") == LARGE_MB
    assert asked_MB(campaign, "evaluate_classifier", "extended") == LARGE_MB + 800 * 1.92


@pytest.mark.parametrize(
    ("rule", "job", "measured_MB"),
    [
        ("train_classifier", "paper", 438),
        ("train_classifier", "extended", 499),
        ("evaluate_classifier", "paper", 464),
        ("evaluate_classifier", "extended", 660),
        ("compute_learning_curve", "paper", 470),
        ("compute_learning_curve", "extended", 641),
        ("sample_database", "all", 586),
        ("describe_training", "all", 202),
        ("plot_figS3", "all", 223),
        ("plot_fig3", "all", 485),
        ("plot_fig1", "all", 380),
        ("plot_fig4", "all", 334),
        ("classify_trajectory", "production/ZIF-zni/2x2x8/900K/r1", 438),
        ("analyse_bonds", "production/ZIF-4/4x4x4/700K/r1", 195),
        ("count_rings", "production/ZIF-4/4x4x4/700K/r1", 193),
        ("tabulate_mechanism", "ZIF-4", 170),
        ("tabulate_table2", "all", 78),
    ],
)
def test_memory_of_the_published_study_is_true_within_a_factor_of_two(study, rule, job, measured_MB):
    """Largest resident sets of its analyses, with two Snakemakes of 410 MB beside them."""
    assert environments(study) == 64 * 2400
    assert 1.1 < asked_MB(study, rule, job) / (measured_MB + 410) < 2
