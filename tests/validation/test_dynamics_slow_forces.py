"""Integrating the slowly varying forces with a longer time step must leave the dynamics what it is."""

import numpy as np
import pytest

from dynamics_runs import run_cell, short_settings
from zifmelt.dynamics.protocol import hold
from zifmelt.trajectory import read_frames, read_thermo
from zifmelt.units import BOLTZMANN_EV_PER_K

pytestmark = pytest.mark.slow

SEGMENT = [hold("constant volume", 300, 0.3, "none")]
# So weak a thermostat that the total energy is conserved over the run.
FREE = {"thermostat_damping_steps": 10_000_000}


@pytest.fixture(scope="module")
def runs(cell, tmp_path_factory):
    folders = {}
    for slow in (0.5, 1.0):
        folders[slow] = tmp_path_factory.mktemp("run") / "r1"
        run_cell(
            cell,
            folders[slow],
            SEGMENT,
            short_settings(thermo_interval_ps=0.01, slow_timestep_fs=slow, **FREE),
        )
    return folders


def test_short_trajectory_is_that_of_the_plain_integrator(runs):
    plain, split = (read_frames(runs[slow], ("Zn", "N")).positions for slow in (0.5, 1.0))
    moved = np.linalg.norm(plain[5] - plain[0], axis=-1).mean()
    apart = np.linalg.norm(split[5] - plain[5], axis=-1).mean()
    # After 50 fs, before chaos sets in: the difference is small against the way travelled.
    assert moved > 0.1
    assert apart < 0.02 * moved


def test_energy_is_conserved_as_well_as_without(runs):
    thermal = 1.5 * 400 * BOLTZMANN_EV_PER_K * 300
    for folder in runs.values():
        thermo = read_thermo(folder)
        # The first rows are left out: just after minimisation the velocities are drawn, not grown.
        total = (thermo.potential_energy_eV + thermo.kinetic_energy_eV).to_numpy()[2:]
        assert np.ptp(total) < 0.015 * thermal
        assert thermo.kinetic_energy_eV.iloc[0] == pytest.approx(thermal, rel=0.01)
