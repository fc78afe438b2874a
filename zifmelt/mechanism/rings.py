"""Primitive rings of a periodic net.

A ring is primitive (Marians and Hobbs 1990; Yuan and Cormack, Comput. Mater. Sci. 24, 343 (2002); the same
as the shortest-path ring of Franzblau, Phys. Rev. B 44, 4925 (1991)) if it has no short cut: for every two
of its vertices, no path in the whole net is shorter than the shorter way along the ring. Its size is its
number of vertices, here Zn.

The search runs on the infinite net that the periodic box stands for (vertex, cell), so that a closed way
that winds through the boundary is no ring and the numbers per cell do not depend on the size of the box.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import InputError
from .net import Net

ROOTS_AT_ONCE = 64
SMALLEST, LARGEST_SIZE = 3, 20


@dataclass(frozen=True)
class Rings:
    """All primitive rings of a net up to some size, as seen from each of their vertices.

    Attributes
    ----------
    net
        The net.
    paths
        Ring size -> vertices (codes of `_Cover`), shape (findings, size). Every ring of the periodic net is
        found once from each of its vertices, with that vertex (in cell 0) first.
    """

    net: Net
    paths: dict[int, np.ndarray]
    _cover: "_Cover"

    def number(self, size: int) -> int:
        """Count the rings of a size in the box."""
        return len(self.paths[size]) // size

    def of_ligands(self, size: int) -> np.ndarray:
        """Return (ring, ligand) pairs: which ligands a ring passes, one row per finding and side of the ring.

        Where several ligands join the same two Zn, a ring passes each of them.

        Returns
        -------
        numpy.ndarray
            Shape (pairs, 2); rings are counted per finding, so each ring occurs `size` times.
        """
        path = self.paths[size]
        ring, ligand = [], []
        for a, b in zip(path.T, np.roll(path, -1, axis=1).T, strict=True):
            which, found = self._cover.ligands_between(a, b)
            ring.append(which)
            ligand.append(found)
        return np.stack([np.concatenate(ring), np.concatenate(ligand)], axis=1)


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
    cover = _Cover(net, largest // 2 + 1)
    # No ring is primitive unless both its halves are shortest paths from its first vertex.
    reach = cover.distances(max(largest // 2 - 1, 1))
    found: dict[int, list[np.ndarray]] = {size: [] for size in range(SMALLEST, largest + 1)}
    for first in range(0, net.n_vertices, ROOTS_AT_ONCE):
        roots = np.arange(first, min(first + ROOTS_AT_ONCE, net.n_vertices))
        paths = cover.origin_code(roots)[:, None]
        for length in range(1, largest // 2 + 1):
            paths = cover.longer_shortest_paths(paths, reach)
            for size in (2 * length, 2 * length + 1):
                if SMALLEST <= size <= largest:
                    found[size].append(_close(cover, paths, size, reach))
    return Rings(net, {size: np.concatenate(pieces) for size, pieces in found.items()}, cover)


def ring_counts(net: Net, largest: int) -> np.ndarray:
    """Count the primitive rings of 3, 4, ... `largest` vertices in the box, shape (largest - 2,)."""
    rings = primitive_rings(net, largest)
    return np.array([rings.number(size) for size in range(SMALLEST, largest + 1)])


def _close(cover: "_Cover", paths: np.ndarray, size: int, reach: "_Distances") -> np.ndarray:
    """Join pairs of shortest paths from the same root to rings of `size` and keep the primitive ones."""
    ends = cover.finding_key(paths[:, 0], paths[:, -1])
    if size % 2 == 0:
        p, q = _pairs(ends, ends)
    else:
        owner, beyond = cover.neighbours(paths[:, -1])
        p, q = _pairs(cover.finding_key(paths[owner, 0], beyond), ends)
        p = owner[p]
    # Each ring is met in both directions: keep the one whose second vertex has the smaller code.
    once = paths[p, 1] < paths[q, 1]
    p, q = p[once], q[once]
    # A way shorter than along the ring, between any two vertices, is part of one between two opposite ones.
    half = size // 2
    for i in range(1, half + 1):
        for j in range(max(i + half, half + 1), min(i + size - half, size - 1) + 1):
            kept = reach.at_least(paths[p, i], paths[q, size - j], half)
            p, q = p[kept], q[kept]
    return np.concatenate([paths[p], paths[q, size - half - 1 : 0 : -1]], axis=1)


def _pairs(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All index pairs with ``left[p] == right[q]``."""
    order = np.argsort(right, kind="stable")
    values, first, counts = np.unique(right[order], return_index=True, return_counts=True)
    place = np.minimum(np.searchsorted(values, left), len(values) - 1)
    count = np.where(values[place] == left, counts[place], 0)
    p = np.repeat(np.arange(len(left)), count)
    within = np.arange(len(p)) - np.repeat(np.cumsum(count) - count, count)
    return p, order[np.repeat(first[place], count) + within]


class _Distances:
    """Graph distances up to a depth, between vertices of the cover."""

    def __init__(self, cover: "_Cover", keys: np.ndarray, distances: np.ndarray, depth: int) -> None:
        self._cover, self._keys, self._distances, self.depth = cover, keys, distances, depth

    def at_least(self, a: np.ndarray, b: np.ndarray, distance: int) -> np.ndarray:
        """Tell which pairs have no path shorter than `distance`, at most one more than the depth."""
        if not len(a):
            return np.ones(0, dtype=bool)
        keys = self._cover.pair_key(a, b)
        index = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return (self._keys[index] != keys) | (self._distances[index] >= distance)


class _Cover:
    """Vertices of the infinite net near cell 0, each as one integer code.

    Code = cell * n + vertex, with the cell's three coordinates written to the base `_base` around a centre,
    wide enough for every walk that the search takes.
    """

    def __init__(self, net: Net, depth: int) -> None:
        self._n = net.n_vertices
        widest = int(np.abs(net.shift).max(initial=1))
        self._offset = 2 * widest * depth + 1
        self._base = 2 * self._offset + 1
        tail, head = np.append(net.tail, net.head), np.append(net.head, net.tail)
        step = self._pack(np.concatenate([net.shift, -net.shift])) * self._n
        ligand = np.append(net.ligand, net.ligand)
        order = np.lexsort((ligand, step, head, tail))
        self._edges = tail[order], head[order], step[order], ligand[order]
        simple = np.unique(np.stack([tail, head, step], axis=1), axis=0)
        self._head, self._step = simple[:, 1], simple[:, 2]
        self._start = np.searchsorted(simple[:, 0], np.arange(self._n + 1))

    def _pack(self, cells: np.ndarray) -> np.ndarray:
        return (cells[:, 0] * self._base + cells[:, 1]) * self._base + cells[:, 2]

    @cached_property
    def _centre(self) -> int:
        return self._offset * ((self._base + 1) * self._base + 1) * self._n

    @property
    def _codes(self) -> int:
        return self._base**3 * self._n

    def origin_code(self, vertices: np.ndarray) -> np.ndarray:
        """Code of vertices in cell 0."""
        return self._centre + vertices

    def finding_key(self, root: np.ndarray, code: np.ndarray) -> np.ndarray:
        """One integer for a root in cell 0 and another vertex."""
        return (root - self._centre) * self._codes + code

    def pair_key(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """One integer for two vertices, the same for all translations of the pair."""
        vertex = a % self._n
        return vertex * self._codes + (b - (a - vertex) + self._centre)

    def neighbours(self, code: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return (owner, neighbour): the codes next to each `code[owner]`."""
        vertex = code % self._n
        count = self._start[vertex + 1] - self._start[vertex]
        owner = np.repeat(np.arange(len(code)), count)
        within = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
        edge = self._start[vertex[owner]] + within
        return owner, code[owner] - vertex[owner] + self._step[edge] + self._head[edge]

    def distances(self, depth: int) -> _Distances:
        """Breadth-first search from every vertex of cell 0 at once."""
        roots = self.origin_code(np.arange(self._n))
        keys, distances = self.pair_key(roots, roots), np.zeros(self._n, dtype=np.int8)
        front_root, front = roots, roots
        for distance in range(1, depth + 1):
            owner, beyond = self.neighbours(front)
            new = np.setdiff1d(self.pair_key(front_root[owner], beyond), keys)
            front_root, front = new // self._codes + self._centre, new % self._codes
            distances = np.append(distances, np.full(len(new), distance, dtype=np.int8))
            keys = np.append(keys, new)
            order = np.argsort(keys)
            keys, distances = keys[order], distances[order]
        return _Distances(self, keys, distances, depth)

    def longer_shortest_paths(self, paths: np.ndarray, reach: _Distances) -> np.ndarray:
        """Extend shortest paths by one vertex in every way that leaves them shortest paths."""
        owner, beyond = self.neighbours(paths[:, -1])
        still = reach.at_least(paths[owner, 0], beyond, paths.shape[1])
        return np.concatenate([paths[owner[still]], beyond[still][:, None]], axis=1)

    def ligands_between(self, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return (which, ligand): the ligands of the edges from each a to its b."""
        tail, head, step, ligand = self._edges
        edge_key = (tail * self._n + head) * self._codes + step
        vertex, target = a % self._n, b % self._n
        key = (vertex * self._n + target) * self._codes + (b - target) - (a - vertex)
        which, edge = _pairs(key, edge_key)
        return which, ligand[edge]
