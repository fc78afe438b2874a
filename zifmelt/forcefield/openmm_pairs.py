"""The pair terms of a force field as OpenMM forces (nanometre, kJ/mol).

All of them but Coulomb's are in one CustomNonbondedForce, which mixes parameters of particles: with tables
over pairs of types a step takes six times as long on CPUs. It shares cutoff, exclusions and force group with
the NonbondedForce, so that OpenMM makes one kernel of both.

The Lennard-Jones terms are cut without a shift of their energy. Forces and virial, all that moves the
particles and the barostat of LAMMPS, are those of the shifted terms; a Monte Carlo barostat works with
energies and would see every pair that crosses the cutoff. So the energies here are shifted, and unshifted
where the context parameter `SHIFTED` is set to 0: for records.
"""

import math
from collections import deque
from collections.abc import Iterator
from itertools import product

import numpy as np
import openmm

from ..units import A_PER_NM, EV_PER_KCAL_PER_MOL, KJ_PER_MOL_PER_EV
from .data_file import Configuration
from .parameters import ForceField, Kinds

KJ_PER_KCAL = EV_PER_KCAL_PER_MOL * KJ_PER_MOL_PER_EV

SHIFTED = "lennard_jones_shifted"
"""Context parameter: 1 while particles move, 0 for the energy as the force field defines it."""

Pair = tuple[int, int, float, float, float]
"""Two particles, and for them the product of charges (e^2), epsilon (kJ/mol) and sigma (nm)."""


def weighted_pairs(forcefield: ForceField, configuration: Configuration) -> list[Pair]:
    """Return pairs up to three bonds apart: particles, product of charges, epsilon and sigma, weighted."""
    kinds = list(forcefield.particles)
    names = [kinds[number - 1] for number in configuration.types]
    pairs = []
    for i, j, distance in _near_pairs(len(names), configuration.terms["Bonds"][:, 1:]):
        term = forcefield.lennard_jones(names[i], names[j])
        epsilon, sigma = (term.epsilon, term.sigma) if term else (0.0, 1.0)
        charge = configuration.charges[i] * configuration.charges[j]
        weights = (forcefield.special_bonds[name][distance - 1] for name in ("coulomb", "lj"))
        coulomb, lj = weights
        pairs.append((i, j, coulomb * charge, lj * epsilon * KJ_PER_KCAL, sigma / A_PER_NM))
    return pairs


def _near_pairs(count: int, bonds: np.ndarray) -> Iterator[tuple[int, int, int]]:
    """Yield every pair of particles at most three bonds apart, and the number of bonds between them."""
    partners: list[list[int]] = [[] for _ in range(count)]
    for a, b in bonds.tolist():
        partners[a].append(b)
        partners[b].append(a)
    for first in range(count):
        distances, queue = {first: 0}, deque([first])
        while queue:
            here = queue.popleft()
            for there in partners[here]:
                if there not in distances:
                    distances[there] = distances[here] + 1
                    if distances[there] < 3:
                        queue.append(there)
        yield from ((first, other, bonds) for other, bonds in distances.items() if other > first)


def coulomb_force(
    forcefield: ForceField,
    configuration: Configuration,
    pairs: list[Pair],
    copies: int,
    cutoff: float,
    tolerance: float,
) -> openmm.NonbondedForce:
    """Return Coulomb's terms; charges divided by the root of the copies give the energy of one box."""
    force = openmm.NonbondedForce()
    force.setNonbondedMethod(openmm.NonbondedForce.PME)
    force.setCutoffDistance(cutoff)
    force.setEwaldErrorTolerance(tolerance)
    force.setUseDispersionCorrection(False)
    charges = configuration.charges / np.sqrt(copies)
    for _ in range(copies):
        for charge in charges.tolist():
            force.addParticle(charge, 1.0, 0.0)
    count = len(charges)
    for start in range(0, copies * count, count):
        for i, j, charge, epsilon, sigma in pairs:
            force.addException(start + i, start + j, charge / copies, sigma, epsilon / copies)
    return force


def short_ranged_force(
    forcefield: ForceField,
    configuration: Configuration,
    pairs: list[Pair],
    copies: int,
    cutoff: float,
) -> openmm.CustomNonbondedForce:
    """Return Lennard-Jones, soft core and Morse terms; every copy's pairs count as one over the copies."""
    morse, soft = forcefield.morse, forcefield.soft_core
    alpha, r0, depth = morse.alpha * A_PER_NM, morse.r0 / A_PER_NM, morse.D0 * KJ_PER_KCAL
    without = "+".join(_is_pair(pair) for pair in sorted(forcefield.without_lj)) or "0"
    force = openmm.CustomNonbondedForce(
        f"(4*epsilon*(x6*(x6-1)-{SHIFTED}*c6*(c6-1))+{depth!r}*{_is_pair(morse.pair)}*e*(e-2))/{copies};"
        f"x6=(sigma/r)^6;c6=(sigma/{float(cutoff)!r})^6;e=exp({-alpha!r}*(r-{r0!r}));"
        f"epsilon=(1-({without}))*(hard*root1*root2+(1-hard)*{soft.epsilon * KJ_PER_KCAL!r});"
        f"sigma=hard*(sigma1+sigma2)/2+(1-hard)*{soft.sigma / A_PER_NM!r};hard=hard1*hard2"
    )
    force.addGlobalParameter(SHIFTED, 1.0)
    parameters = _pair_parameters(forcefield)
    for name in parameters:
        force.addPerParticleParameter(name)
    force.setNonbondedMethod(openmm.CustomNonbondedForce.CutoffPeriodic)
    force.setCutoffDistance(cutoff)
    by_kind = list(zip(*parameters.values(), strict=True))
    types = (configuration.types - 1).tolist()
    for _ in range(copies):
        for kind in types:
            force.addParticle(by_kind[kind])
    for start in range(0, copies * len(types), len(types)):
        for i, j, *_ in pairs:
            force.addExclusion(start + i, start + j)
    return force


def _is_pair(pair: Kinds) -> str:
    """Return an expression that is 1 for a pair of particles of these two kinds, and 0 for others."""
    a, b = pair
    return f"is_{a}1*is_{b}2" if a == b else f"(is_{a}1*is_{b}2+is_{b}1*is_{a}2)"


def _pair_parameters(forcefield: ForceField) -> dict[str, list[float]]:
    """Return the parameters of the pair terms by name, each with the values of all kinds in order."""
    kinds = forcefield.particles
    terms = [kinds[kind].lj for kind in kinds]
    named = sorted({kind for pair in (*forcefield.without_lj, forcefield.morse.pair) for kind in pair})
    return {
        "hard": [float(not kinds[kind].soft_core) for kind in kinds],
        "root": [math.sqrt(term.epsilon * KJ_PER_KCAL) if term else 0.0 for term in terms],
        "sigma": [term.sigma / A_PER_NM if term else 0.0 for term in terms],
        **{f"is_{name}": [float(kind == name) for kind in kinds] for name in named},
    }


def _pair_tables(forcefield: ForceField) -> dict[str, np.ndarray]:
    """Return tables over pairs of types: Lennard-Jones epsilon and sigma."""
    kinds = list(forcefield.particles)
    tables = {name: np.zeros((len(kinds),) * 2) for name in ("epsilon", "sigma")}
    tables["sigma"] += 0.1
    for i, j in product(range(len(kinds)), repeat=2):
        term = forcefield.lennard_jones(kinds[i], kinds[j])
        if term is not None:
            tables["epsilon"][i, j] = term.epsilon * KJ_PER_KCAL
            tables["sigma"][i, j] = term.sigma / A_PER_NM
    return tables


def mean_field_tail(
    forcefield: ForceField, configuration: Configuration, cutoff: float
) -> tuple[float, float]:
    """Return the mean field of the Lennard-Jones terms beyond the cutoff, up to the force field's.

    Returns
    -------
    tuple of float
        Energy times volume, and the energy times volume whose slope is the pressure of the terms' virial,
        -1/(6 V^2) sum over pairs of types of N_a N_b int 4 pi r^3 u'(r) dr; kJ/mol nm^3. The second differs
        from the first because the terms are cut without a shift (see the module).
    """
    outer = forcefield.lj_cutoff / A_PER_NM
    if cutoff >= outer * (1 - 1e-12):
        return 0.0, 0.0
    tables = _pair_tables(forcefield)
    counts = np.bincount(configuration.types - 1, minlength=len(forcefield.particles))
    weights = 4 * tables["epsilon"] * np.outer(counts, counts)
    s6 = tables["sigma"] ** 6

    def integral(power: int) -> float:
        """Integral of r^2 r^-power between the cutoffs."""
        return (cutoff ** (3 - power) - outer ** (3 - power)) / (power - 3)

    energy = 2 * np.pi * np.sum(weights * (s6**2 * integral(12) - s6 * integral(6)))
    slope = 2 * np.pi / 3 * np.sum(weights * (12 * s6**2 * integral(12) - 6 * s6 * integral(6)))
    return float(energy), float(slope)
