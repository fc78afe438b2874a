"""The simulations of a campaign as a table that analyses choose from."""

import difflib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

import pandas as pd

from .dynamics.protocol import Segment, plain_segments, segments_from
from .errors import InputError
from .files import read_json


@dataclass(frozen=True)
class Simulation:
    """One molecular-dynamics simulation of a campaign, as it is planned.

    Attributes
    ----------
    path
        Folder below ``results/{campaign}/md/``, e.g. ``sampling/ZIF_a/300K/r1``; a name, what it stands for
        is said by the other entries.
    stage
        What it is for: ``annealing``, ``annealing_slow``, ``liquid``, ``sampling``, ``compression``,
        ``interface``, ``coexistence``, ``production`` or ``scan``.
    phase
        The phase that it makes or keeps; the crystal where it is watched as it transforms.
    framework, supercell, n_zn
        The crystal that the box was built from, how many unit cells, e.g. ``2x2x1``, and how many Zn that is.
    temperature_K
        Target temperature at the end, K.
    pressure_bar
        Target pressure, bar.
    replica
        Number among the independent simulations of one kind, from 1.
    variant
        Name of the force field.
    barostat
        How the box changes at the end, see `zifmelt.dynamics.protocol.Segment`.
    start
        Path of the simulation whose final state starts this one; None: the crystal.
    segments
        The protocol, the same for every engine.
    frame_interval_ps
        Time between stored frames, ps.
    elements
        Chemical symbols in the trajectory.
    """

    path: str
    stage: str
    phase: str
    framework: str
    supercell: str
    n_zn: int
    temperature_K: float
    pressure_bar: float
    replica: int
    variant: str
    barostat: str
    start: str | None
    segments: tuple[Segment, ...]
    frame_interval_ps: float
    elements: tuple[str, ...]

    @property
    def duration_ps(self) -> float:
        """Length of the whole protocol, ps."""
        return sum(segment.duration_ps for segment in self.segments)

    def plain(self) -> dict[str, Any]:
        """Return the record as plain values, for a rule's parameters."""
        return {
            **asdict(self),
            "segments": plain_segments(self.segments),
            "elements": list(self.elements),
        }

    @classmethod
    def from_plain(cls, content: Mapping[str, Any]) -> Self:
        """Make a record of plain values, the inverse of `plain`."""
        return cls(
            **{
                **content,
                "segments": tuple(segments_from(content["segments"])),
                "elements": tuple(content["elements"]),
            }
        )


FIELDS = (*(field.name for field in fields(Simulation)), "duration_ps")
"""What a table of simulations can be asked for."""


class Runs:
    """A table of simulations in a fixed order, e.g. all of a campaign.

    Parameters
    ----------
    simulations
        The records; their paths must differ.
    """

    def __init__(self, simulations: Iterable[Simulation]) -> None:
        self._simulations: dict[str, Simulation] = {}
        for simulation in simulations:
            known = self._simulations.setdefault(simulation.path, simulation)
            if known != simulation:
                raise InputError(
                    f"configuration: two different simulations would live in {simulation.path}; give one of"
                    " the transitions another name."
                )

    def __iter__(self) -> Iterator[Simulation]:
        """Iterate over the records."""
        return iter(self._simulations.values())

    def __len__(self) -> int:
        """Count the simulations."""
        return len(self._simulations)

    def __getitem__(self, path: str) -> Simulation:
        """Look a simulation up by its path."""
        try:
            return self._simulations[path]
        except KeyError:
            raise InputError(f"{path}: there is no such simulation in this campaign.") from None

    def __contains__(self, path: object) -> bool:
        """Tell whether there is a simulation with this path."""
        return path in self._simulations

    def __add__(self, other: "Runs") -> "Runs":
        """Append the simulations of another table; those of both stay in their first place."""
        return Runs([*self, *other])

    def select(self, **conditions: Any) -> "Runs":
        """Choose simulations by what they are.

        Parameters
        ----------
        conditions
            Entries of `Simulation`, each with the value it must have or a collection of allowed values, e.g.
            ``select(stage="sampling", phase=["ZIF_a", "ZIF_liq"], temperature_K=400)``.

        Returns
        -------
        Runs
            The simulations that meet all conditions, in the order of this table; may be empty.

        Raises
        ------
        InputError
            There is no entry of that name.
        """
        for name in conditions:
            if name not in FIELDS:
                close = difflib.get_close_matches(name, FIELDS, n=1)
                hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(FIELDS)}."
                raise InputError(f"Simulations have no entry {name!r}; {hint}")
        return Runs(
            simulation
            for simulation in self
            if all(_meets(getattr(simulation, name), wanted) for name, wanted in conditions.items())
        )

    @property
    def paths(self) -> list[str]:
        """Path of every simulation."""
        return list(self._simulations)

    def plain(self) -> list[dict[str, Any]]:
        """Return the records as plain values, for a rule's parameters."""
        return [simulation.plain() for simulation in self]

    @classmethod
    def from_plain(cls, content: Iterable[Mapping[str, Any]]) -> Self:
        """Make a table of plain values, the inverse of `plain`."""
        return cls(Simulation.from_plain(entry) for entry in content)

    def to_frame(self) -> pd.DataFrame:
        """Return the table as a data frame.

        Returns
        -------
        pandas.DataFrame
            A row per simulation and a column per entry of `Simulation`, and duration_ps; the protocol as JSON
            text in ``segments``, the elements separated by blanks, an empty ``start`` for a crystal.
        """
        rows = [
            {
                **simulation.plain(),
                "start": simulation.start or "",
                "segments": json.dumps(plain_segments(simulation.segments)),
                "elements": " ".join(simulation.elements),
                "duration_ps": simulation.duration_ps,
            }
            for simulation in self
        ]
        return pd.DataFrame(rows, columns=list(FIELDS))


def _meets(value: Any, wanted: Any) -> bool:
    several = isinstance(wanted, Collection) and not isinstance(wanted, str) and wanted != value
    return value in wanted if several else value == wanted


def is_archived(folder: str | Path) -> bool:
    """Tell whether a run folder is an archive's copy: less than the run was, not to be gone on with."""
    path = Path(folder) / "provenance.json"  # the last file that a copy gets
    return path.is_file() and "archived" in read_json(path)
