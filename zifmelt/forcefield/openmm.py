"""A force field as an OpenMM System (nanometre, kJ/mol), for a configuration of a LAMMPS data file.

All pair terms but Coulomb's are in one CustomNonbondedForce with a table over pairs of types; it shares
cutoff, exclusions and force group with the NonbondedForce, so that OpenMM makes one kernel of both.

The Lennard-Jones terms are cut without a shift of their energy. Forces and virial, all that moves the
particles and the barostat of LAMMPS, are those of the shifted terms; a Monte Carlo barostat works with
energies and would see every pair that crosses the cutoff. So the energies here are shifted, and unshifted
where the context parameter `SHIFTED` is set to 0: for records.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import openmm

from ..errors import InputError
from ..units import A_PER_NM, EV_PER_KCAL_PER_MOL, KJ_PER_MOL_PER_EV
from .data_file import Configuration
from .parameters import ForceField, canonical

KJ_PER_KCAL = EV_PER_KCAL_PER_MOL * KJ_PER_MOL_PER_EV

SHIFTED = "lennard_jones_shifted"
"""Context parameter: 1 while particles move, 0 for the energy as the force field defines it."""

GROUPS = {"pairs": 0, "bonds": 1, "angles": 2, "dihedrals": 3, "tail_pressure": 4}
"""Force group of each kind of term; the last is no part of the energy, see `Model`."""

BOX_MARGIN = 1.1
"""A box height is long enough for the cutoff with this factor to spare, so that it may shrink on the way."""

TAIL_MARGIN = 0.9
"""Largest cutoff of the numerics `fast`, in half box heights at the start."""


@dataclass(frozen=True)
class Numerics:
    """How the model is evaluated.

    Attributes
    ----------
    ewald_tolerance
        OpenMM's relative error tolerance of the particle-mesh Ewald sum.
    images
        Where the box is shorter than twice the Lennard-Jones cutoff: True copies the particles along those
        directions, which is exact; False cuts earlier and takes the mean field of the rest.
    """

    ewald_tolerance: float
    images: bool


NUMERICS = {
    "reference": Numerics(1e-7, images=True),
    "efficient": Numerics(1e-4, images=True),
    "fast": Numerics(1e-4, images=False),
}


@dataclass(frozen=True)
class Model:
    """A System with what it takes to use it.

    Attributes
    ----------
    system
        All forces, no barostat and no thermostat. Its particles are those of the configuration, then their
        copies as virtual sites.
    repeats
        Copies of the box along its vectors; OpenMM's box is so many times larger. All energies, and the
        forces on the particles, are those of one box.
    shifts
        Shape (copies, 3), shift of each copy in box vectors, the particles' own (zero) first.
    cutoff_nm
        Cutoff of all pair terms.
    tail_kj_nm3
        Times 1/volume, the mean-field energy of the Lennard-Jones terms between cutoff and force field
        cutoff; no part of the system's energy, whose group ``tail_pressure`` gives their *pressure* instead.
    """

    system: openmm.System
    repeats: np.ndarray
    shifts: np.ndarray
    cutoff_nm: float
    tail_kj_nm3: float

    def positions_nm(self, positions: np.ndarray, cell: np.ndarray) -> np.ndarray:
        """Return the positions of particles and copies, nm, from positions (particles, 3) and cell in A."""
        return (positions[None] + (self.shifts @ cell)[:, None]).reshape(-1, 3) / A_PER_NM

    def box_nm(self, cell: np.ndarray) -> np.ndarray:
        """Return OpenMM's box vectors (3, 3), nm, for a cell (3, 3) in A."""
        return cell * self.repeats[:, None] / A_PER_NM


def build_model(forcefield: ForceField, configuration: Configuration, numerics: str = "efficient") -> Model:
    """Build the OpenMM System of a configuration.

    Parameters
    ----------
    forcefield
        The force field.
    configuration
        Particles, box and bonded terms.
    numerics
        ``reference``, ``efficient``, or ``fast`` (see `NUMERICS`).

    Returns
    -------
    Model
        The system and what it takes to use it.

    Raises
    ------
    InputError
        There are no numerics of that name, or the configuration is not of this force field.
    """
    if numerics not in NUMERICS:
        raise InputError(
            f"there are no numerics {numerics!r} for OpenMM; choose one of {', '.join(NUMERICS)}."
        )
    how = NUMERICS[numerics]
    check_types(forcefield, configuration)
    repeats, cutoff = _repeats_and_cutoff(forcefield, configuration.cell, how.images)
    shifts = np.array(list(product(*map(range, repeats))))
    system = openmm.System()
    system.setDefaultPeriodicBoxVectors(*(configuration.cell * repeats[:, None] / A_PER_NM))
    _add_particles(system, configuration, shifts / repeats)
    pairs = _weighted_pairs(forcefield, configuration)
    tail = _tail(forcefield, configuration, cutoff)
    forces = [
        _coulomb(forcefield, configuration, pairs, len(shifts), cutoff, how.ewald_tolerance),
        _short_ranged(forcefield, configuration, pairs, len(shifts), cutoff),
        *_bonded(forcefield, configuration),
    ]
    if tail[0]:
        volume = openmm.CustomVolumeForce(f"{tail[1]!r}/v*{len(shifts)}")
        volume.setForceGroup(GROUPS["tail_pressure"])
        forces.append(volume)
    for force in forces:
        system.addForce(force)
    return Model(system, repeats, shifts, cutoff, tail[0])


def check_types(forcefield: ForceField, configuration: Configuration) -> None:
    """Refuse a configuration that was built for a force field with other particle kinds."""
    masses = np.array([particle.mass for particle in forcefield.particles.values()])
    if len(configuration.masses) != len(masses) or np.abs(configuration.masses - masses).max() > 1e-3:
        raise InputError(
            f"the atom types are not those of the force field {forcefield.name}; build the structure with "
            "this force field."
        )


def _repeats_and_cutoff(forcefield: ForceField, cell: np.ndarray, images: bool) -> tuple[np.ndarray, float]:
    """Return copies of the box along each direction, and the cutoff in nm."""
    # OpenMM's minimum images are right up to half of each diagonal element of a reduced cell.
    heights = np.diag(cell)
    if not images:
        cutoff = min(forcefield.lj_cutoff, TAIL_MARGIN * heights.min() / 2)
        return np.ones(3, dtype=int), cutoff / A_PER_NM
    repeats = np.ceil(2 * forcefield.lj_cutoff * BOX_MARGIN / heights).astype(int)
    if np.any(cell != np.diag(heights)) and repeats.max() > 1:
        # All copies by equal fractions are the same set in whichever lattice vectors the cell is described.
        repeats = np.full(3, repeats.max())
    return repeats, forcefield.lj_cutoff / A_PER_NM


def _add_particles(system: openmm.System, configuration: Configuration, fractions: np.ndarray) -> None:
    count = len(configuration.types)
    for kind in configuration.types:
        system.addParticle(configuration.masses[kind - 1])
    unity = [openmm.Vec3(*row) for row in np.eye(3)]
    for fraction in fractions[1:]:
        for particle in range(count):
            site = system.addParticle(0.0)
            shift = openmm.Vec3(*map(float, fraction))
            system.setVirtualSite(site, openmm.SymmetrySite(particle, *unity, shift, True))


def _weighted_pairs(
    forcefield: ForceField, configuration: Configuration
) -> list[tuple[int, int, float, float, float]]:
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


def _coulomb(
    forcefield: ForceField,
    configuration: Configuration,
    pairs: list[tuple[int, int, float, float, float]],
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
    force.setForceGroup(GROUPS["pairs"])
    charges = configuration.charges / np.sqrt(copies)
    for _ in range(copies):
        for charge in charges.tolist():
            force.addParticle(charge, 1.0, 0.0)
    count = len(charges)
    for start in range(0, copies * count, count):
        for i, j, charge, epsilon, sigma in pairs:
            force.addException(start + i, start + j, charge / copies, sigma, epsilon / copies)
    return force


def _short_ranged(
    forcefield: ForceField,
    configuration: Configuration,
    pairs: list[tuple[int, int, float, float, float]],
    copies: int,
    cutoff: float,
) -> openmm.CustomNonbondedForce:
    """Return Lennard-Jones, soft core and Morse terms; every copy's pairs count as one over the copies."""
    morse = forcefield.morse
    alpha, r0 = morse.alpha * A_PER_NM, morse.r0 / A_PER_NM
    force = openmm.CustomNonbondedForce(
        f"(4*epsilon(type1,type2)*x6*(x6-1)-{SHIFTED}*edge(type1,type2)+depth(type1,type2)*e*(e-2))/{copies};"
        f"x6=(sigma(type1,type2)/r)^6;e=exp({-alpha!r}*(r-{r0!r}))"
    )
    for name, table in _pair_tables(forcefield, cutoff).items():
        force.addTabulatedFunction(name, openmm.Discrete2DFunction(*table.shape, table.ravel().tolist()))
    force.addGlobalParameter(SHIFTED, 1.0)
    force.addPerParticleParameter("type")
    force.setNonbondedMethod(openmm.CustomNonbondedForce.CutoffPeriodic)
    force.setCutoffDistance(cutoff)
    force.setForceGroup(GROUPS["pairs"])
    types = (configuration.types - 1).tolist()
    for _ in range(copies):
        for kind in types:
            force.addParticle([kind])
    for start in range(0, copies * len(types), len(types)):
        for i, j, *_ in pairs:
            force.addExclusion(start + i, start + j)
    return force


def _pair_tables(forcefield: ForceField, cutoff: float) -> dict[str, np.ndarray]:
    """Return tables over pairs of types: Lennard-Jones epsilon, sigma, energy at the cutoff; Morse depth."""
    kinds = list(forcefield.particles)
    tables = {name: np.zeros((len(kinds),) * 2) for name in ("epsilon", "sigma", "edge", "depth")}
    tables["sigma"] += 0.1
    for i, j in product(range(len(kinds)), repeat=2):
        term = forcefield.lennard_jones(kinds[i], kinds[j])
        if term is not None:
            epsilon, sigma = term.epsilon * KJ_PER_KCAL, term.sigma / A_PER_NM
            x6 = (sigma / cutoff) ** 6
            tables["epsilon"][i, j], tables["sigma"][i, j] = epsilon, sigma
            tables["edge"][i, j] = 4 * epsilon * x6 * (x6 - 1)
        if forcefield.morse.pair == canonical((kinds[i], kinds[j])):
            tables["depth"][i, j] = forcefield.morse.D0 * KJ_PER_KCAL
    return tables


def _tail(forcefield: ForceField, configuration: Configuration, cutoff: float) -> tuple[float, float]:
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
    tables = _pair_tables(forcefield, cutoff)
    counts = np.bincount(configuration.types - 1, minlength=len(forcefield.particles))
    weights = 4 * tables["epsilon"] * np.outer(counts, counts)
    s6 = tables["sigma"] ** 6

    def integral(power: int) -> float:
        """Integral of r^2 r^-power between the cutoffs."""
        return (cutoff ** (3 - power) - outer ** (3 - power)) / (power - 3)

    energy = 2 * np.pi * np.sum(weights * (s6**2 * integral(12) - s6 * integral(6)))
    slope = 2 * np.pi / 3 * np.sum(weights * (12 * s6**2 * integral(12) - 6 * s6 * integral(6)))
    return float(energy), float(slope)


def _bonded(forcefield: ForceField, configuration: Configuration) -> list[openmm.Force]:
    """Return bonds, angles with their 1-3 springs, and dihedrals; impropers are among the dihedrals."""
    bonds, springs = openmm.HarmonicBondForce(), openmm.HarmonicBondForce()
    angles, dihedrals = openmm.HarmonicAngleForce(), openmm.PeriodicTorsionForce()
    # OpenMM has k/2 where LAMMPS has K.
    stiffness, length = 2 * KJ_PER_KCAL * A_PER_NM**2, 1 / A_PER_NM
    coefficients = list(forcefield.bonds.values())
    for kind, a, b in configuration.terms["Bonds"].tolist():
        term = coefficients[kind - 1]
        bonds.addBond(a, b, term["r0"] * length, term["K"] * stiffness)
    coefficients = list(forcefield.angles.values())
    for kind, a, b, c in configuration.terms["Angles"].tolist():
        term = coefficients[kind - 1]
        angles.addAngle(a, b, c, np.radians(term["theta0"]), 2 * KJ_PER_KCAL * term["K"])
        if term["K_ub"]:
            springs.addBond(a, c, term["r_ub"] * length, term["K_ub"] * stiffness)
    coefficients = [
        *forcefield.dihedrals.values(),
        *({"K": i.K, "n": 2, "d": 180} for i in forcefield.impropers),
    ]
    for kind, a, b, c, d in configuration.terms["Dihedrals"].tolist():
        term = coefficients[kind - 1]
        dihedrals.addTorsion(a, b, c, d, int(term["n"]), np.radians(term["d"]), term["K"] * KJ_PER_KCAL)
    for force, group in ((bonds, "bonds"), (springs, "angles"), (angles, "angles"), (dihedrals, "dihedrals")):
        force.setForceGroup(GROUPS[group])
    return [bonds, springs, angles, dihedrals]
