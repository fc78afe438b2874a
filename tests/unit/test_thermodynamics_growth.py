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


TEMPERATURES = np.array([600.0, 650, 725, 800, 850])


def law(temperatures, energy, equilibrium_K):
    """Mobility times driving force, 2 Zn/ps at 800 K."""
    rates = np.exp(-energy / (0.0083144626 * temperatures)) * (1 - equilibrium_K / temperatures)
    return 2 * rates / (np.exp(-energy / (0.0083144626 * 800)) * (1 - equilibrium_K / 800))


@pytest.mark.parametrize("energy", [0, 60, 150])
def test_exact_rates_of_the_law_give_its_temperature_and_activation_energy(energy):
    rates = law(TEMPERATURES, energy, 690)
    found = equilibrium_temperature(
        rates_table(TEMPERATURES, rates, 1e-4 * np.abs(rates)), np.random.default_rng(1)
    )
    assert found.temperature_K == pytest.approx(690, abs=0.05) and found.stderr_K < 0.1
    assert found.low_K < 690 < found.high_K and found.high_K - found.low_K < 0.4
    assert found.mobility_activation_kJ_per_mol == energy
    assert found.mobility_activation_stderr_kJ_per_mol == pytest.approx(10 / np.sqrt(12))
    assert found.runs == 5 and found.note == ""
    curve = found.curve.set_index("temperature_K").rate_Zn_per_ps
    np.testing.assert_allclose(np.interp(TEMPERATURES[:4], curve.index, curve), rates[:4], atol=0.01)


def test_the_full_law_of_wilson_and_frenkel_adds_half_of_the_enthalpy_to_the_activation_energy():
    """Its zero is found within 2 K although its driving force is not linear."""
    rates = 100 * np.exp(-44 / 0.0083144626 * (1 / TEMPERATURES - 1 / 690))
    rates *= np.expm1(32 / 0.0083144626 * (1 / 690 - 1 / TEMPERATURES))
    found = equilibrium_temperature(
        rates_table(TEMPERATURES, rates, 0.01 * np.abs(rates)), np.random.default_rng(1)
    )
    assert found.temperature_K == pytest.approx(690, abs=2)
    assert found.mobility_activation_kJ_per_mol == 44 + 32 / 2


def test_laws_through_two_rates_are_those_of_a_plain_draw():
    """Two runs leave all activation energies equally likely: draw rates and energy, keep what rises."""
    rng, kelvin = np.random.default_rng(2), np.array([620.0, 700.0])
    rates, errors = np.array([-0.2, 0.4]), np.array([0.3, 0.6])
    energies = rng.choice(np.arange(0, 301, 10), 100_000)
    driving = (rates + errors * rng.standard_normal((100_000, 2))) / np.exp(
        -energies[:, None] / 0.0083144626 * (1 / kelvin - 1 / 700)
    )
    rises = driving[:, 1] > driving[:, 0]
    one, other = driving[rises].T
    # Linear in 1/T.
    zeros = 1 / 620 + (1 / 700 - 1 / 620) * one / (one - other)
    found = equilibrium_temperature(rates_table(kelvin, rates, errors), rng, 0.5, samples=100_000)
    low, middle, high = 1 / np.percentile(zeros, [75, 50, 25])
    assert (found.temperature_K, found.low_K) == pytest.approx((middle, low), abs=0.5)
    assert 620 < low < middle < high
    spread = np.subtract(*np.percentile(zeros, [84.13, 15.87])) / 2
    assert found.stderr_K == pytest.approx(middle**2 * spread, rel=0.03)
    assert found.mobility_activation_kJ_per_mol == pytest.approx(np.median(energies[rises]), abs=10)


@pytest.mark.parametrize("kelvin", [400, 1000])
def test_a_run_that_knows_nothing_changes_nothing(kelvin):
    """Wherever it is, though the two hottest temperatures serve to write the law down."""
    rates = law(TEMPERATURES, 60, 690) + np.array([-0.4, 0.3, -0.4, 0.6, -1])
    known = rates_table(TEMPERATURES, rates, [0.3, 0.3, 0.5, 0.8, 2.6])
    more = rates_table([kelvin], law(np.array([kelvin]), 60, 690), 1e5)
    few, many = (
        equilibrium_temperature(table, np.random.default_rng(1), samples=40_000)
        for table in (known, pd.concat([known, more]))
    )
    assert many.temperature_K == pytest.approx(few.temperature_K, abs=4)
    assert many.stderr_K == pytest.approx(few.stderr_K, rel=0.15)
    assert many.mobility_activation_kJ_per_mol == pytest.approx(few.mobility_activation_kJ_per_mol, abs=10)


def test_more_runs_at_one_temperature_and_other_units_leave_the_law():
    kelvin, replicas = np.array([600.0, 690, 690, 690, 800]), [1, 1, 2, 3, 2]
    rates = law(kelvin, 50, 690) + np.array([0, 0.01, 0, -0.01, 0])
    one, ten = (
        equilibrium_temperature(
            rates_table(kelvin, scale * rates, np.full(5, 0.01 * scale), replicas), np.random.default_rng(4)
        )
        for scale in (1, 10)
    )
    assert one.temperature_K == pytest.approx(690, abs=1) and one.runs == 5 and one.stderr_K < 3
    assert (ten.temperature_K, ten.stderr_K) == pytest.approx((one.temperature_K, one.stderr_K))


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        ([0.1, 0.2, 0.4], "below 400 K"),
        ([-0.4, -0.2, -0.1], "above 440 K"),
        (
            [0.3, 0.0, -0.3],
            "does not shrink at a lower and grow at a higher temperature. Coexistence is bounded on",
        ),
    ],
)
def test_a_series_that_does_not_bracket_says_so(rates, words):
    table = rates_table([400.0, 420, 440], rates, [0.01] * 3)
    found = equilibrium_temperature(table, np.random.default_rng(1))
    assert np.isnan(found.temperature_K) and np.isnan(found.stderr_K)
    assert words in found.note
    assert len(found.curve) == 101 and np.isfinite(found.curve).all(axis=None)


def test_too_few_rates_say_so():
    table = rates_table([400.0, 420], [np.nan, 0.1], [np.nan, 0.1])
    found = equilibrium_temperature(table, np.random.default_rng(1))
    assert np.isnan(found.temperature_K) and "Fewer than two" in found.note and found.curve.empty


def test_replicas_that_agree_do_not_share_a_spread_as_large_as_the_trend():
    """Errors are about those of runs that share nothing; with spreads as large as the trend, 1.6 times."""
    rng, kelvin = np.random.default_rng(3), np.repeat(TEMPERATURES, 2)
    errors = {2: [], 10: []}
    for _ in range(8):
        rates = law(kelvin, 0, 690) + 0.2 * rng.standard_normal(10)
        for interfaces, found in errors.items():
            # As many interfaces as runs share nothing.
            table = rates_table(kelvin, rates, np.full(10, 0.2), np.arange(10) % interfaces)
            found.append(equilibrium_temperature(table, rng, samples=2000).stderr_K)
    shared, apart = (np.sqrt(np.mean(np.square(found))) for found in errors.values())
    assert 0.9 * apart < shared < 1.45 * apart


def test_an_open_confidence_interval_is_left_empty():
    table = rates_table([400.0, 420], [-0.01, 0.02], [0.05, 0.005])
    found = equilibrium_temperature(table, np.random.default_rng(1))
    assert 400 < found.temperature_K < 420 and "open" in found.note
    assert np.isnan(found.low_K)
    assert found.table()["note"].item() == found.note and "curve" not in found.table()


@pytest.mark.parametrize(
    ("kelvin", "rates", "errors"),
    [
        ([300.0, 600, 1200, 1600], [-2, -8, 18, 35], [10, 9, 20, 22]),
        ([300.0, 3000], [-1, 30], [0.5, 5]),
    ],
)
def test_a_series_as_wide_as_the_demonstrations_has_a_temperature(kelvin, rates, errors):
    """Mobilities at its ends may differ by forty orders of magnitude."""
    found = equilibrium_temperature(rates_table(kelvin, rates, errors), np.random.default_rng(1))
    assert kelvin[0] < found.temperature_K < kelvin[-1] and np.isfinite(found.stderr_K)
    assert np.isfinite(found.curve).all(axis=None)


def test_wrong_settings_are_named():
    table = rates_table([400.0, 420], [-0.1, 0.1], [0.1, 0.0])
    with pytest.raises(InputError, match="not positive"):
        equilibrium_temperature(table, np.random.default_rng(1))


def test_the_same_seed_gives_the_same_interval():
    table = rates_table([400.0, 420, 440], [-0.2, 0.05, 0.2], [0.05] * 3)
    one, other = (equilibrium_temperature(table, np.random.default_rng(5)) for _ in range(2))
    assert (one.low_K, one.high_K, one.stderr_K) == (other.low_K, other.high_K, other.stderr_K)
