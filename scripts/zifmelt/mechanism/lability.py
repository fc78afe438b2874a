"""Which ligands of the unit cell let go most often."""

from collections.abc import Sequence

import gemmi
import numpy as np
import pandas as pd

from ..errors import InputError
from .rings import Rings


def site_counts(ligands: np.ndarray, n_ligands: int, n_sites: int) -> np.ndarray:
    """Count breaks per ligand, arranged by unit cell and site.

    Parameters
    ----------
    ligands
        Shape (breaks,): the ligand of each broken bond.
    n_ligands
        Ligands in the box; ligand k is site ``k % n_sites`` of cell ``k // n_sites``.
    n_sites
        Ligands in the unit cell.

    Returns
    -------
    numpy.ndarray
        Shape (cells, n_sites).

    Raises
    ------
    InputError
        The box does not hold a whole number of unit cells.
    """
    if n_sites < 1 or n_ligands % n_sites:
        raise InputError(f"{n_ligands} ligands in the box are no whole number of unit cells of {n_sites}.")
    return np.bincount(ligands, minlength=n_ligands).reshape(-1, n_sites)


def site_intervals(counts: Sequence[np.ndarray], durations_ps: Sequence[float]) -> pd.DataFrame:
    """Average the time between breaks of every ligand site over cells and independent runs.

    Every ligand in every run is one sample of its site's rate; the spread between them carries the error,
    also when breaks come in bursts (one ligand breaking several times in a row).

    Parameters
    ----------
    counts
        Per run: breaks, shape (cells, sites).
    durations_ps
        Per run: observed time, ps.

    Returns
    -------
    pandas.DataFrame
        One row per site: ``site``; ``breaks``; ``ligand_interval_ps``, the mean time between two breaks of
        one ligand; ``cell_interval_ps``, that between two breaks at this site anywhere in the box, i.e. of
        all the equivalent ligands taken together, as the paper counts; their standard errors;
        ``dispersion``, variance over mean of the counts (1 for independent breaks). Sites without a break
        have NaN.
    """
    counts = [np.asarray(run, dtype=float) for run in counts]
    cells = counts[0].shape[0]
    exposure = np.repeat(np.asarray(durations_ps, dtype=float), [len(run) for run in counts])
    pooled = np.concatenate(counts)
    breaks = pooled.sum(axis=0)
    rate = breaks / exposure.sum()
    deviation = pooled - rate * exposure[:, None]
    samples = len(pooled)
    variance = np.sum(deviation**2, axis=0) * samples / max(samples - 1, 1)
    poisson = np.sqrt(breaks)
    with np.errstate(divide="ignore", invalid="ignore"):
        interval = np.where(breaks > 0, 1.0 / rate, np.nan)
        relative = np.where(breaks > 0, (np.sqrt(variance) if samples > 1 else poisson) / breaks, np.nan)
        dispersion = np.where((breaks > 0) & (samples > 1), variance / breaks, np.nan)
    return pd.DataFrame(
        {
            "site": np.arange(len(breaks)),
            "breaks": breaks.astype(int),
            "ligand_interval_ps": interval,
            "ligand_interval_stderr_ps": interval * relative,
            "cell_interval_ps": interval / cells,
            "cell_interval_stderr_ps": interval * relative / cells,
            "dispersion": dispersion,
        }
    )


def symmetry_orbits(centres: np.ndarray, operations: gemmi.GroupOps, tolerance: float = 0.02) -> np.ndarray:
    """Group the ligand sites that the space group maps onto each other.

    Parameters
    ----------
    centres
        Shape (sites, 3), fractional coordinates of the ligands in the unit cell.
    operations
        Operations of the space group, e.g. ``gemmi.SpaceGroup("P b c a").operations()``.
    tolerance
        Largest difference of fractional coordinates.

    Returns
    -------
    numpy.ndarray
        Shape (sites,): number of the orbit, in the order of first occurrence.

    Raises
    ------
    InputError
        An operation maps a site to a place where there is none.
    """
    orbit = np.full(len(centres), -1)
    for site in range(len(centres)):
        if orbit[site] >= 0:
            continue
        images = np.array([operation.apply_to_xyz(centres[site].tolist()) for operation in operations])
        difference = images[:, None] - centres[None]
        off = np.max(np.abs(difference - np.round(difference)), axis=2)
        if np.any(off.min(axis=1) > tolerance):
            raise InputError(
                f"Ligand site {site} has no symmetry-equivalent site where its space group says."
            )
        orbit[np.argmin(off, axis=1)] = orbit.max() + 1
    return orbit


def rate_groups(breaks: np.ndarray, dispersion: float = 1.0, most: int = 4) -> np.ndarray:
    """Group sites of equal exposure by their rates: as few groups as the counts allow.

    Every way to cut the sites, ordered by count, into 1 to `most` groups of one Poisson rate each is
    compared by the Bayesian information criterion of the classification likelihood (rates and shares of the
    groups: 2 k - 1 parameters for k groups); the log-likelihood is divided by the dispersion of the counts
    (quasi-likelihood), so that bursts make no groups.

    Parameters
    ----------
    breaks
        Shape (sites,), counts.
    dispersion
        Variance over mean of the counts of equivalent sites; below 1 counts as 1.
    most
        Largest number of groups.

    Returns
    -------
    numpy.ndarray
        Shape (sites,): group, 0 for the most labile one.
    """
    order = np.argsort(-breaks, kind="stable")
    total = np.append(0.0, np.cumsum(breaks[order]))
    sites = len(breaks)
    best = np.full((most + 1, sites + 1), -np.inf)
    cut = np.zeros((most + 1, sites + 1), dtype=int)
    best[0, 0] = 0.0
    for groups in range(1, most + 1):
        for end in range(groups, sites + 1):
            start = np.arange(groups - 1, end)
            size, events = end - start, total[end] - total[start]
            # Poisson log-likelihood at the best common rate, without the terms that no grouping changes.
            rate = np.log(np.maximum(events, 1e-300) / size)
            score = (
                best[groups - 1, start] + events * rate / max(dispersion, 1.0) + size * np.log(size / sites)
            )
            cut[groups, end] = start[np.argmax(score)]
            best[groups, end] = score.max()
    criterion = [(2 * k - 1) * np.log(sites) - 2 * best[k, sites] for k in range(1, most + 1)]
    end, label = sites, np.empty(sites, dtype=int)
    for groups in range(1 + int(np.argmin(criterion)), 0, -1):
        label[order[cut[groups, end] : end]] = groups - 1
        end = cut[groups, end]
    return label


def rings_of_sites(rings: Rings, sizes: Sequence[int], n_sites: int, n_ligands: int) -> pd.DataFrame:
    """Count the primitive rings that a ligand of each site is in.

    Parameters
    ----------
    rings
        Rings of the crystal's box.
    sizes
        Ring sizes.
    n_sites, n_ligands
        Ligands in the unit cell and in the box.

    Returns
    -------
    pandas.DataFrame
        One row per site: ``site`` and ``rings_of_<size>``, the mean over the cells.
    """
    table = pd.DataFrame({"site": np.arange(n_sites)})
    for size in sizes:
        passes = np.bincount(rings.of_ligands(size)[:, 1], minlength=n_ligands) / size
        table[f"rings_of_{size}"] = passes.reshape(-1, n_sites).mean(axis=0)
    return table
