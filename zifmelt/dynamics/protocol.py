"""Protocols as data: a run is a list of segments, each a ramp or a hold of the temperature."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..errors import InputError
from .records import from_mapping

KINDS = ("ramp", "hold")
BAROSTATS = ("isotropic", "anisotropic", "triclinic", "z", "cubic", "none")
AXES = ("x", "y", "z")


@dataclass(frozen=True)
class FrozenRegion:
    """Part of the box whose molecules are held still during a segment.

    Molecules are chosen whole, by the mean position of their particles at the segment's start.

    Attributes
    ----------
    axis
        ``x``, ``y`` or ``z``.
    low, high
        Bounds of the region as fractions of the box along `axis`, 0 to 1.
    """

    axis: str
    low: float
    high: float

    def __post_init__(self) -> None:
        """Check the values."""
        if self.axis not in AXES:
            raise InputError(f"frozen region: the axis is {self.axis!r}, but must be x, y or z.")
        if not 0 <= self.low < self.high <= 1:
            raise InputError(
                f"frozen region: {self.low} to {self.high} must be fractions with 0 <= low < high <= 1."
            )


@dataclass(frozen=True)
class Segment:
    """A stretch of molecular dynamics under one set of conditions.

    Attributes
    ----------
    name
        What the segment is for, e.g. ``heating``.
    kind
        ``ramp`` (target temperature linear in time) or ``hold`` (constant).
    from_K, to_K
        Target temperature at the start and at the end, K.
    duration_ps
        Length, ps.
    barostat
        ``isotropic``: box lengths scale together; ``anisotropic``: each length by itself; ``triclinic``:
        lengths and tilts; ``z``: the z length alone; ``cubic``: no barostat and constant volume, the x and y
        lengths go linearly in time to the cube root of the volume; ``none``: constant box.
    frozen
        Region whose molecules are not integrated; only with barostat ``none``.
    """

    name: str
    kind: str
    from_K: float
    to_K: float
    duration_ps: float
    barostat: str = "isotropic"
    frozen: FrozenRegion | None = None

    def __post_init__(self) -> None:
        """Check the values against each other."""
        where = f"protocol segment {self.name!r}"
        if self.kind not in KINDS:
            raise InputError(f"{where}: the kind is {self.kind!r}, but must be one of {', '.join(KINDS)}.")
        if self.barostat not in BAROSTATS:
            raise InputError(
                f"{where}: the barostat is {self.barostat!r}, but must be one of {', '.join(BAROSTATS)}."
            )
        for key in ("from_K", "to_K", "duration_ps"):
            if not (math.isfinite(getattr(self, key)) and getattr(self, key) > 0):
                raise InputError(f"{where}: {key} is {getattr(self, key)}, but must be a positive number.")
        if self.kind == "hold" and self.from_K != self.to_K:
            raise InputError(f"{where}: a hold must start and end at the same temperature; use a ramp.")
        if self.frozen is not None and self.barostat != "none":
            raise InputError(
                f"{where}: a frozen region needs the barostat 'none', because the box must not move."
            )

    @property
    def hottest_K(self) -> float:
        """Highest target temperature, K."""
        return max(self.from_K, self.to_K)


def segments_from(plain: Iterable[Mapping[str, Any]]) -> list[Segment]:
    """Build a protocol from plain mappings.

    Parameters
    ----------
    plain
        One mapping per segment with the entries of `Segment`.

    Returns
    -------
    list of Segment
        The protocol.

    Raises
    ------
    InputError
        There is no segment, or an entry is unknown, missing or out of range.
    """
    segments = [
        from_mapping(Segment, entry, f"protocol segment {i}") for i, entry in enumerate(plain, start=1)
    ]
    if not segments:
        raise InputError("protocol: there must be at least one segment.")
    return segments


def plain_segments(segments: Iterable[Segment]) -> list[dict[str, Any]]:
    """Turn a protocol into plain mappings, the inverse of `segments_from`."""
    return [asdict(segment) for segment in segments]


def hold(name: str, temperature_K: float, duration_ps: float, barostat: str = "isotropic") -> Segment:
    """Make a segment of constant temperature (K, ps)."""
    return Segment(name, "hold", temperature_K, temperature_K, duration_ps, barostat)


def ramp(name: str, from_K: float, to_K: float, K_per_ps: float) -> Segment:
    """Make an isotropic segment whose temperature changes at a rate in K/ps (positive both ways)."""
    return Segment(name, "ramp", from_K, to_K, abs(to_K - from_K) / K_per_ps)


def annealing(section: Mapping[str, Any], hold_ps: float, ramp_K_per_ps: float) -> list[Segment]:
    """Make a glass: heat, hold while the box turns cubic, cool, and hold at the end (Sec. II B).

    Parameters
    ----------
    section
        The entries `start_K`, `peak_K`, `cubic_ps` (first part of the hold, at constant volume) and
        `final_hold_ps` of the configuration's ``annealing``.
    hold_ps
        Whole time at the peak, ps.
    ramp_K_per_ps
        Rate of both ramps, K/ps.

    Returns
    -------
    list of Segment
        Heating, hold towards a cubic box, free hold, cooling, final hold.

    Raises
    ------
    InputError
        `cubic_ps` is not shorter than the hold.
    """
    start, peak, cubic = section["start_K"], section["peak_K"], section["cubic_ps"]
    if cubic >= hold_ps:
        raise InputError(
            f"annealing: cubic_ps is {cubic}, but must be shorter than the hold of {hold_ps} ps."
        )
    return [
        ramp("heating", start, peak, ramp_K_per_ps),
        hold("hold to a cubic box", peak, cubic, "cubic"),
        hold("hold", peak, hold_ps - cubic),
        ramp("cooling", peak, start, ramp_K_per_ps),
        hold("final hold", start, section["final_hold_ps"]),
    ]


def liquid(section: Mapping[str, Any], start_K: float) -> list[Segment]:
    """Melt a crystal at a peak temperature and bring the liquid to its own (Sec. II A).

    Parameters
    ----------
    section
        The entries `peak_K`, `peak_hold_ps`, `temperature_K`, `ramp_K_per_ps` and `equilibration_ps` of the
        configuration's ``liquid``.
    start_K
        Temperature of the crystal, K.

    Returns
    -------
    list of Segment
        Heating, melting, cooling, equilibration.
    """
    peak, target, rate = section["peak_K"], section["temperature_K"], section["ramp_K_per_ps"]
    return [
        ramp("heating", start_K, peak, rate),
        hold("melting", peak, section["peak_hold_ps"]),
        ramp("cooling", peak, target, rate),
        hold("equilibration", target, section["equilibration_ps"]),
    ]


def sampling(
    temperature_K: float, equilibration_ps: float, production_ps: float, barostat: str = "isotropic"
) -> list[Segment]:
    """Sample a phase at constant temperature (K, ps): equilibration, then production, under one barostat."""
    return [
        hold("equilibration", temperature_K, equilibration_ps, barostat),
        hold("production", temperature_K, production_ps, barostat),
    ]


def interface(section: Mapping[str, Any], interface_K: float) -> list[Segment]:
    """Equilibrate a crystal, melt its upper half along z, then let the whole box go (Sec. III A).

    Parameters
    ----------
    section
        The entries `melt_K`, `melt_ps` and `relax_ps` of the configuration's ``coexistence``.
    interface_K
        Temperature of the whole box before and after the melting, K.

    Returns
    -------
    list of Segment
        Equilibration, melting of one half on a ramp (a sudden step would let the thermostat overshoot),
        relaxation. The lengths along the interfaces stay those that the isotropic equilibration ends with.
    """
    melt_K = section["melt_K"]
    region = FrozenRegion("z", 0.0, 0.5)
    return [
        hold("equilibration", interface_K, section["relax_ps"]),
        Segment("melting of one half", "ramp", interface_K, melt_K, section["melt_ps"], "none", region),
        hold("relaxation", interface_K, section["relax_ps"], "z"),
    ]


def coexistence(temperature_K: float, duration_ps: float) -> list[Segment]:
    """Follow a half-molten box at one temperature (K, ps; Sec. III A).

    Only the length normal to the two interfaces follows the barostat, so that a disordered half that
    contracts or flows cannot strain the crystal. The lengths along the interfaces are those of the crystal
    at the temperature of the interface run; at another temperature it is strained by its thermal expansion
    in between. The elastic energy is of second order in this strain.
    """
    return [hold("coexistence", temperature_K, duration_ps, "z")]


def production(temperature_K: float, duration_ps: float) -> list[Segment]:
    """Watch a crystal transform at one temperature (K, ps; Sec. III B)."""
    return [hold("production", temperature_K, duration_ps)]
