"""What was measured of the speed on this machine: a file, and what it says of a box. Quick to import."""

import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..files import read_json, write_json
from .settings import Settings

HARDWARE = ("engine", "accelerator", "platform", "precision", "threads", "mpi_ranks", "gpus")
"""Settings that the speed depends on, besides the numerics."""

MEASURED = Path("results")
"""Folder of what `zifmelt.dynamics.throughput` has measured on this machine."""

TUNED = MEASURED / "tuning"
"""Folder of what `zifmelt.dynamics.tuning` has measured, one file for each machine and system."""


def cache_path(folder: str | Path) -> Path:
    """Return the file in which the measurements of this machine are kept."""
    return Path(folder) / f"throughput-{platform.node()}.json"


def processor() -> str:
    """Return the name of this machine's processor."""
    information = Path("/proc/cpuinfo")
    text = information.read_text(encoding="utf-8") if information.is_file() else ""
    named = [line.split(":")[1].strip() for line in text.splitlines() if line.startswith("model name")]
    return named[0] if named else platform.processor()


def deciding(settings: Settings) -> dict[str, Any]:
    """Return the settings that decide on the speed."""
    return {key: getattr(settings, key) for key in (*HARDWARE, "numerics")}


def remember(path: str | Path, measurement: Mapping[str, Any]) -> None:
    """Add a measurement to a file; an older one of the same settings and size goes."""
    others = [known for known in remembered(path) if _key(known) != _key(measurement)]
    write_json(path, {"measurements": [*others, dict(measurement)]})


def remembered(path: str | Path) -> list[dict[str, Any]]:
    """Return the measurements in a file, none if there is no such file."""
    return read_json(path, ("measurements",))["measurements"] if Path(path).is_file() else []


def nearest(path: str | Path, settings: Settings, particles: int) -> dict[str, Any] | None:
    """Return the measurement with the same settings whose size is nearest; None: never measured."""
    known = [entry for entry in remembered(path) if entry["settings"] == deciding(settings)]
    return min(known, key=lambda entry: abs(entry["particles"] - particles), default=None)


def particle_steps_per_second(measurement: Mapping[str, Any], particles: int) -> float:
    """Return the speed of a whole simulation of a size, from the measurement of one near it.

    Parameters
    ----------
    measurement
        What `zifmelt.dynamics.throughput.measure` returned.
    particles
        Size of the box.

    Returns
    -------
    float
        Particles times evaluations of all forces per second. The time of a step is taken as proportional to
        the particles in boxes larger than the measured one, and as the measured one's in smaller boxes.
    """
    share: float = min(1.0, particles / measurement["particles"])
    return measurement["particle_steps_per_second"] * share


def _key(measurement: Mapping[str, Any]) -> tuple[Any, ...]:
    return measurement["particles"], measurement["settings"]
