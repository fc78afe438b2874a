"""Snakemake killed and started again or twice, clocks and file systems that are off: the same results."""

import os
import signal
import time
from pathlib import Path

import pytest

from checkout import copy_workflow, snakemake, start_snakemake

pytestmark = pytest.mark.slow

RUN = "results/faults/md/sampling/ZIF-4/300K/r1"
TARGETS = ["results/faults/analysis/sampling/ZIF-4/300K/r1/rdf.csv"]
PRODUCTS = [f"{RUN}/trajectory.xtc", f"{RUN}/thermo.csv", *TARGETS]
CONFIGURATION = """\
campaign: {name: faults}
frameworks: {ZIF-4: {supercells: {small: 1x1x1, size_check: 2x1x1}}}
dynamics: {checkpoint_interval_ps: 0.04}
"""
OPTIONS = ["--configfile", "config/demo.yaml", "faults.yaml", "--", *TARGETS]

LATE = """

# A file system that shows a file only after a while: it lies under another name until then.
import os
import subprocess
for path in snakemake.output:
    os.replace(path, path + ".late")
    subprocess.Popen(["sh", "-c", f"sleep 6; mv '{path}.late' '{path}'"], start_new_session=True)
"""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = workflow(tmp_path_factory.mktemp("undisturbed"))
    run(folder)
    return products(folder)


def workflow(folder: Path) -> Path:
    copy_workflow(folder)
    (folder / "faults.yaml").write_text(CONFIGURATION)
    return folder


def run(folder: Path, *options: str) -> str:
    ended = snakemake(*options, *OPTIONS, cwd=folder)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


def products(folder: Path) -> list[bytes]:
    return [(folder / name).read_bytes() for name in PRODUCTS]


def test_two_at_once_and_a_kill_of_everything(undisturbed, tmp_path):
    """The second Snakemake is refused; all processes die, as with a node; what is started again goes on."""
    folder = workflow(tmp_path)
    first = start_snakemake(*OPTIONS, cwd=folder)
    try:
        while not list(folder.glob(f"{RUN}.checkpoint/chunk-*.json")):
            assert first.poll() is None
            time.sleep(0.02)
        os.killpg(first.pid, signal.SIGSTOP)  # so that it is not over before the second has started
        second = snakemake(*OPTIONS, cwd=folder)
        assert second.returncode != 0
        assert "Directory cannot be locked" in second.stdout + second.stderr
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    run(folder, "--unlock")
    run(folder, "--rerun-incomplete")
    assert products(folder) == undisturbed


def test_files_that_show_late_and_clocks_that_are_off(undisturbed, tmp_path):
    """Late files are waited for; then inputs are from tomorrow, because a clock was set back."""
    folder = workflow(tmp_path)
    for name in ("build_structure", "run_dynamics"):
        with (folder / f"scripts/{name}.py").open("a") as script:
            script.write(LATE)
    run(folder, "--latency-wait", "60")
    assert products(folder) == undisturbed
    tomorrow = time.time() + 86400
    for pattern in ("results/faults/structures/**/*", "config/**/*", f"{RUN}/*"):
        for path in folder.glob(pattern):
            os.utime(path, (tomorrow, tomorrow))
        assert "Nothing to be done" in run(folder, "--dry-run")
