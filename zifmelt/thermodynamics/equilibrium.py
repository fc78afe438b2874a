"""The temperature at which crystal and disordered phase coexist: where the growth rate changes sign."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..errors import InputError
from .growth_law import ENERGY_STEP, GrowthLaws, draw_laws

ONE_DEVIATION = (15.87, 84.13)
"""Percentiles of a normal distribution at one standard deviation from its mean."""

FALLING = "The disordered phase does not shrink at a lower and grow at a higher temperature."
"""What rates say that no law of growth follows, so that they bound nothing."""

CURVE_POINTS = 101
"""Temperatures at which the fit is tabulated."""


@dataclass(frozen=True)
class Equilibrium:
    """Where the growth rate is zero.

    Attributes
    ----------
    temperature_K, stderr_K
        Equilibrium temperature and standard error; NaN if the series does not bracket it.
    low_K, high_K
        Confidence interval; NaN on a side where it leaves the temperatures of the series. Without a
        temperature, what bounds it all the same.
    confidence
        Level of the interval.
    mobility_activation_kJ_per_mol, mobility_activation_stderr_kJ_per_mol
        Activation energy of the interface's mobility and its standard error, within the
        `zifmelt.thermodynamics.growth_law.ENERGIES` that are tried; NaN without a fit.
    lowest_K, highest_K
        Range of the temperatures with a growth rate.
    runs
        Growth rates behind it.
    note
        Empty, or what the series does not determine, and the bounds that it gives.
    curve
        Fit and its confidence band: temperature_K, rate_Zn_per_ps, low_Zn_per_ps, high_Zn_per_ps. They are
        zero at the equilibrium temperature and at the ends of its interval.
    """

    temperature_K: float
    stderr_K: float
    low_K: float
    high_K: float
    confidence: float
    mobility_activation_kJ_per_mol: float
    mobility_activation_stderr_kJ_per_mol: float
    lowest_K: float
    highest_K: float
    runs: int
    note: str
    curve: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """Return everything but the curve as a table of one row."""
        return pd.DataFrame([{name: value for name, value in vars(self).items() if name != "curve"}])


def equilibrium_temperature(
    rates: pd.DataFrame, rng: np.random.Generator, confidence: float = 0.95, samples: int = 10000
) -> Equilibrium:
    """Find where the growth rate of the disordered phase passes through zero from below.

    The rates follow a law of growth, mobility times driving force, of which those are drawn that the rates
    leave possible, see `zifmelt.thermodynamics.growth_law`. Of the temperatures drawn the median is the
    equilibrium temperature, the percentiles are its confidence interval, and half of the central 68 %, taken
    in 1/T, in which every draw is finite, is its standard error; likewise for the activation energy.

    Parameters
    ----------
    rates
        Columns temperature_K, replica, rate_Zn_per_ps, stderr_Zn_per_ps; runs without a rate (NaN) are left
        out. There may be more replicas at some temperatures than at others.
    rng
        Source of the draws.
    confidence
        Level of the confidence interval.
    samples
        Number of draws.

    Returns
    -------
    Equilibrium
        With a note in place of a temperature if the mean rates do not change from shrinking to growing.

    Raises
    ------
    InputError
        A rate has an error that is not positive.
    """
    known = rates[np.isfinite(rates["rate_Zn_per_ps"])]
    if not np.all(known["stderr_Zn_per_ps"] > 0):
        raise InputError("A growth rate has a standard error that is not positive; every rate needs one.")
    found = _undetermined(known, confidence)
    if not found.lowest_K < found.highest_K:
        return found
    laws = draw_laws(known, rng, samples)
    tails = (50 * (1 - confidence), 50 * (1 + confidence))
    found = _with_laws(found, laws, tails)
    hot, middle, cold = np.percentile(laws.inverse_equilibria, (ONE_DEVIATION[0], 50, ONE_DEVIATION[1]))
    zero, why = _temperature(middle), _side(known)
    if why == FALLING:
        found = replace(found, low_K=np.nan, high_K=np.nan)
    bound = _bound(found, tails)
    if not why and not found.lowest_K <= zero <= found.highest_K:
        why = "The fitted growth rate does not rise through zero within the temperatures."
    if why:
        return replace(found, note=f"{why} {bound}")
    closed = np.isfinite([found.low_K, found.high_K]).all()
    note = "" if closed else f"The confidence interval is open: widen the temperatures. {bound}"
    return replace(found, temperature_K=zero, stderr_K=float(zero**2 * (cold - hot) / 2), note=note)


def _undetermined(known: pd.DataFrame, confidence: float) -> Equilibrium:
    columns = ["temperature_K", "rate_Zn_per_ps", "low_Zn_per_ps", "high_Zn_per_ps"]
    return Equilibrium(
        temperature_K=np.nan,
        stderr_K=np.nan,
        low_K=np.nan,
        high_K=np.nan,
        confidence=confidence,
        mobility_activation_kJ_per_mol=np.nan,
        mobility_activation_stderr_kJ_per_mol=np.nan,
        lowest_K=float(known["temperature_K"].min()),
        highest_K=float(known["temperature_K"].max()),
        runs=len(known),
        note="Fewer than two temperatures have a growth rate.",
        curve=pd.DataFrame(columns=columns, dtype=float),
    )


def _with_laws(found: Equilibrium, laws: GrowthLaws, tails: tuple[float, float]) -> Equilibrium:
    """Add what holds whether or not the series brackets a zero: interval, activation energy and curve."""
    high, low = (_temperature(place) for place in np.percentile(laws.inverse_equilibria, tails))
    lowest, highest = found.lowest_K, found.highest_K
    less, energy, more = np.percentile(laws.energies, (ONE_DEVIATION[0], 50, ONE_DEVIATION[1]))
    temperatures = np.linspace(lowest, highest, CURVE_POINTS)
    lower, middle, upper = np.percentile(laws.rates(temperatures), (tails[0], 50, tails[1]), axis=0)
    return replace(
        found,
        # Beyond the hottest (coldest) temperature, that temperature is still a bound.
        low_K=min(low, highest) if low >= lowest else np.nan,
        high_K=max(high, lowest) if high <= highest else np.nan,
        mobility_activation_kJ_per_mol=float(energy),
        # The energies tried stand for all between them, uniformly.
        mobility_activation_stderr_kJ_per_mol=float(np.hypot((more - less) / 2, ENERGY_STEP / np.sqrt(12))),
        curve=pd.DataFrame(
            {
                "temperature_K": temperatures,
                "rate_Zn_per_ps": middle,
                "low_Zn_per_ps": lower,
                "high_Zn_per_ps": upper,
            }
        ),
    )


def _temperature(inverse: float) -> float:
    return float(1.0 / inverse) if inverse > 0 else np.inf


def _bound(found: Equilibrium, tails: tuple[float, float]) -> str:
    """Say between what temperatures coexistence is, in one sentence."""
    named = (("above", found.low_K), ("below", found.high_K))
    ends = [f"{side} {temperature:.0f} K" for side, temperature in named if np.isfinite(temperature)]
    if not ends:
        return "Coexistence is bounded on neither side."
    level = tails[1] if len(ends) == 1 else tails[1] - tails[0]
    return f"Coexistence is {' and '.join(ends)} ({level:g} % confidence)."


def _side(known: pd.DataFrame) -> str:
    """Say why the mean rates do not bracket a zero; empty if they do."""
    means = known.groupby("temperature_K")["rate_Zn_per_ps"].mean()
    shrinking, growing = means.index[means < 0], means.index[means > 0]
    if len(growing) and not len(shrinking):
        return "The disordered phase shrinks at no temperature of the series."
    if len(shrinking) and not len(growing):
        return "The disordered phase grows at no temperature of the series."
    if not len(growing) or shrinking[0] > growing[-1]:
        return FALLING
    return ""
