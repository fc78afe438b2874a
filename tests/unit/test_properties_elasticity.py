"""Bulk modulus against systems whose modulus is known."""

import numpy as np
import pytest
from scipy.signal import lfilter

from zifmelt.errors import InputError
from zifmelt.properties.elasticity import bulk_modulus_from_fluctuations, bulk_modulus_from_pressures
from zifmelt.statistics import Estimate
from zifmelt.units import BOLTZMANN_EV_PER_K, EV_PER_A3_IN_GPA

KT = BOLTZMANN_EV_PER_K * 300.0


def test_an_ideal_gas_has_its_pressure_as_modulus():
    """At constant pressure the volume of N ideal atoms is gamma distributed, and K = P exactly."""
    atoms, pressure_gpa = 500, 0.2
    scale = KT / (pressure_gpa / EV_PER_A3_IN_GPA)
    volumes = np.random.default_rng(1).gamma(atoms + 1, scale, 40_000)
    modulus = bulk_modulus_from_fluctuations(volumes, 300.0)
    assert modulus.value == pytest.approx(pressure_gpa, rel=0.03)
    assert 0 < modulus.stderr < 0.03 * pressure_gpa


def test_correlated_volumes_are_covered():
    """A solid of 4 GPa with a correlated volume: error and bias are those of the independent samples."""
    rng = np.random.default_rng(2)
    sigma = np.sqrt(KT * 15000.0 / (4.0 / EV_PER_A3_IN_GPA))
    estimates = []
    for _ in range(60):
        noise = lfilter([1.0], [1.0, -0.9], rng.normal(size=3000))[1000:] * np.sqrt(1 - 0.81)
        estimates.append(bulk_modulus_from_fluctuations(15000.0 + sigma * noise, 300.0))
    values, errors = (np.array([getattr(e, name) for e in estimates]) for name in ("value", "stderr"))
    assert values.mean() == pytest.approx(4.0, rel=0.06)
    assert np.sqrt(np.mean(errors**2)) == pytest.approx(values.std(ddof=1), rel=0.3)


def test_what_the_volume_cannot_tell():
    """A constant volume and a handful of frames determine nothing."""
    assert bulk_modulus_from_fluctuations(np.full(100, 15000.0), 300.0).n == 0
    assert bulk_modulus_from_fluctuations(np.array([15000.0, 15010.0, 15005.0]), 300.0).n == 0


def test_response_to_pressure_of_a_known_solid():
    """V = V0 exp(-P/K) at three pressures gives K, with the error of the line's slope."""
    pressures = np.array([1.0, 500.0, 1000.0])
    volumes = 15000.0 * np.exp(-pressures * 1e-4 / 4.0)
    modulus = bulk_modulus_from_pressures(pressures, [Estimate(v, 5.0, 20) for v in volumes])
    assert modulus.value == pytest.approx(4.0, rel=1e-6)
    rng = np.random.default_rng(3)
    redrawn = [
        bulk_modulus_from_pressures(
            pressures, [Estimate(v + 5.0 * rng.normal(), 5.0, 20) for v in volumes]
        ).value
        for _ in range(400)
    ]
    assert modulus.stderr == pytest.approx(np.std(redrawn), rel=0.2)


def test_what_pressures_cannot_tell():
    """One pressure, noise above the response, and lists of different length."""
    assert bulk_modulus_from_pressures([1.0], [Estimate(1e4, 1.0, 5)]).n == 0
    assert (
        bulk_modulus_from_pressures([1.0, 500.0], [Estimate(1e4, 500.0, 5), Estimate(9990.0, 500.0, 5)]).n
        == 0
    )
    assert (
        bulk_modulus_from_pressures([1.0, 500.0], [Estimate(1e4, np.nan, 1), Estimate(9990.0, 5.0, 5)]).n == 0
    )
    with pytest.raises(InputError):
        bulk_modulus_from_pressures([1.0, 2.0], [Estimate(1e4, 1.0, 5)])


def test_short_series_are_not_too_stiff():
    """1/K of short correlated series is unbiased; the plain variance is 4 % too small."""
    rng = np.random.default_rng(4)
    sigma = np.sqrt(KT * 15000.0 / (4.0 / EV_PER_A3_IN_GPA))
    compressibilities = []
    for _ in range(600):
        noise = lfilter([1.0], [1.0, -0.8], rng.normal(size=400))[200:] * np.sqrt(1 - 0.64)
        compressibilities.append(1.0 / bulk_modulus_from_fluctuations(15000.0 + sigma * noise, 300.0).value)
    assert 0.985 < np.nanmean(compressibilities) * 4.0 < 1.035
