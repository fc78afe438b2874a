"""The ligand sites of a crystal: symmetry, orientation and the rings they are in."""

from collections.abc import Iterable
from pathlib import Path

import gemmi
import numpy as np
import pandas as pd

from ..errors import InputError
from ..structures.crystal import read_crystal, read_symmetry
from ..structures.ligands import recognise_framework
from .net import crystal_net
from .rings import SMALLEST, primitive_rings


def symmetry_orbits(
    centres: np.ndarray, operations: Iterable[gemmi.Op], tolerance: float = 0.02
) -> np.ndarray:
    """Group the ligand sites that the space group maps onto each other.

    Parameters
    ----------
    centres
        Shape (sites, 3), fractional coordinates of the ligands in the unit cell.
    operations
        Operations of the space group, e.g. ``gemmi.SpaceGroup("P b c a").operations()``.
    tolerance
        Largest difference of fractional coordinates.

    Returns
    -------
    numpy.ndarray
        Shape (sites,): number of the orbit, in the order of first occurrence.

    Raises
    ------
    InputError
        An operation maps a site to a place where there is none.
    """
    orbit = np.full(len(centres), -1)
    for site in range(len(centres)):
        if orbit[site] >= 0:
            continue
        images = np.array([operation.apply_to_xyz(centres[site].tolist()) for operation in operations])
        difference = images[:, None] - centres[None]
        off = np.max(np.abs(difference - np.round(difference)), axis=2)
        if np.any(off.min(axis=1) > tolerance):
            raise InputError(
                f"Ligand site {site} has no symmetry-equivalent site where its space group says."
            )
        orbit[np.argmin(off, axis=1)] = orbit.max() + 1
    return orbit


def describe_sites(cif: str | Path, largest: int) -> pd.DataFrame:
    """Describe the ligand sites of a crystal's unit cell.

    Parameters
    ----------
    cif
        Crystal structure.
    largest
        Largest ring size.

    Returns
    -------
    pandas.DataFrame
        One row per site, in the order of the ligands of a unit cell: ``x``, ``y``, ``z`` (fractional,
        middle of the two N), ``along_x``, ``along_y``, ``along_z`` (absolute components of the unit vector
        between the two N), ``orbit`` (sites that the space group maps onto each other) and
        ``rings_of_<size>``, the primitive rings of Zn that the ligand is in.
    """
    framework = recognise_framework(read_crystal(cif))
    net, nitrogens = crystal_net(framework)
    centres = nitrogens.mean(axis=1)
    axis = (nitrogens[:, 1] - nitrogens[:, 0]) @ framework.crystal.cell
    axis = np.abs(axis) / np.linalg.norm(axis, axis=1, keepdims=True)
    table = pd.DataFrame(centres % 1.0, columns=["x", "y", "z"])
    table[["along_x", "along_y", "along_z"]] = axis
    table["orbit"] = symmetry_orbits(centres, read_symmetry(cif))
    rings = primitive_rings(net, largest)
    for size in range(SMALLEST, largest + 1):
        table[f"rings_of_{size}"] = np.bincount(rings.of_ligands(size)[:, 1], minlength=len(table))
    return table
