"""Which phase every zinc of a trajectory belongs to, frame by frame."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ..files import read_arrays, write_table, written_whole


@dataclass(frozen=True)
class Classification:
    """Probabilities of the phases for every Zn of a trajectory.

    Attributes
    ----------
    probabilities
        Shape (frames, Zn, classes), float32.
    times_ps
        Shape (frames,).
    classes
        Names of the phases.
    """

    probabilities: np.ndarray
    times_ps: np.ndarray
    classes: list[str]

    @property
    def assigned(self) -> np.ndarray:
        """Index of the most probable phase, shape (frames, Zn)."""
        return self.probabilities.argmax(axis=-1)

    def called(self, names: Collection[str]) -> np.ndarray:
        """Tell whose most probable phase is one of some, shape (frames, Zn)."""
        return np.isin(self.assigned, [label for label, name in enumerate(self.classes) if name in names])

    def disordered(self, crystals: Collection[str]) -> np.ndarray:
        """Tell which Zn are disordered: their most probable phase is no crystal; shape (frames, Zn)."""
        return ~self.called(crystals)

    def fractions(self) -> pd.DataFrame:
        """Return the fraction of the Zn assigned to each phase, columns time_ps and the phases."""
        assigned = self.assigned
        shares = {name: (assigned == label).mean(axis=1) for label, name in enumerate(self.classes)}
        return pd.DataFrame({"time_ps": self.times_ps, **shares})

    def thermal_fractions(self) -> pd.DataFrame:
        """Return `fractions` without the frame at time 0, see `thermal_rows`."""
        return thermal_rows(self.fractions())

    def save(self, path: str | Path) -> None:
        """Write ``probabilities``, ``times_ps`` and ``classes`` as npz, whole or not at all."""
        with written_whole(path) as scratch:
            np.savez(
                scratch,
                probabilities=self.probabilities,
                times_ps=self.times_ps,
                classes=np.array(self.classes),
            )

    @classmethod
    def load(cls, path: str | Path) -> "Classification":
        """Read a classified trajectory.

        Raises
        ------
        InputError
            The file is missing or holds something else.
        """
        names = ("probabilities", "times_ps", "classes")
        probabilities, times, classes = read_arrays(path, names, "a classified trajectory").values()
        return cls(probabilities, times, classes.tolist())


def thermal_rows(table: pd.DataFrame) -> pd.DataFrame:
    """Leave the frame at time 0 out of a table with a column ``time_ps`` that rests on classes.

    A run from a crystal begins with a structure at rest, which is like no thermal configuration that a
    classifier was trained on: what it is called says nothing about the phase.
    """
    return table[table["time_ps"] > 0].reset_index(drop=True)


def disagreement(first: Classification, second: Classification) -> pd.DataFrame:
    """Return the share of the Zn that two classifiers assign to different phases.

    Returns
    -------
    pandas.DataFrame
        One row per phase of the first classifier: phase, share (of the Zn it assigns to that phase, those
        that the second assigns elsewhere; NaN if there are none), and a last row ``all``.
    """
    one, other = first.assigned, second.assigned
    differ = one != other
    rows = []
    for label, phase in enumerate(first.classes):
        here = one == label
        rows.append((phase, differ[here].mean() if here.any() else np.nan))
    return pd.DataFrame([*rows, ("all", differ.mean())], columns=["phase", "share"])


def write_classification(
    classification: Classification, array_path: str | Path, fractions_path: str | Path
) -> None:
    """Write the probabilities as npz and the fractions against time as CSV."""
    classification.save(array_path)
    write_table(fractions_path, classification.fractions())
