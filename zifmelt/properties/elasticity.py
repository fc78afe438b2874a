"""The isothermal bulk modulus, from volume fluctuations and independently from the response to pressure."""

from collections.abc import Sequence

import numpy as np

from ..errors import InputError
from ..statistics import UNDETERMINED, Estimate, independent_blocks, jackknife, statistical_inefficiency
from ..units import BOLTZMANN_EV_PER_K, EV_PER_A3_IN_GPA

GPA_PER_BAR = 1e-4


def bulk_modulus_from_fluctuations(volumes: np.ndarray, temperature: float) -> Estimate:
    """Compute K = kB T <V> / <dV^2> from a run at constant pressure.

    The paper's eq. (1) is printed without <V>, without which the units do not fit. The variance of N
    correlated samples with the inefficiency g is too small by 1 - g/N, because the mean comes from the same
    data; this is corrected. The error is a jackknife over blocks of at least two inefficiencies.

    Parameters
    ----------
    volumes
        Shape (samples,), volume of the box, angstrom^3, equally spaced in time.
    temperature
        Temperature, K.

    Returns
    -------
    Estimate
        K in GPa, n = number of blocks; undetermined if the volume does not fluctuate or the series is shorter
        than four blocks.

    Raises
    ------
    InputError
        The series is empty or not finite.
    """
    blocks = independent_blocks(volumes)
    if len(blocks) < 4 or np.ptp(volumes) <= 1e-9 * np.mean(volumes):
        return UNDETERMINED
    independent = len(volumes) / statistical_inefficiency(volumes)

    def modulus(parts: list[np.ndarray]) -> float:
        joined = np.concatenate(parts)
        samples = independent * len(joined) / len(volumes)
        variance = joined.var() * samples / (samples - 1.0)
        return BOLTZMANN_EV_PER_K * temperature * joined.mean() / variance * EV_PER_A3_IN_GPA

    return jackknife(modulus, blocks)


def bulk_modulus_from_pressures(pressures: Sequence[float], volumes: Sequence[Estimate]) -> Estimate:
    """Compute K = -dP / d ln V from the mean volumes of runs at several pressures.

    A straight line through ln V against P, each point weighted by its error; valid for pressures far below K.

    Parameters
    ----------
    pressures
        Set pressures of the runs, bar.
    volumes
        Their mean volumes, angstrom^3, all of the same structure.

    Returns
    -------
    Estimate
        K in GPa at the mean pressure, n = number of runs; undetermined for fewer than two pressures or if the
        slope is not significantly negative (by two standard errors).

    Raises
    ------
    InputError
        There are not as many volumes as pressures.
    """
    if len(pressures) != len(volumes):
        raise InputError(
            f"There are {len(pressures)} pressures but {len(volumes)} volumes; give one for each."
        )
    pressure = np.array(pressures, dtype=float) * GPA_PER_BAR
    value = np.array([volume.value for volume in volumes])
    error = np.array([volume.stderr for volume in volumes]) / value
    if len(np.unique(pressure)) < 2 or not (np.all(np.isfinite(error)) and np.all(error > 0)):
        return UNDETERMINED
    weight = 1.0 / error**2
    shifted = pressure - np.average(pressure, weights=weight)
    spread = np.sum(weight * shifted**2)
    slope, slope_error = np.sum(weight * shifted * np.log(value)) / spread, 1.0 / np.sqrt(spread)
    if slope >= -2.0 * slope_error:
        return UNDETERMINED
    return Estimate(float(-1.0 / slope), float(slope_error / slope**2), len(pressure))
