"""Checks that a half-molten box is what a coexistence run needs: a crystal and a disordered slab."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import least_squares

from ..environments.classify import Classification
from ..environments.neighbours import find_neighbours
from ..errors import InputError
from ..trajectory import read_frames

SEARCH_A = 6.0
"""How far closest pairs are looked for, A: the distance of neighbouring Zn."""


@dataclass(frozen=True)
class Slab:
    """A disordered slab in a periodic box, by a tanh profile with two equal interfaces.

    Attributes
    ----------
    fraction
        Disordered share of all Zn.
    lower_A, upper_A
        Positions of the two interfaces along the axis, A; the disordered slab lies from lower to upper,
        through the face of the box if lower is the larger one.
    width_A
        Width w of an interface, A: the profile goes as tanh(x/w).
    crystal_level, disordered_level
        Disordered share far inside the crystal and far inside the disordered slab.
    """

    fraction: float
    lower_A: float
    upper_A: float
    width_A: float
    crystal_level: float
    disordered_level: float


def fit_slab(heights: np.ndarray, disordered: np.ndarray, length_A: float) -> Slab:
    """Fit the disordered share along the axis of a periodic box with two interfaces.

    share(s) = crystal + (disordered - crystal) (1 + tanh((h - |s - c|)/w))/2 with |s - c| the distance to the
    centre c of the slab in the periodic box and h half its thickness, least squares over all Zn and frames.

    Parameters
    ----------
    heights
        Any shape, fractional coordinate of every Zn along the axis.
    disordered
        Same shape, 1 for a disordered Zn, 0 for a crystalline one (or a probability).
    length_A
        Length of the box along the axis, A.

    Returns
    -------
    Slab
        Positions in 0 to `length_A`.
    """
    s, share = np.ravel(heights), np.ravel(disordered).astype(float)
    fraction = float(share.mean())
    # The first Fourier component points at the middle of the slab.
    middle = np.angle(np.sum((share - fraction) * np.exp(2j * np.pi * s))) / (2 * np.pi)

    def profile(parameters: np.ndarray) -> np.ndarray:
        centre, half, width, low, high = parameters
        distance = np.abs((s - centre + 0.5) % 1.0 - 0.5)
        return low + (high - low) * 0.5 * (1.0 + np.tanh((half - distance) / width))

    fit = least_squares(
        lambda parameters: profile(parameters) - share,
        x0=[middle, np.clip(fraction / 2, 0.1, 0.4), 0.05, 0.1, 0.9],
        bounds=([middle - 0.5, 0.0, 0.002, 0.0, 0.0], [middle + 0.5, 0.5, 0.5, 1.0, 1.0]),
    )
    centre, half, width, low, high = fit.x
    return Slab(
        fraction=fraction,
        lower_A=float((centre - half) % 1.0 * length_A),
        upper_A=float((centre + half) % 1.0 * length_A),
        width_A=float(width * length_A),
        crystal_level=float(low),
        disordered_level=float(high),
    )


def closest_pairs(positions: np.ndarray, elements: np.ndarray, box: np.ndarray) -> dict[str, float]:
    """Find the smallest distance of every pair of elements, over all periodic images.

    Parameters
    ----------
    positions
        Shape (atoms, 3), A.
    elements
        Shape (atoms,), chemical symbols.
    box
        Shape (3, 3), rows are the lattice vectors, A.

    Returns
    -------
    dict
        A by pair, such as ``Zn-N`` (in the order in which the elements first appear); infinity for a pair
        that has no distance below `SEARCH_A`.
    """
    pairs = find_neighbours(positions, positions, box, SEARCH_A)
    elements = np.asarray(elements)
    first, second = elements[pairs.centres], elements[pairs.atoms]
    closest = {}
    for one, other in combinations_with_replacement(dict.fromkeys(elements.tolist()), 2):
        distances = pairs.distances[(first == one) & (second == other)]
        closest[f"{one}-{other}"] = float(distances.min()) if len(distances) else np.inf
    return closest


def check_slab(
    slab: Slab,
    closest: Mapping[str, float],
    fraction_limits: tuple[float, float],
    smallest_contrast: float,
    smallest_distances_A: Mapping[str, float],
    where: str,
) -> None:
    """Refuse a box that cannot show the growth of one phase at the cost of the other.

    Parameters
    ----------
    slab
        From `fit_slab`.
    closest
        From `closest_pairs`.
    fraction_limits
        Lowest and highest disordered share.
    smallest_contrast
        Least difference between the disordered share in the disordered slab and in the crystal.
    smallest_distances_A
        Least distance by pair of elements; pairs that are not named are not checked.
    where
        Name of the run, for the message.

    Raises
    ------
    InputError
        One of the phases is missing, the two are not apart, or atoms overlap.
    """
    low, high = fraction_limits
    if slab.fraction > high:
        raise InputError(
            f"{where}: the crystal is gone, {slab.fraction:.0%} of the Zn are disordered and at most"
            f" {high:.0%} may be; lower coexistence.relax_ps or interface_K."
        )
    if slab.fraction < low:
        raise InputError(
            f"{where}: nothing has melted, {slab.fraction:.0%} of the Zn are disordered and at least"
            f" {low:.0%} must be; raise coexistence.melt_K or melt_ps."
        )
    contrast = slab.disordered_level - slab.crystal_level
    if contrast < smallest_contrast:
        raise InputError(
            f"{where}: there are no two phases side by side, the disordered share differs by {contrast:.2f}"
            f" along the box and must differ by {smallest_contrast:g}; change coexistence.melt_K or relax_ps."
        )
    for pair, limit in smallest_distances_A.items():
        if closest.get(pair, np.inf) < limit:
            raise InputError(
                f"{where}: atoms overlap, {pair} comes to {closest[pair]:.2f} A and may not below {limit} A."
            )


def assess_interface(
    folder: str | Path, classified: str | Path, averaged_ps: float, crystals: Collection[str]
) -> tuple[Slab, dict[str, float]]:
    """Fit the slab of a half-molten box and find its closest atoms.

    Parameters
    ----------
    folder
        Run folder of the box; the interfaces are normal to z.
    classified
        Classified trajectory of the run.
    averaged_ps
        Length of the end of the run over which the profile is taken, ps.
    crystals
        Names of the ordered classes.

    Returns
    -------
    slab, closest : tuple
        Profile of the last frames, closest pairs of Zn and N (A) in the last one.

    Raises
    ------
    InputError
        A file is missing, or the classified frames are not among those of the trajectory.
    """
    classification = Classification.load(classified)
    frames = read_frames(folder, ("Zn", "N"))
    elements = np.array([atom.element.symbol for atom in frames.topology.atoms])
    last = classification.times_ps >= classification.times_ps[-1] - averaged_ps
    wanted = classification.times_ps[last]
    indices = np.abs(frames.times[:, None] - wanted).argmin(axis=0)
    zinc = frames.positions[indices][:, elements == "Zn"]
    if (
        not np.allclose(frames.times[indices], wanted, atol=1e-3)
        or zinc.shape[1] != classification.assigned.shape[1]
    ):
        raise InputError(f"{classified}: frames or Zn are not those of {folder}; classify the run again.")
    fractional = np.einsum("fni,fij->fnj", zinc, np.linalg.inv(frames.boxes[indices]))
    disordered = classification.disordered(crystals)[last]
    length = float(np.linalg.norm(frames.boxes[indices, 2], axis=1).mean())
    slab = fit_slab(fractional[..., 2], disordered, length)
    return slab, closest_pairs(frames.positions[-1], elements, frames.boxes[-1])


def slab_table(slab: Slab, closest: Mapping[str, float]) -> pd.DataFrame:
    """Tabulate a checked box in one row: the slab, and the closest pairs as closest_Zn_N_A and so on."""
    pairs = {f"closest_{pair.replace('-', '_')}_A": distance for pair, distance in closest.items()}
    return pd.DataFrame([{**vars(slab), **pairs}])
