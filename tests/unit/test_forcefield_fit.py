"""The response surfaces and the fit of the Morse term against planted truths."""

import numpy as np
import pytest

from checkout import ROOT
from zifmelt.errors import InputError
from zifmelt.figures.forcefield_fit import KINETICS, plot_fit
from zifmelt.forcefield.criteria import Criterion
from zifmelt.forcefield.fit import MorseParameters, Surfaces, fit_morse, morse_at, morse_of
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.forcefield.response import features, fit_response
from zifmelt.statistics import Estimate
from zifmelt.tables.forcefield_scores import score_rows
from zifmelt.tables.morse_fit import (
    SCANNED,
    deviation_rows,
    fit_rows,
    fits_of_temperatures,
    measured_values,
    sample_rows,
)

DESIGN = {
    "default": MorseParameters(0.025, 2.735, 2.0),
    "centre": MorseParameters(0.037, 2.637, 2.0),
    "deep": MorseParameters(0.0545, 2.540, 2.0),
    "low": MorseParameters(0.037, 2.574, 2.0),
    "high": MorseParameters(0.037, 2.699, 2.0),
    "soft": MorseParameters(0.037, 2.767, 1.7),
    "hard": MorseParameters(0.037, 2.527, 2.35),
    "c1": MorseParameters(0.048, 2.545, 2.2),
    "c2": MorseParameters(0.048, 2.605, 1.8),
    "c3": MorseParameters(0.0285, 2.833, 1.8),
    "c4": MorseParameters(0.0285, 2.595, 2.2),
}
CENTRE = DESIGN["centre"].coordinates
TRUTH = MorseParameters(0.033, 2.66, 2.03)


def scaled_points(count=11):
    return np.array([point.coordinates for point in DESIGN.values()])[:count]


def criterion(name, **changes):
    fields = {"quantity": name, "framework": "A", "temperature_K": 550, "bound": "equal", "why": "test"}
    return Criterion(
        **{"name": name, "value": 1.0, "tolerance": 1.5, "scale": "logarithmic", **fields, **changes}
    )


SLOPES = {
    "breaks": (2.5, -1.0, 1.0),
    "turns": (3.0, 2.0, -0.5),
    "peak": (-0.2, 4.0, 0.5),
    "share": (-2, 1, 3),
}


def planted(noise, generator, truth=TRUTH, shifts=None):
    """Logarithms linear in the coordinates with a little curvature, meeting every target at the truth."""
    measured = {}
    for name, slope in SLOPES.items():
        values = {}
        for point, morse in DESIGN.items():
            apart = morse.coordinates - truth.coordinates
            log = apart @ np.array(slope) + 0.5 * (apart @ np.array([1.0, -1.0, 0.5])) ** 2
            log += (shifts or {}).get(name, 0.0) * np.log(1.5) + noise * generator.standard_normal()
            values[point] = Estimate(float(np.exp(log)), float(noise * np.exp(log)), 9)
        measured[criterion(name)] = values
    return measured


def test_coordinates_by_hand_and_back():
    """The repulsion of the default at 1.9 A: 0.025 exp(4 x 0.835) eV."""
    coordinates = DESIGN["default"].coordinates
    assert coordinates == pytest.approx([np.log(0.025), np.log(0.025) + 3.34, 2.0])
    back = morse_at(coordinates)
    assert (back.D0_eV, back.r0_A, back.alpha_per_A) == pytest.approx((0.025, 2.735, 2.0))
    # Same wall at 1.9 A, other depths: the repulsive branches agree there.
    for name in ("centre", "deep", "soft", "hard"):
        assert DESIGN[name].coordinates[1] == pytest.approx(coordinates[1], abs=0.005)


def test_features_by_hand():
    np.testing.assert_allclose(features(np.array([2.0, 3.0])), [[1, 2, 3, 4, 6, 9]])


def test_an_exact_quadratic_is_recovered():
    generator = np.random.default_rng(1)
    x = generator.uniform(-1, 1, (15, 3))
    truth = generator.standard_normal(10)
    response = fit_response(x, features(x) @ truth, np.full(15, 1e-3))
    elsewhere = generator.uniform(-1, 1, (50, 3))
    value, stderr = response.predict(elsewhere)
    np.testing.assert_allclose(value, features(elsewhere) @ truth, atol=0.02)
    assert response.scatter == 0


def test_noise_does_not_make_curvature():
    """A plane with noise: predictions are as good as those of the plane alone, and their errors are right."""
    generator = np.random.default_rng(2)
    x = (scaled_points() - scaled_points().mean(axis=0)) / [0.39, 0.25, 0.32]
    centre, pulls, slopes = np.array([[0.1, -0.2, 0.2]]), [], []
    for _ in range(200):
        y = 1.0 + x @ [2.0, -1.0, 0.5] + 0.2 * generator.standard_normal(11)
        value, stderr = fit_response(x, y, np.full(11, 0.2)).predict(centre)
        pulls.append((value[0] - 1.5) / stderr[0])
        slopes.append(stderr[0])
    assert 0.7 < np.std(pulls) < 1.25
    assert abs(np.mean(pulls)) < 0.25
    # A plane through 11 points has about 0.2 / sqrt(11) = 0.06 at the centre; a full quadratic 0.14 and more.
    assert np.median(slopes) < 0.12


def test_unexplained_scatter_is_noticed():
    generator = np.random.default_rng(3)
    x = generator.uniform(-1, 1, (14, 3))
    y = x @ [1.0, 1.0, 1.0] + 0.5 * generator.standard_normal(14)
    response = fit_response(x, y, np.full(14, 0.01))
    assert response.scatter in (0.3, 1.0)
    assert fit_response(x, y, np.full(14, np.nan)).predict(x[:1])[1][0] > 0.1


def test_too_few_points_are_refused():
    with pytest.raises(InputError, match="3 points"):
        fit_response(np.eye(3), np.zeros(3), np.ones(3))
    line = {name: DESIGN[name] for name in ("default", "centre", "deep")}
    with pytest.raises(InputError, match="differ in D0, r0 and alpha"):
        Surfaces(line, {})
    with pytest.raises(InputError, match="no criterion"):
        Surfaces(DESIGN, {})
    generator = np.random.default_rng(0)
    few = {key: dict(list(values.items())[:3]) for key, values in planted(0.1, generator).items()}
    with pytest.raises(InputError, match="breaks.*3 points"):
        Surfaces(DESIGN, few)


def test_planted_parameters_are_found():
    fit = fit_morse(DESIGN, planted(0.01, np.random.default_rng(4)), np.random.default_rng(0), samples=50)
    assert fit.best.D0_eV == pytest.approx(TRUTH.D0_eV, rel=0.02)
    assert fit.best.r0_A == pytest.approx(TRUTH.r0_A, abs=0.01)
    assert fit.best.alpha_per_A == pytest.approx(TRUTH.alpha_per_A, abs=0.02)
    assert fit.chi_squared < 0.05
    assert (fit.degrees, fit.at_border) == (1, False)
    assert abs(fit.deviations["deviation"]).max() < 0.1


def test_uncertainty_covers_the_truth():
    """Targets off by one tolerance (normal), data by 20 %: the truth lies within one error in about 68 %."""
    generator = np.random.default_rng(6)
    inside = []
    for _ in range(30):
        shifts = {name: generator.standard_normal() for name in SLOPES}
        fit = fit_morse(DESIGN, planted(0.1, generator, shifts=shifts), generator, samples=60)
        errors = np.log(fit.samples["D0_eV"]).std(), fit.samples["alpha_per_A"].std()
        best = np.log(fit.best.D0_eV), fit.best.alpha_per_A
        true = np.log(TRUTH.D0_eV), TRUTH.alpha_per_A
        inside += [abs(a - b) < error for a, b, error in zip(best, true, errors, strict=True)]
    assert 0.5 < np.mean(inside) < 0.9


@pytest.mark.parametrize("corner", ["hard", "deep", "c3"])
def test_an_optimum_at_or_beyond_the_border_is_found_and_said(corner):
    """The truth is a corner of the hull, or lies beyond it."""
    beyond = morse_at(1.2 * (DESIGN[corner].coordinates - DESIGN["centre"].coordinates) + CENTRE)
    for truth in (DESIGN[corner], beyond):
        fit = fit_morse(DESIGN, planted(0.01, np.random.default_rng(5), truth), np.random.default_rng(0), 5)
        assert fit.at_border
        assert fit.best.coordinates == pytest.approx(DESIGN[corner].coordinates, abs=0.06)


def test_contradicting_criteria_show_it():
    """Two temperatures that want depths a factor of two apart: chi squared says so, and who pulls where."""
    measured = planted(0.02, np.random.default_rng(7), MorseParameters(0.028, 2.70, 2.0))
    hot = planted(0.02, np.random.default_rng(8), MorseParameters(0.050, 2.56, 2.0))
    measured |= {criterion(f"hot {c.name}"): values for c, values in hot.items()}
    fit = fit_morse(DESIGN, measured, np.random.default_rng(0), samples=20)
    assert fit.chi_squared > 3 * fit.degrees
    assert fit.p_value < 0.01
    without = fit.deviations.set_index("criterion")["D0_eV_without"]
    assert without["turns"] > fit.best.D0_eV > without["hot turns"]


def test_bounds_and_readings():
    """A bound that is met does not pull; of two readings the nearer counts."""
    generator = np.random.default_rng(9)
    measured = planted(0.01, generator)
    far = next(values for c, values in measured.items() if c.name == "peak")
    measured[criterion("high", bound="at least", value=1e-6)] = far
    measured[criterion("peak", quantity="other reading", value=1e3)] = far
    fit = fit_morse(DESIGN, measured, generator, samples=5)
    assert fit.chi_squared < 0.05
    assert fit.degrees == 2
    table = fit.deviations.set_index("quantity")
    assert table.loc["high", "deviation"] == 0 and table.loc["high", "excess"] > 10
    assert table.loc["other reading", "deviation"] < -10


def test_tables_and_figure_of_a_scan_with_its_hot_frameworks():
    """Criteria of two hot frameworks and one at rest: each fit leaves out the other framework's."""
    generator = np.random.default_rng(12)
    averages = {}
    criteria = []
    for framework, truth in (("A", TRUTH), ("B", TRUTH), ("rest", TRUTH)):
        temperature = 300 if framework == "rest" else 550
        for known, values in planted(0.02, generator, truth).items():
            name = f"{framework} {known.name}"
            criteria.append(
                criterion(name, quantity=known.name, framework=framework, temperature_K=temperature)
            )
            for variant, value in values.items():
                conditions = (variant, framework, "isotropic", temperature)
                averages.setdefault(conditions, {})[known.name] = ("ps", value)
    criteria.append(criterion("never measured", quantity="nothing"))
    measured = measured_values(averages, criteria, DESIGN, "isotropic")
    assert len(measured) == 12
    fits = fits_of_temperatures(DESIGN, measured, generator)
    assert [fit.degrees for fit in fits.values()] == [9, 5, 5]
    table = fit_rows(fits).set_index(["fit", "quantity"])
    for name in ("all", "without hot A", "without hot B"):
        assert table.loc[(name, "D0"), "value"] == pytest.approx(TRUTH.D0_eV, rel=0.05)
        assert table.loc[(name, "alpha"), "unit"] == "1/A"
        assert table.loc[(name, "r0"), "low"] < TRUTH.r0_A < table.loc[(name, "r0"), "high"]
    deviations, samples = deviation_rows(fits), sample_rows(fits, DESIGN)
    assert (samples["fit"] == SCANNED).sum() == len(DESIGN)
    renamed = dict(zip(SLOPES, [*KINETICS, "share"], strict=True))
    scores = score_rows(averages, criteria).replace({"quantity": renamed})
    plot = plot_fit(scores, samples, deviations)
    assert len(plot.numbers) == 3 * 3 * len(DESIGN)
    first, *_, parameters, _, deviating = plot.figure.axes
    legends = [[t.get_text() for t in part.legends[0].get_texts()] for part in plot.figure.subfigs]
    assert "A, 550 K" in legends[0] and legends[0] == first.get_legend_handles_labels()[1]
    assert "without hot B" in legends[1] and legends[1] == parameters.get_legend_handles_labels()[1]
    assert "B turns" in [label.get_text() for label in deviating.get_yticklabels()]
    without = deviations[deviations["fit"] == "without hot A"]
    assert set(without["framework"]) == {"B", "rest"}


def test_morse_term_of_a_force_field():
    """0.92476 x 4184 J / (6.02214076e23 x 1.602176634e-19 C) = 0.0401014 eV."""
    term = morse_of(load_forcefield(ROOT / "config/forcefields/nb-zif-ff.yaml"))
    assert (term.D0_eV, term.r0_A, term.alpha_per_A) == pytest.approx((0.0401014, 2.735, 2.0), rel=1e-6)
