"""How long a crystal keeps its net, and which of its Zn have other ligands meanwhile than in the crystal."""

from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from .bonds import Bonds

MOST_LOST = 0.02
"""Share of the links of the first frame that may be missing before the net counts as lost: four times what
the paper finds in an intact ZIF-4 at 540 K, where 2 % of the Zn miss one of four."""


@dataclass(frozen=True)
class KeptNet:
    """The frames of a run in which a crystal keeps its net.

    Attributes
    ----------
    frames
        Shape (times,), bool: which of the times asked for belong to it.
    changed
        Shape (frames that belong to it,): share of the Zn whose ligands are not those of the first frame.
    """

    frames: np.ndarray
    changed: np.ndarray


def kept_net(bonds: Bonds, times_ps: np.ndarray, from_ps: float) -> KeptNet:
    """Find the frames in which a crystal keeps its net.

    They are those later than `from_ps` and before the share of the links of the first frame that are missing,
    broken or replaced, leaves `MOST_LOST` for good: the last frame below it is the last that counts, so that
    a fluctuation of a small box ends nothing. Another end would be the first exchange of ligands (iii) that
    stands. It is not taken because it comes the sooner the larger the box, so that a hot crystal of a
    thousand Zn would hardly be looked at, and because a run's last exchanges have no time to be reverted.

    Parameters
    ----------
    bonds
        Bonds of a run that begins with the crystal.
    times_ps
        Shape (times,), increasing: frames to look at, ps.
    from_ps
        Frames up to this time are left out as equilibration, ps.

    Raises
    ------
    InputError
        The run has no frame at one of the times.
    """
    changed, lost = compare_links(bonds, _frames_at(bonds, times_ps))
    kept = np.flatnonzero(lost <= MOST_LOST)
    last = kept[-1] if len(kept) else -1
    frames = (times_ps > from_ps) & (np.arange(len(times_ps)) <= last)
    return KeptNet(frames, changed.mean(axis=1)[frames])


def compare_links(bonds: Bonds, frames: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compare who is linked to whom with the first frame.

    A link is a Zn and a ligand with at least one bond between them, so that a ligand that has turned round
    (ii) is no change.

    Parameters
    ----------
    bonds
        Bonds of a run.
    frames
        Shape (wanted,), increasing: indices of frames.

    Returns
    -------
    changed : numpy.ndarray
        Shape (wanted, n_zinc), bool: the Zn has lost a link of the first frame, for however short, or has one
        that was not there.
    lost : numpy.ndarray
        Shape (wanted,): share of the links of the first frame that are missing.
    """
    n_ligands = int(bonds.ligand.max()) + 1
    links, of_bond = np.unique(bonds.zinc * n_ligands + bonds.ligand[bonds.nitrogen], return_inverse=True)
    looked_at = np.concatenate([[0], frames])
    change = np.zeros((len(looked_at) + 1, len(links)), dtype=np.int16)
    np.add.at(change, (np.searchsorted(looked_at, bonds.start), of_bond), 1)
    np.add.at(change, (np.searchsorted(looked_at, bonds.end), of_bond), -1)
    holds = np.cumsum(change[:-1], axis=0, dtype=np.int16) > 0
    first, later = holds[0], holds[1:]
    changed = np.zeros((len(frames), bonds.n_zinc), dtype=bool)
    frame, link = np.nonzero(later != first)
    changed[frame, links[link] // n_ligands] = True
    return changed, (first & ~later).sum(axis=1) / first.sum()


def _frames_at(bonds: Bonds, times_ps: np.ndarray) -> np.ndarray:
    """Return the index of the frame at each time."""
    half = (bonds.times[1] - bonds.times[0]) / 2 if len(bonds.times) > 1 else 0.0
    frames = np.searchsorted(bonds.times, times_ps - half)
    known = bonds.times[np.minimum(frames, len(bonds.times) - 1)]
    if np.any(np.abs(known - times_ps) > np.maximum(half, 1e-6)):
        raise InputError(
            "The classified frames are not those in which the bonds were followed; classify the trajectory"
            " again."
        )
    return frames
