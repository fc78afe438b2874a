"""Local density and connectivity of the Zn of each class."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import scipy  # its Voronoi cells take a while to load: only where they are used

from ..environments.neighbours import find_neighbours, periodic_images, wrapped
from ..statistics import UNDETERMINED, mean_of_series


def voronoi_volumes(positions: np.ndarray, box: np.ndarray) -> np.ndarray:
    """Measure the Voronoi cell of every point in the periodic box.

    Parameters
    ----------
    positions
        Shape (n, 3), angstrom.
    box
        Shape (3, 3), angstrom; rows are the lattice vectors.

    Returns
    -------
    numpy.ndarray
        Shape (n,), angstrom^3. They add up to the volume of the box, which is also how the number of
        periodic images needed is found.
    """
    volume = abs(np.linalg.det(box))
    home = wrapped(positions, box)
    reach = 2.0 * (volume / len(positions)) ** (1 / 3)
    while True:
        images, origin = periodic_images(home, box, reach)
        own = np.flatnonzero(np.linalg.norm(images - home[origin], axis=1) < 1e-6)
        diagram = scipy.spatial.Voronoi(images)
        regions = [diagram.regions[diagram.point_region[point]] for point in own]
        if all(region and -1 not in region for region in regions):
            hulls = (scipy.spatial.ConvexHull(diagram.vertices[region]) for region in regions)
            cells = np.array([hull.volume for hull in hulls])
            if abs(cells.sum() - volume) < 1e-6 * volume:
                volumes = np.empty(len(positions))
                volumes[origin[own]] = cells
                return volumes
        reach *= 1.5


def neighbour_counts(positions: np.ndarray, box: np.ndarray, cutoff: float) -> np.ndarray:
    """Count the points within `cutoff` angstrom of every point, periodic images included, shape (n,)."""
    centres = find_neighbours(positions, positions, box, cutoff).centres
    return np.bincount(centres, minlength=len(positions))


def describe_classes(
    positions: np.ndarray,
    boxes: np.ndarray,
    coordination: np.ndarray,
    chosen: np.ndarray,
    classes: Sequence[str],
    cutoff: float,
) -> pd.DataFrame:
    """Average the surroundings of the Zn over those of each class.

    Parameters
    ----------
    positions
        Zn, shape (frames, n, 3), angstrom.
    boxes
        Shape (frames, 3, 3), angstrom.
    coordination
        Number of N of every Zn, shape (frames, n).
    chosen
        Class of every Zn, shape (frames, n).
    classes
        Names of the classes.
    cutoff
        Within which neighbouring Zn are counted, angstrom.

    Returns
    -------
    pandas.DataFrame
        Columns ``class``, ``quantity`` (``voronoi_volume``, ``neighbours``, ``nitrogen``), ``unit``,
        ``value``, ``stderr``, ``n`` (of the correlated series of frames in which the class occurs; NaN and
        0 if it never does).
    """
    per_zinc: dict[tuple[str, str], Sequence[np.ndarray] | np.ndarray] = {
        ("voronoi_volume", "A3"): [voronoi_volumes(p, b) for p, b in zip(positions, boxes, strict=True)],
        ("neighbours", "1"): [neighbour_counts(p, b, cutoff) for p, b in zip(positions, boxes, strict=True)],
        ("nitrogen", "1"): coordination,
    }
    rows = []
    for index, name in enumerate(classes):
        for (quantity, unit), values in per_zinc.items():
            series = [
                np.mean(row[own]) for row, own in zip(values, chosen == index, strict=True) if own.any()
            ]
            mean = mean_of_series(np.array(series)) if series else UNDETERMINED
            rows.append(
                {
                    "class": name,
                    "quantity": quantity,
                    "unit": unit,
                    "value": mean.value,
                    "stderr": mean.stderr,
                    "n": mean.n,
                }
            )
    return pd.DataFrame(rows)
