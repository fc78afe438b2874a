"""LAMMPS commands of a force field, in `units real`; the numbers all come from the force field's file."""

from collections.abc import Mapping
from itertools import combinations_with_replacement
from math import isqrt
from typing import Any

from ..errors import InputError
from .parameters import ForceField, canonical

MULTISTEP = "multistep"
"""Numerics that evaluate the force field as "efficient" does, and the forces on three scales of time."""

MESH_ORDER = 6
"""Points per direction over which PPPM spreads a charge; even, because of how far its mesh then reaches.

Between two neighbour lists an atom may leave the box by half the skin, and by a little more with r-RESPA,
which looks at distances an outer time step early. At the start of a run LAMMPS lays as many points beyond the
box as half the skin needs. Spread over an even number of points, atoms belong to the cell between two points,
so that this is a whole spacing (1.2 angstrom, against 0.5). Spread over an odd number they belong to the
nearest point: a spacing just above the skin gives none beyond, and an atom is "out of range" when the cell
has shrunk.
"""


def setup_commands(forcefield: ForceField, numerics: str = "efficient", kokkos: bool = False) -> list[str]:
    """Return the commands that choose the styles, to be given before the data file is read.

    Parameters
    ----------
    forcefield
        The force field.
    numerics
        Which of its numerical settings: "efficient", "reference" for the authors' own, or `MULTISTEP`.
    kokkos
        Choose styles that KOKKOS has and that need few neighbour lists; r-RESPA cannot split these.

    Returns
    -------
    list of str
        Units, boundary, atom, bonded and pair styles, special bonds, neighbour list.

    Raises
    ------
    InputError
        The force field has no numerical settings of that name.
    """
    how = numerical_settings(forcefield, numerics)
    lj, coulomb = (
        " ".join(map(str, weights))
        for weights in (forcefield.special_bonds["lj"], forcefield.special_bonds["coulomb"])
    )
    return [
        "units real",
        "boundary p p p",
        "atom_style full",
        "bond_style harmonic",
        "angle_style charmm",
        f"dihedral_style {'harmonic' if kokkos else 'charmm'}",
        f"pair_style {_pair_style(forcefield, how, kokkos, numerics == MULTISTEP)}",
        "pair_modify shift no tail no",
        f"pair_modify table {how['coulomb_table_bits']} neigh/trim {'no' if kokkos else 'yes'}",
        f"special_bonds lj {lj} coul {coulomb}",
        f"neighbor {how['skin']} bin",
        f"neigh_modify every {how['neighbor_every']} delay {how['neighbor_delay']} check yes",
    ]


def coefficient_commands(
    forcefield: ForceField, numerics: str = "efficient", kokkos: bool = False
) -> list[str]:
    """Return the commands that set every coefficient, to be given after the data file has been read.

    Parameters
    ----------
    forcefield
        The force field.
    numerics
        Which of its numerical settings, as for `setup_commands`.
    kokkos
        As for `setup_commands`.

    Returns
    -------
    list of str
        One line for every type of bonded term, for every pair of types one line for each of its terms, and
        the long-range solver (LAMMPS wants it once it knows whether the box is triclinic).

    Raises
    ------
    InputError
        The force field has no numerical settings of that name.
    """
    how = numerical_settings(forcefield, numerics)
    return [
        *_bonded_coefficients(forcefield, kokkos),
        *(
            _fused_pair_coefficients(forcefield, how)
            if kokkos
            else _pair_coefficients(forcefield, numerics == MULTISTEP)
        ),
        f"kspace_style {how['kspace_style']} {how['kspace_accuracy']}",
        f"kspace_modify order {MESH_ORDER}",
    ]


def slow_force_levels(fast_steps: int, numerics: str = "efficient") -> str:
    """Return the arguments of LAMMPS's run_style that give slowly varying forces a longer time step.

    Parameters
    ----------
    fast_steps
        Time steps per evaluation of the slow forces: the smooth, long-ranged Lennard-Jones terms and the
        reciprocal-space Coulomb sum. Everything that is stiff (bonded terms, real-space Coulomb, soft core,
        Morse) acts at every time step. 1: all forces at every step.
    numerics
        With `MULTISTEP` only bonded terms, soft core and the attraction between dummies of opposite charge,
        which is the stiffest of the pair terms, act at every time step. The others that are stiff act at
        every n-th, with n the largest divisor of `fast_steps` that is not above its square root: of 4 time
        steps at every second.

    Returns
    -------
    str
        Velocity Verlet, or the reversible r-RESPA of Tuckerman, Berne and Martyna, J. Chem. Phys. 97, 1990
        (1992).
    """
    if fast_steps == 1:
        return "verlet"
    bonded = " ".join(f"{kind} 1" for kind in ("bond", "angle", "dihedral", "improper"))
    # The order of the pair styles is that of `_pair_style`.
    if numerics != MULTISTEP:
        return f"respa 2 {fast_steps} {bonded} hybrid 2 1 1 1 kspace 2"
    medium = max(n for n in range(1, isqrt(fast_steps) + 1) if fast_steps % n == 0)
    return f"respa 3 {medium} {fast_steps // medium} {bonded} hybrid 3 1 2 2 1 kspace 3"


def numerical_settings(forcefield: ForceField, numerics: str) -> Mapping[str, Any]:
    """Return the numerical settings of a name, as for `setup_commands`, by their keys in the file.

    Raises
    ------
    InputError
        The force field has none of that name.
    """
    try:
        return forcefield.numerics["efficient" if numerics == MULTISTEP else numerics]
    except KeyError:
        known = ", ".join((*forcefield.numerics, MULTISTEP))
        raise InputError(
            f"{forcefield.path}: there are no numerics {numerics!r}; choose one of {known}."
        ) from None


def _bonded_coefficients(forcefield: ForceField, kokkos: bool) -> list[str]:
    """Return the coefficients of bonds, angles, dihedrals, and impropers written as dihedrals."""
    dihedrals = [
        *forcefield.dihedrals.values(),
        *({"K": improper.K, "n": 2, "d": 180} for improper in forcefield.impropers),
    ]
    # The last coefficient weighs an extra 1-4 term of a dihedral; special_bonds weighs those pairs already.
    return [
        *(f"bond_coeff {i} {t['K']} {t['r0']}" for i, t in enumerate(forcefield.bonds.values(), 1)),
        *(
            f"angle_coeff {i} {t['K']} {t['theta0']} {t['K_ub']} {t['r_ub']}"
            for i, t in enumerate(forcefield.angles.values(), 1)
        ),
        *(f"dihedral_coeff {i} {_dihedral(t, kokkos)}" for i, t in enumerate(dihedrals, 1)),
    ]


def _dihedral(term: Mapping[str, float], kokkos: bool) -> str:
    """Return the coefficients of K [1 + cos(n phi - d)]; style harmonic has K [1 + s cos(n phi)], s = +-1."""
    if not kokkos:
        return f"{term['K']} {term['n']} {term['d']} 0.0"
    if term["d"] not in (0, 180):
        raise InputError(f"a dihedral has the phase {term['d']} degrees, but KOKKOS can only have 0 or 180.")
    return f"{term['K']} {1 if term['d'] == 0 else -1} {term['n']}"


def _pair_style(forcefield: ForceField, how: Mapping[str, Any], kokkos: bool, apart: bool) -> str:
    """Return the pair style: every kind of term is a style of its own, so that each has its own cutoff.

    With `apart` the Coulomb terms of dummies of opposite charge are another, which has its own time step.
    """
    if kokkos:
        lj = f"lj/cut/coul/long {forcefield.lj_cutoff} {how['coulomb_cutoff']}"
        return f"hybrid/overlay {lj} morse {how['morse_cutoff']}"
    coulomb = f"coul/long {how['coulomb_cutoff']}"
    return (
        f"hybrid/overlay lj/cut {forcefield.lj_cutoff} lj/cut {how['soft_core_cutoff']} "
        f"{coulomb} morse {how['morse_cutoff']}" + (f" {coulomb}" if apart else "")
    )


def _pair_coefficients(forcefield: ForceField, apart: bool) -> list[str]:
    """Return one line for every term of every pair of types, the lower type number first."""
    commands = []
    coulomb = ("coul/long 1", "coul/long 2") if apart else ("coul/long", "coul/long")
    for a, b in combinations_with_replacement(forcefield.particles.values(), 2):
        types = f"{a.type_id} {b.type_id}"
        lj = forcefield.lennard_jones(a.kind, b.kind)
        if lj is not None:
            style = "lj/cut 2" if a.soft_core or b.soft_core else "lj/cut 1"
            commands.append(f"pair_coeff {types} {style} {lj.epsilon} {lj.sigma}")
        if a.charge and b.charge:
            attracted = a.soft_core and b.soft_core and a.charge * b.charge < 0
            commands.append(f"pair_coeff {types} {coulomb[attracted]}")
        if forcefield.morse.pair == canonical((a.kind, b.kind)):
            morse = forcefield.morse
            commands.append(f"pair_coeff {types} morse {morse.D0} {morse.alpha} {morse.r0}")
    return commands


def _fused_pair_coefficients(forcefield: ForceField, how: Mapping[str, Any]) -> list[str]:
    """Return the lines of `_pair_coefficients` with Lennard-Jones, soft core and Coulomb in one style."""
    commands = []
    for a, b in combinations_with_replacement(forcefield.particles.values(), 2):
        types = f"{a.type_id} {b.type_id}"
        lj = forcefield.lennard_jones(a.kind, b.kind)
        epsilon, sigma = (lj.epsilon, lj.sigma) if lj else (0.0, 1.0)
        cutoff = how["soft_core_cutoff"] if a.soft_core or b.soft_core else forcefield.lj_cutoff
        commands.append(f"pair_coeff {types} lj/cut/coul/long {epsilon} {sigma} {cutoff}")
        if forcefield.morse.pair == canonical((a.kind, b.kind)):
            morse = forcefield.morse
            commands.append(f"pair_coeff {types} morse {morse.D0} {morse.alpha} {morse.r0}")
    return commands
