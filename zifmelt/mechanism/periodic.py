"""Displacements in periodic, possibly triclinic boxes."""

import numpy as np


def plane_spacings(box: np.ndarray) -> np.ndarray:
    """Return the distances between opposite faces of the box.

    Parameters
    ----------
    box
        Shape (3, 3), angstrom; rows are the lattice vectors.

    Returns
    -------
    numpy.ndarray
        Shape (3,), angstrom.
    """
    return 1.0 / np.linalg.norm(np.linalg.inv(box), axis=0)


def nearest_image(displacements: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Replace displacements by those to the nearest periodic image.

    Exact for vectors shorter than half the smallest distance between opposite faces, which the bonds and
    ligands of this package (below 3 angstrom) are in every box wider than 6 angstrom.

    Parameters
    ----------
    displacements
        Shape (..., 3), angstrom.
    box
        Shape (3, 3), angstrom; rows are the lattice vectors.

    Returns
    -------
    numpy.ndarray
        Shape (..., 3), angstrom.
    """
    fractional = displacements @ np.linalg.inv(box)
    return displacements - np.round(fractional) @ box


def cells_crossed(vectors: np.ndarray, differences: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Tell by how many lattice vectors real displacements differ from differences of stored positions.

    Parameters
    ----------
    vectors
        Shape (n, 3), from one atom to the periodic image of another, angstrom.
    differences
        Shape (n, 3), difference of the two atoms' stored positions, angstrom.
    box
        Shape (3, 3), angstrom; rows are the lattice vectors.

    Returns
    -------
    numpy.ndarray
        Shape (n, 3), integers.
    """
    return np.round((vectors - differences) @ np.linalg.inv(box)).astype(int)
