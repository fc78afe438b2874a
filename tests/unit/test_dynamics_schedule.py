import pytest

from zifmelt.dynamics.protocol import hold, ramp
from zifmelt.dynamics.schedule import chunks, frame_count, schedule
from zifmelt.dynamics.settings import Settings
from zifmelt.errors import InputError

SETTINGS = Settings(frame_interval_ps=1.0, thermo_interval_ps=0.1, checkpoint_interval_ps=10.0)


def test_time_steps_follow_temperature_and_force_field():
    segments = [hold("at 700", 700, 10), hold("above", 701, 10)]
    assert [s.timestep_fs for s in schedule(segments, SETTINGS, 1.0)] == [0.5, 0.25]
    assert [s.timestep_fs for s in schedule(segments, SETTINGS, 0.25)] == [0.25, 0.25]
    assert [s.timestep_fs for s in schedule(segments, SETTINGS, 0.2)] == [0.2, 0.2]


def test_a_slow_time_step_below_the_time_step_changes_nothing():
    slow = Settings(1.0, 0.1, 10.0, slow_timestep_fs=0.1)
    assert schedule([hold("hold", 300, 25)], slow, 1.0) == schedule([hold("hold", 300, 25)], SETTINGS, 1.0)


def test_steps_by_hand():
    (stretch,) = schedule([hold("hold", 300, 25)], SETTINGS, 1.0)
    assert (stretch.steps, stretch.steps_per_frame, stretch.steps_per_row) == (50000, 2000, 200)
    assert [(c.start, c.end) for c in chunks([stretch])] == [(0, 20000), (20000, 40000), (40000, 50000)]
    assert frame_count([stretch]) == 26


def test_hot_part_of_a_ramp_has_its_own_time_step_on_the_same_line():
    cold, hot, cool_hot, cool = schedule(
        [ramp("up", 300, 900, 4.8), ramp("down", 900, 300, 4.8)], SETTINGS, 1.0
    )
    # 125 ps; 700 K is reached after 83.3 ps, and the last frame before that is at 83 ps.
    assert (cold.segment.duration_ps, hot.segment.duration_ps) == (83, 42)
    assert cold.segment.to_K == hot.segment.from_K == pytest.approx(300 + 4.8 * 83)
    assert (cold.timestep_fs, hot.timestep_fs, cool_hot.timestep_fs, cool.timestep_fs) == (
        0.5,
        0.25,
        0.25,
        0.5,
    )
    assert (cool_hot.segment.duration_ps, cool.segment.duration_ps) == (42, 83)
    assert cool.segment.from_K == pytest.approx(300 + 4.8 * 83)
    assert (cold.index, hot.index, cool_hot.index, cool.index) == (0, 0, 1, 1)


def test_ramp_that_starts_at_the_limit_is_not_cut():
    (stretch,) = schedule([ramp("up", 700, 900, 10)], SETTINGS, 1.0)
    assert (stretch.segment.from_K, stretch.timestep_fs) == (700, 0.25)


def test_frames_stay_equally_spaced_across_time_steps():
    stretches = schedule(
        [ramp("up", 300, 900, 47), hold("hold", 900, 3.4), hold("end", 300, 2)], SETTINGS, 1.0
    )
    times = [0.0]
    for stretch in stretches:
        for step in range(stretch.steps_per_frame, stretch.steps + 1, stretch.steps_per_frame):
            times.append(stretch.time_ps(step, 1.0))
            # The clock of the frames must be the one of the integrator.
            elapsed = sum(s.steps * s.timestep_fs for s in stretches if s.first_step < stretch.first_step)
            assert times[-1] == pytest.approx((elapsed + step * stretch.timestep_fs) / 1000)
    assert times == [float(i) for i in range(len(times))]
    assert frame_count(stretches) == len(times)
    # 600 K at 47 K/ps are 12.77 ps, and the hold is 3.4 ps: both become whole frame intervals.
    assert sum(s.segment.duration_ps for s in stretches) == 13 + 3 + 2


def test_steps_continue_from_stretch_to_stretch():
    stretches = schedule([ramp("up", 300, 900, 4.8), hold("hold", 900, 5)], SETTINGS, 1.0)
    for before, after in zip(stretches, stretches[1:], strict=False):
        assert after.first_step == before.first_step + before.steps
    covered = [(c.stretch, c.start, c.end) for c in chunks(stretches)]
    assert sum(end - start for _, start, end in covered) == sum(s.steps for s in stretches)
    assert [c.number for c in chunks(stretches)] == list(range(len(covered)))


@pytest.mark.parametrize(
    ("changes", "limit", "sentence"),
    [
        ({"frame_interval_ps": 0.0007, "thermo_interval_ps": 0.0007}, 1.0, "frame_interval_ps is 0.0007 ps"),
        ({"thermo_interval_ps": 0.0003}, 1.0, "thermo_interval_ps is 0.0003 ps"),
        ({"thermo_interval_ps": 0.3}, 1.0, "must be a whole multiple of thermo_interval_ps"),
        ({}, 0.3, "a whole multiple of the time step of 0.3 fs"),
    ],
)
def test_intervals_that_do_not_fit_are_refused(changes, limit, sentence):
    content = {
        "frame_interval_ps": 1.0,
        "thermo_interval_ps": 0.1,
        "checkpoint_interval_ps": 10.0,
        **changes,
    }
    with pytest.raises(InputError, match=sentence):
        schedule([hold("hold", 300, 10)], Settings(**content), limit)
