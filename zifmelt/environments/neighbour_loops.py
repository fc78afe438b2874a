"""Cell lists: the loops of `zifmelt.environments.neighbours`."""

import numpy as np

from ..compiling import compiled


@compiled
def list_pairs(
    centres: np.ndarray,
    atoms: np.ndarray,
    box: np.ndarray,
    inverse: np.ndarray,
    number: np.ndarray,
    reach: np.ndarray,
    nearest: float,
    cutoff: float,
    capacity: int,
) -> tuple[int, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """List the images of `atoms` farther than `nearest` from a centre and nearer than `cutoff`.

    The box is divided into `number` cells along each lattice vector, and those within `reach` cells of a
    centre's are searched, through the boundary as often as need be. At most `capacity` pairs are kept.

    Returns
    -------
    tuple
        How many pairs there are; then centres, atoms, vectors and distances of those that were kept.
    """
    home, cell_of_centre = _place(centres, box, inverse, number)
    placed, cell_of_atom = _place(atoms, box, inverse, number)
    first, order = _sort_into_cells(cell_of_atom, number)
    xs, ys, zs = placed[order, 0], placed[order, 1], placed[order, 2]
    centre, atom = np.empty(capacity, dtype=np.int64), np.empty(capacity, dtype=np.int64)
    vector, distance = np.empty((capacity, 3)), np.empty(capacity)
    found = 0
    (cells0, turns0), (cells1, turns1) = _around(number[0], reach[0]), _around(number[1], reach[1])
    n1, n2 = number[1], number[2]
    for i in range(len(home)):
        p0, q0, r0 = cell_of_centre[i]
        w0, stop = (r0 - reach[2]) // n2, r0 + reach[2] + 1
        for p in range(p0, p0 + 2 * reach[0] + 1):
            u = turns0[p]
            x1 = u * box[0, 0] - home[i, 0]
            y1 = u * box[0, 1] - home[i, 1]
            z1 = u * box[0, 2] - home[i, 2]
            for q in range(q0, q0 + 2 * reach[1] + 1):
                v, row = turns1[q], (cells0[p] * n1 + cells1[q]) * n2
                # Cells in a row along the third vector lie side by side in memory, up to the boundary.
                r, w = r0 - reach[2], w0
                while r < stop:
                    end = min(stop, (w + 1) * n2)
                    x0 = v * box[1, 0] + w * box[2, 0] + x1
                    y0 = v * box[1, 1] + w * box[2, 1] + y1
                    z0 = v * box[1, 2] + w * box[2, 2] + z1
                    for k in range(first[row + r - w * n2], first[row + end - w * n2]):
                        x, y, z = xs[k] + x0, ys[k] + y0, zs[k] + z0
                        square = x * x + y * y + z * z
                        if nearest * nearest < square < cutoff * cutoff:
                            if found < capacity:
                                centre[found], atom[found], distance[found] = i, order[k], np.sqrt(square)
                                vector[found, 0], vector[found, 1], vector[found, 2] = x, y, z
                            found += 1
                    r, w = end, w + 1
    return found, centre, atom, vector, distance


@compiled
def _place(
    positions: np.ndarray, box: np.ndarray, inverse: np.ndarray, number: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Wrap positions into the box; return them and their cells, shape (n, 3) each."""
    placed, cell = np.zeros(positions.shape), np.empty(positions.shape, dtype=np.int64)
    for i in range(len(positions)):
        for axis in range(3):
            fraction = 0.0
            for k in range(3):
                fraction += positions[i, k] * inverse[k, axis]
            fraction -= np.floor(fraction)
            if not 0 <= fraction <= 1:
                raise ValueError("positions must be finite")
            cell[i, axis] = min(int(fraction * number[axis]), number[axis] - 1)
            for k in range(3):
                placed[i, k] += fraction * box[axis, k]
    return placed, cell


@compiled
def _sort_into_cells(cell: np.ndarray, number: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return where each cell begins, and the atoms in the order of their cells."""
    index = (cell[:, 0] * number[1] + cell[:, 1]) * number[2] + cell[:, 2]
    first = np.zeros(number.prod() + 1, dtype=np.int64)
    for one in index:
        first[one + 1] += 1
    first = np.cumsum(first)
    place, order = first.copy(), np.empty(len(cell), dtype=np.int64)
    for atom in range(len(cell)):
        order[place[index[atom]]] = atom
        place[index[atom]] += 1
    return first, order


@compiled
def _around(number: int, reach: int) -> tuple[np.ndarray, np.ndarray]:
    """Return in which cell and box the cells from ``-reach`` to ``number + reach`` along a vector are."""
    steps = np.arange(-reach, number + reach)
    return steps % number, steps // number
