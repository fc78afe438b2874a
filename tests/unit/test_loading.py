"""What a campaign runs hundreds of times loads no library that it does not use."""

import subprocess
import sys

import pytest

HEAVY = {"torch", "matplotlib", "networkx", "snakemake"} | {
    f"scipy.{part}" for part in ("constants", "optimize", "special", "stats")
}


def loaded_with(module: str) -> set[str]:
    """Names of all modules that a fresh interpreter has after importing one."""
    program = f"import sys, {module} as _; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(ended.stdout.split())


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
    loaded = loaded_with(module)
    assert module in loaded
    assert loaded & HEAVY == set()


@pytest.mark.parametrize("module", ["zifmelt.dynamics.run", "zifmelt.mechanism.analysis"])
def test_a_simulation_loads_no_search_of_neighbours_that_only_building_needs(module):
    assert "scipy.spatial" not in loaded_with(module)


def test_a_figure_loads_seaborn_only_where_it_draws():
    """Its import takes longer than most figures."""
    assert "seaborn" not in loaded_with("zifmelt.figures.fig2_zn_n_rdf")
    assert "seaborn" in loaded_with("zifmelt.figures.figS3_symmetry_functions")
