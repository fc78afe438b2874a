"""The bulk modulus from the same glasses under several pressures."""

import re
from collections.abc import Sequence
from pathlib import Path

from ..errors import InputError
from ..statistics import Estimate, mean_of_runs, mean_of_series
from .elasticity import bulk_modulus_from_pressures
from .production import production_thermo


def bulk_modulus_of_compression(
    ambient: Sequence[str | Path], compressed: Sequence[str | Path], ambient_bar: float
) -> Estimate:
    """Compute K of each structure from its volumes under pressure, and average.

    Each structure is compared with itself only, so that the differences between glasses do not enter.

    Parameters
    ----------
    ambient
        Run folders ``.../r{replica}`` at ambient pressure.
    compressed
        Run folders ``.../{pressure}bar/r{replica}`` of the same structures.
    ambient_bar
        Pressure of the first, bar.

    Returns
    -------
    Estimate
        K in GPa, n = number of structures whose volume responds significantly.

    Raises
    ------
    InputError
        A run cannot be read or its folder has another name.
    """
    points: dict[str, list[tuple[float, Estimate]]] = {}
    for folder in [*ambient, *compressed]:
        name = re.search(r"(?:/(-?[\d.]+)bar)?/r(\d+)$", Path(folder).as_posix())
        if name is None:
            raise InputError(f"{folder}: a run folder must end in /r<replica>.")
        pressure = float(name[1]) if name[1] else ambient_bar
        volume = mean_of_series(production_thermo(folder)["volume_A3"].to_numpy())
        points.setdefault(name[2], []).append((pressure, volume))
    return mean_of_runs(
        [bulk_modulus_from_pressures(*zip(*series, strict=True)) for series in points.values()]
    )
