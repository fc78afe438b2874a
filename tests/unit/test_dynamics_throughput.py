import pytest

from checkout import ROOT
from zifmelt.dynamics.settings import Settings
from zifmelt.dynamics.speeds import nearest, particle_steps_per_second, remember, remembered
from zifmelt.dynamics.throughput import measure

SETTINGS = Settings(1.0, 0.1, 10.0, timestep_fs=0.5, slow_timestep_fs=1.0)


def test_speed_is_measured_and_remembered(tmp_path):
    result = measure(
        ROOT / "config/structures/ZIF-4.cif",
        (1, 1, 1),
        ROOT / "config/forcefields/nb-zif-ff.yaml",
        SETTINGS,
        1.0,
    )
    assert result["particles"] == 400 and result["engine"] == "lammps" and result["timestep_fs"] == 0.5
    assert result["ns_per_day"] == pytest.approx(result["steps_per_second"] * 0.5e-6 * 86400)
    assert 5 < result["steps_per_second"] < 1e5
    path = tmp_path / "throughput.json"
    for speed in (1.0, 100.0):
        remember(path, {**result, "steps_per_second": speed})
    assert [entry["steps_per_second"] for entry in remembered(path)] == [100.0]
    assert nearest(path, SETTINGS, 1600)["steps_per_second"] == 100.0
    assert nearest(path, Settings(1.0, 0.1, 10.0, engine="openmm"), 400) is None
    # Forces every 0.5 fs, half of them every 1 fs: three quarters of an evaluation of all forces per step.
    assert result["particle_steps_per_second"] == pytest.approx(0.75 * 400 * result["steps_per_second"])


def test_speed_of_other_sizes_than_the_measured():
    measured = {"particles": 400, "particle_steps_per_second": 40_000.0}
    assert particle_steps_per_second(measured, 400) == 40_000.0
    assert particle_steps_per_second(measured, 1600) / 1600 == pytest.approx(25.0)
    assert particle_steps_per_second(measured, 100) / 100 == pytest.approx(100.0)
