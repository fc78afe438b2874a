"""Atomic density profiles along the three lattice directions of a crystal."""

from itertools import pairwise

import numpy as np
import pandas as pd

from ..errors import InputError
from ..statistics import mean_of_series
from .clusters import AXES
from .periodic import plane_spacings


def density_profiles(
    positions: np.ndarray, boxes: np.ndarray, repeats: tuple[int, int, int], bins: int
) -> pd.DataFrame:
    """Average the number density as a function of the position in the unit cell.

    The whole crystal may drift, so every frame is shifted back by the mean displacement of its atoms since
    the first (in fractions of the box; between two frames no atom moves by half a box). The profile along an
    axis is the mean over the planes between the faces of the unit cell that this lattice vector leads
    through; for a rectangular box these are the Cartesian axes.

    Parameters
    ----------
    positions
        Shape (frames, atoms, 3), angstrom, wrapped or not.
    boxes
        Shape (frames, 3, 3), angstrom; rows are the lattice vectors.
    repeats
        Unit cells in the box along each lattice vector; the profile is folded onto one.
    bins
        Bins per unit cell.

    Returns
    -------
    pandas.DataFrame
        Columns ``axis``, ``position_A`` (middle of the bin), ``density_per_A3``, ``stderr_per_A3`` (of the
        correlated frames). Along every axis the mean is the number density of the box.

    Raises
    ------
    InputError
        `bins` or a repeat is not positive.
    """
    if bins < 1 or min(repeats) < 1:
        raise InputError(f"mechanism: profile_bins ({bins}) and the supercell {repeats} must be positive.")
    inverse = np.linalg.inv(boxes)
    fractional = np.einsum("fai,fij->faj", positions, inverse)
    # Pair by pair, because all steps at once take as much memory as all positions, thrice.
    steps = (after - before for before, after in pairwise(fractional))
    drift = np.cumsum([np.mean(step - np.round(step), axis=0) for step in steps], axis=0).reshape(-1, 1, 3)
    fractional[1:] -= drift
    volumes = np.abs(np.linalg.det(boxes))
    spacing = np.mean([plane_spacings(box) for box in boxes], axis=0) / repeats
    tables = []
    for axis, name in enumerate(AXES):
        folded = (fractional[:, :, axis] * repeats[axis]) % 1.0
        index = np.minimum((folded * bins).astype(int), bins - 1)
        counts = np.stack([np.bincount(row, minlength=bins) for row in index])
        density = counts * bins / volumes[:, None]
        means = [mean_of_series(column) for column in density.T]
        tables.append(
            pd.DataFrame(
                {
                    "axis": name,
                    "position_A": (np.arange(bins) + 0.5) / bins * spacing[axis],
                    "density_per_A3": [mean.value for mean in means],
                    "stderr_per_A3": [mean.stderr for mean in means],
                }
            )
        )
    return pd.concat(tables, ignore_index=True)
