"""Who follows CONTRIBUTING has a new analysis: the files of its example, as they stand there, work."""

import re
import shutil
import subprocess
import sys

import pytest

from checkout import ROOT, copy_workflow, snakemake

pytestmark = pytest.mark.slow

FILE = re.compile(r"^`([\w/.]+)`\n\n```\w+\n(.*?)^```", re.MULTILINE | re.DOTALL)


def followed(folder):
    """Copy the workflow, do what the page says, and return the names of the files."""
    shutil.copy(ROOT / "pyproject.toml", copy_workflow(folder))
    files = FILE.findall((ROOT / "CONTRIBUTING.md").read_text())
    for name, content in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        there = path.read_text() + "\n\n" if path.exists() else ""
        path.write_text(there + content)
    snakefile = (folder / "Snakefile").read_text()
    named = snakefile.replace('"rings_distribution"', '"rings_distribution", "coordination"', 1)
    assert named != snakefile
    (folder / "Snakefile").write_text(named)
    return [name for name, _ in files]


def test_the_example_of_a_new_analysis_works_and_touches_five_files_and_a_test(tmp_path):
    names = followed(tmp_path)
    assert len(names) == 5 and names[-1].startswith("tests/"), "and the Snakefile"
    ended = snakemake("--dry-run", "--configfile", "config/demo.yaml", "--", "figures", cwd=tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "results/demo/figures/coordination.pdf" in ended.stdout
    for command in (["pytest", "-q", names[-1]], ["ruff", "check", "zifmelt/figures", "scripts", "tests"]):
        told = subprocess.run([sys.executable, "-m", *command], cwd=tmp_path, capture_output=True, text=True)
        assert told.returncode == 0, told.stdout + told.stderr


def test_the_page_names_what_is_there():
    page = (ROOT / "CONTRIBUTING.md").read_text()
    made = {name for name, _ in FILE.findall(page)}
    for name in set(re.findall(r"`((?:zifmelt|scripts|workflow|tests|config|docs)/[\w/.]*)`", page)) - made:
        assert (ROOT / name).exists(), name
