"""One molecular-dynamics run of a campaign, as it is planned."""

from dataclasses import dataclass

from .dynamics.protocol import Segment


@dataclass(frozen=True)
class Run:
    """One molecular-dynamics run.

    Attributes
    ----------
    path
        Folder below ``results/{run}/md/``, e.g. ``sampling/ZIF_a/300K/r1``.
    framework, supercell
        The crystal that the box was built from, and how many unit cells, e.g. ``2x2x1``.
    forcefield
        Name of the force field.
    segments
        The protocol.
    frame_interval_ps
        Time between stored frames, ps.
    elements
        Chemical symbols in the trajectory.
    start
        Path of the run whose final state starts this one; None: the crystal.
    pressure_bar
        Target pressure, bar.
    """

    path: str
    framework: str
    supercell: str
    forcefield: str
    segments: tuple[Segment, ...]
    frame_interval_ps: float
    elements: tuple[str, ...]
    start: str | None
    pressure_bar: float

    @property
    def stage(self) -> str:
        """First level of the path, e.g. ``sampling``."""
        return self.path.split("/")[0]

    @property
    def duration_ps(self) -> float:
        """Length of the whole protocol, ps."""
        return sum(segment.duration_ps for segment in self.segments)
