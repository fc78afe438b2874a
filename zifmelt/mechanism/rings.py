"""Primitive rings of a periodic net.

A ring is primitive (Marians and Hobbs 1990; Yuan and Cormack, Comput. Mater. Sci. 24, 343 (2002); the same
as the shortest-path ring of Franzblau, Phys. Rev. B 44, 4925 (1991)) if it has no short cut: for every two
of its vertices, no path in the whole net is shorter than the shorter way along the ring. Its size is its
number of vertices, here Zn.

The search runs on the infinite net that the periodic box stands for (vertex, cell), so that a closed way
that winds through the boundary is no ring and the numbers per cell do not depend on the size of the box.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from .net import Net

SMALLEST, LARGEST_SIZE = 3, 20


@dataclass(frozen=True)
class Rings:
    """All primitive rings of a net up to some size, each once.

    Attributes
    ----------
    net
        The net.
    paths
        Ring size -> vertices, shape (rings, size), each as one integer: divided by the number of vertices
        in the box it leaves the vertex, and the quotient says in which cell it lies.
    _edges
        Both directions of every edge of the net, see `zifmelt.mechanism.rings._edges`.
    """

    net: Net
    paths: dict[int, np.ndarray]
    _edges: tuple[np.ndarray, np.ndarray]

    def number(self, size: int) -> int:
        """Count the rings of a size in the box."""
        return len(self.paths[size])

    def of_ligands(self, size: int) -> np.ndarray:
        """Return (ring, ligand) pairs: which ligands a ring passes, one row per side of the ring.

        Where several ligands join the same two Zn, a ring passes each of them.

        Returns
        -------
        numpy.ndarray
            Shape (pairs, 2).
        """
        n, ligands = self.net.n_vertices, defaultdict(list)
        for *edge, ligand in np.stack([*self._edges, np.tile(self.net.ligand, 2)], axis=1).tolist():
            ligands[tuple(edge)].append(ligand)
        found = [
            (ring, ligand)
            for ring, path in enumerate(self.paths[size].tolist())
            for a, b in zip(path, path[1:] + path[:1], strict=True)
            for ligand in ligands[a % n, b - a]
        ]
        return np.array(found, dtype=int).reshape(-1, 2)


def primitive_rings(net: Net, largest: int) -> Rings:
    """Find all primitive rings of 3 to `largest` vertices.

    Two ligands between the same two Zn count as one edge (they make no ring of three or more).

    Parameters
    ----------
    net
        Periodic net.
    largest
        Largest ring size.

    Returns
    -------
    Rings
        Sizes 3 to `largest`.

    Raises
    ------
    InputError
        `largest` is below 3 or above 20.
    """
    if not SMALLEST <= largest <= LARGEST_SIZE:
        raise InputError(f"mechanism: ring_max_size is {largest}, it must be {SMALLEST} to {LARGEST_SIZE}.")
    from .ring_loops import find_rings, measure_distances  # imports numba, see `zifmelt.compiling`

    n, depth = net.n_vertices, max(largest // 2 - 1, 1)
    tail, way = _edges(net, largest)
    span = 2 * int(np.abs(way).max(initial=0)) + 1
    tail_of, way_of = np.divmod(np.unique(tail * span + way + span // 2), span)
    step, head = np.divmod(way_of - span // 2 + tail_of, n)
    start = np.searchsorted(tail_of, np.arange(n + 1))
    complete, places = False, 128
    while not complete:
        complete, codes, distances = measure_distances(start, head, step, depth, places)
        places *= 2
    paths = {
        size: find_rings(start, head, step, size, codes, distances, depth)
        for size in range(SMALLEST, largest + 1)
    }
    return Rings(net, paths, (tail, way))


def _edges(net: Net, largest: int) -> tuple[np.ndarray, np.ndarray]:
    """Return, for both directions of every edge, where it begins and how it changes the integer of a vertex.

    The cell is written to a base wide enough for every walk that the search takes.
    """
    base = 4 * int(np.abs(net.shift).max(initial=1)) * largest + 3
    tail, head = np.append(net.tail, net.head), np.append(net.head, net.tail)
    x, y, z = np.concatenate([net.shift, -net.shift]).astype(np.int64).T
    return tail, ((x * base + y) * base + z) * net.n_vertices + head - tail


def ring_counts(net: Net, largest: int) -> np.ndarray:
    """Count the primitive rings of 3, 4, ... `largest` vertices in the box, shape (largest - 2,)."""
    rings = primitive_rings(net, largest)
    return np.array([rings.number(size) for size in range(SMALLEST, largest + 1)])
