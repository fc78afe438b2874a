"""What becomes of a broken Zn-N bond: recovery by the same N, by the ligand's other N, or by another ligand.

Definitions (Mendez and Semino 2024, Sec. III B, made precise). A Zn is meant to have four N. Every bond that
breaks at a Zn with at most four opens a vacancy, and every bond that forms at a Zn with an open vacancy
closes one:

i        the same N comes back;
ii       the other N of the same ligand takes its place (the ligand has turned round);
iii      an N of another ligand takes its place: the connectivity has changed.

With several vacancies at one Zn, what counts is what its ligands have become when it has four N again, not
which left first. An N that fits a vacancy (i before ii) closes it at once. An N of another ligand waits until
the Zn is complete, and then takes what the others have left: if N0 and N2 break, a stranger binds and N0
comes back, N0 has recovered (i) and the stranger is in place of N2 (iii). Of several vacancies left it takes
one where it brings a ligand back to its own place, else the oldest. A stranger that leaves before that is a
``transient``, and no change of its bond counts. A vacancy that is open when the trajectory ends is
``open``: its recovery is censored; strangers that wait then take the oldest. A vacancy from before the first
frame has no known break: its recovery is ``unknown`` and not counted as a break.

A bond that forms at a Zn without vacancy makes it five-coordinated. If that same bond breaks next, the
event is ``transient`` and not a break; if an older bond breaks, that is a break with recovery (ii or iii)
of negative duration. Where the new N came before the old one left, the ``mechanism`` is *associative*; if
break and recovery fall into one frame it is *concerted*, otherwise *dissociative*.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pandas as pd

from .bonds import Bonds

FULL_COORDINATION = 4

COLUMNS = {
    "zinc": "int64",
    "nitrogen_broken": "int64",
    "ligand_broken": "int64",
    "break_time_ps": "float64",
    "nitrogen_formed": "int64",
    "ligand_formed": "int64",
    "recovery_time_ps": "float64",
    "time_to_recovery_ps": "float64",
    "kind": "object",
    "mechanism": "object",
    "reverted_time_ps": "float64",
    "is_reversion": "bool",
}
"""Columns of the table of events and their types; -1 stands for an unknown N or ligand, NaN for an unknown
time."""

NOBODY = -1


@dataclass(eq=False)
class _Event:
    zinc: int
    broken: int = NOBODY
    broken_frame: int = NOBODY
    formed: int = NOBODY
    formed_frame: int = NOBODY
    kind: str = "open"
    reverted_frame: int = NOBODY
    is_reversion: bool = False

    @property
    def mechanism(self) -> str:
        """In which order the old N left and the new one came; dissociative if one of them is not known."""
        if NOBODY in (self.broken_frame, self.formed_frame) or self.formed_frame > self.broken_frame:
            return "dissociative"
        return "concerted" if self.formed_frame == self.broken_frame else "associative"

    @property
    def frame(self) -> int:
        """Frame in which both break and recovery have happened."""
        return max(self.broken_frame, self.formed_frame)


class _Zinc:
    """One Zn and its ledger of vacancies and of excess bonds."""

    def __init__(self, index: int, n_bonded: int, ligand: np.ndarray) -> None:
        self.index, self._ligand = index, ligand
        missing = FULL_COORDINATION - n_bonded
        self.vacancies = [_Event(index, kind="unknown") for _ in range(missing)]
        self.excess = [_Event(index, kind="unknown") for _ in range(-missing)]
        # N of other ligands and their frames, in vacancies that are still to be told apart.
        self._waiting: list[tuple[int, int]] = []
        self.events: list[_Event] = []
        # Exchanges that stand, in lists that lead from the ligand lost first over others to the present one.
        self._chains: list[list[_Event]] = []

    def _kind(self, broken: int, formed: int) -> str:
        if NOBODY in (broken, formed):
            return "unknown"
        if broken == formed:
            return "i"
        return "ii" if self._ligand[broken] == self._ligand[formed] else "iii"

    def _misfit(self, broken: int, formed: int) -> int:
        """Rank the N that may take the place of a broken bond, 0 for the best; see the top of the module."""
        kind = self._kind(broken, formed)
        if kind in ("i", "ii"):
            return ("i", "ii").index(kind)
        if kind == "unknown":
            return 3
        chain = self._chain_to(self._ligand[broken])
        return 2 if self._ligand[formed] in [self._ligand[step.broken] for step in chain] else 3

    def _chain_to(self, ligand: int) -> list[_Event]:
        """Return the standing exchanges that led to a ligand, none if it was there before."""
        return next((chain for chain in self._chains if self._ligand[chain[-1].formed] == ligand), [])

    def break_bond(self, nitrogen: int, frame: int) -> None:
        stay = next((one for one in self._waiting if one[0] == nitrogen), None)
        if stay is not None:
            self._waiting.remove(stay)
            self.events.append(_Event(self.index, nitrogen, frame, *stay, kind="transient"))
            return
        if not self.excess:
            self.vacancies.append(_Event(self.index, nitrogen, frame))
            return
        event = min(self.excess, key=lambda excess: self._misfit(nitrogen, excess.formed))
        own = event.formed == nitrogen
        self.excess.remove(event)
        event.broken, event.broken_frame = nitrogen, frame
        event.kind = "transient" if own else self._kind(nitrogen, event.formed)
        self._finish(event)

    def form_bonds(self, nitrogens: list[int], frame: int) -> None:
        """Let the N of one frame close vacancies or wait in them; what is left over is excess."""
        left = [(nitrogen, frame) for nitrogen in nitrogens]
        self._match(left, (0, 1))
        free = len(self.vacancies) - len(self._waiting)
        self._waiting += left[:free]
        if len(self.vacancies) == len(self._waiting):
            self.settle()
        self.excess += [
            _Event(self.index, formed=nitrogen, formed_frame=late) for nitrogen, late in left[free:]
        ]

    def settle(self) -> None:
        """Give the N that wait the vacancies that are left, the best fits first."""
        self._match(self._waiting, range(4))

    def _match(self, nitrogens: list[tuple[int, int]], misfits: Iterable[int]) -> None:
        """Close the vacancies that N (with their frames) fit, best first, and take these N off the list."""
        for misfit in misfits:
            for one in list(nitrogens):
                fits = [event for event in self.vacancies if self._misfit(event.broken, one[0]) <= misfit]
                if fits:
                    self._close(fits[0], *one)
                    nitrogens.remove(one)

    def _close(self, event: _Event, nitrogen: int, frame: int) -> None:
        self.vacancies.remove(event)
        event.formed, event.formed_frame = nitrogen, frame
        event.kind = self._kind(event.broken, nitrogen)
        self._finish(event)

    def _finish(self, event: _Event) -> None:
        self.events.append(event)
        if event.kind == "iii":
            self._note_exchange(event)

    def _note_exchange(self, event: _Event) -> None:
        """Continue the exchanges that led to the lost ligand, and undo them if an earlier ligand is back."""
        lost, gained = self._ligand[event.broken], self._ligand[event.formed]
        before = self._chain_to(lost)
        after = next((chain for chain in self._chains if self._ligand[chain[0].broken] == gained), [])
        after = [] if after is before else after
        self._chains = [chain for chain in self._chains if chain is not before and chain is not after]
        chain = [*before, event, *after]
        passed = [self._ligand[step.broken] for step in chain]
        present = self._ligand[chain[-1].formed]
        standing = passed.index(present) if present in passed else len(chain)
        for undone in chain[standing:]:
            if undone.frame == event.frame:
                undone.is_reversion = True
            else:
                undone.reverted_frame = event.frame
        if standing:
            self._chains.append(chain[:standing])


def find_events(bonds: Bonds) -> pd.DataFrame:
    """Tabulate the breaks of Zn-N bonds and the recoveries from them.

    An exchange (iii) is *reverted* when the ligand that was lost is back in place of the one that came, at
    once or over further ligands (A by B, B by C, C by A: the first two are reverted then). What else happens
    at the Zn meanwhile does not matter. The exchange that brings the ligand back is marked `is_reversion` and
    is no new exchange.

    Parameters
    ----------
    bonds
        Bonds of one trajectory.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`, ordered by time. Times are those of the first frame in the new state, so they are
        known to one frame interval.
    """
    changes = _changes(bonds)
    initial = np.bincount(bonds.at(0)[0], minlength=bonds.n_zinc)
    events = []
    for index, rows in groupby(changes, key=lambda change: change[0]):
        ledger = _Zinc(index, int(initial[index]), bonds.ligand)
        for frame, group in groupby(rows, key=lambda change: change[1]):
            forming = []
            for _, _, forms, changed in group:
                if forms:
                    forming.append(changed)
                else:
                    ledger.break_bond(changed, frame)
            ledger.form_bonds(forming, frame)
        ledger.settle()
        events += ledger.events + [e for e in ledger.vacancies if e.kind == "open"]
    return _table(events, bonds)


def _changes(bonds: Bonds) -> list[tuple[int, int, int, int]]:
    """Zn, frame, whether it forms (0 or 1) and N of every change, in this order."""
    forms, breaks = bonds.start > 0, bonds.end < len(bonds.times)
    columns = [
        np.concatenate([bonds.zinc[breaks], bonds.zinc[forms]]),
        np.concatenate([bonds.end[breaks], bonds.start[forms]]),
        np.repeat([0, 1], [breaks.sum(), forms.sum()]),
        np.concatenate([bonds.nitrogen[breaks], bonds.nitrogen[forms]]),
    ]
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def _table(events: list[_Event], bonds: Bonds) -> pd.DataFrame:
    def time(frame: int) -> float:
        return np.nan if frame == NOBODY else float(bonds.times[frame])

    def ligand(nitrogen: int) -> int:
        return NOBODY if nitrogen == NOBODY else int(bonds.ligand[nitrogen])

    rows = [
        (
            event.zinc,
            event.broken,
            ligand(event.broken),
            time(event.broken_frame),
            event.formed,
            ligand(event.formed),
            time(event.formed_frame),
            time(event.formed_frame) - time(event.broken_frame),
            event.kind,
            event.mechanism,
            time(event.reverted_frame),
            event.is_reversion,
        )
        for event in events
    ]
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
    first = np.fmin(table["break_time_ps"], table["recovery_time_ps"])
    return table.assign(first=first).sort_values(["first", "zinc"], kind="stable", ignore_index=True)[
        list(COLUMNS)
    ]


def breaks_of(events: pd.DataFrame) -> pd.DataFrame:
    """Keep the events in which a Zn-N bond was seen to break: all but ``transient`` and ``unknown``."""
    return events[events["kind"].isin(["i", "ii", "iii", "open"])]


def exchanges_of(events: pd.DataFrame) -> pd.DataFrame:
    """Keep the type (iii) events that are not the reversion of an earlier one."""
    return events[(events["kind"] == "iii") & ~events["is_reversion"]]
