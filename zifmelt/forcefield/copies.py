"""Copies of a periodic box that make a longer one: which, and how they lie in OpenMM's axes.

Along the axes, a cube that is a little too short needs eight copies. A lattice of copies in another
orientation can do with two: every second box of a cubic lattice, like the squares of one colour on a chess
board, has faces that are 1.15 box lengths apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

MOST_TURNED_COPIES = 4
"""Few enough for their lattices to have short vectors among `NEIGHBOURS`."""

NEIGHBOURS = np.array(list(product(range(-4, 5), repeat=3)))
"""Boxes among which the short vectors of a lattice of copies are looked for."""

HALF = 0.5 - 1e-9
"""Largest tilt of a reduced cell, in lengths along it; OpenMM refuses the next number after 0.5."""


@dataclass(frozen=True)
class Copies:
    """A longer box of several copies.

    Attributes
    ----------
    matrix
        Shape (3, 3), integers: the longer box's vectors in those of the box.
    turned
        Whether it is turned into another orientation, so that its own vectors are lower triangular.
    """

    matrix: np.ndarray
    turned: bool

    @property
    def shifts(self) -> np.ndarray:
        """Shift of each copy in box vectors, shape (copies, 3); the first is zero."""
        count = round(abs(np.linalg.det(self.matrix)))
        inside = np.round(NEIGHBOURS @ np.linalg.inv(self.matrix) % 1.0 * count).astype(int) % count
        fractions = np.unique(inside, axis=0) / count
        return np.round(fractions @ self.matrix).astype(int)

    def box(self, cell: np.ndarray) -> np.ndarray:
        """Return the longer box's vectors (3, 3), lower triangular and reduced, for a cell (3, 3)."""
        return self._box_and_rotation(cell)[0]

    def rotation(self, cell: np.ndarray) -> np.ndarray:
        """Return the matrix (3, 3) that vectors (rows) are multiplied with from the right to turn them."""
        return self._box_and_rotation(cell)[1].T

    def _box_and_rotation(self, cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        vectors = self.matrix @ cell
        if not self.turned:
            return vectors, np.eye(3)
        box, rotation = _lower_triangular(vectors)
        for row, column in ((1, 0), (2, 0), (2, 1)):
            limit = HALF * box[column, column]
            box[row, column] = np.clip(box[row, column], -limit, limit)
        return box, rotation


def copies_for(cell: np.ndarray, height: float, turning: bool) -> Copies:
    """Choose copies so that the longer box can be used with a cutoff of half of `height`.

    Parameters
    ----------
    cell
        Shape (3, 3), lattice vectors as rows, lower triangular.
    height
        Least diagonal element of the longer box.
    turning
        Whether it may be turned; OpenMM can scale a turned box only as a whole.

    Returns
    -------
    Copies
        The fewest copies; along the axes where that takes no more.
    """
    repeats = np.ceil(height / np.diag(cell)).astype(int)
    if np.any(cell != np.diag(np.diag(cell))) and repeats.max() > 1:
        # All copies by equal fractions are the same set in whichever lattice vectors the cell is described.
        repeats = np.full(3, repeats.max())
    if turning:
        for count in range(2, min(MOST_TURNED_COPIES + 1, repeats.prod())):
            candidates = [_reduced(lattice, cell) for lattice in _lattices(count)]
            best = max(candidates, key=lambda matrix: _least_height(matrix, cell))
            if _least_height(best, cell) >= height:
                return Copies(best, turned=True)
    return Copies(np.diag(repeats), turned=False)


def _lattices(count: int) -> Iterator[np.ndarray]:
    """Yield every lattice that has one in `count` boxes, as a matrix in Hermite normal form."""
    divisors = [n for n in range(1, count + 1) if count % n == 0]
    for a, b in product(divisors, repeat=2):
        if count % (a * b) == 0:
            c = count // (a * b)
            for x, y, z in product(range(a), range(a), range(b)):
                yield np.array([[a, 0, 0], [x, b, 0], [y, z, c]])


def _reduced(lattice: np.ndarray, cell: np.ndarray) -> np.ndarray:
    """Return a right-handed basis of the shortest vectors of a lattice, in box vectors."""
    steps = NEIGHBOURS @ np.linalg.inv(lattice)
    members = NEIGHBOURS[np.all(np.abs(steps - np.round(steps)) < 1e-9, axis=1)]
    members = members[np.argsort(np.linalg.norm(members @ cell, axis=1), kind="stable")][1:]
    basis = [members[0]]
    for vector in members[1:]:
        if len(basis) < 3 and np.linalg.matrix_rank([*basis, vector]) > len(basis):
            basis.append(vector)
    matrix = np.array(basis)
    if np.linalg.det(matrix) < 0:
        matrix[2] *= -1
    for row, column in ((2, 1), (2, 0), (1, 0)):
        box, _ = _lower_triangular(matrix @ cell)
        matrix[row] -= round(box[row, column] / box[column, column]) * matrix[column]
    return matrix


def _least_height(matrix: np.ndarray, cell: np.ndarray) -> float:
    return float(np.diag(_lower_triangular(matrix @ cell)[0]).min())


def _lower_triangular(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a lower triangular matrix with a positive diagonal and a rotation whose product is `vectors`."""
    turn, upper = np.linalg.qr(vectors.T)
    signs = np.sign(np.diag(upper))
    return (upper * signs[:, None]).T, (turn * signs).T
