import pytest

from zifmelt.dynamics.commands import Box, begin_commands, end_commands, frozen_commands, limit_commands
from zifmelt.dynamics.protocol import FrozenRegion, Segment, hold, ramp
from zifmelt.dynamics.schedule import schedule
from zifmelt.dynamics.settings import Settings, command_line, settings_from
from zifmelt.errors import InputError

INTERVALS = {"frame_interval_ps": 1.0, "thermo_interval_ps": 0.1, "checkpoint_interval_ps": 10.0}
BOX = Box((0.0, -1.0, 0.0), (10.0, 19.0, 40.0), tilted=False)


def commands(segment, **changes):
    settings = Settings(**INTERVALS, **changes)
    (stretch,) = schedule([segment], settings, 1.0)
    levels, *others = begin_commands(stretch, 3, settings, BOX)
    assert levels == "run_style verlet"
    return others


def test_slow_forces_have_their_own_time_step():
    settings = Settings(**INTERVALS, slow_timestep_fs=1.0)
    for temperature, fast_steps, damping in ((300, 2, "50.0"), (900, 4, "25.0")):
        (stretch,) = schedule([hold("hold", temperature, 10)], settings, 1.0)
        levels, step, integrator = begin_commands(stretch, 3, settings, BOX)
        assert levels.startswith(f"run_style respa 2 {fast_steps} ") and levels.endswith(" kspace 2")
        assert step == "timestep 1.0"
        # Damping counts the time step proper, not that of the slow forces.
        assert integrator.split()[7] == damping
        assert stretch.steps * 1.0 == 10000


@pytest.mark.parametrize(
    ("slow", "medium", "rest"), [(1.0, 1, 2), (1.5, 1, 3), (2.0, 2, 2), (3.0, 2, 3), (4.5, 3, 3)]
)
def test_multistep_has_a_time_step_between_the_shortest_and_the_longest(slow, medium, rest):
    settings = Settings(9.0, 9.0, 9.0, slow_timestep_fs=slow, numerics="multistep")
    (stretch,) = schedule([hold("hold", 300, 18)], settings, 1.0)
    levels, step, integrator = begin_commands(stretch, 3, settings, BOX)
    assert levels.startswith(f"run_style respa 3 {medium} {rest} bond 1 ")
    assert levels.endswith(" hybrid 3 1 2 2 1 kspace 3")
    assert step == f"timestep {slow}" and integrator.split()[7] == "50.0"


def test_damping_counts_time_steps_and_pressure_is_in_atmospheres():
    step, integrator = commands(hold("hold", 300, 10), pressure_bar=1.01325)
    assert step == "timestep 0.5"
    # 100 and 1000 steps of 0.5 fs; 1.01325 bar are one atmosphere.
    assert integrator == "fix integrate_3 all npt temp 300 300 50.0 iso 1 1 500.0 fixedpoint 5.0 9.0 20.0"


def test_hot_segments_have_shorter_damping_times():
    step, integrator = commands(hold("hold", 900, 10), pressure_bar=1.01325)
    assert (step, integrator.split()[7], integrator.split()[11]) == ("timestep 0.25", "25.0", "250.0")


@pytest.mark.parametrize(
    ("barostat", "word"),
    [("isotropic", "iso"), ("anisotropic", "aniso"), ("triclinic", "tri"), ("z", "z")],
)
def test_barostats(barostat, word):
    assert f" {word} " in commands(hold("hold", 300, 10, barostat))[1]


def test_limits_are_far_from_what_a_stable_run_does():
    (stretch,) = schedule([ramp("up", 300, 500, 200)], Settings(**INTERVALS), 1.0)
    fixes = limit_commands(stretch, BOX)
    assert [fix.split()[4:8] for fix in fixes] == [
        ["200", "v_temp", ">", "1300"],
        ["200", "v_vol", ">", "16000"],
        ["200", "v_vol", "<", "4000"],
    ]


def test_ramp_targets():
    assert "temp 300 500 50.0" in commands(ramp("up", 300, 500, 5))[1]


def test_cubic_keeps_volume_and_centre():
    _, integrator, deform = commands(hold("hold", 300, 10, "cubic"))
    assert " nvt " in integrator and "iso" not in integrator
    # 10 x 20 x 40 = 8000 A3, so the edge is 20 A around (5, 9, 20).
    assert deform == "fix deform_3 all deform 1 x final -5 15 y final -1 19 z volume remap x units box"


def test_everything_set_up_is_undone():
    region = FrozenRegion("z", 0.0, 0.5)
    for segment in (hold("a", 300, 10, "cubic"), Segment("b", "hold", 300, 300, 10, "none", region)):
        settings = Settings(**INTERVALS)
        (stretch,) = schedule([segment], settings, 1.0)
        made = [line.split()[:2] for line in begin_commands(stretch, 3, settings, BOX)]
        undone = " ".join(end_commands(stretch, 3))
        for command, name in made:
            if command in ("fix", "compute"):
                assert f"un{command} {name}" in undone


def test_frozen_molecules_are_chosen_modulo_the_box():
    # z from 0 to 40: fractions 0.25, 0.75, 1.1 (= 0.1) and -0.1 (= 0.9)
    centres = [(5, 0, 10), (5, 0, 30), (5, 0, 44), (5, 0, -4)]
    first, second = frozen_commands(FrozenRegion("z", 0.0, 0.5), centres, BOX)
    assert first == "group frozen molecule 1 3"
    assert second == "group moving subtract all frozen"


def test_command_lines():
    assert command_line(Settings(**INTERVALS, threads=1)) == ["-sf", "opt"]
    assert command_line(Settings(**INTERVALS, threads=4)) == ["-sf", "omp", "-pk", "omp", "4"]
    gpu = Settings(**INTERVALS, accelerator="gpu", gpus=2)
    assert " ".join(command_line(gpu)) == "-k on g 2 -sf kk -pk kokkos newton on neigh half"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"accelerator": "tpu"}, "the accelerator is 'tpu', but must be one of cpu, gpu"),
        ({"threads": 0}, "threads is 0, but must be positive"),
        ({"timestep_fs": -0.5}, "timestep_fs is -0.5, but must be positive"),
        ({"thread": 2}, "did you mean 'threads'"),
        ({"minimise": 1}, "1 should be of type bool"),
    ],
)
def test_wrong_settings(change, sentence):
    with pytest.raises(InputError, match=sentence):
        settings_from({**INTERVALS, **change})


def test_tension_is_a_legal_pressure():
    assert settings_from({**INTERVALS, "pressure_bar": -100}).pressure_bar == -100
