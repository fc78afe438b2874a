import json

import numpy as np
import pandas as pd
import pytest

from fake_runs import plain_thermo, simulation
from zifmelt.errors import InputError
from zifmelt.statistics import mean_of_series
from zifmelt.thermodynamics.enthalpy import enthalpy_of_run, enthalpy_table
from zifmelt.thermodynamics.enthalpy_fit import (
    EnthalpyFit,
    enthalpy_curves,
    fit_enthalpy,
    fit_phases,
    load_fits,
    save_fits,
)
from zifmelt.thermodynamics.spreads import fit_with_spreads, possible_noises

KJ_PER_MOL_PER_EV = 96.48533212


EV_PER_A3_IN_BAR = 1.602176634e6


def write_run(folder, energies_eV, n_zn, segments=None, pressure_bar=0.0, barostat="isotropic"):
    folder.mkdir(parents=True)
    thermo = plain_thermo(np.broadcast_to(30 * np.eye(3), (len(energies_eV), 3, 3)), 0.1, 300.0)
    thermo["potential_energy_eV"] = 2 * np.asarray(energies_eV, float)
    thermo["kinetic_energy_eV"] = -np.asarray(energies_eV, float)
    if segments is not None:
        thermo["segment"] = segments
    thermo.to_csv(folder / "thermo.csv", index=False)
    before = 0.1 * max(np.sum(thermo["segment"] != thermo["segment"].max()) - 1, 0)
    stretches = [{"segment": 0, "name": "equilibration", "duration_ps": before}] if before else []
    duration = 0.1 * max(len(thermo) - 1, 0) - before
    stretches.append({"segment": len(stretches), "name": "production", "duration_ps": duration})
    stretches[-1]["barostat"] = barostat
    provenance = {"n_zn": n_zn, "stretches": stretches, "settings": {"pressure_bar": pressure_bar}}
    (folder / "provenance.json").write_text(json.dumps(provenance))
    return folder


def table_of(temperatures, values, errors, phase="ZIF-4"):
    return pd.DataFrame(
        {
            "phase": phase,
            "temperature_K": temperatures,
            "replica": 1,
            "enthalpy_kJ_per_mol": values,
            "stderr_kJ_per_mol": errors,
        }
    )


def test_enthalpy_counts_the_last_segment_alone_and_per_zn(tmp_path):
    rng = np.random.default_rng(1)
    production = -640.0 + 0.5 * rng.standard_normal(200)
    folder = write_run(tmp_path / "r1", np.append(np.zeros(50), production), 64, [1] * 50 + [2] * 200)
    found = enthalpy_of_run(folder)
    assert found.value == pytest.approx(production.mean() / 64 * KJ_PER_MOL_PER_EV)
    assert found.stderr == pytest.approx(mean_of_series(production).stderr / 64 * KJ_PER_MOL_PER_EV)


def test_the_pressure_is_that_of_the_barostat_not_the_instantaneous_one(tmp_path):
    """H = U + K + P0 V: 27000 A^3 at 1000 bar are 16.85 eV by hand; the pressure's noise adds none."""
    folder, rng = (
        write_run(tmp_path / "r1", np.full(100, -640.0), 64, pressure_bar=1000.0),
        np.random.default_rng(2),
    )
    thermo = pd.read_csv(folder / "thermo.csv")
    thermo["pressure_bar"] = 1000 + 1500 * rng.standard_normal(100)
    thermo["enthalpy_eV"] = -640.0 + thermo["pressure_bar"] * thermo["volume_A3"] / EV_PER_A3_IN_BAR
    thermo.to_csv(folder / "thermo.csv", index=False)
    found = enthalpy_of_run(folder)
    by_hand = (-640.0 + 1000 * 27000 / EV_PER_A3_IN_BAR) / 64 * KJ_PER_MOL_PER_EV
    assert found.value == pytest.approx(by_hand, abs=1e-6) and found.stderr < 1e-9
    assert thermo["enthalpy_eV"].std() / 64 * KJ_PER_MOL_PER_EV > 30


def test_a_run_at_constant_volume_has_no_enthalpy(tmp_path):
    with pytest.raises(InputError, match="no barostat"):
        enthalpy_of_run(write_run(tmp_path / "r1", np.full(20, -64.0), 64, barostat="none"))


def test_an_empty_run_is_named(tmp_path):
    folder = write_run(tmp_path / "r1", [], 64)
    with pytest.raises(InputError, match=r"thermo\.csv"):
        enthalpy_of_run(folder)


def test_the_table_has_a_row_per_run(tmp_path):
    folder = write_run(tmp_path / "anywhere", [-64.0] * 20, 64)
    run = simulation(phase="ZIF_a", temperature_K=300, replica=2)
    table = enthalpy_table({run: folder})
    assert table["enthalpy_kJ_per_mol"].item() == pytest.approx(-KJ_PER_MOL_PER_EV)
    assert (table["phase"].item(), table["temperature_K"].item(), table["replica"].item()) == (
        "ZIF_a",
        300,
        2,
    )


def test_a_planted_curve_is_fitted_exactly_with_the_errors_of_numpy():
    temperatures = np.array([300.0, 350, 400, 450, 500])
    values = -900 + 0.5 * temperatures + 2e-4 * temperatures**2
    fit = fit_enthalpy(table_of(temperatures, values, 0.1), 2)
    at, error = fit.enthalpy(np.array([298.0, 420]))
    np.testing.assert_allclose(at, -900 + 0.5 * np.array([298.0, 420]) + 2e-4 * np.array([298.0, 420]) ** 2)
    design = np.vander(temperatures, 3)
    covariance = 0.01 * np.linalg.inv(design.T @ design)
    terms = np.vander([298.0, 420], 3)
    expected = np.sqrt(np.einsum("ij,jk,ik->i", terms, covariance, terms))
    # Two points to spare hardly exclude a spread below the errors, which widens them a little.
    assert np.all((expected < error) & (error < 1.2 * expected))
    own = fit_with_spreads(design, values, possible_noises(np.full(5, 0.1), np.ones(5), 0.0))
    np.testing.assert_allclose(own.covariances[0], covariance, rtol=1e-6)
    assert fit.runs == 5 and (fit.lowest_K, fit.highest_K) == (300, 500)


def test_a_jump_of_the_heat_capacity_is_fitted():
    temperatures = np.array([300.0, 400, 500, 550, 650, 700])
    values = -800 + 0.4 * temperatures + 0.1 * np.maximum(temperatures - 600, 0)
    fit = fit_enthalpy(table_of(temperatures, values, 0.05, "ZIF_a"), 1, 600.0)
    slope = np.diff(fit.enthalpy(np.array([400.0, 401, 680, 681]))[0])[[0, 2]]
    np.testing.assert_allclose(slope, [0.4, 0.5])


@pytest.mark.parametrize("given", [570.0, 600.0, 640.0])
def test_the_glass_transition_is_found_although_another_is_given(given):
    """Where the two sides tell where they meet, the curve does not depend on the temperature given."""
    temperatures = np.array([300.0, 350, 400, 450, 500, 550, 650, 700, 750, 800])
    values = -800 + 0.4 * temperatures + 0.1 * np.maximum(temperatures - 600, 0)
    fit = fit_enthalpy(table_of(temperatures, values, 0.02, "ZIF_a"), 1, given)
    assert fit.glass_transition_K == pytest.approx(600.0, abs=2.5)
    at, error = fit.enthalpy(np.array([420.0, 625.0]))
    np.testing.assert_allclose(at, [-632.0, -547.5], atol=0.25)
    assert np.all(np.abs(at - [-632.0, -547.5]) < 2 * error)


def test_runs_that_differ_more_than_their_errors_widen_the_fit():
    rng = np.random.default_rng(4)
    temperatures = np.repeat([300.0, 400, 500], 40)
    values = 0.5 * temperatures + 2.0 * rng.standard_normal(120)
    at, error = fit_enthalpy(table_of(temperatures, values, 0.01), 1).enthalpy(400.0)
    assert error == pytest.approx(2.0 / np.sqrt(120), rel=0.25)
    assert abs(at - 200) < 4 * error


def test_glasses_that_keep_their_history_are_not_more_than_there_are():
    """Six glasses that differ by 0.6 kJ/mol at every temperature alike: 0.6/sqrt(6), times what not knowing
    the spread adds, which is sqrt(5/3) for Student's distribution of 5 degrees of freedom."""
    rng, errors = np.random.default_rng(5), []
    temperatures, replicas = np.repeat([300.0, 350, 400, 450, 500], 6), np.tile(range(1, 7), 5)
    for _ in range(12):
        offsets = 0.6 * rng.standard_normal(6)
        values = 0.3 * temperatures + offsets[replicas - 1] + 0.05 * rng.standard_normal(30)
        table = table_of(temperatures, values, 0.05, "ZIF_a").assign(replica=replicas)
        errors.append(fit_enthalpy(table, 1).enthalpy(420.0)[1])
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(0.6 / np.sqrt(6) * np.sqrt(5 / 3), rel=0.25)


def test_the_fit_is_lowered_to_what_two_temperatures_support():
    fit = fit_enthalpy(table_of([300.0, 700.0], [0.0, 4.0], 0.1), 3, 600.0)
    assert fit.order == 1 and fit.glass_transition_K is None
    assert fit.enthalpy(500.0)[0] == pytest.approx(2.0)


def test_one_temperature_is_not_enough():
    with pytest.raises(InputError, match="ZIF-4 is known at 1 temperature"):
        fit_enthalpy(table_of([300.0, 300.0], [0.0, 0.1], 0.1), 1)
    with pytest.raises(InputError, match="no standard error"):
        fit_enthalpy(table_of([300.0, 400.0], [0.0, 0.1], [0.1, np.nan]), 1)


@pytest.mark.parametrize("glass", [None, 450.0])
def test_the_integral_is_that_of_quadrature(glass):
    count = 4 if glass is None else 5
    fit = EnthalpyFit(
        3, glass, np.array([-900.0, 150, 12, 3, 40])[:count], np.zeros((count, count)), 300, 700, 1
    )
    temperatures = np.linspace(320.0, 690.0, 200001)
    expected = -np.trapezoid(fit.enthalpy(temperatures)[0] / temperatures**2, temperatures)
    draws = fit.drawn(np.random.default_rng(1), 2)
    np.testing.assert_allclose(draws.planck(320.0, 690.0), expected, rtol=1e-8)
    np.testing.assert_allclose(draws.planck(np.full(3, 690.0), 320.0), -expected, rtol=1e-8)


def test_phases_are_sorted_into_crystals_and_one_disordered_branch():
    table = pd.concat(
        [
            table_of([300.0, 500], [1.0, 3.0], 0.1, "ZIF-4"),
            table_of([300.0, 500], [2.0, 4.0], 0.1, "ZIF_a"),
            table_of([700.0], [7.0], 0.1, "ZIF_liq"),
        ]
    )
    crystals, disordered = fit_phases(table, 2, 600.0, ["ZIF-4", "ZIF-zni"])
    assert list(crystals) == ["ZIF-4"] and disordered.highest_K == 700
    assert disordered.enthalpy(700.0)[0] == pytest.approx(7.0)
    curves = enthalpy_curves(crystals, disordered, points=11)
    assert set(curves["phase"]) == {"ZIF-4", "disordered"} and len(curves) == 22


def test_fits_survive_writing(tmp_path):
    temperatures = [300.0, 350, 400, 500, 550, 620, 650, 700]
    values = np.array(temperatures) + np.random.default_rng(6).normal(size=8)
    glass = fit_enthalpy(table_of(temperatures, values, 0.5, "ZIF_a"), 1, 600.0)
    crystal = fit_enthalpy(table_of(temperatures, values - 5, 0.5), 2)
    assert len(glass.alternatives) > 10 and not crystal.alternatives
    save_fits(tmp_path / "fits.json", {"ZIF-4": crystal}, glass)
    crystals, disordered = load_fits(tmp_path / "fits.json")
    for found, saved in ((crystals["ZIF-4"], crystal), (disordered, glass)):
        at = np.array([310.0, 640.0])
        np.testing.assert_array_equal(found.enthalpy(at), saved.enthalpy(at))
        draws = [fit.drawn(np.random.default_rng(1), 5).planck(310.0, 640.0) for fit in (found, saved)]
        np.testing.assert_array_equal(*draws)
    (tmp_path / "fits.json").write_text('{"crystals": {"ZIF-4": {}}, "disordered": {}}')
    with pytest.raises(InputError, match=r"fits\.json: these are no fits"):
        load_fits(tmp_path / "fits.json")
