import numpy as np
import pandas as pd
import pytest
from scipy.signal import lfilter

from zifmelt.errors import InputError
from zifmelt.thermodynamics.coexistence import (
    CoexistenceRun,
    Window,
    counts_table,
    growth_rate,
    growth_rates,
    growth_window,
    interface_velocity,
)
from zifmelt.thermodynamics.counts import Counts, read_counts, running_mean
from zifmelt.thermodynamics.equilibrium import equilibrium_temperature
from zifmelt.thermodynamics.regression import (
    CORRELATION_TIMES,
    WALK_TO_FLUCTUATION,
    _noise_models,
    drift,
    drifts,
    generalised_least_squares,
)

CRYSTALS = ["ZIF-4", "ZIF-zni"]
CLASSES = [*CRYSTALS, "ZIF_a", "ZIF_liq"]
WINDOW = Window(relaxation_ps=10.0, fraction_limits=(0.1, 0.9), smoothing_ps=5.0)


def write_classified(path, labels, times, classes=CLASSES):
    labels = np.asarray(labels)
    probabilities = np.full((*labels.shape, len(classes)), 0.1, dtype=np.float32)
    np.put_along_axis(probabilities, labels[..., None], 0.7, axis=2)
    np.savez(path, probabilities=probabilities, times_ps=np.asarray(times, float), classes=np.array(classes))
    return path


def rates_table(temperatures, rates, errors, replicas=None):
    return pd.DataFrame(
        {
            "temperature_K": temperatures,
            "replica": np.ones(len(rates), int) if replicas is None else replicas,
            "rate_Zn_per_ps": rates,
            "stderr_Zn_per_ps": errors,
        }
    )


def test_counts_are_those_of_the_most_probable_class(tmp_path):
    labels = [[0, 0, 2, 3], [1, 2, 3, 3]]
    counts = read_counts(write_classified(tmp_path / "c.npz", labels, [0.0, 1.0]), CRYSTALS, ["ZIF_liq"])
    np.testing.assert_array_equal(counts.disordered, [2, 3])
    np.testing.assert_array_equal(counts.liquid_like, [1, 2])
    assert counts.n_zn == 4


def test_whatever_is_no_crystal_is_disordered(tmp_path):
    """A phase that is no crystal is disordered, however many there are; two may be liquids."""
    path = write_classified(tmp_path / "c.npz", [[0, 1, 2, 3], [1, 1, 3, 3]], [0.0, 1.0])
    counts = read_counts(path, ["ZIF-4"], ["ZIF_a", "ZIF_liq"])
    np.testing.assert_array_equal(counts.disordered, [3, 4])
    np.testing.assert_array_equal(counts.liquid_like, [2, 2])
    with pytest.raises(InputError, match="lack a disordered one"):
        read_counts(path, CLASSES, [])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda a: a.pop("classes"), "classes"),
        (lambda a: a.update(times_ps=np.array([0.0])), "shape"),
        (lambda a: a.update(times_ps=np.array([1.0, 1.0])), "increase"),
        (lambda a: a.update(classes=np.array(["ZIF-4", "ZIF-zni", "ZIF_a", "melt"])), "ZIF_liq"),
        (lambda a: a["probabilities"].__setitem__((0, 0, 0), np.nan), "finite"),
    ],
)
def test_a_wrong_classified_trajectory_is_named(tmp_path, change, message):
    path = write_classified(tmp_path / "wrong.npz", [[0, 2], [0, 3]], [0.0, 1.0])
    with np.load(path) as archive:
        arrays = dict(archive)
    change(arrays)
    np.savez(path, **arrays)
    with pytest.raises(InputError, match=message) as error:
        read_counts(path, CRYSTALS, ["ZIF_liq"])
    assert "wrong.npz" in str(error.value)


def test_a_missing_or_broken_classified_trajectory_is_named(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_counts(tmp_path / "none.npz", CRYSTALS, ["ZIF_liq"])
    (tmp_path / "broken.npz").write_bytes(b"not an archive")
    with pytest.raises(InputError, match=r"broken\.npz"):
        read_counts(tmp_path / "broken.npz", CRYSTALS, ["ZIF_liq"])


def test_running_mean_is_the_naive_one():
    rng = np.random.default_rng(0)
    times, values = np.arange(30) * 0.5, rng.random(30)
    smoothed = running_mean(times, values, 2.5)
    naive = [values[max(0, i - 2) : i + 3].mean() for i in range(30)]
    np.testing.assert_allclose(smoothed, naive)
    np.testing.assert_allclose(running_mean(times, values, 0.1), values)


def test_the_window_starts_after_relaxation_and_ends_before_exhaustion():
    times = np.arange(200.0)
    disordered = np.clip(50 + times, 0, 100)  # of 100 Zn: 0.9 is reached after 40 ps
    counts = Counts(times, disordered, disordered, 100)
    window = growth_window(counts, WINDOW)
    assert window == slice(10, 41)
    rate, _, note = growth_rate(counts, WINDOW)
    assert rate.value == pytest.approx(1.0, abs=0.01) and note == ""


def test_an_exhausted_box_has_no_rate_but_a_sentence():
    times = np.arange(50.0)
    counts = Counts(times, np.full(50, 99), np.full(50, 99), 100)
    rate, frames, note = growth_rate(counts, WINDOW)
    assert np.isnan(rate.value) and len(times[frames]) == 0
    assert note.startswith("Only 0 frames")


def test_a_series_table_has_a_row_per_run_and_keeps_failed_runs():
    times = np.arange(50.0)
    good = Counts(times, (50 + 0.2 * times).astype(int), np.full(50, 10), 100)
    gone = Counts(times, np.full(50, 100), np.full(50, 100), 100)
    runs = [CoexistenceRun(400.0, 1, good, 80.0), CoexistenceRun(440.0, 1, gone, 80.0)]
    table = growth_rates(runs, WINDOW)
    assert table["rate_Zn_per_ps"].iloc[0] == pytest.approx(0.2, abs=0.02)
    assert table["velocity_A_per_ps"].iloc[0] == pytest.approx(table["rate_Zn_per_ps"].iloc[0] * 80 / 200)
    assert np.isnan(table["rate_Zn_per_ps"].iloc[1]) and table["note"].iloc[1]
    counts = counts_table(runs, 5.0)
    assert len(counts) == 100 and counts["liquid_like"].iloc[0] == 10


def test_velocity_of_two_interfaces_by_hand():
    # 100 Zn in 50 A: 2 Zn/A. Four Zn per ps, by two interfaces: 2 Zn/ps each, so 1 A/ps.
    assert interface_velocity(4.0, 50.0, 100) == pytest.approx(1.0)


def test_generalised_least_squares_equals_numpy_for_white_noise():
    rng = np.random.default_rng(3)
    x = rng.random(20)
    y, errors = 1 + 2 * x + 0.1 * rng.standard_normal(20), rng.uniform(0.1, 0.3, 20)
    fit = generalised_least_squares(np.vander(x, 2, increasing=True), y, np.diag(errors**2))
    expected, covariance = np.polyfit(x, y, 1, w=1 / errors, cov="unscaled")
    np.testing.assert_allclose(fit.coefficients, expected[::-1])
    np.testing.assert_allclose(fit.covariance, covariance[::-1, ::-1])


def test_an_undetermined_fit_is_an_input_error():
    with pytest.raises(InputError, match="do not determine"):
        generalised_least_squares(np.ones((3, 2)), np.arange(3.0), np.eye(3))
    with pytest.raises(InputError, match="three points"):
        drift(np.arange(2.0), np.arange(2.0))


def test_drift_of_a_perfect_line_and_of_a_constant():
    times = np.arange(30.0)
    line = drift(times, 7 - 0.25 * times)
    assert line.value == pytest.approx(-0.25) and line.stderr < 1e-6
    still = drift(times, np.full(30, 4.0))
    assert still.value == pytest.approx(0.0, abs=1e-9)


def test_drift_does_not_depend_on_units():
    rng = np.random.default_rng(1)
    times, values = np.arange(40.0), rng.standard_normal(40).cumsum()
    one, other = drift(times, values), drift(times * 0.1 + 5, values * 1000 - 3)
    assert other.value == pytest.approx(one.value * 1e4)
    assert other.stderr == pytest.approx(one.stderr * 1e4)


def test_covariances_of_block_means_are_those_of_the_averaged_samples():
    """A random walk averaged in blocks is smoother: increments of its means have 2/3 of the variance."""
    blocks, length = 5, 4
    places = np.arange(blocks * length)
    average = np.kron(np.eye(blocks), np.full(length, 1 / length))
    settings = [(memory, ratio) for memory in CORRELATION_TIMES for ratio in WALK_TO_FLUCTUATION]
    for (memory, ratio), found in zip(settings, _noise_models(blocks, length, 0.05), strict=True):
        lags = 0.05 * np.abs(places[:, None] - places)
        noise = np.exp(-lags / memory) if memory else np.eye(len(places))
        noise = noise + ratio**2 * 0.05 * np.minimum(places[:, None], places)
        np.testing.assert_allclose(found, average @ noise @ average.T)


def simulated(rng, memory, ratio, points=240):
    """Drift of 0.2 per time under a fluctuation of size 5 and a walk that covers 5 `ratio` in all."""
    noise = rng.standard_normal(points)
    if memory:
        decay = np.exp(-1 / memory)
        noise[1:] *= np.sqrt(1 - decay**2)
        noise = lfilter([1.0], [1.0, -decay], noise)
    walk = ratio * np.cumsum(rng.standard_normal(points)) / np.sqrt(points)
    return np.arange(float(points)), 0.2 * np.arange(points) + 5 * (noise + walk)


@pytest.mark.parametrize(
    ("memory", "ratio", "most"), [(0, 0, 1.5), (3, 0, 1.8), (3, 1, 1.5), (3, 4, 1.3), (0, 4, 1.3)]
)
def test_errors_of_a_series_are_right_with_and_without_a_random_walk(memory, ratio, most):
    """Four replicas at five temperatures: errors cover, and without a walk they are not twice too large."""
    rng, scores, errors = np.random.default_rng(12), [], []
    for _ in range(3):
        groups = [[simulated(rng, memory, ratio) for _ in range(4)] for _ in range(5)]
        found = [estimate for group in drifts(groups) for estimate in group]
        errors += [estimate.stderr for estimate in found]
        scores += [estimate.value - 0.2 for estimate in found]
    scatter = np.sqrt(np.mean(np.square(scores)))
    assert 0.85 < np.sqrt(np.mean(np.square(errors))) / scatter < most
    # 60 series: 0.95 within three binomial errors.
    assert np.mean(np.abs(scores) < 1.96 * np.array(errors)) > 0.86


def test_one_run_alone_gets_a_wide_error():
    """Of a single series of white noise: larger than by least squares, at most four times."""
    rng, times = np.random.default_rng(2), np.arange(100.0)
    expected = 5 / np.sqrt(np.sum((times - times.mean()) ** 2))
    alone = np.array([drift(times, 0.2 * times + 5 * rng.standard_normal(100)).stderr for _ in range(12)])
    assert expected < np.sqrt(np.mean(alone**2)) < 4.0 * expected


def test_temperatures_of_different_noise_keep_their_own_kind():
    """One temperature with a large walk among four without: its errors stay those of the walk."""
    rng, scores = np.random.default_rng(13), []
    for _ in range(8):
        groups = [[simulated(rng, 0, ratio) for _ in range(2)] for ratio in (0, 0, 16, 0, 0)]
        scores += [(estimate.value - 0.2) / estimate.stderr for estimate in drifts(groups)[2]]
    assert np.sqrt(np.mean(np.square(scores))) < 1.5


def test_replicas_at_one_temperature_share_the_kind_of_noise_and_keep_their_order():
    rng, times = np.random.default_rng(3), np.arange(60.0)
    counts = [
        Counts(times, (50 + 0.1 * times + 2 * rng.standard_normal(60)).round(), times, 100) for _ in range(3)
    ]
    gone = Counts(times, np.full(60, 99.0), times, 100)
    conditions = [(400.0, 1, counts[0]), (420.0, 1, counts[2]), (400.0, 3, gone), (400.0, 2, counts[1])]
    runs = [CoexistenceRun(temperature, replica, one, 80.0) for temperature, replica, one in conditions]
    table = growth_rates(runs, WINDOW)
    assert list(table["temperature_K"]) == [400, 420, 400, 400] and list(table["replica"]) == [1, 1, 3, 2]
    line = [(times[10:], one.disordered[10:]) for one in counts]
    pair, _ = drifts([line[:2], line[2:]])
    np.testing.assert_allclose(table["rate_Zn_per_ps"][[0, 3]], [one.value for one in pair])
    np.testing.assert_allclose(table["stderr_Zn_per_ps"][[0, 3]], [one.stderr for one in pair])
    assert np.isnan(table["rate_Zn_per_ps"][2]) and table["note"][2].startswith("Only 0 frames")


def test_equilibrium_temperature_of_exact_rates():
    temperatures = np.array([380.0, 400, 420, 440, 460])
    table = rates_table(temperatures, 0.01 * (temperatures - 413), np.full(5, 0.02))
    found = equilibrium_temperature(table, 2, np.random.default_rng(1))
    assert found.temperature_K == pytest.approx(413, abs=0.01)
    # By hand: var(T) = var(v at T)/slope^2 with var(v) = s^2 (1/n + (T - mean)^2/Sxx).
    expected = 0.02 / 0.01 * np.sqrt(1 / 5 + 7**2 / 4000)
    # Five runs do not exclude that runs differ by more than their errors, which makes it wider, not narrower.
    assert expected < found.stderr_K < 1.5 * expected
    assert 413 - 3 * expected < found.low_K < 413 - 1.96 * expected
    assert 413 + 1.96 * expected < found.high_K < 413 + 3 * expected
    assert found.order == 1 and found.runs == 5 and found.note == ""


def test_equilibrium_temperature_of_a_curved_rate():
    temperatures = np.linspace(560, 690, 8)
    rates = 0.05 * (temperatures - 625) + 5e-4 * (temperatures - 625) ** 2
    table = rates_table(temperatures, rates, np.full(8, 0.01))
    assert equilibrium_temperature(table, 2, np.random.default_rng(1)).temperature_K == pytest.approx(
        625, abs=0.1
    )
    straight = equilibrium_temperature(table, 1, np.random.default_rng(1))
    assert abs(straight.temperature_K - 625) > 2  # a straight line is not enough, and the spread says so
    assert straight.stderr_K > 2


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        ([0.1, 0.2, 0.4], "below 400 K"),
        ([-0.4, -0.2, -0.1], "above 440 K"),
        ([0.3, 0.0, -0.3], "does not shrink"),
    ],
)
def test_a_series_that_does_not_bracket_says_so(rates, words):
    table = rates_table([400.0, 420, 440], rates, [0.01] * 3)
    found = equilibrium_temperature(table, 1, np.random.default_rng(1))
    assert np.isnan(found.temperature_K) and np.isnan(found.stderr_K)
    assert words in found.note
    assert len(found.curve) == 101


def test_too_few_rates_say_so():
    table = rates_table([400.0, 420], [np.nan, 0.1], [np.nan, 0.1])
    found = equilibrium_temperature(table, 1, np.random.default_rng(1))
    assert np.isnan(found.temperature_K) and "Fewer than two" in found.note and found.curve.empty


def test_two_replicas_that_agree_do_not_share_a_spread_as_large_as_the_trend():
    """Errors of the zero are those of least squares within 2; spreads as large as the trend made them 3."""
    rng, temperatures = np.random.default_rng(3), np.repeat([380.0, 400, 420, 440, 460], 2)
    errors = []
    for _ in range(12):
        rates = 0.01 * (temperatures - 417) + 0.05 * rng.standard_normal(10)
        table = rates_table(temperatures, rates, np.full(10, 0.05), np.tile([1, 2], 5))
        errors.append(equilibrium_temperature(table, 1, rng, samples=400).stderr_K)
    expected = 0.05 / 0.01 * np.sqrt(1 / 10 + 3**2 / 8000)
    assert expected < np.sqrt(np.mean(np.square(errors))) < 2.2 * expected


def test_an_open_confidence_interval_is_left_empty():
    table = rates_table([400.0, 420], [-0.01, 0.02], [0.05, 0.005])
    found = equilibrium_temperature(table, 1, np.random.default_rng(1))
    assert 400 < found.temperature_K < 420 and "open" in found.note
    assert np.isnan(found.low_K)
    assert found.table()["note"].item() == found.note and "curve" not in found.table()


def test_wrong_settings_are_named():
    table = rates_table([400.0, 420], [-0.1, 0.1], [0.1, 0.0])
    with pytest.raises(InputError, match="not positive"):
        equilibrium_temperature(table, 1, np.random.default_rng(1))
    with pytest.raises(InputError, match="rate_order"):
        equilibrium_temperature(table, 0, np.random.default_rng(1))


def test_the_same_seed_gives_the_same_interval():
    table = rates_table([400.0, 420, 440], [-0.2, 0.05, 0.2], [0.05] * 3)
    one, other = (equilibrium_temperature(table, 1, np.random.default_rng(5)) for _ in range(2))
    assert (one.low_K, one.high_K, one.stderr_K) == (other.low_K, other.high_K, other.stderr_K)
