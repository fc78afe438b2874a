"""What starts a finished job anew: other parameters or inputs, not a file that a checkout wrote again."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TARGET = "results/demo/structures/nb-zif-ff/ZIF-4/1x1x1/system.data"


def snakemake(folder, *arguments):
    command = [
        sys.executable,
        "-m",
        "snakemake",
        "--cores",
        "1",
        "--configfile",
        "config/demo.yaml",
        *arguments,
    ]
    environment = {key: value for key, value in os.environ.items() if key != "SNAKEMAKE_PROFILE"}
    ended = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("config", "envs", "profiles", "scripts", "workflow", "zifmelt"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Snakefile", folder)
    snakemake(folder, "--", TARGET)
    return folder


def test_a_new_checkout_starts_nothing_anew(built):
    for path in [*built.rglob("*.py"), *built.rglob("*.yaml"), *built.rglob("*.cif"), *built.rglob("*.smk")]:
        path.touch()
    assert "Nothing to be done" in snakemake(built, "--dry-run", "--", TARGET)


def test_another_structure_starts_its_jobs_anew(built):
    path = built / "config/structures/ZIF-4.cif"
    path.write_text(path.read_text() + "# changed\n")
    assert "build_structure" in snakemake(built, "--dry-run", "--", TARGET)
