"""Which ligands of the unit cell let go most often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..errors import InputError
from ..statistics import UNDETERMINED, Estimate, variance_of_total
from ..structures.crystal import parse_supercell
from ..tables.rows import PaperValue, table_row
from .event_kinetics import PAPER_ZINC, WatchedRun
from .events import breaks_of

LIGANDS_PER_ZINC = 2


@dataclass(frozen=True)
class Folding:
    """Which ligands of a box count as the same site.

    Attributes
    ----------
    repeats
        Unit cells in the box along each lattice vector.
    cell
        Unit cells that the box is folded onto along each lattice vector.
    n_ligands
        Ligands in the box.
    """

    repeats: tuple[int, int, int]
    cell: tuple[int, int, int]
    n_ligands: int

    @property
    def sites(self) -> np.ndarray:
        """Site of every ligand, shape (n_ligands,), counted unit cell by unit cell."""
        per_cell = self.n_ligands // int(np.prod(self.repeats))
        cell, member = np.divmod(np.arange(self.n_ligands), per_cell)
        folded = [
            index % count
            for index, count in zip(np.unravel_index(cell, self.repeats), self.cell, strict=True)
        ]
        return np.ravel_multi_index(folded, self.cell) * per_cell + member

    def counts(self, ligands: np.ndarray) -> np.ndarray:
        """Arrange the number of breaks of every ligand by copy and site.

        Parameters
        ----------
        ligands
            Shape (breaks,): the ligand of each broken bond.

        Returns
        -------
        numpy.ndarray
            Shape (copies, sites).
        """
        by_site = np.argsort(self.sites, kind="stable")
        copies = int(np.prod(self.repeats)) // int(np.prod(self.cell))
        return np.bincount(ligands, minlength=self.n_ligands)[by_site].reshape(-1, copies).T


def fold(n_ligands: int, supercell: str, cell: str) -> Folding:
    """Fold a box onto a cell of one or a few unit cells.

    Parameters
    ----------
    n_ligands
        Ligands in the box, ordered unit cell by unit cell, the last axis fastest.
    supercell
        Unit cells in the box, e.g. ``4x4x4``.
    cell
        Unit cells to fold onto, e.g. ``1x1x1``; along an axis whose number in the box is no multiple of it,
        the greatest common divisor is taken.

    Raises
    ------
    InputError
        The box does not hold a whole number of ligands per unit cell.
    """
    repeats, wanted = parse_supercell(supercell), parse_supercell(cell)
    if n_ligands % int(np.prod(repeats)):
        raise InputError(
            f"{n_ligands} ligands in a box of {supercell} unit cells are no whole number per cell."
        )
    along_a, along_b, along_c = np.gcd(repeats, wanted).tolist()
    return Folding(repeats, (along_a, along_b, along_c), n_ligands)


def site_intervals(counts: Sequence[np.ndarray], durations_ps: Sequence[float]) -> pd.DataFrame:
    """Average the time between breaks of every ligand site over its copies and independent runs.

    Every ligand in every run is one sample of its site's rate; the spread between them carries the error,
    also when breaks come in bursts (one ligand breaking several times in a row); it is never taken to be
    below that of counting.

    Parameters
    ----------
    counts
        Per run: breaks, shape (copies, sites).
    durations_ps
        Per run: observed time, ps.

    Returns
    -------
    pandas.DataFrame
        One row per site: ``site``; ``breaks``; ``ligand_interval_ps``, the mean time between two breaks of
        one ligand; ``site_interval_ps``, that between two breaks at this site anywhere in a box of 1024 Zn,
        i.e. of all its copies taken together, as the paper counts; their standard errors; ``dispersion``,
        variance over mean of the counts (1 for independent breaks). Sites without a break have NaN.
    """
    counts = [np.asarray(run, dtype=float) for run in counts]
    exposure = np.repeat(np.asarray(durations_ps, dtype=float), [len(run) for run in counts])
    pooled = np.concatenate(counts)
    breaks = pooled.sum(axis=0)
    # A run of a single frame has seen no time.
    rate = breaks / exposure.sum() if exposure.any() else np.zeros(len(breaks))
    share = len(breaks) / (LIGANDS_PER_ZINC * PAPER_ZINC)
    samples, variance = len(pooled), variance_of_total(pooled, exposure)
    with np.errstate(divide="ignore", invalid="ignore"):
        interval = np.where(breaks > 0, 1.0 / rate, np.nan)
        relative = np.where(breaks > 0, np.sqrt(np.fmax(variance, breaks)) / breaks, np.nan)
        dispersion = np.where((breaks > 0) & (samples > 1), variance / breaks, np.nan)
    return pd.DataFrame(
        {
            "site": np.arange(len(breaks)),
            "breaks": breaks.astype(int),
            "ligand_interval_ps": interval,
            "ligand_interval_stderr_ps": interval * relative,
            "site_interval_ps": interval * share,
            "site_interval_stderr_ps": interval * relative * share,
            "dispersion": dispersion,
        }
    )


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


def tabulate_lability(
    runs: Sequence[WatchedRun], sites: pd.DataFrame, supercell: str, cell: str
) -> pd.DataFrame:
    """Tell how labile each ligand site is and which sites belong together.

    Parameters
    ----------
    runs
        Independent runs of the same crystal.
    sites
        Result of `zifmelt.mechanism.sites.describe_sites`.
    supercell
        Unit cells in the box, e.g. ``4x4x4``.
    cell
        Unit cells to fold onto, e.g. ``1x1x1``.

    Returns
    -------
    pandas.DataFrame
        Columns of `site_intervals` and of `describe_sites`, ``cell`` (which unit cell of the folded cell)
        and ``group`` (of similar rates, 0 the most labile; see `rate_groups`).
    """
    folding = fold(len(runs[0].bonds.ligand) // 2, supercell, cell)
    counts = [folding.counts(breaks_of(run.events)["ligand_broken"].to_numpy()) for run in runs]
    table = site_intervals(counts, [run.duration_ps for run in runs])
    copies = np.arange(len(table)) // len(sites)
    described = pd.concat([sites] * (1 + int(copies.max())), ignore_index=True)
    spread = table["dispersion"].mean()
    groups = rate_groups(table["breaks"].to_numpy(), 1.0 if np.isnan(spread) else spread)
    return pd.concat([table.assign(cell=copies, group=groups), described], axis=1)


def lability_rows(
    table: pd.DataFrame, framework: str, temperature: str, paper_values: Mapping[str, PaperValue]
) -> list[dict[str, Any]]:
    """Tabulate how many sites each group has and how often they break, beside the paper's numbers.

    The last row is the site of longest time outside the most stable group, the upper end of the range that
    the paper gives; as an extreme of many it lies above the expectation of any single site.
    """
    rows, system = [], f"{framework}_{temperature}K"
    last = int(table["group"].max())
    for group, sites in table.groupby("group"):
        name = {0: "labile", last: "stable"}.get(int(group), "") if last else ""
        where = f"{framework} {temperature} K, group {group + 1} of {last + 1} by lability"
        known = sites.dropna(subset="site_interval_ps")
        rate = np.sum(1 / known["site_interval_ps"]) / len(sites)
        errors = known["site_interval_stderr_ps"] / known["site_interval_ps"] ** 2
        error = np.sqrt(np.sum(errors**2)) / len(sites)
        mean = Estimate(1 / rate, error / rate**2, len(sites)) if len(known) else UNDETERMINED
        number = Estimate(float(len(sites)), np.nan, len(sites))
        rows.append(
            table_row(
                f"sites.{system}.{group + 1}",
                f"{where}: sites",
                "1",
                number,
                paper_values,
                f"lability.{name}_sites.{framework}",
            )
        )
        rows.append(
            table_row(
                f"site_interval.{system}.{group + 1}",
                f"{where}: time between breaks at a site per 1024 Zn",
                "ps",
                mean,
                paper_values,
                f"lability.{name}_interval_ps.{framework}",
            )
        )
    others = table[table["group"] < last].dropna(subset="site_interval_ps")
    if len(others):
        longest = others.loc[others["site_interval_ps"].idxmax()]
        estimate = Estimate(longest["site_interval_ps"], longest["site_interval_stderr_ps"], len(others))
        where = f"{framework} {temperature} K, all groups but the most stable"
        text = f"{where}: longest time between breaks at a site per 1024 Zn"
        identifier = f"lability.other_interval_upper_ps.{framework}"
        rows.append(
            table_row(f"site_interval_longest.{system}", text, "ps", estimate, paper_values, identifier)
        )
    return rows
