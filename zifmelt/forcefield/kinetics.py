"""Kinetics of one run, by one or several definitions of a bond, in numbers that do not depend on the box.

Rates are per Zn and ps. Intervals are between events anywhere in a box of 1024 Zn, as the paper gives them:
the reciprocal of 1024 times the rate. How often bonds break, and how long and how many Zn lack one, depends
on the distances and above all on the frame interval, since most broken bonds are back within a picosecond.
With hysteresis, how often ligands turn or change place hardly does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import InputError
from ..mechanism.bonds import Bonds
from ..mechanism.close_pairs import BondDefinition, bonds_among, find_close_pairs
from ..mechanism.event_kinetics import PAPER_ZINC
from ..mechanism.events import FULL_COORDINATION, breaks_of, exchanges_of, find_events
from ..mechanism.lifetimes import defect_lifetimes, exponential_lifetime, kaplan_meier, mean_lifetime
from ..statistics import UNDETERMINED, Estimate, mean_of_series
from ..trajectory import TIME_TOLERANCE_PS, iterate_frames, production_start

Row = tuple[str, str, Estimate]
"""Name, unit and value of a quantity."""

BOX = f"per {PAPER_ZINC} Zn"
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
    frames
        Number of frames after the beginning, equally spaced, the last one at the end.
    """

    start_ps: float
    end_ps: float
    n_zinc: int
    frames: int

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

    Raises
    ------
    InputError
        There is no frame after that time.
    """
    # The moment at which the production begins still belongs to what came before.
    watched = bonds.times > max(start_ps, float(bonds.times[0])) + TIME_TOLERANCE_PS
    if not watched.any():
        raise InputError(f"Kinetics: there is no frame after {start_ps:g} ps; look at bonds more often.")
    first = int(np.argmax(watched)) - 1
    watch = Watch(float(bonds.times[first]), float(bonds.times[-1]), bonds.n_zinc, int(watched.sum()))
    events = find_events(bonds)
    exchanges = exchanges_of(events)
    done = exchanges[["break_time_ps", "recovery_time_ps"]].max(axis=1).to_numpy()
    turns = events.loc[events["kind"] == "ii", ["break_time_ps", "recovery_time_ps"]].max(axis=1).to_numpy()
    rates = {
        "breaks": event_rate(breaks_of(events)["break_time_ps"].to_numpy(), watch),
        "turns (ii)": event_rate(turns, watch),
        "exchanges (iii)": event_rate(done, watch),
        "unconnected exchanges (iii)": event_rate(unconnected(exchanges), watch),
    }
    three = (bonds.coordination()[watched] < FULL_COORDINATION).mean(axis=1)
    return [
        *((f"rate of {name}", "1/(Zn ps)", rate) for name, rate in rates.items()),
        *((f"time between {name} {BOX}", "ps", interval(rate, watch)) for name, rate in rates.items()),
        (f"time to the first exchange (iii) {BOX}", "ps", _first(done, watch)),
        *_lifetimes(bonds, start_ps),
        ("share of three-coordinated Zn", "1", mean_of_series(three)),
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
        1/(Zn ps), n = events. The error is that of a Poisson count, or where it is larger that of the counts
        in at most `STRETCHES` pieces of whole frames as a correlated series. No event has the error of one.
    """
    # An event is dated by the first frame in the new state, so one at the start happened before.
    interval_ps = (watch.end_ps - watch.start_ps) / watch.frames
    frame = np.round((times_ps - watch.start_ps) / interval_ps).astype(int)
    counts = np.bincount(frame[(frame > 0) & (frame <= watch.frames)], minlength=watch.frames + 1)[1:]
    count = int(counts.sum())
    stretches = np.array_split(counts, min(STRETCHES, watch.frames))
    uneven = mean_of_series(np.array([stretch.mean() for stretch in stretches])).stderr * watch.frames
    return Estimate(count / watch.exposure, np.fmax(np.sqrt(max(count, 1)), uneven) / watch.exposure, count)


def unconnected(exchanges: pd.DataFrame) -> np.ndarray:
    """List the times (ps) of the exchanges of which neither the Zn nor a ligand had an earlier one.

    An exchange makes further ones at the same place likely. The mean time to the first exchange of a box is
    the reciprocal of the rate at which they begin at new places.

    Parameters
    ----------
    exchanges
        From `zifmelt.mechanism.events.exchanges_of`.
    """
    times = exchanges[["break_time_ps", "recovery_time_ps"]].max(axis=1)
    order = times.argsort(kind="stable")
    zinc: set[int] = set()
    ligands: set[int] = set()
    first: list[float] = []
    for row in exchanges.iloc[order].itertuples():
        own = {row.ligand_broken, row.ligand_formed}
        if row.zinc not in zinc and not own & ligands:
            first.append(max(row.break_time_ps, row.recovery_time_ps))
        zinc.add(row.zinc)
        ligands |= own
    return np.array(first)


def interval(rate: Estimate, watch: Watch) -> Estimate:
    """Turn a rate per Zn and ps into the mean time between events in a box of `PAPER_ZINC` Zn, ps.

    No event at all counts as half of one, with the error of that (n = 0): it bounds the interval from below.
    """
    if not rate.n:
        bound = watch.exposure / 0.5 / PAPER_ZINC
        return Estimate(bound, bound / np.sqrt(0.5), 0)
    mean = 1.0 / (rate.value * PAPER_ZINC)
    return Estimate(mean, mean * rate.stderr / rate.value, rate.n)


def _first(times_ps: np.ndarray, watch: Watch) -> Estimate:
    """Scale the time of the first event to the paper's box; a single one has an error as large as itself."""
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
    """Tell what the exchanges have changed by the end."""
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
    """Share of the first links that hold in any of some consecutive frames: a broken bond may come back."""
    links = bonds.zinc * (bonds.ligand.max() + 1) + bonds.ligand[bonds.nitrogen]
    initial = np.unique(links[bonds.start == 0])
    late = links[(bonds.start <= frames[-1]) & (bonds.end > frames[0])]
    share = float(np.isin(initial, late).mean())
    return Estimate(share, float(np.sqrt(share * (1 - share) / len(initial))), len(initial))
