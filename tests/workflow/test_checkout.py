"""A checkout with spaces in its path, without a home folder, beside other campaigns, or started elsewhere."""

import os
import shutil
import subprocess

import pytest

from checkout import ROOT, copy_workflow, snakemake

TARGET = "results/demo/structures/nb-zif-ff/ZIF-4/1x1x1/system.data"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def spaced(tmp_path_factory):
    folder = copy_workflow(tmp_path_factory.mktemp("a checkout") / "with two spaces")
    shutil.copy(ROOT / "Makefile", folder)
    return folder


def test_spaces_in_the_path(spaced):
    ended = snakemake(TARGET, "--configfile", "config/demo.yaml", cwd=spaced)
    assert ended.returncode == 0, ended.stderr
    assert (spaced / TARGET).is_file()


def test_cleaning_removes_the_demonstration_only(spaced):
    """What Snakemake remembers of other campaigns tells whether they are up to date."""
    other, remembered = spaced / "results/other/thermo.csv", spaced / ".snakemake/metadata/b3RoZXI="
    for path in (other, remembered, spaced / TARGET):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("kept\n")
    subprocess.run(["make", "clean"], cwd=spaced, check=True, capture_output=True)
    assert not (spaced / "results/demo").exists()
    assert other.is_file() and remembered.is_file()


def test_another_working_directory_is_one_sentence(spaced, tmp_path):
    ended = snakemake(
        "--dry-run",
        "--snakefile",
        str(spaced / "Snakefile"),
        "--directory",
        str(tmp_path),
        "--configfile",
        str(spaced / "config/demo.yaml"),
    )
    assert ended.returncode == 1
    assert "there is no config/config.yaml; start snakemake in the checkout" in ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr


@pytest.mark.parametrize("home", ["/proc/none", None])
def test_make_gives_snakemake_a_cache_where_there_is_no_home(spaced, home, tmp_path):
    shown = subprocess.run(
        ["make", "--no-print-directory", "-f", "Makefile", "-f", "-", "show"],
        cwd=spaced,
        env={**os.environ, "HOME": home or str(tmp_path)},
        input="show:\n\t@echo cache=$(XDG_CACHE_HOME)\n",
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert (f"cache={spaced}/.snakemake/cache" in shown) == (home is not None)
