"""The published nb-ZIF-FF evaluated by plain loops and formulas, without the library.

The numbers are typed in here once more, on purpose. Units: kcal/mol, angstrom, degree, e.
"""

import itertools
import math

import numpy as np
from scipy import constants
from scipy.special import erfc

COULOMB = constants.e**2 / (4 * math.pi * constants.epsilon_0) / constants.angstrom
COULOMB *= constants.N_A / constants.calorie / constants.kilo  # kcal angstrom / mol / e^2

CHARGES = {"Zn": 0.3536, "D": 0.0884, "N": 0.0, "L": -0.42029}
CHARGES |= {"C4": 0.27708, "C2": -0.0662, "H4": 0.1141, "H2": 0.1141}
LJ = {"Zn": (0.01250717, 1.96), "N": (0.17010040, 3.25), "C4": (0.08604207, 3.40)}
LJ |= {"C2": (0.08604207, 3.40), "H4": (0.01535970, 2.50), "H2": (0.01500956, 2.51)}
SOFT = (2.3e-6, 1.0)
MORSE = (0.92476, 2.0, 2.735)
CUTOFF = 13.0
LJ_WEIGHTS = {1: 0.0, 2: 0.0, 3: 0.5}
COULOMB_WEIGHTS = {1: 0.0, 2: 0.0, 3: 0.6874}
BONDS = {"Zn-D": (540.0, 0.900), "D-D": (540.0, 1.470), "N-L": (540.0, 0.500), "C4-N": (337.26, 1.355)}
BONDS |= {"C2-N": (289.65, 1.386), "C2-C2": (402.32, 1.377), "C4-H4": (369.75, 1.088)}
BONDS |= {"C2-H2": (369.75, 1.088)}
ANGLES = {
    "D-Zn-D": (55.0, 109.5, 0.0, 0.0),
    "D-D-D": (55.0, 60.0, 0.0, 0.0),
    "D-D-Zn": (55.0, 35.25, 0.0, 0.0),
    "H4-C4-N": (39.07, 124.197, 20.43, 2.160),
    "C4-N-C2": (46.33, 106.252, 111.65, 2.193),
    "N-C4-N": (32.34, 111.169, 107.37, 2.236),
    "N-C2-C2": (33.58, 107.995, 99.05, 2.235),
    "N-C2-H2": (31.58, 121.317, 20.43, 2.160),
    "C2-C2-H2": (35.0, 130.034, 14.78, 2.236),
    "L-N-C2": (11.36, 126.95, 0.0, 0.0),
    "L-N-C4": (14.43, 126.85, 0.0, 0.0),
}
DIHEDRALS = {"C4-N-C2-C2": 6.64, "C4-N-C2-H2": 3.65, "N-C2-C2-N": 15.33, "N-C2-C2-H2": 3.55}
DIHEDRALS |= {"N-C4-N-C2": 10.77, "N-C4-N-L": 0.614, "C2-N-C4-H4": 3.64, "C2-C2-N-L": 1.416}
DIHEDRALS |= {"H4-C4-N-L": 0.227, "H2-C2-N-L": 1.056, "H2-C2-C2-H2": 0.34}
IMPROPERS = {"C4": (("N", "N", "H4"), 3.5), "N": (("C2", "C4", "L"), 3.5)}

ZINC = (("Zn", "D", "D", "D", "D"), tuple(itertools.combinations(range(5), 2)))
IMIDAZOLATE = (
    ("N", "C4", "N", "C2", "C2", "H4", "H2", "H2", "L", "L"),
    ((0, 1), (1, 2), (2, 3), (3, 4), (4, 0), (1, 5), (3, 6), (4, 7), (0, 8), (2, 9)),
)


def find(table, kinds):
    """Look a term up under either reading direction; None where the table lacks it."""
    return table.get("-".join(kinds), table.get("-".join(reversed(kinds))))


def short_range_energy(a, b, r):
    """Lennard-Jones, soft core or Morse energy of a pair at distance(s) r, cut at 13 angstrom."""
    r = np.asarray(r, dtype=float)
    if {a, b} == {"Zn", "N"}:
        depth, alpha, r0 = MORSE
        energy = depth * (np.exp(-2 * alpha * (r - r0)) - 2 * np.exp(-alpha * (r - r0)))
    else:
        epsilon, sigma = SOFT
        if a in LJ and b in LJ:
            epsilon, sigma = math.sqrt(LJ[a][0] * LJ[b][0]), (LJ[a][1] + LJ[b][1]) / 2
        energy = 4 * epsilon * ((sigma / r) ** 12 - (sigma / r) ** 6)
    return np.where(r < CUTOFF, energy, 0.0)


def angle_degrees(a, b, c):
    """Angle at b."""
    u, v = a - b, c - b
    return math.degrees(math.acos(u @ v / np.linalg.norm(u) / np.linalg.norm(v)))


def dihedral_radians(a, b, c, d):
    """Angle between the planes abc and bcd."""
    m, n = np.cross(b - a, c - b), np.cross(c - b, d - c)
    return math.acos(np.clip(m @ n / np.linalg.norm(m) / np.linalg.norm(n), -1, 1))


def molecule_energies(kinds, bonds, x):
    """Bonded energies of one whole molecule: (bonds, angles, dihedrals with impropers)."""
    near = [{b if a == i else a for a, b in bonds if i in (a, b)} for i in range(len(kinds))]
    e_bond = e_angle = e_dihedral = 0.0
    for a, b in bonds:
        k, r0 = find(BONDS, (kinds[a], kinds[b]))
        e_bond += k * (np.linalg.norm(x[a] - x[b]) - r0) ** 2
    for b in range(len(kinds)):
        for a, c in itertools.combinations(near[b], 2):
            k, theta0, k_ub, r_ub = find(ANGLES, (kinds[a], kinds[b], kinds[c]))
            e_angle += k * math.radians(angle_degrees(x[a], x[b], x[c]) - theta0) ** 2
            e_angle += k_ub * (np.linalg.norm(x[a] - x[c]) - r_ub) ** 2
        if kinds[b] in IMPROPERS and len(near[b]) == 3:
            order, k = IMPROPERS[kinds[b]]
            rest = sorted(near[b])
            others = [rest.pop(next(i for i, j in enumerate(rest) if kinds[j] == kind)) for kind in order]
            e_dihedral += k * (1 - math.cos(2 * dihedral_radians(x[b], *(x[i] for i in others))))
    for b, c in bonds:
        for a, d in itertools.product(near[b] - {c}, near[c] - {b}):
            if a != d and not {"Zn", "D"} & {kinds[a], kinds[b]}:
                k = find(DIHEDRALS, (kinds[a], kinds[b], kinds[c], kinds[d]))
                angle = dihedral_radians(x[a], x[b], x[c], x[d])
                e_dihedral += k * (1 + math.cos(2 * angle - math.pi))
    return e_bond, e_angle, e_dihedral


def bonds_apart(n, bonds):
    """Matrix (n, n) of the number of bonds between particles; 0 where more than three."""
    joined = np.zeros((n, n), dtype=bool)
    for a, b in bonds:
        joined[a, b] = joined[b, a] = True
    apart, reached, step = np.zeros((n, n), dtype=int), np.eye(n, dtype=bool), np.eye(n, dtype=bool)
    for distance in (1, 2, 3):
        step = (step.astype(int) @ joined.astype(int)).astype(bool) & ~reached
        apart[step] = distance
        reached |= step
    return apart


def nonbonded_energies(kinds, bonds, x, edges):
    """Pair energies in an orthorhombic periodic box: (Lennard-Jones + soft core + Morse, Coulomb).

    Coulomb by an Ewald sum over explicit images, with a splitting unlike the one LAMMPS chooses; a net charge
    is balanced by a uniform background. Valid for edges above 13 angstrom.
    """
    edges = np.asarray(edges, dtype=float)
    x = x % edges
    charges = np.array([CHARGES[kind] for kind in kinds])
    apart = bonds_apart(len(kinds), bonds)
    nearest = x[:, None] - x[None]
    nearest = nearest - edges * np.round(nearest / edges)
    names = sorted(set(kinds))
    kinds = np.array(kinds)
    alpha = 3.4 / edges.min()
    e_short = e_coulomb = 0.0
    for image in itertools.product((-1, 0, 1), repeat=3):
        r = np.linalg.norm(nearest + np.array(image) * edges, axis=2)
        here = np.full(r.shape, image != (0, 0, 0))
        np.fill_diagonal(here, image != (0, 0, 0))
        pairs = here | (image == (0, 0, 0)) & ~np.eye(len(kinds), dtype=bool)
        distance = np.where(pairs, r, 1.0)
        lj_weight, coulomb_weight = np.where(pairs, 1.0, 0.0), np.where(pairs, 1.0, 0.0)
        if image == (0, 0, 0):
            for n in (1, 2, 3):
                lj_weight[apart == n], coulomb_weight[apart == n] = LJ_WEIGHTS[n], COULOMB_WEIGHTS[n]
        for a, b in itertools.product(names, names):
            block = np.ix_(kinds == a, kinds == b)
            e_short += 0.5 * np.sum(lj_weight[block] * short_range_energy(a, b, distance[block]))
        screened = np.where(pairs, erfc(alpha * distance), 0.0) - np.where(pairs, 1 - coulomb_weight, 0.0)
        e_coulomb += 0.5 * COULOMB * np.sum(np.outer(charges, charges) * screened / distance)
    return e_short, e_coulomb + _reciprocal_energy(charges, x, edges, alpha)


def _reciprocal_energy(charges, x, edges, alpha):
    volume = edges.prod()
    limit = 2 * alpha * 5.5
    ranges = [np.arange(-n, n + 1) for n in np.ceil(limit * edges / (2 * math.pi)).astype(int)]
    waves = np.stack(np.meshgrid(*ranges, indexing="ij"), -1).reshape(-1, 3) * (2 * math.pi / edges)
    squared = (waves**2).sum(1)
    keep = (squared > 0) & (squared < limit**2)
    waves, squared = waves[keep], squared[keep]
    total = 0.0
    for block in np.array_split(np.arange(len(waves)), max(1, len(waves) * len(x) // 2_000_000)):
        structure = np.exp(1j * (waves[block] @ x.T)) @ charges
        total += np.sum(np.exp(-squared[block] / (4 * alpha**2)) / squared[block] * np.abs(structure) ** 2)
    total *= 2 * math.pi / volume
    total -= alpha / math.sqrt(math.pi) * np.sum(charges**2)
    total -= math.pi / (2 * volume * alpha**2) * charges.sum() ** 2
    return COULOMB * total
