"""Clusters of disordered Zn in the periodic box."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..environments.neighbours import find_neighbours
from .periodic import cells_crossed

AXES = ("x", "y", "z")


@dataclass(frozen=True)
class Clusters:
    """Clusters of one frame.

    Attributes
    ----------
    labels
        Shape (n,): cluster of every point, 0 for the largest, -1 for points that take no part.
    sizes
        Shape (clusters,), descending.
    extents
        Shape (3,), angstrom: extents of the largest cluster along x, y, z, see `find_clusters`; 0 without
        cluster.
    percolates
        Shape (3,), bool: whether the largest cluster meets its own periodic image along each lattice vector.
    """

    labels: np.ndarray
    sizes: np.ndarray
    extents: np.ndarray
    percolates: np.ndarray


def find_clusters(positions: np.ndarray, box: np.ndarray, member: np.ndarray, cutoff: float) -> Clusters:
    """Group the marked points that are within a cutoff of each other, and measure the largest group.

    The largest cluster is followed across the boundary from neighbour to neighbour, and its extents are the
    ranges of its points along x, y and z, at most the box's length. A cluster that meets its own image along
    the first (second, third) lattice vector has no end there: its extent along x (y, z) is the box's length.
    Where it does so along another lattice vector only, the range along the remaining ones is counted in
    fractions of the lattice vector, which in a rectangular box is the same. Of clusters of the same size, the
    one with the lowest point index counts as the largest.

    Parameters
    ----------
    positions
        Shape (n, 3), angstrom, wrapped or not.
    box
        Shape (3, 3), angstrom; rows are the lattice vectors, the first along x, the second in the xy plane.
    member
        Shape (n,), bool: which points take part.
    cutoff
        Largest distance of neighbours, angstrom.

    Returns
    -------
    Clusters
        All clusters, down to single points.
    """
    from .cluster_loops import walk_through_clusters  # imports numba, see `zifmelt.compiling`

    labels = np.full(len(positions), -1)
    chosen = np.flatnonzero(member)
    if not len(chosen):
        return Clusters(labels, np.zeros(0, dtype=int), np.zeros(3), np.zeros(3, dtype=bool))
    points = positions[chosen]
    pairs = find_neighbours(points, points, box, cutoff)
    i, j = pairs.centres, pairs.atoms
    shifts = cells_crossed(pairs.vectors, points[j] - points[i], box)
    start = np.searchsorted(i, np.arange(len(points) + 1))
    cluster, cells, endless = walk_through_clusters(start, j, shifts)
    sizes = np.bincount(cluster)
    order = np.argsort(-sizes, kind="stable")
    labels[chosen] = np.argsort(order)[cluster]
    largest = cluster == order[0]
    extents = _extents(points[largest] + cells[largest] @ box, box, endless[order[0]])
    return Clusters(labels, sizes[order], extents, endless[order[0]])


def _extents(points: np.ndarray, box: np.ndarray, percolates: np.ndarray) -> np.ndarray:
    """Extents along x, y, z of a cluster in one piece, see `find_clusters`."""
    lengths = np.diag(box)
    if not percolates.any():
        return np.minimum(np.ptp(points, axis=0), lengths)
    # Along x a cluster that is endless along a tilted second vector has no end either, however small the
    # tilt; between the faces of the box it has.
    fractions = np.minimum(np.ptp(points @ np.linalg.inv(box), axis=0), 1.0)
    return np.where(percolates, 1.0, fractions) * lengths


def follow_clusters(
    positions: np.ndarray,
    boxes: np.ndarray,
    times: np.ndarray,
    member: np.ndarray,
    cutoff: float,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Measure the clusters of disordered Zn frame by frame.

    Parameters
    ----------
    positions
        Zn, shape (frames, n, 3), angstrom.
    boxes
        Shape (frames, 3, 3), angstrom; see `find_clusters`.
    times
        Shape (frames,), ps.
    member
        Shape (frames, n), bool: disordered Zn.
    cutoff
        Largest distance of neighbours, angstrom.
    rng
        Draws the Zn of ``share_if_random``.

    Returns
    -------
    pandas.DataFrame
        Columns ``time_ps``, ``zinc``, ``disordered_zinc``, ``clusters``, ``largest_zinc``, ``second_zinc``,
        ``share_in_largest`` (of the disordered Zn; NaN without any), ``share_if_random`` (the same for as
        many Zn drawn at random), ``extent_<axis>_A``, ``percolates_<axis>``, ``box_<axis>_A``.
    """
    rows = []
    for frame, box in enumerate(boxes):
        found = find_clusters(positions[frame], box, member[frame], cutoff)
        total, largest = int(found.sizes.sum()), int(found.sizes[:1].sum())
        drawn = find_clusters(positions[frame], box, rng.permutation(member[frame]), cutoff)
        row = {
            "time_ps": times[frame],
            "zinc": len(member[frame]),
            "disordered_zinc": total,
            "clusters": len(found.sizes),
            "largest_zinc": largest,
            "second_zinc": int(found.sizes[1:2].sum()),
            "share_in_largest": largest / total if total else np.nan,
            "share_if_random": int(drawn.sizes[:1].sum()) / total if total else np.nan,
        }
        for axis, name in enumerate(AXES):
            row[f"extent_{name}_A"] = found.extents[axis]
            row[f"percolates_{name}"] = bool(found.percolates[axis])
            row[f"box_{name}_A"] = box[axis, axis]
        rows.append(row)
    return pd.DataFrame(rows)


def mean_extents(runs: list[pd.DataFrame], bins: int) -> pd.DataFrame:
    """Average the extents of the largest cluster over runs, as a function of its number of Zn.

    Parameters
    ----------
    runs
        Results of `follow_clusters` of independent runs of the same box.
    bins
        Number of bins of equal width in the number of Zn, from 1 to the largest seen.

    Returns
    -------
    pandas.DataFrame
        Columns ``zinc`` (mean of the bin), ``extent_<axis>_A``, ``extent_<axis>_stderr_A`` (spread between
        the runs that visit the bin, NaN if only one does) and ``runs``. Empty bins are left out.
    """
    columns = ["largest_zinc", *(f"extent_{name}_A" for name in AXES)]
    table = pd.concat([run[columns].assign(run=number) for number, run in enumerate(runs)])
    table = table[table["largest_zinc"] > 0]
    most = table["largest_zinc"].max() if len(table) else 1
    edges = np.linspace(0.5, most + 0.5, bins + 1)
    table["bin"] = np.digitize(table["largest_zinc"], edges)
    by_run = table.groupby(["bin", "run"])[columns].mean().groupby("bin")
    mean, error, count = by_run.mean(), by_run.sem(), by_run.size()
    result = pd.DataFrame({"zinc": mean["largest_zinc"]})
    for name in AXES:
        result[f"extent_{name}_A"] = mean[f"extent_{name}_A"]
        result[f"extent_{name}_stderr_A"] = error[f"extent_{name}_A"]
    return result.assign(runs=count).reset_index(drop=True)
