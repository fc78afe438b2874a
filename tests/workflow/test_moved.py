"""A campaign moved to another folder and machine: what is finished stays, what is not goes on."""

import os
import shutil
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from checkout import copy_workflow, snakemake, start_snakemake
from zifmelt.files import read_json
from zifmelt.trajectory import read_frames, read_thermo

pytestmark = pytest.mark.slow

PARENT = "results/moved/md/interface/ZIF-4/r1"
CHILD = "results/moved/md/coexistence/ZIF-4/450K/r1"
CONFIGURATION = """\
campaign: {name: moved}
coexistence: {melt_ps: 0.02, relax_ps: 0.02, duration_ps: 0.2}
dynamics: {checkpoint_interval_ps: 0.02}
hardware: {threads: %d}
"""
OPTIONS = ["--configfile", "config/demo.yaml", "moved.yaml", "--", f"{CHILD}/provenance.json"]


def workflow(folder: Path, threads: int) -> Path:
    copy_workflow(folder)
    (folder / "moved.yaml").write_text(CONFIGURATION % threads)
    return folder


def run(folder: Path, *options: str) -> str:
    ended = snakemake(*options, *OPTIONS, cwd=folder)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def half_finished(tmp_path_factory):
    """A campaign with one finished simulation, and one killed at a checkpoint that starts from it."""
    folder = workflow(tmp_path_factory.mktemp("first"), 1)
    process = start_snakemake(*OPTIONS, cwd=folder)
    try:
        while len(list(folder.glob(f"{CHILD}.checkpoint/chunk-*.json"))) < 3:
            assert process.poll() is None
            time.sleep(0.02)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return folder


@pytest.fixture(scope="module")
def undisturbed(half_finished, tmp_path_factory):
    folder = workflow(tmp_path_factory.mktemp("undisturbed"), 1)
    run(folder)
    return folder


def moved(source: Path, target: Path, *left_out: str) -> Path:
    """Copy results to another checkout, for two threads; all files are new, the starts newest."""
    workflow(target, 2)
    shutil.copytree(
        source / "results",
        target / "results",
        copy_function=shutil.copyfile,
        ignore=shutil.ignore_patterns(*left_out),
    )
    for number, path in enumerate(sorted(target.glob("results/**/*"), reverse=True)):
        os.utime(path, (1.8e9 + number,) * 2 if "structures" in path.parts else (1.7e9 + number,) * 2)
    return target


@pytest.mark.parametrize("left_out", [(), ("structures", "logs", "benchmarks")], ids=["all", "only md"])
def test_a_moved_campaign_goes_on(half_finished, undisturbed, tmp_path, left_out):
    folder = moved(half_finished, tmp_path / "a folder", *left_out)
    record = (folder / PARENT / "provenance.json").read_bytes()
    run(folder, "--cores", "2")
    assert (folder / PARENT / "provenance.json").read_bytes() == record
    child = read_json(folder / CHILD / "provenance.json")
    assert child["pieces"] == 2 and child["settings"]["threads"] == 2
    found, expected = (read_frames(where / CHILD, ("Zn", "N")) for where in (folder, undisturbed))
    assert np.array_equal(found.times, expected.times)
    # Two threads add forces up in another order; nothing else differs.
    assert found.positions == pytest.approx(expected.positions, abs=0.002)
    rows, others = (read_thermo(where / CHILD)["temperature_K"] for where in (folder, undisturbed))
    assert rows.to_numpy() == pytest.approx(others.to_numpy(), abs=0.01)
    assert "Nothing to be done" in run(folder, "--dry-run")


def test_another_protocol_replaces_a_finished_run(undisturbed, tmp_path):
    folder = moved(undisturbed, tmp_path / "longer")
    (folder / "moved.yaml").write_text(CONFIGURATION.replace("duration_ps: 0.2", "duration_ps: 0.04") % 1)
    run(folder, "--forcerun", "coexist")
    assert read_json(folder / CHILD / "provenance.json")["frames"] == 3
