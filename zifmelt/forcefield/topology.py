"""Which angles, dihedrals and impropers the bonds of a molecule imply."""

from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple


class BondedTerms(NamedTuple):
    """Particle numbers (from 0) of every bonded term of a molecule, each term once.

    `impropers` holds every particle with exactly three bonds, followed by its three partners in rising order.
    """

    bonds: list[tuple[int, int]]
    angles: list[tuple[int, int, int]]
    dihedrals: list[tuple[int, int, int, int]]
    impropers: list[tuple[int, int, int, int]]


def bonded_terms(n_particles: int, bonds: Iterable[tuple[int, int]]) -> BondedTerms:
    """Enumerate the bonded terms of a molecule.

    Parameters
    ----------
    n_particles
        Number of particles of the molecule.
    bonds
        Bonded pairs, numbered from 0.

    Returns
    -------
    BondedTerms
        All angles a-b-c and dihedrals a-b-c-d with neighbours bonded and no particle twice, and all particles
        with exactly three bonds.
    """
    bonds = [(min(pair), max(pair)) for pair in bonds]
    partners = [sorted({a + b - i for a, b in bonds if i in (a, b)}) for i in range(n_particles)]
    angles = [(a, b, c) for b in range(n_particles) for a, c in combinations(partners[b], 2)]
    dihedrals = [
        (a, b, c, d)
        for b, c in bonds
        for a in partners[b]
        for d in partners[c]
        if a != c and d != b and a != d
    ]
    impropers = [(i, a, b, c) for i, (a, b, c) in (pair for pair in enumerate(partners) if len(pair[1]) == 3)]
    return BondedTerms(bonds, angles, dihedrals, impropers)
