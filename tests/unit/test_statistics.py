"""Statistics against processes whose errors are known exactly."""

import numpy as np
import pytest
from pymbar import timeseries
from scipy import stats
from scipy.signal import lfilter

from zifmelt.errors import InputError
from zifmelt.statistics import (
    UNDETERMINED,
    Estimate,
    independent_blocks,
    jackknife,
    mean_of_curves,
    mean_of_runs,
    mean_of_series,
    statistical_inefficiency,
    variance_of_total,
)


def autoregressive(rng: np.random.Generator, phi: float, length: int) -> np.ndarray:
    """First-order autoregressive series of unit variance, stationary from its first sample on."""
    noise = rng.normal(size=length) * np.sqrt(1 - phi**2)
    noise[0] /= np.sqrt(1 - phi**2)
    return lfilter([1.0], [1.0, -phi], noise)


@pytest.mark.parametrize("phi", [0.0, 0.5, 0.9, 0.97])
def test_inefficiency_of_an_autoregressive_series(phi):
    """C(t) = phi^t gives g = (1 + phi) / (1 - phi)."""
    rng = np.random.default_rng(1)
    g = np.mean([statistical_inefficiency(autoregressive(rng, phi, 20_000)) for _ in range(10)])
    assert g == pytest.approx((1 + phi) / (1 - phi), rel=0.12)


@pytest.mark.parametrize("phi", [0.0, 0.9])
def test_error_of_the_mean_matches_the_known_one(phi):
    """The mean of N correlated samples of unit variance has the variance g/N."""
    rng = np.random.default_rng(2)
    errors = [mean_of_series(autoregressive(rng, phi, 8192)).stderr for _ in range(20)]
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(
        np.sqrt((1 + phi) / (1 - phi) / 8192), rel=0.12
    )


def test_intervals_cover_the_truth_as_often_as_they_claim():
    """Of 95 % intervals of correlated series about 95 % hold the true mean (naive errors: below 70 %)."""
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(400):
        estimate = mean_of_series(autoregressive(rng, 0.8, 1000) + 7.0)
        hits += abs(estimate.value - 7.0) < stats.t.ppf(0.975, estimate.n - 1) * estimate.stderr
    assert 0.90 < hits / 400 < 0.985


def test_against_pymbar():
    """The same definition in another library."""
    x = autoregressive(np.random.default_rng(4), 0.9, 5000)
    theirs = timeseries.statistical_inefficiency(x, fast=False, mintime=1)
    assert statistical_inefficiency(x) == pytest.approx(theirs, rel=1e-6)


def oscillation_on_a_drift(rng: np.random.Generator, share: float, length: int) -> tuple[np.ndarray, float]:
    """Damped oscillation (period 10, memory 10) plus a slow process with `share` of the variance, and g.

    The one is an autoregression of second order, the other of first order; g is 2 pi times the spectral
    density at frequency zero over the variance.
    """
    decay, angle, slow = np.exp(-0.1), 2 * np.pi / 10, 0.97
    coefficients = np.array([1.0, -2 * decay * np.cos(angle), decay**2])
    response = lfilter([1.0], coefficients, np.append(1.0, np.zeros(999)))
    fast = lfilter([1.0], coefficients, rng.normal(size=length + 200))[200:] / np.sqrt(np.sum(response**2))
    exact = 1.0 / coefficients.sum() ** 2 / np.sum(response**2)
    x = np.sqrt(1 - share) * fast + np.sqrt(share) * autoregressive(rng, slow, length)
    return x, (1 - share) * exact + share * (1 + slow) / (1 - slow)


@pytest.mark.parametrize("share", [0.1, 0.2, 0.3])
def test_a_slow_drift_below_a_fast_oscillation_counts(share):
    """Errors of the mean within 15 %, where the sum up to the first C <= 0 gives half of them and less."""
    rng, found, scatter = np.random.default_rng(11), [], []
    for _ in range(100):
        x, exact = oscillation_on_a_drift(rng, share, 4000)
        estimate = mean_of_series(x)
        found.append(estimate.stderr)
        scatter.append(estimate.value / estimate.stderr)
    assert np.sqrt(np.mean(np.square(found))) == pytest.approx(np.sqrt(exact / 4000), rel=0.15)
    assert 0.88 <= np.mean(np.abs(scatter) < 1.96) <= 0.99


def test_blocks_do_not_invent_a_memory():
    """The largest of several estimates is not taken for noise alone: white noise has g = 1 within 15 %."""
    rng = np.random.default_rng(12)
    for length in (200, 1000, 4000):
        g = np.mean([statistical_inefficiency(rng.normal(size=length)) for _ in range(100)])
        assert 1.0 <= g < 1.15


def test_white_noise_has_the_textbook_error():
    """Uncorrelated samples: s / sqrt(N)."""
    x = np.random.default_rng(5).normal(3.0, 2.0, 4000)
    assert mean_of_series(x).stderr == pytest.approx(2.0 / np.sqrt(4000), rel=0.1)


def test_short_and_constant_series():
    """A constant has no error, one sample an unknown one, a drift an error of its own size."""
    assert mean_of_series(np.full(50, 0.1)) == Estimate(pytest.approx(0.1), pytest.approx(0.0, abs=1e-12), 50)
    single = mean_of_series(np.array([4.0]))
    assert (single.value, single.n) == (4.0, 1)
    assert np.isnan(single.stderr)
    assert mean_of_series(np.array([1.0, 3.0])).stderr == pytest.approx(1.0)
    ramp = np.linspace(0.0, 1.0, 100)
    assert mean_of_series(ramp).stderr > 0.3 * ramp.std()


@pytest.mark.parametrize("bad", [np.array([]), np.array([1.0, np.nan]), np.ones((2, 2))])
def test_a_series_that_is_none_is_refused(bad):
    """Empty, infinite or two-dimensional data cannot be averaged silently."""
    with pytest.raises(InputError):
        mean_of_series(bad)


def test_runs_spread_and_within():
    """Three runs of exact values: s/sqrt(3); two runs equal by chance: the error from within remains."""
    exact = mean_of_runs([Estimate(value, 0.0, 10) for value in (1.0, 2.0, 3.0)])
    assert exact == Estimate(pytest.approx(2.0), pytest.approx(1 / np.sqrt(3)), 3)
    lucky = mean_of_runs([Estimate(5.0, 0.3, 10), Estimate(5.0, 0.4, 10)])
    assert lucky.stderr == pytest.approx(0.25)
    assert mean_of_runs([Estimate(5.0, 0.3, 10), UNDETERMINED]) == Estimate(5.0, pytest.approx(0.3), 1)
    assert mean_of_runs([Estimate(1.0, np.nan, 1), Estimate(2.0, np.nan, 1)]).stderr == pytest.approx(0.5)
    assert mean_of_runs([]).n == 0


def test_runs_with_their_own_offsets_are_covered():
    """If runs differ by more than they fluctuate, the error is the spread, not the error from within."""
    rng = np.random.default_rng(6)
    offsets = rng.normal(0.0, 1.0, 200)
    combined = mean_of_runs([Estimate(offset, 0.01, 100) for offset in offsets])
    assert combined.stderr == pytest.approx(1 / np.sqrt(200), rel=0.15)


def test_mean_of_curves():
    """Point by point as `mean_of_runs` without errors; one run has none."""
    mean, stderr = mean_of_curves([[0.0, 1.0], [2.0, 1.0]])
    np.testing.assert_allclose(mean, [1.0, 1.0])
    np.testing.assert_allclose(stderr, [1.0, 0.0])
    assert np.isnan(mean_of_curves([[0.0, 1.0]])[1]).all()


def test_jackknife_of_a_mean():
    """Of a plain mean it is exactly s/sqrt(n); one item has no spread, no data is an error."""
    data = np.random.default_rng(7).normal(size=60)
    expected = data.std(ddof=1) / np.sqrt(60)
    assert jackknife(np.mean, data).stderr == pytest.approx(expected, rel=1e-10)
    assert (jackknife(np.mean, data).value, jackknife(np.mean, data).n) == (pytest.approx(data.mean()), 60)
    assert np.isnan(jackknife(np.mean, [1.0]).stderr)
    with pytest.raises(InputError):
        jackknife(np.mean, [])


def test_blocks_are_longer_than_the_memory():
    """Blocks hold at least two statistical inefficiencies and together the whole series."""
    x = autoregressive(np.random.default_rng(10), 0.9, 1000)
    blocks = independent_blocks(x, most=20)
    assert 2 <= len(blocks) <= 20
    assert min(map(len, blocks)) >= int(statistical_inefficiency(x))
    np.testing.assert_array_equal(np.concatenate(blocks), x)


def test_variance_of_total_is_that_of_repeats():
    """Independent events: their number; pairs of events: twice that; one sample tells nothing."""
    rng, exposure = np.random.default_rng(14), np.array([1.0, 2.0, 3.0, 4.0])
    single = rng.poisson(10.0 * exposure, (2000, 4))
    found = variance_of_total(np.stack([single, 2 * single]).transpose(2, 0, 1).reshape(4, -1), exposure)
    assert found[:2000].mean() == pytest.approx(single.sum(axis=1).var(), rel=0.1)
    np.testing.assert_allclose(found[2000:], 4 * found[:2000])
    assert variance_of_total(np.array([2.0, 4.0]), np.array([1.0, 1.0])) == pytest.approx(4.0)
    assert variance_of_total(np.array([5.0]), np.array([1.0])) == 0.0
