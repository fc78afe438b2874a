"""What starts a finished job anew: other parameters or inputs, not a file that a checkout wrote again."""

import pytest

from checkout import copy_workflow, snakemake

pytestmark = pytest.mark.slow

TARGET = "results/demo/structures/nb-zif-ff/ZIF-4/1x1x1/system.data"


def told(folder, *arguments):
    """Run the demonstration's configuration in `folder` and return what Snakemake says."""
    ended = snakemake("--configfile", "config/demo.yaml", *arguments, cwd=folder)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkout")
    copy_workflow(folder)
    told(folder, "--", TARGET)
    return folder


def test_a_new_checkout_starts_nothing_anew(built):
    for path in [*built.rglob("*.py"), *built.rglob("*.yaml"), *built.rglob("*.cif"), *built.rglob("*.smk")]:
        path.touch()
    assert "Nothing to be done" in told(built, "--dry-run", "--", TARGET)


def test_another_structure_starts_its_jobs_anew(built):
    path = built / "config/structures/ZIF-4.cif"
    path.write_text(path.read_text() + "# changed\n")
    assert "build_structure" in told(built, "--dry-run", "--", TARGET)
