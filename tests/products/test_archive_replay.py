"""The published study: its files are those that were published, and its numbers come out of them again."""

import hashlib
import re
import shutil
import subprocess

import numpy as np
import pandas as pd
import pytest

from checkout import ROOT, copy_workflow, snakemake
from zifmelt.environments.out_of_distribution import TrainingDistribution
from zifmelt.files import read_json

ARCHIVE = ROOT / "results/workstation"
SUMS = ARCHIVE / "SHA256SUMS"
CONFIG = ("--configfile", "config/workstation.yaml", "config/archived.yaml")
CHEAP = {
    "tables/table1.csv": "id",
    "tables/lability_ZIF-4.csv": "id",
    "figures/ramp_volume.csv": None,
    "figures/enthalpy_of_phases.csv": None,
}
"""What follows from the run folders without a network in little time, with the column that names the rows."""
TRAINING = "classifier/training.npz"
SIMULATING = (
    "anneal|anneal_slowly|melt|sample|compress|make_interface|coexist|produce|simulate|build_structure"
)
LARGEST_MB = 60

pytestmark = pytest.mark.skipif(not SUMS.is_file(), reason="the published study is not in this checkout")


@pytest.fixture(scope="module")
def replayed(tmp_path_factory):
    """Give a checkout that had nothing but the archive's run folders until Snakemake made `CHEAP` there."""
    folder = copy_workflow(tmp_path_factory.mktemp("clone") / "checkout")
    shutil.copytree(ARCHIVE / "md", folder / "results/workstation/md")
    targets = [f"results/workstation/{name}" for name in (*CHEAP, TRAINING)]
    ended = snakemake("--cores", "2", *CONFIG, "--", *targets, cwd=folder)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder


def test_every_file_is_the_published_one():
    listed = dict(reversed(line.split("  ", 1)) for line in SUMS.read_text().splitlines())
    found = {path.relative_to(ARCHIVE).as_posix() for path in (ARCHIVE / "md").rglob("*.*") if path.is_file()}
    assert found - set(listed) == set()
    for name, expected in listed.items():
        assert hashlib.sha256((ARCHIVE / name).read_bytes()).hexdigest() == expected, name


def test_every_planned_simulation_is_there_and_was_finished():
    planned = pd.read_csv(ARCHIVE / "runs.csv").set_index("path")
    study = planned[planned["stage"] != "scan"]  # the scan of force fields is a study of its own
    assert len(study) == len(list((ARCHIVE / "md").rglob("provenance.json"))) == 114
    for path, run in study.iterrows():
        provenance = read_json(ARCHIVE / "md" / path / "provenance.json")
        lengths = [stretch["duration_ps"] for stretch in provenance["stretches"]]
        # Every part is as long as the nearest whole number of frames.
        rounding = len(lengths) * run["frame_interval_ps"] / 2
        assert sum(lengths) == pytest.approx(run["duration_ps"], abs=rounding), path
        assert provenance["n_zn"] == run["n_zn"], path
        assert not provenance["data_file"]["path"].startswith("/"), path


def test_what_git_tracks_of_it_stays_small():
    listed = subprocess.run(["git", "ls-files", "-z", "results"], cwd=ROOT, capture_output=True, text=True)
    names = [name for name in listed.stdout.split("\0") if name]
    if not names:
        pytest.skip("no file of results is tracked by Git here")
    assert sum((ROOT / name).stat().st_size for name in names) < LARGEST_MB * 1e6


@pytest.mark.slow
@pytest.mark.parametrize("name", CHEAP)
def test_the_archive_gives_the_published_numbers(name, replayed):
    """Another processor changes the last of 16 digits; another frame, or definition, changes more."""
    again, published = (pd.read_csv(folder / name) for folder in (replayed / "results/workstation", ARCHIVE))
    key = CHEAP[name]
    if key:
        assert again[key].is_unique
    assert again.select_dtypes("number").notna().to_numpy().sum() > 10
    pd.testing.assert_frame_equal(again, published, rtol=1e-6, atol=1e-9)


@pytest.mark.slow
def test_the_archive_gives_what_the_published_networks_were_trained_on(replayed):
    again, published = (
        TrainingDistribution.load(folder / TRAINING) for folder in (replayed / "results/workstation", ARCHIVE)
    )
    assert again.features.tolist() == published.features.tolist()
    np.testing.assert_allclose(again.environments, published.environments, rtol=1e-4, atol=1e-4)
    assert (again.limit, again.usual_share) == pytest.approx(
        (published.limit, published.usual_share), rel=1e-3
    )


@pytest.mark.slow
@pytest.mark.parametrize("files", [1, 2], ids=["study", "study as archived"])
def test_no_target_of_the_study_runs_a_simulation(files, replayed):
    """Not even without config/archived.yaml, where new simulations would replace the published ones."""
    ended = snakemake("--dry-run", "--forceall", *CONFIG[: 1 + files], "--", "all", cwd=replayed)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    rules = set(re.findall(r"^(?:local)?rule (\w+):", ended.stdout + ended.stderr, re.MULTILINE))
    assert {"sample_database", "tabulate_comparison", "write_page"} <= rules
    assert not {rule for rule in rules if re.fullmatch(SIMULATING, rule)}


@pytest.mark.slow
def test_a_missing_run_is_named_and_not_simulated(replayed):
    """Where an archive lacks a run, to simulate it would be to publish something else."""
    run = replayed / "results/workstation/md/sampling/ZIF_a/300K/r1"
    kept = run.rename(run.with_name("elsewhere"))
    try:
        ended = snakemake("--dry-run", *CONFIG, "--", "results/workstation/tables/table1.csv", cwd=replayed)
    finally:
        kept.rename(run)
    assert ended.returncode != 0
    assert "MissingInputException" in ended.stdout + ended.stderr
    assert "sampling/ZIF_a/300K/r1" in ended.stdout + ended.stderr
