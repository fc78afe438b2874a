"""Angle distributions around Zn and across the ligand."""

import numpy as np
import pandas as pd

from ..environments.neighbours import find_neighbours
from ..trajectory import Frames
from .first_neighbours import ligand_bridges
from .rdf import atoms_named


def n_zn_n_angles(frames: Frames, cutoff: float) -> list[np.ndarray]:
    """Measure the angles between all N bonded to the same Zn.

    Parameters
    ----------
    frames
        Trajectory with Zn and N.
    cutoff
        Longest bond between Zn and N, angstrom.

    Returns
    -------
    list of numpy.ndarray
        Per frame, degrees: six angles for a Zn with four N, three for a Zn with three.

    Raises
    ------
    InputError
        Zn or N is absent.
    """
    zn, nitrogen = atoms_named(frames.topology, "Zn"), atoms_named(frames.topology, "N")
    angles = []
    for positions, box in zip(frames.positions, frames.boxes, strict=True):
        found = find_neighbours(positions[zn], positions[nitrogen], box, cutoff)
        angles.append(angles_between(found.centres, found.vectors))
    return angles


def zn_im_zn_angles(frames: Frames, cutoff: float) -> list[np.ndarray]:
    """Measure the angle at the centre of each imidazolate ring between its two Zn.

    The analogue of Si-O-Si in zeolites (Park et al., PNAS 103, 10186 (2006)).

    Parameters
    ----------
    frames
        Trajectory with all atoms.
    cutoff
        Longest bond between Zn and N, angstrom.

    Returns
    -------
    list of numpy.ndarray
        Per frame, degrees; ligands that hold fewer than two Zn are left out.

    Raises
    ------
    InputError
        The ring's atoms or Zn are absent.
    """
    angles = []
    for bridges in ligand_bridges(frames, cutoff):
        both = np.all(bridges.zn >= 0, axis=1)
        angles.append(_angle(bridges.to_zn[both, 0], bridges.to_zn[both, 1]))
    return angles


def zn_zn_zn_angles(frames: Frames, cutoff: float) -> list[np.ndarray]:
    """Measure the angles at a Zn between the Zn that share a ligand with it.

    Parameters
    ----------
    frames
        Trajectory with all atoms.
    cutoff
        Longest bond between Zn and N, angstrom.

    Returns
    -------
    list of numpy.ndarray
        Per frame, degrees.

    Raises
    ------
    InputError
        The ring's atoms or Zn are absent.
    """
    angles = []
    for bridges in ligand_bridges(frames, cutoff):
        both = np.all(bridges.zn >= 0, axis=1)
        across = bridges.to_zn[both, 1] - bridges.to_zn[both, 0]
        centres = np.concatenate([bridges.zn[both, 0], bridges.zn[both, 1]])
        angles.append(angles_between(centres, np.concatenate([across, -across])))
    return angles


def angles_between(centres: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Measure the angles between all pairs of vectors that have the same centre.

    Parameters
    ----------
    centres
        Shape (vectors,), label of the atom that the vector starts from.
    vectors
        Shape (vectors, 3).

    Returns
    -------
    numpy.ndarray
        Degrees, each pair once.
    """
    order = np.argsort(centres, kind="stable")
    centres, vectors = centres[order], vectors[order]
    pairs = []
    shift = 1
    # The k-th vector of a centre is compared with the (k + shift)-th, until no centre has that many.
    while np.any(same := centres[shift:] == centres[:-shift]):
        (first,) = np.nonzero(same)
        pairs.append(_angle(vectors[first], vectors[first + shift]))
        shift += 1
    return np.concatenate(pairs) if pairs else np.empty(0)


def angle_distribution(name: str, angles: list[np.ndarray], bin_width: float) -> pd.DataFrame:
    """Make the normalised distribution of angles.

    Parameters
    ----------
    name
        What the angle is, e.g. ``N-Zn-N``.
    angles
        Degrees, per frame.
    bin_width
        Width of the bins, degrees.

    Returns
    -------
    pandas.DataFrame
        Columns ``angle``, ``degree`` (centres of the bins), ``density_per_degree`` (integral 1; not divided
        by the sine).
    """
    edges = np.linspace(0.0, 180.0, int(round(180.0 / bin_width)) + 1)
    counts, _ = np.histogram(np.concatenate(angles), edges)
    total = max(counts.sum(), 1)
    return pd.DataFrame(
        {
            "angle": name,
            "degree": (edges[:-1] + edges[1:]) / 2,
            "density_per_degree": counts / total / np.diff(edges),
        }
    )


def _angle(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Angle between vectors in degrees; the arc tangent stays exact near 0 and 180 degrees."""
    cross = np.linalg.norm(np.cross(first, second), axis=-1)
    return np.degrees(np.arctan2(cross, np.sum(first * second, axis=-1)))
