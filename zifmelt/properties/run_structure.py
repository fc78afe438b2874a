"""Everything about structure and elasticity that one run at constant temperature tells."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ..statistics import Estimate, mean_of_series
from ..tables.quantities import quantity_table
from ..trajectory import Frames, recorded
from ..units import G_PER_CM3_PER_AMU_PER_A3, ZN_IM2_MOLAR_MASS
from .angles import angle_distribution, n_zn_n_angles, zn_im_zn_angles, zn_zn_zn_angles
from .elasticity import bulk_modulus_from_fluctuations
from .first_neighbours import RING, LigandBridges, coordination_numbers, ligand_bridges, nearest_distances
from .production import production_frames, production_thermo
from .rdf import element_pairs, peak_position, radial_distribution

ZN_N_PEAK, ZN_ZN_PEAK = (1.5, 2.6), (5.0, 7.0)
"""Where the first maxima of g(r) are sought, angstrom."""


@dataclass(frozen=True)
class StructureSettings:
    """How structure is measured; the configuration's section ``properties``.

    Attributes
    ----------
    r_max_A
        Largest distance of the radial distribution functions, angstrom.
    bin_width_A
        Width of their bins, angstrom.
    angle_bin_degrees
        Width of the bins of angle distributions, degrees.
    bond_cutoff_A
        Longest Zn-N distance that counts as a bond, angstrom.
    coordination_radius_A
        Distance at which the running Zn-N integral is reported, angstrom.
    most_frames
        Most frames of a run that are analysed.
    """

    r_max_A: float
    bin_width_A: float
    angle_bin_degrees: float
    bond_cutoff_A: float
    coordination_radius_A: float
    most_frames: int


def analyse_structure(
    folder: str | Path, elements: tuple[str, ...], settings: StructureSettings
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Analyse the last segment of a run.

    Parameters
    ----------
    folder
        Run folder.
    elements
        Chemical symbols in the trajectory; angles across ligands need all of Zn, N and C.
    settings
        How to measure.

    Returns
    -------
    rdf, angles, quantities : tuple of pandas.DataFrame
        Radial distribution functions of all pairs (columns of `radial_distribution`); angle distributions
        (columns of `angle_distribution`); and scalars with the columns of
        `zifmelt.tables.quantities.COLUMNS`.

    Raises
    ------
    InputError
        The run cannot be read.
    """
    frames = production_frames(folder, elements, settings.most_frames)
    rdf = pd.concat(
        [
            radial_distribution(frames, pair, settings.r_max_A, settings.bin_width_A)
            for pair in element_pairs(frames.topology)
        ],
        ignore_index=True,
    )
    angles = _angles(frames, settings)
    distributions = pd.concat(
        [angle_distribution(name, values, settings.angle_bin_degrees) for name, values in angles.items()],
        ignore_index=True,
    )
    rows = [
        *bulk_quantities(folder),
        *_distances(frames, rdf, settings),
        *_coordination(frames, settings),
        *((f"{name} angle", "degree", _mean_over_frames(values)) for name, values in angles.items()),
    ]
    return rdf, distributions, quantity_table(rows)


def bulk_quantities(folder: str | Path) -> list[tuple[str, str, Estimate]]:
    """Average density, volume and compressibility of a run's last segment.

    The density is that of standard atomic weights, whatever masses the force field gives its particles.

    Returns
    -------
    list of tuple
        Name, unit and estimate: density, volume per Zn, and bulk modulus from volume fluctuations.

    Raises
    ------
    InputError
        The run cannot be read.
    """
    thermo = production_thermo(folder)
    n_zn = recorded(folder, "n_zn")
    volume = thermo["volume_A3"].to_numpy()
    density = n_zn * ZN_IM2_MOLAR_MASS * G_PER_CM3_PER_AMU_PER_A3 / volume
    modulus = bulk_modulus_from_fluctuations(volume, float(thermo["temperature_K"].mean()))
    return [
        ("density", "g/cm3", mean_of_series(density)),
        ("volume per Zn", "A3", mean_of_series(volume / n_zn)),
        ("bulk modulus", "GPa", modulus),
    ]


def _angles(frames: Frames, settings: StructureSettings) -> dict[str, list[np.ndarray]]:
    angles = {"N-Zn-N": n_zn_n_angles(frames, settings.bond_cutoff_A)}
    if _has_rings(frames):
        angles["Zn-Zn-Zn"] = zn_zn_zn_angles(frames, settings.bond_cutoff_A)
        angles["Zn-im-Zn"] = zn_im_zn_angles(frames, settings.bond_cutoff_A)
    return angles


def _distances(
    frames: Frames, rdf: pd.DataFrame, settings: StructureSettings
) -> list[tuple[str, str, Estimate]]:
    """Mean of the four nearest, mean of the bonded or linked, and peak of g(r), for Zn-N and Zn-Zn."""
    rows = []
    for pair, bounds in ((("Zn", "N"), ZN_N_PEAK), (("Zn", "Zn"), ZN_ZN_PEAK)):
        name = "-".join(pair)
        nearest = nearest_distances(frames, pair, 4)
        rows.append(
            (f"{name} distance, mean of four nearest", "A", mean_of_series(nearest.mean(axis=(1, 2))))
        )
        if name == "Zn-N":
            bonded = [values[values < settings.bond_cutoff_A] for values in nearest]
            rows.append((f"{name} distance, mean of bonded", "A", _mean_over_frames(bonded)))
        elif _has_rings(frames):
            linked = [
                _linked_distances(bridges) for bridges in ligand_bridges(frames, settings.bond_cutoff_A)
            ]
            rows.append((f"{name} distance, mean across ligands", "A", _mean_over_frames(linked)))
        curve = rdf[rdf["pair"] == name]
        peak = peak_position(curve["r_A"].to_numpy(), curve["g"].to_numpy(), *bounds)
        rows.append((f"{name} distance, peak of g(r)", "A", Estimate(peak, np.nan, int(np.isfinite(peak)))))
    return rows


def _coordination(frames: Frames, settings: StructureSettings) -> list[tuple[str, str, Estimate]]:
    counts = coordination_numbers(frames, ("Zn", "N"), settings.bond_cutoff_A)
    within = coordination_numbers(frames, ("Zn", "N"), settings.coordination_radius_A).mean(axis=1)
    shares = [
        (f"share of Zn with {number} N", "1", mean_of_series((counts == number).mean(axis=1)))
        for number in (2, 3, 4, 5)
    ]
    return [("N around Zn", "1", mean_of_series(within)), *shares]


def _linked_distances(bridges: LigandBridges) -> np.ndarray:
    across = bridges.to_zn[:, 1] - bridges.to_zn[:, 0]
    return np.linalg.norm(across[np.all(bridges.zn >= 0, axis=1)], axis=1)


def _has_rings(frames: Frames) -> bool:
    return set(RING) <= {atom.name for atom in frames.topology.atoms}


def _mean_over_frames(values: list[np.ndarray]) -> Estimate:
    """Mean of the frames' means, frames without any value left out."""
    means = np.array([frame.mean() for frame in values if len(frame)])
    return mean_of_series(means) if len(means) else Estimate(np.nan, np.nan, 0)
