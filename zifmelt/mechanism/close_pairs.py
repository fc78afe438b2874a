"""Zn-N pairs of a trajectory that come close, read once and turned into bonds by any definition."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..environments.neighbours import find_neighbours
from ..errors import InputError
from ..trajectory import Frames
from .bonds import Bonds, atoms_of, without_recrossings


@dataclass(frozen=True)
class BondDefinition:
    """What counts as a bond, and how often one looks.

    Attributes
    ----------
    form_A, break_A
        A bond forms at a distance below `form_A` and breaks at one of `break_A` or more, angstrom.
    persistence_ps
        Gaps, then bonds, shorter than this do not count.
    interval_ps
        Time between the frames that are looked at, ps; the trajectory's own if not given.
    """

    form_A: float
    break_A: float
    persistence_ps: float = 0.0
    interval_ps: float | None = None

    def __post_init__(self) -> None:
        """Refuse distances that make no bond."""
        if not 0 < self.form_A <= self.break_A:
            raise InputError(
                f"Bond definition: form_A ({self.form_A}) must be positive, at most break_A ({self.break_A})."
            )


@dataclass(frozen=True)
class ClosePairs:
    """Pairs of a Zn and an N closer than a distance, in every frame; ordered by pair, then by frame.

    Attributes
    ----------
    pair
        Shape (records,), ``zinc * n_nitrogen + nitrogen``.
    frame
        Shape (records,).
    distance
        Shape (records,), angstrom, all below `reach_A`.
    reach_A
        Longest distance that is recorded, angstrom.
    times
        Shape (frames,), ps.
    ligand
        Shape (n_nitrogen,): the ligand of each N.
    n_zinc
        Number of Zn.
    """

    pair: np.ndarray
    frame: np.ndarray
    distance: np.ndarray
    reach_A: float
    times: np.ndarray
    ligand: np.ndarray
    n_zinc: int


def find_close_pairs(chunks: Iterable[Frames], reach_A: float) -> ClosePairs:
    """Record every Zn-N pair closer than `reach_A`, frame by frame.

    Parameters
    ----------
    chunks
        Consecutive pieces of the trajectory with at least its Zn and N.
    reach_A
        Distance, angstrom.

    Raises
    ------
    InputError
        The trajectory is empty.
    """
    atoms, times, pairs, distances = None, [], [], []
    for chunk in chunks:
        atoms = atoms or atoms_of(chunk.topology)
        times.append(chunk.times)
        for positions, box in zip(chunk.positions, chunk.boxes, strict=True):
            near = find_neighbours(positions[atoms.zinc], positions[atoms.nitrogen], box, reach_A)
            pairs.append(near.centres * len(atoms.nitrogen) + near.atoms)
            distances.append(near.distances)
    if atoms is None:
        raise InputError("The trajectory has no frames.")
    pair, distance = np.concatenate(pairs), np.concatenate(distances)
    frame = np.repeat(np.arange(len(pairs)), [len(found) for found in pairs])
    # Of two images of one N the nearer counts.
    order = np.lexsort((distance, frame, pair))
    pair, frame, distance = pair[order], frame[order], distance[order]
    nearest = np.append(True, (np.diff(pair) != 0) | (np.diff(frame) != 0))[: len(pair)]
    # Times are stored in single precision; frames are equally spaced.
    stored = np.concatenate(times)
    even = np.linspace(stored[0], stored[-1], len(stored))
    return ClosePairs(
        pair[nearest], frame[nearest], distance[nearest], reach_A, even, atoms.ligand, len(atoms.zinc)
    )


def bonds_among(pairs: ClosePairs, definition: BondDefinition) -> Bonds:
    """Follow the bonds of one definition; the same as `zifmelt.mechanism.bonds.find_bonds` of those frames.

    Parameters
    ----------
    pairs
        Pairs that come close; `reach_A` must be at least `definition.break_A`.
    definition
        What counts as a bond.

    Raises
    ------
    InputError
        The pairs do not reach as far as the definition, or its interval is not a multiple of theirs.
    """
    if definition.break_A > pairs.reach_A:
        raise InputError(f"Bonds that break at {definition.break_A} A need pairs up to there.")
    stride = _stride(pairs.times, definition.interval_ps)
    kept = (pairs.distance < definition.break_A) & (pairs.frame % stride == 0)
    pair, frame, distance = pairs.pair[kept], pairs.frame[kept] // stride, pairs.distance[kept]
    # A stretch of frames within the breaking distance is a bond from its first frame within the forming one.
    begins = np.append(True, (np.diff(pair) != 0) | (np.diff(frame) != 1))[: len(pair)]
    stretch = np.cumsum(begins) - 1
    ends = frame[np.append(np.flatnonzero(begins)[1:], len(pair)) - 1] + 1 if len(pair) else frame
    forming = np.flatnonzero((distance < definition.form_A) | (frame == 0))
    bonded, first = np.unique(stretch[forming], return_index=True)
    start = frame[forming[first]]
    zinc, nitrogen = np.divmod(pair[forming[first]], len(pairs.ligand))
    bonds = Bonds(zinc, nitrogen, start, ends[bonded], pairs.times[::stride], pairs.ligand, pairs.n_zinc)
    return without_recrossings(bonds, definition.persistence_ps)


def _stride(times: np.ndarray, interval_ps: float | None) -> int:
    if interval_ps is None or len(times) < 2:
        return 1
    own = times[1] - times[0]
    stride = int(round(interval_ps / own))
    if stride < 1 or abs(stride * own - interval_ps) > 1e-3 * own:
        raise InputError(f"Frames every {interval_ps:g} ps cannot be taken out of frames every {own:g} ps.")
    return stride
