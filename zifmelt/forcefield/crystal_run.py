"""What one short run of a crystal says about a force field: density, cell, distances, stability, energy."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import gemmi
import numpy as np
import pandas as pd

from ..errors import InputError
from ..mechanism.bonds import Bonds, atoms_of
from ..mechanism.close_pairs import BondDefinition, bonds_among, find_close_pairs
from ..mechanism.periodic import nearest_image
from ..properties.angles import n_zn_n_angles
from ..properties.first_neighbours import coordination_numbers, nearest_distances
from ..properties.production import production_thermo
from ..properties.rdf import peak_position, radial_distribution
from ..properties.run_structure import ZN_N_PEAK, ZN_ZN_PEAK, bulk_quantities
from ..statistics import UNDETERMINED, Estimate, independent_blocks, jackknife, mean_of_series
from ..tables.quantities import quantity_table
from ..trajectory import Frames, in_production, production_start, read_frames, recorded
from ..units import EV_PER_A3_IN_BAR, KJ_PER_MOL_PER_EV, ZN_IM2_MOLAR_MASS
from .kinetics import Row, kinetics_of_bonds

AUTHORS_MOLAR_MASS = ZN_IM2_MOLAR_MASS + 64.372 - 61.348
"""Mass of Zn(imidazolate)2 in the force-field authors' own input, g/mol: Zn keeps the dummies' mass."""


@dataclass(frozen=True)
class CrystalSettings:
    """How a crystal is measured.

    Attributes
    ----------
    bond_cutoff_A
        Longest Zn-N distance that counts as a bond, angstrom.
    bond
        When a Zn-N bond forms and breaks; its interval is that of the kinetics only.
    bin_width_A
        Width of the bins of g(r), angstrom.
    pressure_bar
        Pressure of the run, bar.
    """

    bond_cutoff_A: float
    bond: BondDefinition
    bin_width_A: float
    pressure_bar: float


def measure_crystal(
    folder: str | Path, settings: CrystalSettings, supercell: str, cell: Sequence[float] | None
) -> pd.DataFrame:
    """Measure a run that started from a crystal; averages are over its last segment.

    Parameters
    ----------
    folder
        Run folder whose trajectory has Zn and N.
    settings
        How to measure.
    supercell
        Unit cells along a, b and c, e.g. ``2x2x1``.
    cell
        Experimental cell (a, b, c in angstrom; alpha, beta, gamma in degrees); without it the comparisons
        with experiment are left out.

    Returns
    -------
    pandas.DataFrame
        Columns `zifmelt.tables.quantities.COLUMNS`; n counts independent samples.

    Raises
    ------
    InputError
        The run cannot be read.
    """
    frames = read_frames(folder, ("Zn", "N"))
    (production,) = np.nonzero(in_production(folder, frames.times))
    average = replace(
        frames,
        positions=frames.positions[production],
        boxes=frames.boxes[production],
        times=frames.times[production],
    )
    rows = [
        *_bulk(folder, settings.pressure_bar),
        *_cell(production_thermo(folder), [int(count) for count in supercell.split("x")], cell),
        *_distances(average, settings.bin_width_A),
        *_coordination(average, settings.bond_cutoff_A),
        *_bonds(frames, production, settings.bond, production_start(folder)),
    ]
    return quantity_table(rows)


def _bulk(folder: str | Path, pressure_bar: float) -> list[Row]:
    """Temperature, densities, energy, and whether the volume still drifts."""
    thermo = production_thermo(folder)
    n_zn = recorded(folder, "n_zn")
    volume = thermo["volume_A3"].to_numpy()
    # The kinetic energy is the same in all crystals at one temperature and only adds noise, as does the
    # instantaneous pressure; its mean is the barostat's.
    energy = thermo["potential_energy_eV"].to_numpy() + pressure_bar * volume / EV_PER_A3_IN_BAR
    rows = {name: (name, unit, estimate) for name, unit, estimate in bulk_quantities(folder)}
    _, _, density = rows["density"]
    factor = AUTHORS_MOLAR_MASS / ZN_IM2_MOLAR_MASS
    return [
        ("temperature", "K", mean_of_series(thermo["temperature_K"].to_numpy())),
        rows["density"],
        ("density with the authors' masses", "g/cm3", scaled(density, factor)),
        rows["volume per Zn"],
        ("drift of the volume", "1", _drift(volume)),
        ("potential energy and PV", "kJ/mol", mean_of_series(energy * KJ_PER_MOL_PER_EV / n_zn)),
    ]


def scaled(estimate: Estimate, factor: float) -> Estimate:
    """Multiply an estimate by a positive number."""
    return Estimate(estimate.value * factor, estimate.stderr * factor, estimate.n)


def _drift(volume: np.ndarray) -> Estimate:
    """Mean of the second half over that of the first, minus 1: within its error of 0 for a run at rest."""
    if len(volume) < 4:
        return UNDETERMINED
    first, second = (mean_of_series(half) for half in np.array_split(volume, 2))
    error = np.hypot(first.stderr, second.stderr) / first.value
    return Estimate(second.value / first.value - 1.0, float(error), first.n + second.n)


def _cell(thermo: pd.DataFrame, repeats: list[int], cell: Sequence[float] | None) -> list[Row]:
    """Lengths of the unit cell, and volume and lengths against experiment."""
    vectors = (
        ["length_x_A"],
        ["tilt_xy_A", "length_y_A"],
        ["tilt_xz_A", "tilt_yz_A", "length_z_A"],
    )
    lengths = [
        mean_of_series(np.linalg.norm(thermo[columns].to_numpy(), axis=1) / count)
        for columns, count in zip(vectors, repeats, strict=True)
    ]
    rows = [(f"cell length {axis}", "A", length) for axis, length in zip("abc", lengths, strict=True)]
    if cell is None:
        return rows
    volume = thermo["volume_A3"].to_numpy() / np.prod(repeats) / gemmi.UnitCell(*cell).volume
    deviations = [
        Estimate(abs(length.value / known - 1.0), length.stderr / known, length.n)
        for length, known in zip(lengths, cell[:3], strict=True)
    ]
    return [
        *rows,
        ("cell volume relative to experiment", "1", mean_of_series(volume)),
        (
            "largest deviation of a cell length from experiment",
            "1",
            max(deviations, key=lambda deviation: deviation.value),
        ),
    ]


def _distances(frames: Frames, bin_width: float) -> list[Row]:
    """Mean of the four nearest and peak of g(r), Zn-N and Zn-Zn."""
    rows = []
    for pair, bounds in ((("Zn", "N"), ZN_N_PEAK), (("Zn", "Zn"), ZN_ZN_PEAK)):
        series = nearest_distances(frames, pair, 4).mean(axis=(1, 2))
        name = "-".join(pair) + " distance"
        blocks = [len(block) for block in independent_blocks(series)]
        rows += [
            (f"{name}, mean of four nearest", "A", mean_of_series(series)),
            (f"{name}, peak of g(r)", "A", _peak(frames, pair, bounds, bin_width, blocks)),
        ]
    return rows


def _peak(
    frames: Frames, pair: tuple[str, str], bounds: tuple[float, float], bin_width: float, blocks: list[int]
) -> Estimate:
    """First maximum of g(r), its error by a jackknife over blocks of so many frames."""
    curves, ends = [], np.cumsum(blocks)
    for start, end in zip(ends - blocks, ends, strict=True):
        block = replace(frames, positions=frames.positions[start:end], boxes=frames.boxes[start:end])
        curves.append(radial_distribution(block, pair, bounds[1] + bin_width, bin_width))
    r = curves[0]["r_A"].to_numpy()
    weighted = [(curve["g"].to_numpy(), count) for curve, count in zip(curves, blocks, strict=True)]

    def peak(chosen: list[tuple[np.ndarray, int]]) -> float:
        g = np.average([g for g, _ in chosen], axis=0, weights=[count for _, count in chosen])
        return peak_position(r, g, *bounds)

    return jackknife(peak, weighted)


def _coordination(frames: Frames, cutoff: float) -> list[Row]:
    counts = coordination_numbers(frames, ("Zn", "N"), cutoff)
    angles = [values.mean() for values in n_zn_n_angles(frames, cutoff) if len(values)]
    return [
        ("N-Zn-N angle", "degree", mean_of_series(np.array(angles)) if angles else UNDETERMINED),
        ("share of Zn with fewer than four N", "1", mean_of_series((counts < 4).mean(axis=1))),
    ]


def _bonds(frames: Frames, production: np.ndarray, bond: BondDefinition, start_ps: float) -> list[Row]:
    """Bonds with hysteresis: Zn that lack one, how many of the first are left, and the kinetics."""
    pairs = find_close_pairs([frames], bond.break_A)
    bonds = bonds_among(pairs, replace(bond, interval_ps=None))
    ligands = replace(bonds, nitrogen=bonds.ligand[bonds.nitrogen])
    broken = (bonds.coordination()[production] < 4).mean(axis=1)
    kept = _kept(bonds, ligands, production)
    volumes = net_volume(frames, bonds)
    folding = mean_of_series(volumes[production] / volumes[0])
    return [
        ("share of Zn with fewer than four bonds", "1", mean_of_series(broken)),
        ("volume over cubed Zn-Zn distance relative to the first frame", "1", folding),
        *kept,
        *kinetics_of_bonds(bonds_among(pairs, bond), start_ps),
    ]


def net_volume(frames: Frames, bonds: Bonds) -> np.ndarray:
    """Volume of the box over the cubed mean distance of the Zn that ligands bridge in the first frame.

    A net that shrinks because its bonds do keeps this number, a net that folds loses it.

    Parameters
    ----------
    frames
        Trajectory with Zn and N.
    bonds
        Of these frames.

    Returns
    -------
    numpy.ndarray
        Shape (frames,), dimensionless.
    """
    zinc, nitrogen = bonds.at(0)
    ends = pd.DataFrame({"ligand": bonds.ligand[nitrogen], "zinc": zinc}).groupby("ligand")["zinc"]
    first, second = ends.first()[ends.size() == 2], ends.last()[ends.size() == 2]
    positions = frames.positions[:, atoms_of(frames.topology).zinc]
    distances = [
        np.linalg.norm(nearest_image(frame[first] - frame[second], box), axis=1).mean()
        for frame, box in zip(positions, frames.boxes, strict=True)
    ]
    return np.abs(np.linalg.det(frames.boxes)) / np.array(distances) ** 3


def _kept(bonds: Bonds, ligands: Bonds, production: np.ndarray) -> list[Row]:
    return [
        (f"share of initial {name} kept", "1", mean_of_series(share_kept(kind, production)))
        for name, kind in (("Zn-N bonds", bonds), ("Zn-ligand links", ligands))
    ]


def share_kept(bonds: Bonds, frames: Sequence[int] | np.ndarray) -> np.ndarray:
    """Share of the pairs of frame 0 that are pairs in later frames.

    Parameters
    ----------
    bonds
        Pairs as they come and go; `nitrogen` may be any label of Zn's partner, such as its ligand: a ligand
        that turns around and binds by its other N is then still the same partner.
    frames
        Frames to look at.

    Returns
    -------
    numpy.ndarray
        Shape (frames,).

    Raises
    ------
    InputError
        There is no pair in frame 0.
    """
    stride = bonds.nitrogen.max(initial=0) + 1

    def pairs(frame: int) -> np.ndarray:
        zinc, partner = bonds.at(frame)
        return np.unique(zinc * stride + partner)

    initial = pairs(0)
    if not len(initial):
        raise InputError("The first frame has no Zn-N bond; the run must start from a crystal.")
    return np.array([np.isin(initial, pairs(frame)).mean() for frame in frames])
