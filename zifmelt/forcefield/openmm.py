"""A force field as an OpenMM System (nanometre, kJ/mol), for a configuration of a LAMMPS data file.

Boxes shorter than twice the Lennard-Jones cutoff are made longer by copies (`copies`): these are virtual
sites that follow the particles, and every interaction counts one over the number of copies. Energy,
forces and the energy's dependence on the box are those of the one box, exactly.
"""

from dataclasses import dataclass

import numpy as np
import openmm

from ..errors import InputError
from ..units import A_PER_NM
from .copies import Copies, copies_for
from .data_file import Configuration
from .openmm_pairs import (
    KJ_PER_KCAL,
    coulomb_force,
    mean_field_tail,
    short_ranged_force,
    weighted_pairs,
)
from .parameters import ForceField

GROUPS = {"pairs": 0, "bonds": 1, "angles": 2, "dihedrals": 3, "tail_pressure": 4}
"""Force group of each kind of term; the last is no part of the energy, see `Model`."""

BOX_MARGIN = 1.05
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
    copies
        Copies of the box that OpenMM's box holds. All energies, and the forces on the particles, are those of
        one box.
    cutoff_nm
        Cutoff of all pair terms.
    tail_kj_nm3
        Times 1/volume, the mean-field energy of the Lennard-Jones terms between cutoff and force field
        cutoff; no part of the system's energy, whose group ``tail_pressure`` gives their *pressure* instead.
    """

    system: openmm.System
    copies: Copies
    cutoff_nm: float
    tail_kj_nm3: float

    def positions_nm(self, positions: np.ndarray, cell: np.ndarray) -> np.ndarray:
        """Return the positions of particles and copies, nm, from positions (particles, 3) and cell in A."""
        shifts = self.copies.shifts @ cell
        return (positions[None] + shifts[:, None]).reshape(-1, 3) @ self.copies.rotation(cell) / A_PER_NM

    def box_nm(self, cell: np.ndarray) -> np.ndarray:
        """Return OpenMM's box vectors (3, 3), nm, for a cell (3, 3) in A."""
        return self.copies.box(cell) / A_PER_NM


def build_model(
    forcefield: ForceField, configuration: Configuration, numerics: str = "efficient", turning: bool = False
) -> Model:
    """Build the OpenMM System of a configuration.

    Parameters
    ----------
    forcefield
        The force field.
    configuration
        Particles, box and bonded terms.
    numerics
        ``reference``, ``efficient``, or ``fast`` (see `NUMERICS`).
    turning
        Whether OpenMM's box may be turned, which can save copies; only a box that keeps its shape can.

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
    copies, cutoff = _copies_and_cutoff(forcefield, configuration.cell, how.images, turning)
    shifts = copies.shifts
    system = openmm.System()
    system.setDefaultPeriodicBoxVectors(*(copies.box(configuration.cell) / A_PER_NM))
    _add_particles(system, configuration, shifts @ np.linalg.inv(copies.matrix))
    pairs = weighted_pairs(forcefield, configuration)
    tail = mean_field_tail(forcefield, configuration, cutoff)
    nonbonded = [
        coulomb_force(forcefield, configuration, pairs, len(shifts), cutoff, how.ewald_tolerance),
        short_ranged_force(forcefield, configuration, pairs, len(shifts), cutoff),
    ]
    for force in nonbonded:
        force.setForceGroup(GROUPS["pairs"])
    forces = [*nonbonded, *_bonded(forcefield, configuration)]
    if tail[0]:
        volume = openmm.CustomVolumeForce(f"{tail[1]!r}/v*{len(shifts)}")
        volume.setForceGroup(GROUPS["tail_pressure"])
        forces.append(volume)
    for force in forces:
        system.addForce(force)
    return Model(system, copies, cutoff, tail[0])


def check_types(forcefield: ForceField, configuration: Configuration) -> None:
    """Refuse a configuration that was built for a force field with other particle kinds."""
    masses = np.array([particle.mass for particle in forcefield.particles.values()])
    if len(configuration.masses) != len(masses) or np.abs(configuration.masses - masses).max() > 1e-3:
        raise InputError(
            f"the atom types are not those of the force field {forcefield.name}; build the structure with "
            "this force field."
        )


def _copies_and_cutoff(
    forcefield: ForceField, cell: np.ndarray, images: bool, turning: bool
) -> tuple[Copies, float]:
    """Return the copies of the box, and the cutoff in nm."""
    if images:
        height = 2 * forcefield.lj_cutoff * BOX_MARGIN
        return copies_for(cell, height, turning), forcefield.lj_cutoff / A_PER_NM
    # OpenMM's minimum images are right up to half of each diagonal element of a reduced cell.
    cutoff = min(forcefield.lj_cutoff, TAIL_MARGIN * np.diag(cell).min() / 2)
    return Copies(np.eye(3, dtype=int), turned=False), cutoff / A_PER_NM


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
