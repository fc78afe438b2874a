"""Walking through clusters: the loops of `zifmelt.mechanism.clusters`."""

import numpy as np

from ..compiling import compiled


@compiled
def walk_through_clusters(
    start: np.ndarray, neighbour: np.ndarray, shift: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Follow every cluster from its lowest point, from neighbour to neighbour.

    Parameters
    ----------
    start
        Shape (n + 1,): where the neighbours of each point begin.
    neighbour, shift
        Shapes (pairs,) and (pairs, 3): the neighbours, and by how many cells they lie further.

    Returns
    -------
    cluster : numpy.ndarray
        Shape (n,): cluster of every point, numbered in the order of their lowest points.
    cell : numpy.ndarray
        Shape (n, 3): lattice translations that put the points of a cluster side by side.
    endless : numpy.ndarray
        Shape (clusters, 3): along which lattice vectors a closed way does not return to its cell.
    """
    n, clusters = len(start) - 1, 0
    cluster, cell = np.full(n, -1), np.zeros((n, 3), dtype=np.int64)
    endless, queue = np.zeros((n, 3), dtype=np.bool_), np.empty(n, dtype=np.int64)
    for lowest in range(n):
        if cluster[lowest] >= 0:
            continue
        cluster[lowest], queue[0] = clusters, lowest
        done, known = 0, 1
        while done < known:
            point = queue[done]
            for pair in range(start[point], start[point + 1]):
                other = neighbour[pair]
                new = cluster[other] < 0
                if new:
                    cluster[other], queue[known] = clusters, other
                    known += 1
                for axis in range(3):
                    there = cell[point, axis] + shift[pair, axis]
                    if new:
                        cell[other, axis] = there
                    endless[clusters, axis] |= cell[other, axis] != there
            done += 1
        clusters += 1
    return cluster, cell, endless[:clusters]
