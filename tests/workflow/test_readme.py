"""Every command of the README is run: here, or where the table below says; one without a place fails."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from checkout import ROOT, copy_workflow

README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCED = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = [
    re.sub(r"\s+#.*", "", line.removeprefix("$ "))
    for kind, block in FENCED
    if kind == "console"
    for line in block.splitlines()
    if line.startswith("$ ")
]
COVERED = {
    "make demo": (".ci/run", "make demo"),
    "make test": ("Makefile", "coverage run -m pytest tests"),  # what `make coverage` of .ci/run does
    # The same configuration, of which the tests of the products make what takes little time.
    "make figures": (
        "tests/products/test_archive_replay.py",
        '"--configfile", "config/workstation.yaml", "config/archived.yaml"',
    ),
    "source .venv/bin/activate": (".ci/run", 'export PATH="$PWD/.venv/bin:$PATH"'),
    "snakemake --profile slurm": ("tests/slurm/campaigns.py", '"--profile", "slurm"'),
    "snakemake --cores 1 --report results/paper/report.html": (
        "Makefile",
        "--report results/demo/report.html",
    ),
}
"""What takes long or changes the shell: the file by which CI runs it, and the words there that do."""

STEPS = {
    "Makefile": "make coverage",
    "tests/products/test_archive_replay.py": "python -m pytest tests/products",
    "tests/slurm/campaigns.py": "python tests/slurm/run.py",
}
"""The step of ``.ci/run`` that runs a file of `COVERED`."""

MODULES = {"snakemake": "snakemake", "zifmelt": "zifmelt.cli"}
"""The module that each program of the README is, so that it runs in the Python of the tests."""

RUN_HERE = ("snakemake -n", "snakemake cost --cores 1")
"""What ends at once; the other commands simulate for days: they are planned to the last job."""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory) -> Path:
    """Copy the workflow, with the configuration that the README writes as my.yaml."""
    folder = copy_workflow(tmp_path_factory.mktemp("readme") / "checkout")
    (mine,) = (block for kind, block in FENCED if kind == "yaml" and "# my.yaml" in block)
    (folder / "my.yaml").write_text(mine, encoding="utf-8")
    return folder


def test_the_readme_has_commands():
    assert len(COMMANDS) > 8
    assert set(COVERED) | set(RUN_HERE) <= set(COMMANDS), (
        "a place for a command that the README no longer has"
    )


@pytest.mark.parametrize("command", [command for command in COMMANDS if command in COVERED])
def test_a_long_command_is_run_by_ci(command):
    name, words = COVERED[command]
    assert words in (ROOT / name).read_text(encoding="utf-8")
    if name != ".ci/run":
        assert STEPS[name] in (ROOT / ".ci/run").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in COVERED])
def test_any_other_command_runs(command, checkout):
    program, *arguments = shlex.split(command)
    assert program in MODULES, f"`{command}` of the README is run nowhere; give it a place in this test."
    planned = [] if command in RUN_HERE else ["--dry-run"]
    ended = subprocess.run(
        [sys.executable, "-m", MODULES[program], *arguments, *planned],
        cwd=checkout,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
