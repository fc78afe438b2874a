"""This checkout: where it is, how to copy what the workflow needs of it, and how to start Snakemake."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("Snakefile", "config", "envs", "profiles", "scripts", "workflow", "zifmelt")


def copy_workflow(folder: Path) -> Path:
    """Copy the workflow and the package into `folder`, where a test may change them, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    return folder


def snakemake(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess:
    """Run Snakemake on one core with no profile but the default one, and return how it ended."""
    return subprocess.run(_command(arguments), **_surroundings(cwd), capture_output=True, text=True)


def start_snakemake(*arguments: str, cwd: Path = ROOT) -> subprocess.Popen:
    """Start the same silently, with all that it starts in a process group of its own, which can be killed."""
    return subprocess.Popen(
        _command(arguments),
        **_surroundings(cwd),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "snakemake", "--cores", "1", *arguments]


def _surroundings(cwd: Path) -> dict[str, Any]:
    env = {key: value for key, value in os.environ.items() if key != "SNAKEMAKE_PROFILE"}
    return {"cwd": cwd, "env": env, "stdin": subprocess.DEVNULL}
