"""The bulk modulus from the same glasses under several pressures."""

from collections.abc import Mapping
from pathlib import Path

from ..runs import Simulation
from ..statistics import Estimate, mean_of_runs, mean_of_series
from .elasticity import bulk_modulus_from_pressures
from .production import production_thermo


def bulk_modulus_of_compression(folders: Mapping[Simulation, str | Path]) -> Estimate:
    """Compute K of each structure from its volumes under pressure, and average.

    Each structure is compared with itself only, so that the differences between glasses do not enter.

    Parameters
    ----------
    folders
        Run folder of each simulation of a phase, at two or more pressures; those of one replica are of one
        structure.

    Returns
    -------
    Estimate
        K in GPa, n = number of structures whose volume responds significantly.

    Raises
    ------
    InputError
        A run cannot be read.
    """
    points: dict[int, list[tuple[float, Estimate]]] = {}
    for run, folder in folders.items():
        volume = mean_of_series(production_thermo(folder)["volume_A3"].to_numpy())
        points.setdefault(run.replica, []).append((run.pressure_bar, volume))
    return mean_of_runs(
        [bulk_modulus_from_pressures(*zip(*series, strict=True)) for series in points.values()]
    )
