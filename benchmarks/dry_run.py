"""How long Snakemake takes to plan the paper's campaign, and one with ten times as many runs."""

import copy
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

from zifmelt.files import read_yaml

from .boxes import ROOT

TIMES = (1, 10)


def main() -> list[dict[str, Any]]:
    """Time a dry run of all targets without any result present: seconds of processor and of the clock."""
    rows = []
    for times in TIMES:
        with tempfile.TemporaryDirectory() as folder:
            overlay = Path(folder) / "enlarged.yaml"
            overlay.write_text(yaml.safe_dump(_enlarged(times)), encoding="utf-8")
            before, start = os.times(), time.perf_counter()
            command = [sys.executable, "-m", "snakemake", "--dry-run", "--quiet", "all", "--cores", "1"]
            done = subprocess.run(
                [*command, "--nolock", "--configfile", str(overlay)],
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            wall, after = time.perf_counter() - start, os.times()
        if done.returncode:
            raise RuntimeError(f"the dry run failed: {done.stderr[-300:]}")
        used = after.children_user + after.children_system - before.children_user - before.children_system
        what = "dry run of the paper's campaign"
        rows.append({"what": what, "size": times, "our_seconds": used, "wall_seconds": wall})
    return rows


def _enlarged(times: int) -> dict[str, Any]:
    """Return settings with so many times as many runs of every kind, under a name that has no results."""
    config = copy.deepcopy(read_yaml(ROOT / "config/config.yaml"))
    phases = config["sampling"]["phases"]
    holds = config["annealing"]["holds_ps"]
    return {
        "campaign": {"name": f"dry-run-{times}"},
        "annealing": {"holds_ps": [hold + extra for extra in range(times) for hold in holds]},
        "liquid": {"replicas": config["liquid"]["replicas"] * times},
        "sampling": {
            "enthalpy_replicas": config["sampling"]["enthalpy_replicas"] * times,
            "phases": {
                name: {"replicas": phase["replicas"] * times}
                for name, phase in phases.items()
                if "replicas" in phase
            },
        },
        "coexistence": {"replicas": config["coexistence"]["replicas"] * times},
        "production": {"replicas": config["production"]["replicas"] * times},
    }
