"""Transition temperatures of ramps that we made ourselves."""

import numpy as np
import pytest
from scipy.signal import lfilter

from zifmelt.errors import InputError
from zifmelt.properties.glass_transition import broken_line, glass_transition, glass_transition_on_cooling
from zifmelt.properties.heating_transition import _best_breaks, _line_costs, volume_transition
from zifmelt.properties.ramp_rate_permutation import difference_of_groups, permutation_p_value
from zifmelt.statistics import Estimate, mean_of_runs


def correlated_noise(rng, length, phi=0.9):
    return lfilter([1.0], [1.0, -phi], rng.normal(size=length + 200))[200:] * np.sqrt(1 - phi**2)


def collapsing_volume(rng, onset=580.0, end=680.0, noise=60.0, length=2500):
    """Thermal expansion, collapse by a tenth between `onset` and `end`, expansion again."""
    temperature = np.linspace(300.0, 900.0, length)
    volume = 16000 + 1.5 * (temperature - 300) - 1700 * np.clip((temperature - onset) / (end - onset), 0, 1)
    return temperature, volume + noise * correlated_noise(rng, length)


def test_broken_line_without_noise():
    x = np.linspace(300, 900, 13)
    y = 2.0 + 0.01 * x + 0.005 * np.maximum(x - 612.0, 0)
    line = broken_line(x, y, np.ones(13))
    assert line.at == pytest.approx(612.0, abs=0.2)
    assert line.rise == pytest.approx(0.005, rel=1e-3)
    np.testing.assert_allclose(line.fit, y, atol=1e-3)


def test_glass_transition_is_covered_by_its_interval():
    """Of 95 % intervals about 95 % hold the true temperature, and the mean is unbiased."""
    rng = np.random.default_rng(1)
    x = np.arange(300.0, 901.0, 50.0)
    truth = 0.010 * x + 0.006 * np.maximum(x - 600.0, 0)
    hits, found = 0, []
    for _ in range(60):
        y = rng.normal(truth, 0.03)
        result = glass_transition(x, [Estimate(value, 0.03, 5) for value in y], rng, samples=60)
        if result.temperature.n:
            hits += result.low <= 600.0 <= result.high
            found.append(result.temperature.value)
    assert len(found) >= 58
    assert hits / len(found) > 0.85
    assert np.mean(found) == pytest.approx(600.0, abs=10.0)


def test_no_glass_transition_where_there_is_none():
    """A straight line, a falling slope, and too few temperatures have none."""
    rng = np.random.default_rng(2)
    x = np.arange(300.0, 901.0, 50.0)
    straight = [Estimate(0.01 * t + rng.normal(0, 0.01), 0.01, 5) for t in x]
    falling = [Estimate(0.01 * t - 0.006 * max(t - 600, 0), 0.01, 5) for t in x]
    assert glass_transition(x, straight, rng).temperature.n == 0
    assert glass_transition(x, falling, rng).temperature.n == 0
    assert glass_transition(x[:4], straight[:4], rng).temperature.n == 0
    assert glass_transition(x, [Estimate(e.value, np.nan, 1) for e in straight], rng).temperature.n == 0


def test_glass_transition_on_cooling_ramps():
    """The order of the samples (900 to 300 K) does not matter; the interval holds the truth."""
    rng = np.random.default_rng(3)
    temperature = np.linspace(900.0, 300.0, 1500)
    energy = 0.010 * temperature + 0.004 * np.maximum(temperature - 600.0, 0)
    ramps = [(temperature, energy + 0.1 * correlated_noise(rng, 1500)) for _ in range(6)]
    results = glass_transition_on_cooling(ramps)
    assert sum(result.low <= 600 <= result.high for result in results) >= 5
    assert mean_of_runs([result.temperature for result in results]).value == pytest.approx(600.0, abs=25.0)
    flat = glass_transition_on_cooling(
        [(temperature, 0.01 * temperature + 0.1 * correlated_noise(rng, 1500))]
    )
    assert flat[0].temperature.n == 0


def test_volume_transition_finds_the_onset():
    rng = np.random.default_rng(4)
    results = [volume_transition(*collapsing_volume(rng)) for _ in range(8)]
    assert all(result.temperature.n for result in results)
    onsets = np.array([result.temperature.value for result in results])
    assert np.abs(onsets - 580.0).max() < 35.0
    assert sum(result.low <= 580.0 <= result.high for result in results) >= 6


@pytest.mark.parametrize("width", [1.0, 30.0])
def test_a_sudden_collapse_is_covered_by_its_interval(width):
    """Noise that the blocks still remember widens the interval and is not taken for an earlier change."""
    rng = np.random.default_rng(11)
    results = [
        volume_transition(*collapsing_volume(rng, 552.0, 552.0 + width, length=1250)) for _ in range(40)
    ]
    assert sum(result.low <= 552.0 <= result.high for result in results) >= 36
    assert np.abs(np.mean([result.temperature.value for result in results]) - 552.0) < 10.0


def test_intervals_of_cooling_ramps_cover_as_they_promise():
    rng, temperature = np.random.default_rng(12), np.linspace(900.0, 300.0, 1250)
    truth = 0.3 * temperature + 0.04 * np.maximum(temperature - 600.0, 0)
    ramps = [(temperature, truth + correlated_noise(rng, 1250)) for _ in range(80)]
    covered = [result.low <= 600.0 <= result.high for result in glass_transition_on_cooling(ramps)]
    assert np.mean(covered) >= 0.85


def test_a_ramp_that_does_not_change_temperature_shows_nothing():
    rng, still = np.random.default_rng(13), np.full(1250, 300.0)
    assert glass_transition_on_cooling([(still, rng.normal(size=1250))])[0].temperature.n == 0
    assert glass_transition([300.0] * 7, [Estimate(1.0, 0.1, 1)] * 7, rng).temperature.n == 0


def test_thermal_expansion_alone_is_no_transition():
    """Correlated noise on a straight line is not mistaken for a jump."""
    rng = np.random.default_rng(5)
    temperature = np.linspace(300.0, 900.0, 2500)
    found = [
        volume_transition(temperature, 16000 + temperature + 60 * correlated_noise(rng, 2500)).temperature.n
        for _ in range(20)
    ]
    assert sum(n > 0 for n in found) <= 1
    assert volume_transition(temperature[:20], temperature[:20] + rng.normal(size=20)).temperature.n == 0
    with pytest.raises(InputError):
        volume_transition(temperature, temperature[:-1])


def test_cuts_are_the_best_of_all():
    """The search for one and two cuts equals trying every one."""
    rng = np.random.default_rng(6)
    x = np.arange(24.0)
    y = np.where(x < 9, 0.1 * x, np.where(x < 16, 5 - 0.3 * x, 0.2 * x)) + 0.1 * rng.normal(size=24)

    def residual(*edges):
        pieces = [slice(a, b) for a, b in zip(edges[:-1], edges[1:], strict=True)]
        return sum(np.sum((y[p] - np.polyval(np.polyfit(x[p], y[p], 1), x[p])) ** 2) for p in pieces)

    one = min((residual(0, c, 24), (c,)) for c in range(4, 21))
    two = min((residual(0, c, d, 24), (c, d)) for c in range(4, 17) for d in range(c + 4, 21))
    cost = _line_costs(x, y)
    for changes, (best, cuts) in ((1, one), (2, two)):
        found, value = _best_breaks(cost, changes)
        assert found == cuts
        assert value == pytest.approx(best)


def test_ramp_rates_that_agree_and_that_differ():
    """The permutation test tells groups of different curves apart and not groups of the same."""
    rng = np.random.default_rng(7)
    same, shifted = rng.normal(size=(4, 50)), rng.normal(size=(4, 50)) + 3.0
    assert permutation_p_value(same, shifted) == pytest.approx(2 / 70)
    p_values = [permutation_p_value(rng.normal(size=(4, 5)), rng.normal(size=(4, 5))) for _ in range(40)]
    assert 0.3 < np.mean(p_values) < 0.75
    assert np.isnan(permutation_p_value(same[:2], shifted[:1]))
    difference, stderr = difference_of_groups(same, shifted)
    assert difference.mean() == pytest.approx(-3.0, abs=0.3)
    assert stderr.mean() == pytest.approx(np.sqrt(2 / 4), rel=0.25)
    assert np.isfinite(difference_of_groups(same, shifted[:1])[1]).all()
    assert np.isnan(difference_of_groups(same[:1], shifted[:1])[1]).all()
