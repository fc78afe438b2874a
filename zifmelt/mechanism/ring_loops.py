"""Walks through a periodic net: the loops of `zifmelt.mechanism.rings`.

A vertex of the infinite net is one of the `n` vertices of the box and a cell, one integer such that those
of edges in a row add up; its code is ``cell * n + vertex``. The edges of vertex v are those from `start[v]`
to `start[v + 1]`, sorted by code; each leads to a vertex `head` in the cell that lies `step` further.
"""

import numpy as np

from ..compiling import compiled

EMPTY = np.iinfo(np.int64).min
SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 over the golden ratio, whose products spread whole numbers evenly."""


@compiled
def measure_distances(
    start: np.ndarray, head: np.ndarray, step: np.ndarray, depth: int, places: int
) -> tuple[bool, np.ndarray, np.ndarray]:
    """Search from every vertex of the box breadth first.

    Returns
    -------
    complete : bool
        Whether the `places` suffice: twice as many, a power of two, as any vertex has vertices around it.
    codes, distances : numpy.ndarray
        Shape (n, places): a hash table for every vertex, of the vertices at most `depth` edges away.
    """
    n = len(start) - 1
    codes, distances = np.full((n, places), EMPTY), np.zeros((n, places), dtype=np.int8)
    vertices, cells = np.zeros(places, dtype=np.int64), np.zeros(places, dtype=np.int64)
    for root in range(n):
        around = codes[root]
        vertices[0], around[_place(around, root)] = root, root
        done, known = 0, 1
        while done < known:
            distance = distances[root, _place(around, cells[done] * n + vertices[done])]
            for edge in range(start[vertices[done]], start[vertices[done] + 1]):
                cell = cells[done] + step[edge]
                code = cell * n + head[edge]
                place = _place(around, code)
                if distance < depth and around[place] != code:
                    if 2 * known == places:
                        return False, codes, distances
                    around[place], distances[root, place] = code, distance + 1
                    vertices[known], cells[known] = head[edge], cell
                    known += 1
            done += 1
    return True, codes, distances


@compiled
def find_rings(
    start: np.ndarray,
    head: np.ndarray,
    step: np.ndarray,
    size: int,
    codes: np.ndarray,
    distances: np.ndarray,
    depth: int,
) -> np.ndarray:
    """Find the primitive rings of one size, each of them once.

    A walk is given up at the first vertex with a short cut to the first one or to one opposite: a short cut
    between any two vertices of a ring is part of one between two opposite ones. Distances are known up to
    `depth`, which is at least 1 and ``size // 2 - 1``.

    Returns
    -------
    numpy.ndarray
        Shape (rings, size), codes of the vertices.
    """
    n, half, found = len(start) - 1, size // 2, 0
    rings = np.empty((1024, size), dtype=np.int64)
    vertex, cell = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    edge = np.zeros(size, dtype=np.int64)
    for root in range(n):
        i, vertex[0], edge[1] = 1, root, start[root]
        while i > 0:
            # A ring is found in the direction whose second vertex has the lower code, thus never the highest.
            if edge[i] >= start[vertex[i - 1] + 1] - (i == 1):
                i -= 1
                continue
            vertex[i], cell[i] = head[edge[i]], cell[i - 1] + step[edge[i]]
            edge[i] += 1
            # A ring is found from the lowest of its vertices, and of those the one in the lowest cell.
            if vertex[i] < root or (vertex[i] == root and cell[i] <= 0):
                continue
            short = _distance(codes[root], distances[root], cell[i] * n + vertex[i], depth) != min(
                i, size - i
            )
            # Of the vertices opposite, an odd ring has two.
            for other in range(max(i - size + half, 1), i - half + 1):
                v, code = vertex[other], (cell[i] - cell[other]) * n + vertex[i]
                short = short or _distance(codes[v], distances[v], code, depth) < half
            if short:
                continue
            if i < size - 1:
                i += 1
                edge[i] = start[vertex[i - 1]]
            elif cell[1] * n + vertex[1] < cell[i] * n + vertex[i]:
                if found == len(rings):
                    rings = np.concatenate((rings, np.empty_like(rings)))
                rings[found] = cell * n + vertex
                found += 1
    return rings[:found]


@compiled
def _distance(codes: np.ndarray, distances: np.ndarray, code: int, depth: int) -> int:
    """Return the distance, and one above `depth` for all beyond."""
    place = _place(codes, code)
    return distances[place] if codes[place] == code else depth + 1


@compiled
def _place(table: np.ndarray, code: int) -> np.uint64:
    """Find the place of a code in a hash table, or the empty one where it belongs."""
    last = np.uint64(len(table) - 1)
    place = (np.uint64(code) * SPREAD >> np.uint64(32)) & last
    while table[place] != code and table[place] != EMPTY:
        place = (place + np.uint64(1)) & last
    return place
