"""The law of growth near coexistence: an interface moves by its mobility times what drives it.

What drives is the difference of free energy, which vanishes at the temperature of coexistence Teq; the
mobility is activated (linear response; Wilson, Phil. Mag. 50, 238 (1900); Turnbull and Fisher, J. Chem. Phys.
17, 71 (1949)):

    v(T) = B exp(-E/R (1/T - 1/T0)) (1 - Teq/T),  E >= 0 and B Teq > 0.

v is the rate at which the disordered phase grows. As that has the higher enthalpy, v rises through zero,
once. For a given E the law is linear in two coefficients, v = exp(-E/RT) (c - d/T) with d > 0.

The law of Wilson and Frenkel has exp(x) - 1 in place of x = dH/R (1/Teq - 1/T). As that is
2 exp(x/2) sinh(x/2), and sinh(x/2) is x/2 within 4 % up to |x| = 1, it is the law above with an E that is
larger by dH/2: the mean of the barriers of the steps that order and that disorder.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import log_ndtr
from scipy.stats import truncnorm

from ..units import GAS_CONSTANT
from .spreads import Noises, fit_with_spreads, possible_noises

ENERGY_STEP = 10.0
"""Distance of the activation energies that are tried, kJ/mol."""

ENERGIES = np.arange(0.0, 300.0 + ENERGY_STEP, ENERGY_STEP)
"""Activation energies of the mobility that are tried, kJ/mol. The largest makes it 31 times faster at 750 K
than at 700 K; with more, hardly two temperatures of a series would have measurable rates."""


@dataclass(frozen=True)
class GrowthLaws:
    """Laws that growth rates leave possible, drawn by how likely each is.

    Attributes
    ----------
    inverse_equilibria
        Shape (laws,): 1/Teq, 1/K; where it is not positive the rate is negative at all temperatures.
    energies
        Shape (laws,): activation energies E of the mobility, kJ/mol, among `ENERGIES`.
    hottest
        Shape (2,): the two highest temperatures with a rate, K, rising.
    rates_at_hottest
        Shape (laws, 2): rate at these two, Zn/ps.
    """

    inverse_equilibria: np.ndarray
    energies: np.ndarray
    hottest: np.ndarray
    rates_at_hottest: np.ndarray

    def rates(self, temperatures: np.ndarray) -> np.ndarray:
        """Growth rates in Zn/ps at temperatures of shape (points,), shape (laws, points)."""
        terms = _terms(temperatures, self.energies[:, None], self.hottest)
        return np.einsum("lpk,lk->lp", terms, self.rates_at_hottest)


def draw_laws(known: pd.DataFrame, rng: np.random.Generator, samples: int) -> GrowthLaws:
    """Draw the laws that may be behind growth rates.

    Runs may differ by more than their own errors, each by itself and, as a replica's runs at all temperatures
    start from the same interface, together. Activation energy and both spreads are averaged over, weighted by
    the restricted likelihood; the two coefficients are drawn with d > 0.

    Before the rates are known all `ENERGIES` are equally likely, and for each the prior of the coefficients
    is flat. What it is flat in matters, as the same coefficients mean other rates for another E: here, in the
    rates that the runs would have without noise, in units of their errors, whatever the coefficients that
    describe them. (Flat in B and B Teq, it would favour large E for a hot and small E for a cold T0.)

    Parameters
    ----------
    known
        Columns temperature_K, replica, rate_Zn_per_ps, stderr_Zn_per_ps, all finite; two or more
        temperatures.
    rng
        Source of the draws.
    samples
        Number of draws.
    """
    temperatures, rates, errors = (
        known[name].to_numpy(float) for name in ("temperature_K", "rate_Zn_per_ps", "stderr_Zn_per_ps")
    )
    hottest = np.unique(temperatures)[-2:]
    designs = [_terms(temperatures, energy, hottest) for energy in ENERGIES]
    left = [rates - design @ np.linalg.lstsq(design, rates, rcond=None)[0] for design in designs]
    noises = possible_noises(errors, known["replica"].to_numpy(), 1.5 * float(np.std(left, axis=1).min()))
    reflections = np.array([_reflection(energy, hottest) for energy in ENERGIES])
    fits = [_possible(*pair, rates, errors, noises) for pair in zip(designs, reflections, strict=True)]
    weights, means, covariances = (np.concatenate(part) for part in zip(*fits, strict=True))
    weights = np.exp(weights - weights.max())
    drawn = rng.choice(len(weights), samples, p=weights / weights.sum())
    rises, others = _draw_rising(means[drawn], covariances[drawn], rng)
    which = drawn // (len(weights) // len(ENERGIES))
    rates_at_hottest = np.einsum("lij,lj->li", reflections[which], np.stack([rises, others], axis=1))
    warm, hot = 1.0 / hottest
    # v exp(E/RT) is linear in 1/T, so its value at `warm` and its rise from there to `hot` tell its zero.
    rises = rises / -reflections[which, 0, 0]
    zeros = warm + (warm - hot) * rates_at_hottest[:, 0] / rises
    return GrowthLaws(zeros, ENERGIES[which], hottest, rates_at_hottest)


def _terms(temperatures: np.ndarray, energy: np.ndarray | float, hottest: np.ndarray) -> np.ndarray:
    """Terms of the law beside its values at the two hottest temperatures, shape (..., 2).

    However fast the mobility falls, these two stay told apart: colder temperatures count less and less.
    """
    x, (warm, hot) = 1.0 / np.asarray(temperatures, dtype=float), 1.0 / hottest
    share = (warm - x) / (warm - hot)
    at_warm, at_hot = (np.exp(-energy / GAS_CONSTANT * (x - place)) for place in (warm, hot))
    return np.stack([(1.0 - share) * at_warm, share * at_hot], axis=-1)


def _reflection(energy: float, hottest: np.ndarray) -> np.ndarray:
    """Matrix that turns the rates at the hottest temperatures into the rise of v exp(E/RT) between them.

    It is orthogonal and its own inverse. The rise, first of the two results, is in units of its upper left
    entry; the second result has no meaning.
    """
    warm, hot = 1.0 / hottest
    ratio = np.exp(-energy / GAS_CONSTANT * (warm - hot))
    return np.array([[-1.0, ratio], [ratio, 1.0]]) / np.hypot(1.0, ratio)


def _possible(
    design: np.ndarray, reflection: np.ndarray, rates: np.ndarray, errors: np.ndarray, noises: Noises
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log weights, means and covariances of the reflected coefficients with each pair of spreads."""
    fit = fit_with_spreads(design, rates, noises)
    means, covariances = fit.means @ reflection, reflection @ fit.covariances @ reflection
    white = design / errors[:, None]
    prior = 0.5 * np.linalg.slogdet(white.T @ white)[1]
    rising = log_ndtr(means[:, 0] / np.sqrt(covariances[:, 0, 0]))
    with np.errstate(divide="ignore"):
        return np.log(fit.weights) + fit.log_evidence + prior + rising, means, covariances


def _draw_rising(
    means: np.ndarray, covariances: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw from normal distributions of two variables where the first is positive."""
    (mean, other_mean), variance, shared = means.T, covariances[:, 0, 0], covariances[:, 0, 1]
    deviation = np.sqrt(variance)
    first = truncnorm.rvs(-mean / deviation, np.inf, mean, deviation, random_state=rng)
    left = np.sqrt(np.maximum(covariances[:, 1, 1] - shared**2 / variance, 0.0))
    return first, other_mean + shared / variance * (first - mean) + left * rng.standard_normal(len(mean))
