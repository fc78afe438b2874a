"""Zn-N coordination bonds over time, with hysteresis."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import mdtraj
import numpy as np

from ..environments.neighbours import find_neighbours
from ..errors import InputError
from ..files import read_arrays, written_whole
from ..trajectory import Frames


@dataclass(frozen=True)
class Atoms:
    """Who is who among the Zn and N of a trajectory.

    Attributes
    ----------
    zinc, nitrogen
        Atom indices of the Zn and of the N.
    ligand
        Shape (n_nitrogen,): the ligand each N belongs to, 0, 1, ... in the order of the topology.
    """

    zinc: np.ndarray
    nitrogen: np.ndarray
    ligand: np.ndarray

    @property
    def n_ligands(self) -> int:
        """Number of ligands."""
        return len(self.nitrogen) // 2

    @property
    def partner(self) -> np.ndarray:
        """For every N the other N of its ligand, shape (n_nitrogen,)."""
        pairs = np.argsort(self.ligand, kind="stable").reshape(-1, 2)
        partner = np.empty(len(self.nitrogen), dtype=int)
        partner[pairs] = pairs[:, ::-1]
        return partner


def atoms_of(topology: mdtraj.Topology) -> Atoms:
    """Find the Zn, the N and the ligands; a ligand is a residue with two N.

    Raises
    ------
    InputError
        A residue has another number of N than two (or none), or there is no Zn.
    """
    zinc: list[int] = []
    nitrogen: list[int] = []
    ligand: list[int] = []
    for residue in topology.residues:
        own = [atom.index for atom in residue.atoms if atom.element.symbol == "N"]
        zinc += [atom.index for atom in residue.atoms if atom.element.symbol == "Zn"]
        if len(own) not in (0, 2):
            raise InputError(f"topology: residue {residue} has {len(own)} N, a ligand must have two.")
        ligand += [len(nitrogen) // 2] * len(own)
        nitrogen += own
    if not zinc or not nitrogen:
        raise InputError("topology: there must be Zn and ligands with two N each in the trajectory.")
    return Atoms(np.array(zinc), np.array(nitrogen), np.array(ligand))


@dataclass(frozen=True)
class Bonds:
    """All Zn-N bonds of a trajectory, each as a stretch of frames in which it holds without a gap.

    Attributes
    ----------
    zinc, nitrogen
        Shape (bonds,): counting Zn and N separately, from 0.
    start, end
        Shape (bonds,): first frame with the bond and first frame without it; `end` is the number of frames
        for a bond that still holds.
    times
        Shape (frames,), ps.
    ligand
        Shape (n_nitrogen,): the ligand of each N.
    n_zinc
        Number of Zn.
    """

    zinc: np.ndarray
    nitrogen: np.ndarray
    start: np.ndarray
    end: np.ndarray
    times: np.ndarray
    ligand: np.ndarray
    n_zinc: int

    def at(self, frame: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the Zn and the N of every bond that holds in a frame."""
        holds = (self.start <= frame) & (frame < self.end)
        return self.zinc[holds], self.nitrogen[holds]

    def coordination(self) -> np.ndarray:
        """Count the N bonded to every Zn, shape (frames, n_zinc)."""
        change = np.zeros((len(self.times) + 1, self.n_zinc), dtype=np.int16)
        np.add.at(change, (self.start, self.zinc), 1)
        np.add.at(change, (self.end, self.zinc), -1)
        return np.cumsum(change[:-1], axis=0, dtype=np.int16)


def find_bonds(chunks: Iterable[Frames], form_A: float, break_A: float, persistence_ps: float = 0.0) -> Bonds:
    """Follow the Zn-N bonds through a trajectory.

    A bond forms when a pair comes closer than `form_A` and breaks when it is farther apart than `break_A`; in
    between the pair keeps its state, so that a pair vibrating about one distance makes no events. In the
    first frame pairs in between count as bonded.

    Parameters
    ----------
    chunks
        Consecutive pieces of the trajectory with at least its Zn and N.
    form_A, break_A
        Distances, angstrom, `form_A` <= `break_A`.
    persistence_ps
        Gaps shorter than this do not count as broken, then bonds shorter than this do not count as formed.

    Returns
    -------
    Bonds
        Ordered by Zn, N and start.

    Raises
    ------
    InputError
        `form_A` is not positive or above `break_A`, or the trajectory is empty.
    """
    if not 0 < form_A <= break_A:
        raise InputError(
            f"mechanism: bond_form_A ({form_A}) must be positive and at most bond_break_A ({break_A})."
        )
    tracker, times, atoms = None, [], None
    for chunk in chunks:
        atoms = atoms or atoms_of(chunk.topology)
        tracker = tracker or _Tracker(len(atoms.nitrogen))
        for positions, box in zip(chunk.positions, chunk.boxes, strict=True):
            pairs = find_neighbours(positions[atoms.zinc], positions[atoms.nitrogen], box, break_A)
            tracker.advance(pairs.centres, pairs.atoms, pairs.distances < form_A)
        times.append(chunk.times)
    if atoms is None or tracker is None:
        raise InputError("The trajectory has no frames.")
    zinc, nitrogen, start, end = tracker.stretches()
    # Times are stored in single precision; frames are equally spaced.
    stored = np.concatenate(times)
    even = np.linspace(stored[0], stored[-1], len(stored))
    bonds = Bonds(zinc, nitrogen, start, end, even, atoms.ligand, len(atoms.zinc))
    return without_recrossings(bonds, persistence_ps)


class _Tracker:
    """State of all bonds while the frames go by; a bond is one integer, zinc * n_nitrogen + nitrogen."""

    def __init__(self, n_nitrogen: int) -> None:
        self._n_nitrogen = n_nitrogen
        self._frame = 0
        self._bonded = np.array([], dtype=int)
        self._since = np.array([], dtype=int)
        self._ended: list[np.ndarray] = []

    def advance(self, zinc: np.ndarray, nitrogen: np.ndarray, close: np.ndarray) -> None:
        """Take in the pairs within the breaking distance; `close` marks those within the forming one."""
        pairs = zinc * self._n_nitrogen + nitrogen
        forming = np.unique(pairs[close] if self._frame else pairs)
        holds = np.isin(self._bonded, pairs)
        self._close(~holds)
        bonded, since = self._bonded[holds], self._since[holds]
        new = np.setdiff1d(forming, bonded, assume_unique=True)
        self._bonded = np.concatenate([bonded, new])
        self._since = np.concatenate([since, np.full(len(new), self._frame)])
        self._frame += 1

    def _close(self, broken: np.ndarray) -> None:
        ends = np.full(broken.sum(), self._frame)
        self._ended.append(np.stack([self._bonded[broken], self._since[broken], ends]))

    def stretches(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Return zinc, nitrogen, start and end of all bonds, those that still hold included."""
        self._close(np.ones(len(self._bonded), dtype=bool))
        pair, start, end = np.concatenate(self._ended, axis=1)
        order = np.lexsort((start, pair))
        zinc, nitrogen = np.divmod(pair[order], self._n_nitrogen)
        return zinc, nitrogen, start[order], end[order]


def without_recrossings(bonds: Bonds, persistence_ps: float) -> Bonds:
    """Close gaps shorter than `persistence_ps`, then drop bonds shorter than it.

    Bonds that touch the first or last frame are kept: how long they last is not known.

    Parameters
    ----------
    bonds
        Ordered by Zn, N and start, as `find_bonds` returns them.
    persistence_ps
        Shortest gap and shortest bond that count, ps.
    """
    if persistence_ps <= 0 or not len(bonds.zinc):
        return bonds
    times, frames = bonds.times, len(bonds.times)
    tolerance = 1e-6 * persistence_ps
    same = (np.diff(bonds.zinc) == 0) & (np.diff(bonds.nitrogen) == 0)
    gap = times[bonds.start[1:]] - times[np.minimum(bonds.end[:-1], frames - 1)]
    joined = same & (gap < persistence_ps - tolerance)
    first, last = np.append(True, ~joined), np.append(~joined, True)
    start, end = bonds.start[first], bonds.end[last]
    duration = times[np.minimum(end, frames - 1)] - times[start]
    kept = (duration >= persistence_ps - tolerance) | (start == 0) | (end == frames)
    return replace(
        bonds,
        zinc=bonds.zinc[first][kept],
        nitrogen=bonds.nitrogen[first][kept],
        start=start[kept],
        end=end[kept],
    )


def save_bonds(path: str | Path, bonds: Bonds) -> None:
    """Write `bonds` as NPZ (the attributes of `Bonds`), whole or not at all."""
    with written_whole(path) as scratch:
        np.savez_compressed(scratch, **vars(bonds))


def load_bonds(path: str | Path) -> Bonds:
    """Read what `save_bonds` wrote.

    Raises
    ------
    InputError
        The file is missing or is not such a file.
    """
    arrays: dict[str, Any] = read_arrays(path, [field.name for field in fields(Bonds)], "a file of bonds")
    return Bonds(**{**arrays, "n_zinc": int(arrays["n_zinc"])})
