"""Timing contestants in turns, and the record of a comparison."""

import time
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import version
from types import ModuleType
from typing import Any

import numpy as np

Clock = Callable[[], float]


class MissingCompetitor(Exception):
    """A package to compare with is not installed; the message says which."""


def competitor(module: str, distribution: str | None = None) -> tuple[ModuleType, str]:
    """Import a competitor.

    Parameters
    ----------
    module
        Name of its module.
    distribution
        Name under which it is installed, if another.

    Returns
    -------
    tuple
        The module, and its name with its version.

    Raises
    ------
    MissingCompetitor
        It is not installed.
    """
    name = distribution or module.split(".")[0]
    try:
        return import_module(module), f"{name} {version(name)}"
    except ImportError:
        raise MissingCompetitor(f"{name} is not installed; pip install '.[bench]' brings it") from None


def take_turns(
    contestants: Mapping[str, Callable[[], Any]], repeats: int, clock: Clock = time.process_time
) -> dict[str, np.ndarray]:
    """Run all contestants one after another, `repeats` times, each once unrecorded before.

    Parameters
    ----------
    contestants
        What to run, by name.
    repeats
        Number of rounds. Other load on the machine, which changes from round to round, hurts all alike.
    clock
        ``time.process_time`` for work in one thread, ``time.perf_counter`` otherwise.

    Returns
    -------
    dict
        Seconds of each round by name, shape (repeats,).
    """
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for contestant in contestants.values():
        contestant()
    for _ in range(repeats):
        for name, contestant in contestants.items():
            start = clock()
            contestant()
            seconds[name].append(clock() - start)
    return {name: np.array(values) for name, values in seconds.items()}


def comparison(
    what: str,
    size: int,
    ours: np.ndarray,
    theirs: np.ndarray,
    competitor: str,
    agreement: str,
    units: tuple[float, float] = (1.0, 1.0),
) -> dict[str, Any]:
    """Return the record of a comparison.

    Parameters
    ----------
    what
        Subject.
    size
        Number of Zn, or of what `what` says.
    ours, theirs
        Seconds of each round, shape (repeats,).
    competitor
        Name and version.
    agreement
        What was checked before, and how well it agrees.
    units
        Work done in each of our and of their rounds, if not the same.

    Returns
    -------
    dict
        Cost per unit of work (median), the ratio of the costs (median of the rounds) and its spread (least
        and largest of the rounds).
    """
    ratios = (theirs / units[1]) / (ours / units[0])
    return {
        "what": what,
        "size": size,
        "competitor": competitor,
        "ratio": float(np.median(ratios)),
        "ratio_range": [float(ratios.min()), float(ratios.max())],
        "rounds": len(ratios),
        "our_seconds": float(np.median(ours) / units[0]),
        "their_seconds": float(np.median(theirs) / units[1]),
        "agreement": agreement,
    }


def agreeing(name: str, difference: float, allowed: float) -> str:
    """Return a sentence on an agreement.

    Raises
    ------
    RuntimeError
        The difference is larger than allowed: the two do not do the same, so their speeds do not compare.
    """
    if not difference <= allowed:
        raise RuntimeError(f"{name} differ by {difference:.3g}, more than {allowed:.0e}: not the same work.")
    return f"{name} to {difference:.1e}"
