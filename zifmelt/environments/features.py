"""What a classifier sees of a zinc environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from ..configuration import Environments
from ..errors import InputError
from ..trajectory import Frames
from .neighbours import Neighbours, find_neighbours
from .symmetry_functions import SymmetryFunctions, evaluate

NITROGEN_REACH_A = 6.0
"""Search radius for the four nearest N of a Zn; the far N of a bonded ligand lies at 4.2 angstrom already."""

NITROGEN_NAMES = (
    "Zn-N distance 1",
    "Zn-N distance 2",
    "Zn-N distance 3",
    "Zn-N distance 4",
    "Zn-N distance 5",
    "N-Zn-N angle mean",
    "N-Zn-N angle deviation",
)
"""Columns of `nitrogen_features`: sorted distances in angstrom, mean and deviation of angles in degrees."""

PAIRS_OF_FOUR = np.triu_indices(4, k=1)


@dataclass(frozen=True)
class FeatureSettings:
    """Everything that defines the columns of a database.

    Attributes
    ----------
    functions
        The twelve symmetry functions of the paper.
    shell_cutoff
        Zn closer than this, angstrom, are averaged over together with the centre (extended features).
    window_frames
        Number of frames, odd, over which the extended features are averaged in time.
    interval_ps
        Time between those frames, and between the frames of a trajectory that are classified, ps.
    """

    functions: SymmetryFunctions
    shell_cutoff: float
    window_frames: int
    interval_ps: float

    @classmethod
    def from_config(cls, settings: Mapping[str, Any]) -> "FeatureSettings":
        """Read the ``environments`` section of the configuration.

        Raises
        ------
        InputError
            A key is missing or unknown, or its value is out of range.
        """
        section = Environments.from_plain(settings, "environments")
        return cls(
            functions=SymmetryFunctions.from_config(section.symmetry_functions.plain()),
            shell_cutoff=float(section.shell_cutoff_A),
            window_frames=section.window_frames,
            interval_ps=float(section.interval_ps),
        )

    @property
    def extended_names(self) -> list[str]:
        """Names of the extended features: of the environment itself, then averaged over its shell."""
        local = [*self.functions.names, *NITROGEN_NAMES]
        return [f"own {name}" for name in local] + self.shell_names

    @property
    def shell_names(self) -> list[str]:
        """Names of the features that are averages over the shell."""
        return [f"shell {name}" for name in (*self.functions.names, *NITROGEN_NAMES)]

    def names(self, kind: str) -> list[str]:
        """Names of the features of one kind, ``symmetry_functions`` or ``extended``.

        Raises
        ------
        InputError
            The kind is another.
        """
        kinds = {"symmetry_functions": self.functions.names, "extended": self.extended_names}
        if kind not in kinds:
            raise InputError(f"classifiers: features is {kind!r}; it must be one of {', '.join(kinds)}.")
        return kinds[kind]


def compute_local_features(
    zinc: np.ndarray, nitrogen: np.ndarray, boxes: np.ndarray, settings: FeatureSettings
) -> np.ndarray:
    """Compute instantaneous features of every Zn: of itself, and averaged over its shell.

    The average runs over the Zn and all Zn images within ``settings.shell_cutoff`` of it, which reveals order
    that a single environment hides behind its vibrations (Lechner and Dellago, J. Chem. Phys. 129, 114707,
    2008).

    Parameters
    ----------
    zinc, nitrogen
        Shapes (frames, Zn, 3) and (frames, N, 3), angstrom.
    boxes
        Shape (frames, 3, 3), rows are the lattice vectors, angstrom.
    settings
        Cutoffs and functions.

    Returns
    -------
    numpy.ndarray
        Shape (frames, Zn, columns), float32, columns in the order of ``settings.extended_names``.
    """
    values = np.empty((*zinc.shape[:2], len(settings.extended_names)), dtype=np.float32)
    for frame, (zn, n, box) in enumerate(zip(zinc, nitrogen, boxes, strict=True)):
        network = find_neighbours(zn, zn, box, settings.functions.cutoff)
        own = np.hstack([evaluate(network, len(zn), settings.functions), nitrogen_features(zn, n, box)])
        values[frame] = np.hstack([own, shell_average(own, network, settings.shell_cutoff)])
    return values


def shell_average(values: np.ndarray, neighbours: Neighbours, cutoff: float) -> np.ndarray:
    """Average `values` (centres, columns) over each centre and its neighbours closer than `cutoff`."""
    near = neighbours.distances < cutoff
    ends = np.cumsum(np.bincount(neighbours.centres[near], minlength=len(values)))
    starts = np.concatenate([[0], ends])
    shells = csr_array((np.ones(ends[-1]), neighbours.atoms[near], starts), shape=(len(values), len(values)))
    return (values + shells @ values) / (1.0 + np.diff(starts))[:, None]


def nitrogen_features(zinc: np.ndarray, nitrogen: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Compute distances and angles to the nearest N of each Zn, columns `NITROGEN_NAMES`.

    A Zn with fewer than five N within `NITROGEN_REACH_A` gets that reach for the missing distances; its
    angles are those of the N it has, and of a Zn with fewer than two, zero.
    """
    found = find_neighbours(zinc, nitrogen, box, NITROGEN_REACH_A)
    order = np.lexsort((found.distances, found.centres))
    centres = found.centres[order]
    counts = np.bincount(centres, minlength=len(zinc))
    rank = np.arange(len(centres)) - np.repeat(np.cumsum(counts) - counts, counts)
    nearest = rank < 5
    distances = np.full((len(zinc), 5), NITROGEN_REACH_A)
    directions = np.full((len(zinc), 5, 3), np.nan)
    distances[centres[nearest], rank[nearest]] = found.distances[order][nearest]
    directions[centres[nearest], rank[nearest]] = (
        found.vectors[order][nearest] / found.distances[order][nearest, None]
    )
    first, second = PAIRS_OF_FOUR
    cosines = np.einsum("npk,npk->np", directions[:, first], directions[:, second])
    angles = np.degrees(np.arccos(np.clip(cosines, -1.0, 1.0)))
    known = np.isfinite(angles)
    number = np.maximum(known.sum(axis=1), 1)
    mean = np.where(known, angles, 0.0).sum(axis=1) / number
    deviation = np.sqrt((np.where(known, angles - mean[:, None], 0.0) ** 2).sum(axis=1) / number)
    return np.column_stack([distances, mean, deviation])


def frames_apart(frame_interval_ps: float, interval_ps: float) -> int:
    """Return how many stored frames lie between two used ones, at least one."""
    return max(1, round(interval_ps / frame_interval_ps))


def window_indices(picks: np.ndarray, frames: int, settings: FeatureSettings, step: int) -> np.ndarray:
    """List the frames averaged over for each pick, shape (picks, window).

    At the ends of the run the first or last frame stands in for those that are missing.
    """
    half = settings.window_frames // 2
    return np.clip(picks[:, None] + step * np.arange(-half, half + 1), 0, frames - 1)


def compute_features(run: Frames, picks: np.ndarray, step: int, settings: FeatureSettings) -> np.ndarray:
    """Compute all features of every Zn in some frames of a run.

    Parameters
    ----------
    run
        Frames with Zn and N.
    picks
        Indices of the frames wanted.
    step
        Distance of the frames that the extended features are averaged over.
    settings
        Which features.

    Returns
    -------
    numpy.ndarray
        Shape (picks, Zn, columns), float32: the instantaneous symmetry functions (names of
        ``symmetry_functions``), then the time-averaged ``extended`` ones.
    """
    symbols = np.array([atom.element.symbol for atom in run.topology.atoms])
    windows = window_indices(picks, len(run), settings, step)
    needed, positions = np.unique(windows, return_inverse=True)
    local = compute_local_features(
        run.positions[needed][:, symbols == "Zn"],
        run.positions[needed][:, symbols == "N"],
        run.boxes[needed],
        settings,
    )
    averaged = np.mean([local[column] for column in positions.reshape(windows.shape).T], axis=0)
    instantaneous = local[np.searchsorted(needed, picks)][..., : len(settings.functions.names)]
    return np.concatenate([instantaneous, averaged], axis=-1, dtype=np.float32)
