"""Kinetics of one run, by one or several definitions of a bond, in numbers that do not depend on the box.

Rates are per Zn and ps. Intervals are between events anywhere in a box of 1024 Zn, as the paper gives them: the
reciprocal of rate times 1024. How often bonds break, and how long and how many Zn lack one, depends on the
distances and above all on the frame interval, since most broken bonds are back within a picosecond; how often
ligands turn or change place hardly does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ..mechanism.bonds import Bonds
from ..mechanism.close_pairs import BondDefinition, bonds_among, find_close_pairs
from ..mechanism.events import FULL_COORDINATION, breaks_of, exchanges_of, find_events
from ..mechanism.kinetics import PAPER_ZINC
from ..mechanism.lifetimes import defect_lifetimes, exponential_lifetime, kaplan_meier, mean_lifetime
from ..statistics import UNDETERMINED, Estimate, mean_of_series
from ..trajectory import iterate_frames, production_start
from .crystal_run import Row

STRETCHES = 32
"""Pieces of a run whose counts of events show whether these come more unevenly than by chance."""


@dataclass(frozen=True)
class Watch:
    """When bonds are watched.

    Attributes
    ----------
    start_ps, end_ps
        Beginning and end, ps.
    n_zinc
        Number of Zn.
    """

    start_ps: float
    end_ps: float
    n_zinc: int

    @property
    def exposure(self) -> float:
        """Zn times ps."""
        return self.n_zinc * (self.end_ps - self.start_ps)


def kinetics_of_run(folder: str | Path, definitions: Mapping[str, BondDefinition]) -> pd.DataFrame:
    """Measure the kinetics of a run in its production; the net is compared with that of the first frame.

    Parameters
    ----------
    folder
        Run folder whose trajectory has Zn and N.
    definitions
        Definitions of a bond, by name.

    Returns
    -------
    pandas.DataFrame
        Columns ``definition, quantity, unit, value, stderr, n``; n is the number of events, or of independent
        samples of a share.

    Raises
    ------
    InputError
        The run cannot be read, or a definition's interval is not a multiple of the run's.
    """
    reach = max(definition.break_A for definition in definitions.values())
    pairs = find_close_pairs(iterate_frames(folder, ("Zn", "N")), reach)
    start = production_start(folder)
    rows = [
        (name, *row[:2], row[2].value, row[2].stderr, row[2].n)
        for name, definition in definitions.items()
        for row in kinetics_of_bonds(bonds_among(pairs, definition), start)
    ]
    return pd.DataFrame(rows, columns=["definition", "quantity", "unit", "value", "stderr", "n"])


def kinetics_of_bonds(bonds: Bonds, start_ps: float) -> list[Row]:
    """Measure the kinetics of bonds from a time on.

    Parameters
    ----------
    bonds
        All bonds of a run.
    start_ps
        Time from which events count, ps.

    Returns
    -------
    list of tuple
        Quantity, unit and estimate.
    """
    watch = Watch(max(start_ps, float(bonds.times[0])), float(bonds.times[-1]), bonds.n_zinc)
    # The moment at which the production begins still belongs to what came before.
    watched = bonds.times > start_ps if start_ps > bonds.times[0] else np.ones(len(bonds.times), dtype=bool)
    events = find_events(bonds)
    exchanges = exchanges_of(events)
    done = exchanges[["break_time_ps", "recovery_time_ps"]].max(axis=1).to_numpy()
    turns = events.loc[events["kind"] == "ii", ["break_time_ps", "recovery_time_ps"]].max(axis=1).to_numpy()
    rates = {
        "breaks": event_rate(breaks_of(events)["break_time_ps"].to_numpy(), watch),
        "turns (ii)": event_rate(turns, watch),
        "exchanges (iii)": event_rate(done, watch),
    }
    three = (bonds.coordination()[watched] < FULL_COORDINATION).mean(axis=1)
    return [
        *((f"rate of {name}", "1/(Zn ps)", rate) for name, rate in rates.items()),
        *(
            (f"time between {name} per {PAPER_ZINC} Zn", "ps", _interval(rate))
            for name, rate in rates.items()
        ),
        (f"time to the first exchange (iii) per {PAPER_ZINC} Zn", "ps", _first(done, watch)),
        *_lifetimes(bonds, start_ps),
        ("share of Zn with fewer than four bonds", "1", mean_of_series(three)),
        *_outcome(exchanges[done > start_ps], bonds, watched),
    ]


def event_rate(times_ps: np.ndarray, watch: Watch) -> Estimate:
    """Count events per Zn and ps.

    Parameters
    ----------
    times_ps
        Times of the events; those outside of the watch are left out.
    watch
        When and how many Zn were watched.

    Returns
    -------
    Estimate
        1/(Zn ps), n = events. The error is that of a Poisson count, or that of the counts in `STRETCHES` equal
        pieces as a correlated series where this is larger. No event has the error of one.
    """
    edges = np.linspace(watch.start_ps, watch.end_ps, STRETCHES + 1)
    # A stretch holds its end, not its start: an event is dated by the first frame in the new state.
    counts, _ = np.histogram(-times_ps, -edges[::-1])
    count = int(counts.sum())
    uneven = mean_of_series(counts.astype(float)).stderr * STRETCHES
    return Estimate(count / watch.exposure, max(np.sqrt(max(count, 1)), uneven) / watch.exposure, count)


def _interval(rate: Estimate) -> Estimate:
    if not rate.n:
        return UNDETERMINED
    interval = 1.0 / (rate.value * PAPER_ZINC)
    return Estimate(interval, interval * rate.stderr / rate.value, rate.n)


def _first(times_ps: np.ndarray, watch: Watch) -> Estimate:
    """Waiting time for the first event, scaled to the paper's box; one event has an error as large as itself."""
    later = times_ps[times_ps > watch.start_ps]
    if not len(later):
        return UNDETERMINED
    waited = float(later.min() - watch.start_ps) * watch.n_zinc / PAPER_ZINC
    return Estimate(waited, waited, 1)


def _lifetimes(bonds: Bonds, start_ps: float) -> list[Row]:
    """Three readings of the lifetime of a Zn that lacks a bond."""
    lives = defect_lifetimes(bonds)
    lives = lives[lives["start_ps"] > start_ps]
    lifetimes, censored = lives["lifetime_ps"].to_numpy(), lives["censored"].to_numpy()
    seen = lifetimes[~censored]
    name, error = "lifetime of three-coordinated Zn", 1.0 / np.sqrt(max(len(seen), 1))
    mean = mean_lifetime(kaplan_meier(lifetimes, censored)) if len(seen) else np.nan
    plain = Estimate(float(seen.mean()), float(seen.mean() * error), len(seen)) if len(seen) else UNDETERMINED
    exponential = UNDETERMINED
    if len(seen):
        exponential, _, _ = exponential_lifetime(lifetimes, censored, float(bonds.times[1] - bonds.times[0]))
    survival = Estimate(mean, mean * error, len(seen)) if np.isfinite(mean) else UNDETERMINED
    return [
        (f"{name}, mean of those seen", "ps", plain),
        (f"{name}, Kaplan-Meier", "ps", survival),
        (f"{name}, exponential", "ps", exponential),
    ]


def _outcome(exchanges: pd.DataFrame, bonds: Bonds, watched: np.ndarray) -> list[Row]:
    """What the exchanges have changed by the end."""
    reverted, whole = int(exchanges["reverted_time_ps"].notna().sum()), len(exchanges)
    kept = _links_left(bonds, np.flatnonzero(watched)[-max(int(watched.sum()) // 10, 1) :])
    # Wilson's error of a share, which is not zero at 0 and 1.
    error = np.sqrt(reverted * (whole - reverted) / max(whole, 1) + 0.25) / (whole + 1)
    share = Estimate(reverted / whole, float(error), whole) if whole else UNDETERMINED
    standing = whole - reverted
    return [
        (
            "exchanges (iii) that stand at the end",
            "1",
            Estimate(standing, np.sqrt(max(standing, 1)), standing),
        ),
        ("reverted share of the exchanges (iii)", "1", share),
        ("share of initial Zn-ligand links seen in the last tenth", "1", kept),
    ]


def _links_left(bonds: Bonds, frames: np.ndarray) -> Estimate:
    """Share of the first links that hold in any of some consecutive frames: a broken bond mostly comes back."""
    links = bonds.zinc * (bonds.ligand.max() + 1) + bonds.ligand[bonds.nitrogen]
    initial = np.unique(links[bonds.start == 0])
    late = links[(bonds.start <= frames[-1]) & (bonds.end > frames[0])]
    share = float(np.isin(initial, late).mean())
    return Estimate(share, float(np.sqrt(share * (1 - share) / len(initial))), len(initial))
