"""What a campaign runs hundreds of times loads no library that it does not use."""

import subprocess
import sys

import pytest

HEAVY = {"torch", "matplotlib", "networkx", "scipy.stats", "scipy.optimize", "snakemake"}


@pytest.mark.parametrize(
    "module",
    [
        "zifmelt.dynamics.run",
        "zifmelt.environments.trajectory_classifier",
        "zifmelt.mechanism.analysis",
        "zifmelt.properties.run_scattering",
        "zifmelt.properties.run_structure",
    ],
)
def test_frequent_jobs_load_nothing_heavy(module):
    program = f"import sys, {module} as _; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(ended.stdout.split())
    assert module in loaded
    assert loaded & HEAVY == set()
