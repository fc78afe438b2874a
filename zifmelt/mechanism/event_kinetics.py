"""How often bonds break and ligands turn or change place: means over independent runs, and their table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..files import read_table
from ..statistics import UNDETERMINED, Estimate, jackknife, mean_of_runs, variance_of_total
from ..tables.rows import PaperValue, id_part, table_row
from .bonds import Bonds, load_bonds
from .events import COLUMNS, breaks_of, exchanges_of
from .lifetimes import COLUMNS as LIFE_COLUMNS
from .lifetimes import coordination_shares, exponential_lifetime, kaplan_meier, mean_lifetime
from .passages import mean_waiting_time

PAPER_ZINC = 1024
"""Size of the paper's boxes; rates of events anywhere in the box are scaled to it."""


@dataclass(frozen=True)
class WatchedRun:
    """What is known of the bonds of one run.

    Attributes
    ----------
    bonds
        Zn-N bonds.
    events
        Table of `zifmelt.mechanism.events.find_events`.
    lives
        Table of `zifmelt.mechanism.lifetimes.defect_lifetimes`.
    """

    bonds: Bonds
    events: pd.DataFrame
    lives: pd.DataFrame

    @property
    def duration_ps(self) -> float:
        """Observed time, ps."""
        return float(self.bonds.times[-1] - self.bonds.times[0])

    @property
    def interval_ps(self) -> float:
        """Time between frames, ps; NaN for a single frame."""
        times = self.bonds.times
        return float(times[1] - times[0]) if len(times) > 1 else np.nan

    @property
    def scale(self) -> float:
        """Time between events here over that in a box of `PAPER_ZINC` Zn."""
        return PAPER_ZINC / self.bonds.n_zinc


def load_watched_run(folder: str | Path) -> WatchedRun:
    """Read ``bonds.npz``, ``bond_events.csv`` and ``defect_lifetimes.csv`` of a run's analysis folder."""
    folder = Path(folder)
    # An empty table does not say the types of its columns.
    return WatchedRun(
        load_bonds(folder / "bonds.npz"),
        read_table(folder / "bond_events.csv", tuple(COLUMNS)).astype(COLUMNS),
        read_table(folder / "defect_lifetimes.csv", tuple(LIFE_COLUMNS)).astype(LIFE_COLUMNS),
    )


def mean_interval(counts: Sequence[int], durations_ps: Sequence[float]) -> Estimate:
    """Estimate the mean time between events from independent runs of the same system.

    Parameters
    ----------
    counts
        Events per run.
    durations_ps
        Observed time per run, ps.

    Returns
    -------
    Estimate
        Total time over total number; the relative error is the larger of the Poisson one and of the spread
        of the counts between the runs; n = runs. `UNDETERMINED` without any event.
    """
    numbers, durations = np.asarray(counts, dtype=float), np.asarray(durations_ps, dtype=float)
    total, runs = numbers.sum(), len(numbers)
    if total == 0:
        return UNDETERMINED
    interval = float(durations.sum() / total)
    spread = variance_of_total(numbers, durations)
    return Estimate(interval, float(interval * np.sqrt(max(total, spread)) / total), runs)


def scaled_interval(runs: Sequence[WatchedRun], numbers: Sequence[int]) -> Estimate:
    """Give `mean_interval` of events in a box of `PAPER_ZINC` Zn, whatever the size of the runs' box."""
    return mean_interval(numbers, [run.duration_ps / run.scale for run in runs])


def first_exchange(run: WatchedRun) -> float:
    """Return the time of the first exchange (iii) of a run since its start, ps; NaN if there is none."""
    completed = exchanges_of(run.events)[["break_time_ps", "recovery_time_ps"]].max(axis=1)
    return float(completed.min() - run.bonds.times[0]) if len(completed) else np.nan


def waiting_for_exchange(runs: Sequence[WatchedRun]) -> Estimate:
    """Estimate the mean time to the first exchange (iii) in a box of `PAPER_ZINC` Zn."""
    first = [first_exchange(run) / run.scale for run in runs]
    return mean_waiting_time(first, [run.duration_ps / run.scale for run in runs])


def lifetime_of(runs: Sequence[WatchedRun]) -> dict[str, Estimate]:
    """Estimate the lifetime of the three-coordinated Zn from the lives of all runs together.

    Averaging the runs' own estimates instead would leave out those without a recovery, and with them the time
    that was waited in vain.

    Returns
    -------
    dict
        ``exponential``: maximum likelihood; ``kaplan_meier``: area below the Kaplan-Meier curve, see
        `mean_lifetime`. n = runs; the relative error is the larger of that of counting recoveries and of the
        spread between the runs. `UNDETERMINED` without any recovery.
    """
    lives = [run.lives for run in runs]
    recoveries = [int(np.sum(~table["censored"])) for table in lives]
    counted = mean_interval(recoveries, [float(table["lifetime_ps"].sum()) for table in lives])
    if not counted.n:
        return {"exponential": UNDETERMINED, "kaplan_meier": UNDETERMINED}
    exponential, _, _ = exponential_lifetime(*_pooled(lives), _interval(runs))
    spread = jackknife(lambda some: mean_lifetime(kaplan_meier(*_pooled(some))), lives)
    counting = spread.value / np.sqrt(sum(recoveries))
    return {
        "exponential": Estimate(
            exponential.value, exponential.value * counted.stderr / counted.value, counted.n
        ),
        "kaplan_meier": Estimate(spread.value, float(np.fmax(spread.stderr, counting)), counted.n),
    }


def _pooled(lives: Sequence[pd.DataFrame]) -> tuple[np.ndarray, np.ndarray]:
    """Lifetimes (ps) of several tables of lives, and which of them are censored."""
    lifetimes, censored = (
        np.concatenate([table[name].to_numpy() for table in lives]) for name in ("lifetime_ps", "censored")
    )
    return lifetimes, censored


def _interval(runs: Sequence[WatchedRun]) -> float:
    """Time between frames, ps; runs of a single frame do not tell."""
    return max((run.interval_ps for run in runs if len(run.bonds.times) > 1), default=np.nan)


def mechanism_rows(
    runs: Sequence[WatchedRun],
    label: str,
    framework: str,
    stable: bool,
    paper_values: Mapping[str, PaperValue],
) -> list[dict[str, Any]]:
    """Tabulate the events of the independent runs of one system at one temperature.

    Parameters
    ----------
    runs
        The runs.
    label
        How the rows name the system, e.g. ``ZIF-4 550 K``.
    framework
        Crystal, for the paper's values.
    stable
        Whether this is the temperature at which nothing transforms; the paper has other numbers for it.
    paper_values
        Numbers of the paper.

    Returns
    -------
    list of dict
        Rows of a table. Intervals are per 1024 Zn: measured in a box of N Zn, times N / 1024.
    """

    def row(key: str, text: str, unit: str, estimate: Estimate, paper: str = "") -> dict[str, Any]:
        identifier = f"mechanism.{paper}.{framework}" if paper else ""
        row_id = f"{key}.{id_part(label)}"
        return table_row(row_id, f"{label}: {text}", unit, estimate, paper_values, identifier)

    def interval(key: str, text: str, numbers: Sequence[int], paper: str = "") -> dict[str, Any]:
        estimate = scaled_interval(runs, numbers)
        return row(f"{key}_interval", f"time between {text} per 1024 Zn", "ps", estimate, paper)

    numbers = {kind: [int(np.sum(run.events["kind"] == kind)) for run in runs] for kind in ("i", "ii")}
    breaks = [len(breaks_of(run.events)) for run in runs]
    exchanges = [len(exchanges_of(run.events)) for run in runs]
    associative = [int(np.sum(breaks_of(run.events)["mechanism"] == "associative")) for run in runs]
    lifetime = lifetime_of(runs)
    # The paper gives some numbers for the transforming crystal, others for the stable one.
    moving = {"break": "break_interval_ps", "turn": "rotation_interval_ps", "first": "first_exchange_ps"}
    still = {
        "life": "three_coordinated_lifetime_ps",
        "share": "three_coordinated_share",
        "exchanges": "exchanges_stable",
        "reverted": "exchanges_reverted_share",
    }
    known = defaultdict(str, still if stable else moving)
    name, share = "lifetime of three-coordinated Zn", _share(sum(associative), sum(breaks))
    first = waiting_for_exchange(runs)
    return [
        interval("break", "breaks", breaks, known["break"]),
        interval("return", "recoveries (i)", numbers["i"]),
        interval("turn", "recoveries (ii)", numbers["ii"], known["turn"]),
        interval("exchange", "exchanges (iii)", exchanges),
        row("first_exchange", "time to the first exchange (iii) per 1024 Zn", "ps", first, known["first"]),
        row("exchanges_per_run", "exchanges (iii) per run", "1", _number(exchanges), known["exchanges"]),
        row(
            "exchanges_reverted_share",
            "reverted share of the exchanges (iii)",
            "1",
            _share(*_reverted(runs)),
            known["reverted"],
        ),
        row("breaks_associative_share", "associative share of the breaks", "1", share),
        row("lifetime_exponential", f"{name}, exponential", "ps", lifetime["exponential"], known["life"]),
        row("lifetime_kaplan_meier", f"{name}, Kaplan-Meier", "ps", lifetime["kaplan_meier"], known["life"]),
        row(
            "share_three_coordinated",
            "share of three-coordinated Zn",
            "1",
            _coordination_share(runs, 3),
            known["share"],
        ),
        row("share_five_coordinated", "share of five-coordinated Zn", "1", _coordination_share(runs, 5)),
    ]


def _number(counts: Sequence[int]) -> Estimate:
    if not sum(counts):
        return Estimate(0.0, np.nan, len(counts))
    return mean_of_runs([Estimate(float(count), float(np.sqrt(count)), 1) for count in counts])


def _share(part: int, whole: int) -> Estimate:
    """Binomial share, with the error of Wilson's interval, which is not zero at 0 and 1."""
    if whole == 0:
        return UNDETERMINED
    error = np.sqrt(part * (whole - part) / whole + 0.25) / (whole + 1)
    return Estimate(part / whole, float(error), whole)


def _reverted(runs: Sequence[WatchedRun]) -> tuple[int, int]:
    exchanges = pd.concat([exchanges_of(run.events) for run in runs])
    return int(exchanges["reverted_time_ps"].notna().sum()), len(exchanges)


def _coordination_share(runs: Sequence[WatchedRun], number: int) -> Estimate:
    return mean_of_runs([coordination_shares(run.bonds)[number] for run in runs])


def survival_curves(runs: Sequence[WatchedRun]) -> pd.DataFrame:
    """Tabulate the Kaplan-Meier curve of the three-coordinated Zn of all runs taken together.

    Returns
    -------
    pandas.DataFrame
        Columns ``time_ps``, ``survival``, ``survival_low``, ``survival_high`` (95 %) and ``exponential``,
        the fitted exponential.
    """
    lifetimes, censored = _pooled([run.lives for run in runs])
    curve = kaplan_meier(lifetimes, censored)
    estimate, _, _ = exponential_lifetime(lifetimes, censored, _interval(runs))
    return pd.DataFrame(
        {
            "time_ps": curve.times,
            "survival": curve.probability,
            "survival_low": curve.low,
            "survival_high": curve.high,
            "exponential": np.exp(-curve.times / estimate.value) if estimate.n else np.nan,
        }
    )


def survival_at_temperatures(systems: Mapping[float, Sequence[WatchedRun]]) -> pd.DataFrame:
    """Stack the `survival_curves` of several temperatures, with the column ``temperature_K``."""
    curves = [survival_curves(runs).assign(temperature_K=kelvin) for kelvin, runs in systems.items()]
    return pd.concat(curves, ignore_index=True)
