"""The periodic net of Zn bridged by ligands."""

from dataclasses import dataclass

import numpy as np

from ..structures.ligands import Framework
from ..structures.molecules import IMIDAZOLATE
from .bonds import Atoms
from .periodic import cells_crossed, nearest_image


@dataclass(frozen=True)
class Net:
    """A periodic net as the quotient graph with a translation for every edge.

    An edge joins vertex `tail` of any cell with vertex `head` of the cell that lies `shift` lattice vectors
    further. Keeping the translations makes the net the infinite one that the box stands for: what closes only
    through the periodic boundary is not closed. (Chung, Hahn and Klee, Acta Cryst. A 40, 42 (1984))

    Attributes
    ----------
    n_vertices
        Number of vertices in the box.
    tail, head
        Shape (edges,), vertex indices.
    shift
        Shape (edges, 3), integers.
    ligand
        Shape (edges,): the ligand that makes each edge.
    """

    n_vertices: int
    tail: np.ndarray
    head: np.ndarray
    shift: np.ndarray
    ligand: np.ndarray


def zinc_net(
    atoms: Atoms, positions: np.ndarray, box: np.ndarray, bonds: tuple[np.ndarray, np.ndarray]
) -> Net:
    """Build the net of one frame: two Zn are joined by every ligand that is bonded to both, one N each.

    Parameters
    ----------
    atoms
        Zn, N and ligands of the trajectory.
    positions
        Shape (atoms, 3), angstrom.
    box
        Shape (3, 3), angstrom; rows are the lattice vectors.
    bonds
        Zn and N (counted separately) of the bonds that hold.

    Returns
    -------
    Net
        A ligand with both N on the same Zn makes no edge. An N on two Zn at once takes part in one edge
        with each.
    """
    zinc, nitrogen = (np.asarray(values, dtype=int) for values in bonds)
    first = np.flatnonzero(nitrogen < atoms.partner[nitrogen])
    a, b = _bonds_of_partners(nitrogen, atoms.partner, first)
    zn, n = positions[atoms.zinc], positions[atoms.nitrogen]
    tail, head = zinc[a], zinc[b]
    path = (
        nearest_image(n[nitrogen[a]] - zn[tail], box)
        + nearest_image(n[nitrogen[b]] - n[nitrogen[a]], box)
        + nearest_image(zn[head] - n[nitrogen[b]], box)
    )
    shift = cells_crossed(path, zn[head] - zn[tail], box)
    bridges = (tail != head) | np.any(shift != 0, axis=1)
    return Net(
        len(atoms.zinc), tail[bridges], head[bridges], shift[bridges], atoms.ligand[nitrogen[a]][bridges]
    )


def crystal_net(framework: Framework) -> tuple[Net, np.ndarray]:
    """Build the net of a crystal's unit cell.

    Parameters
    ----------
    framework
        Who is bonded to whom in the unit cell.

    Returns
    -------
    net : Net
        One edge per ligand, in the order of the ligands.
    nitrogens : numpy.ndarray
        Shape (ligands, 2, 3), fractional coordinates of the two N of each ligand, side by side.
    """
    ends = [IMIDAZOLATE.atoms.index(name) for name in ("N1", "N3")]
    owner = {int(n): (zn, k) for zn, row in enumerate(framework.nitrogen) for k, n in enumerate(row)}
    zinc, cells = [], []
    for atoms, shifts in zip(framework.ligands[:, ends], framework.ligand_shifts[:, ends], strict=True):
        found = [owner[int(atom)] for atom in atoms]
        zinc.append([zn for zn, _ in found])
        seen = [framework.nitrogen_shifts[zn, k] for zn, k in found]
        cells.append([shift - own for shift, own in zip(shifts, seen, strict=True)])
    ends_at, cell_of = np.array(zinc), np.array(cells)
    shift = cell_of[:, 1] - cell_of[:, 0]
    net = Net(len(framework.zinc), ends_at[:, 0], ends_at[:, 1], shift, np.arange(len(zinc)))
    return net, framework.crystal.fractional[framework.ligands[:, ends]] + framework.ligand_shifts[:, ends]


def _bonds_of_partners(
    nitrogen: np.ndarray, partner: np.ndarray, first: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs (a, b) of bond indices: a in `first`, b any bond of the other N of the same ligand."""
    order = np.argsort(nitrogen, kind="stable")
    wanted = partner[nitrogen[first]]
    low = np.searchsorted(nitrogen[order], wanted, side="left")
    count = np.searchsorted(nitrogen[order], wanted, side="right") - low
    a = np.repeat(first, count)
    within = np.arange(len(a)) - np.repeat(np.cumsum(count) - count, count)
    return a, order[np.repeat(low, count) + within]
