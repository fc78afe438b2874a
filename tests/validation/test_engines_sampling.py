"""Both engines sample alike and melt alike; docs/data/engines.csv has longer runs, and glasses."""

import pytest
from scipy import stats

from engine_comparison import BOND_A, averages, lost_bonds, nearest_four, prepare, simulate
from zifmelt.dynamics.protocol import hold
from zifmelt.statistics import mean_of_runs
from zifmelt.trajectory import read_frames

pytestmark = pytest.mark.slow

CHANCE = 1e-3
"""How often one mean of two sound engines may differ by more than the test allows."""

SEEDS = (2, 3, 4, 5)
"""Of the runs of each engine. What changes within picoseconds makes runs differ by twice the error that one
of them shows: from run to run the energy spreads by 0.02 eV per Zn."""


@pytest.fixture(scope="module")
def box(tmp_path_factory):
    return prepare(tmp_path_factory.mktemp("box"))


def test_averages_of_both_engines_agree(box):
    """Density, energy, pressure, Zn-N distances and the temperature of every kind of particle at 400 K."""
    simulate(box, box / "start", "lammps", [hold("hold", 400.0, 2.0)], 1)
    found = {}
    for engine, duration in (("lammps", 1.5), ("openmm", 1.1)):
        runs = []
        for seed in SEEDS:
            folder = box / f"sample-{engine}-{seed}"
            protocol = [hold("hold", 400.0, duration)]
            velocities = simulate(box, folder, engine, protocol, seed, box / "start/final.data")
            runs.append(averages(folder, velocities, 0.3))
        found[engine] = {quantity: mean_of_runs([run[quantity] for run in runs]) for quantity in runs[0]}
    assert len(found["lammps"]) == 17
    for quantity, theirs in found["lammps"].items():
        ours = found["openmm"][quantity]
        # Student's distribution, because there are few independent runs.
        limit = stats.t.isf(CHANCE / 2, ours.n + theirs.n - 2) * (ours.stderr**2 + theirs.stderr**2) ** 0.5
        assert abs(ours.value - theirs.value) <= limit, (quantity, ours, theirs)


@pytest.mark.parametrize("engine", ["lammps", "openmm"])
def test_a_crystal_melts_under_either_engine(box, engine):
    """Within 0.4 ps at 3000 K many bonds of the crystal are gone, and have not been replaced by others."""
    folder = box / f"melt-{engine}"
    simulate(box, folder, engine, [hold("melting", 3000.0, 0.4)], 3)
    assert lost_bonds(folder, folder) > 0.2
    frames = read_frames(folder, ("Zn", "N"))
    bonded = [
        (nearest_four(frames.positions[i], frames.boxes[i], frames.topology) < BOND_A).sum() for i in (0, -1)
    ]
    assert bonded[0] == 4 * 16 and bonded[1] < 0.8 * bonded[0]
