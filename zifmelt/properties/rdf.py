"""Partial radial distribution functions and their running integrals."""

from itertools import combinations_with_replacement

import mdtraj
import numpy as np
import pandas as pd

from ..environments.neighbours import find_neighbours
from ..errors import InputError
from ..trajectory import Frames


def atoms_named(topology: mdtraj.Topology, name: str) -> np.ndarray:
    """Find atoms by chemical symbol (``N``) or by atom name (``C2``).

    Raises
    ------
    InputError
        There is no such atom.
    """
    found = [atom.index for atom in topology.atoms if name in (atom.element.symbol, atom.name)]
    if not found:
        raise InputError(f"The trajectory has no atom of element or name {name!r}.")
    return np.array(found)


def element_pairs(topology: mdtraj.Topology) -> list[tuple[str, str]]:
    """List all pairs of elements, each once: heavier elements first, Zn-Zn, Zn-N, and so on."""
    elements = {atom.element for atom in topology.atoms}
    symbols = [element.symbol for element in sorted(elements, key=lambda element: -element.atomic_number)]
    return list(combinations_with_replacement(symbols, 2))


def radial_distribution(
    frames: Frames, pair: tuple[str, str], r_max: float, bin_width: float
) -> pd.DataFrame:
    """Compute g_ab(r) and the mean number of b within r of an a.

    Pairs with all periodic images are counted, so `r_max` may exceed half the box; beyond that the
    periodicity of the box shows. The density is N_b / V of each frame, also for a = b: then g tends to 1, and
    4 pi (N_b/V) times the integral of r^2 g is the number of neighbours, for every r.

    Parameters
    ----------
    frames
        Trajectory of at least the two kinds of atom.
    pair
        Elements or atom names (a, b).
    r_max
        Largest distance, angstrom.
    bin_width
        Width of the bins of g, angstrom.

    Returns
    -------
    pandas.DataFrame
        Columns ``pair`` ("a-b"), ``r_A`` (centres of the bins), ``g`` (mean over the bin, no unit) and
        ``coordination`` (number of b within ``r_A`` of an a), averaged over the frames.

    Raises
    ------
    InputError
        An atom kind is absent.
    """
    first, second = (atoms_named(frames.topology, name) for name in pair)
    half_steps = np.arange(2 * int(round(r_max / bin_width)) + 1) * bin_width / 2
    shells = 4.0 / 3.0 * np.pi * np.diff(half_steps[::2] ** 3)
    g, coordination = np.zeros(len(shells)), np.zeros(len(shells))
    for positions, box in zip(frames.positions, frames.boxes, strict=True):
        within = pair_counts(positions[first], positions[second], box, half_steps) / len(first)
        density = len(second) / np.linalg.det(box)
        g += np.diff(within[::2]) / shells / density
        coordination += within[1::2]
    return pd.DataFrame(
        {
            "pair": "-".join(pair),
            "r_A": half_steps[1::2],
            "g": g / len(frames),
            "coordination": coordination / len(frames),
        }
    )


def pair_counts(first: np.ndarray, second: np.ndarray, box: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """Count the pairs of an atom of `first` and a periodic image of one of `second` within each of `radii`.

    Parameters
    ----------
    first, second
        Shapes (n, 3) and (m, 3), angstrom.
    box
        Shape (3, 3), rows are the lattice vectors, angstrom.
    radii
        Shape (k,), equally spaced from 0, angstrom.

    Returns
    -------
    numpy.ndarray
        Shape (k,), integers; an atom is not a neighbour of itself, but of its images.
    """
    distances = find_neighbours(first, second, box, radii[-1]).distances
    shell = (distances / radii[1]).astype(int)
    shells = np.bincount(shell, minlength=len(radii) - 1)[: len(radii) - 1]
    return np.append(0, np.cumsum(shells))


def peak_position(r: np.ndarray, g: np.ndarray, low: float, high: float) -> float:
    """Locate the maximum of g between two distances, by a parabola through its top.

    Parameters
    ----------
    r, g
        Shape (bins,) each; angstrom, and any scale.
    low, high
        Bounds of the search, angstrom.

    Returns
    -------
    float
        Angstrom; NaN if g vanishes or has its maximum at a bound.
    """
    (inside,) = np.nonzero((r >= low) & (r <= high))
    if len(inside) < 3 or not np.any(g[inside] > 0):
        return np.nan
    top = inside[np.argmax(g[inside])]
    if top in (inside[0], inside[-1]):
        return np.nan
    lower, upper = top, top
    while lower - 1 >= inside[0] and g[lower - 1] > 0.7 * g[top]:
        lower -= 1
    while upper + 1 <= inside[-1] and g[upper + 1] > 0.7 * g[top]:
        upper += 1
    lower, upper = min(lower, top - 1), max(upper, top + 1)
    around = slice(lower, upper + 1)
    curvature, slope, _ = np.polyfit(r[around] - r[top], g[around], 2)
    if curvature >= 0:
        return float(r[top])
    return float(np.clip(r[top] - slope / (2.0 * curvature), r[lower], r[upper]))
