"""Where a quantity changes its course on heating or cooling, decided by statistics and not by eye."""

from dataclasses import dataclass

import numpy as np

from ..errors import InputError
from ..statistics import UNDETERMINED, Estimate, statistical_inefficiency

STRONG_EVIDENCE = 10.0
"""Smallest fall of the Bayesian information criterion that counts (Kass and Raftery, JASA 90, 773 (1995))."""

HALF_CHI_SQUARE_95 = 1.92
"""Fall of the log likelihood at the ends of a 95 % interval of one parameter."""

MOST_BLOCKS = 120
FEWEST_BLOCKS = 12


@dataclass(frozen=True)
class Transition:
    """A change of course and the curve that was fitted.

    Attributes
    ----------
    temperature
        Where it lies, K; undetermined if the data do not support a change.
    low, high
        Ends of the 95 % interval, K; NaN if undetermined.
    x, y
        The fitted points: temperature (K) and the quantity.
    fit
        The fitted curve at `x`.
    """

    temperature: Estimate
    low: float
    high: float
    x: np.ndarray
    y: np.ndarray
    fit: np.ndarray


def volume_transition(temperature: np.ndarray, volume: np.ndarray) -> Transition:
    """Find the temperature at which the volume leaves its course on a heating ramp.

    The ramp is averaged in blocks longer than the correlation time. Blocks are described by one, two or three
    straight lines, which need not meet, each with its own slope (thermal expansion, collapse, expansion of
    the new phase); the number of lines is chosen by the Bayesian information criterion. The first change is
    the transition, its interval is where the log likelihood, maximised over all else, falls by less than
    1.92. Blocks count by the statistical inefficiency of what the lines leave of them.

    Parameters
    ----------
    temperature, volume
        Shape (samples,) each, along the ramp, equally spaced in time; K and any unit.

    Returns
    -------
    Transition
        Undetermined if one line describes the ramp as well (by `STRONG_EVIDENCE`) or the ramp is too short.

    Raises
    ------
    InputError
        The two series differ in length.
    """
    x, y = ramp_blocks(temperature, volume)
    if len(x) < FEWEST_BLOCKS:
        return Transition(UNDETERMINED, np.nan, np.nan, x, y, np.full(len(x), np.nan))
    cost = _line_costs(x, y)
    fits = [_best_breaks(cost, changes) for changes in (0, 1, 2)]
    independent = len(x) / statistical_inefficiency(y - _piecewise(x, y, fits[-1][0]))
    criteria = [
        independent * np.log(max(residual, 1e-300)) + (2 + 3 * changes) * np.log(independent)
        for changes, (_, residual) in enumerate(fits)
    ]
    changes = _supported_changes(criteria)
    breaks, residual = fits[changes]
    fit = _piecewise(x, y, breaks)
    if changes == 0:
        return Transition(UNDETERMINED, np.nan, np.nan, x, y, fit)
    profile = _first_break_profile(cost, changes)
    (likely,) = np.nonzero(independent / 2 * np.log(profile / residual) < HALF_CHI_SQUARE_95)
    first = breaks[0]
    # A sudden change can lie anywhere in the first block after the cut, up to the middle of the next two.
    low, high = float(x[likely[0] - 1]), float((x[likely[-1]] + x[likely[-1] + 1]) / 2)
    place = float((x[first - 1] + x[first]) / 2)
    estimate = Estimate(place, max(abs(high - place), abs(place - low)) / 1.96, len(x))
    return Transition(estimate, min(low, high), max(low, high), x, y, fit)


def _supported_changes(criteria: list[float]) -> int:
    """Count the changes: more only if the criterion falls by `STRONG_EVIDENCE` against the fewer accepted."""
    accepted = 0
    for changes in range(1, len(criteria)):
        if criteria[accepted] - criteria[changes] >= STRONG_EVIDENCE:
            accepted = changes
    return accepted


def ramp_blocks(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Average a ramp in blocks of two statistical inefficiencies of the fluctuation about its local course.

    Parameters
    ----------
    x, y
        Shape (samples,) each, equally spaced in time.

    Returns
    -------
    tuple of numpy.ndarray
        Block means of x and y, at most `MOST_BLOCKS`.

    Raises
    ------
    InputError
        The two series differ in length.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if x.shape != y.shape:
        raise InputError(f"A ramp needs as many temperatures as values, here {len(x)} and {len(y)}.")
    windows = np.array_split(y, max(len(y) // 100, 1))
    inefficiency = np.median([statistical_inefficiency(_without_trend(window)) for window in windows])
    count = int(np.clip(len(y) / (2.0 * inefficiency), 1, MOST_BLOCKS))
    mean = [np.array([block.mean() for block in np.array_split(series, count)]) for series in (x, y)]
    return mean[0], mean[1]


def _without_trend(y: np.ndarray) -> np.ndarray:
    time = np.arange(len(y))
    return y - np.polynomial.Polynomial.fit(time, y, 1)(time) if len(y) > 2 else y


def _line_costs(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Residual sum of squares of the line through points i to j-1, infinite for too few points.

    The first and the last line need four points. Two are enough in between: a sudden collapse takes no more
    than the block in which it happens, and a longer line would begin before it.
    """
    x, y = x - x.mean(), y - y.mean()
    sums = [np.append(0.0, np.cumsum(term)) for term in (np.ones_like(x), x, y, x * x, x * y, y * y)]
    n, sx, sy, sxx, sxy, syy = (total[None, :] - total[:, None] for total in sums)
    with np.errstate(divide="ignore", invalid="ignore"):
        vxx, vxy, vyy = sxx - sx * sx / n, sxy - sx * sy / n, syy - sy * sy / n
        residual = np.maximum(vyy - vxy**2 / vxx, 1e-12 * y.var())
    fewest = np.full(n.shape, 2)
    fewest[0] = fewest[:, -1] = 4
    return np.where(n >= fewest, residual, np.inf)


def _best_breaks(cost: np.ndarray, changes: int) -> tuple[tuple[int, ...], float]:
    """Minimise the sum of costs over all ways to cut the series `changes` times."""
    last = len(cost) - 1
    if changes == 0:
        return (), float(cost[0, last])
    totals = [cost[0, cut] + _best_tail(cost, cut, changes - 1)[1] for cut in range(last)]
    cut = int(np.argmin(totals))
    return (cut, *_best_tail(cost, cut, changes - 1)[0]), float(totals[cut])


def _best_tail(cost: np.ndarray, start: int, changes: int) -> tuple[tuple[int, ...], float]:
    last = len(cost) - 1
    if changes == 0:
        return (), float(cost[start, last])
    totals = cost[start, start:last] + cost[start:last, last]
    cut = int(np.argmin(totals))
    return (start + cut,), float(totals[cut])


def _first_break_profile(cost: np.ndarray, changes: int) -> np.ndarray:
    """Smallest residual for every place of the first cut."""
    return np.array([cost[0, cut] + _best_tail(cost, cut, changes - 1)[1] for cut in range(len(cost) - 1)])


def _piecewise(x: np.ndarray, y: np.ndarray, breaks: tuple[int, ...]) -> np.ndarray:
    edges = [0, *breaks, len(x)]
    pieces = [slice(a, b) for a, b in zip(edges[:-1], edges[1:], strict=True)]
    return np.concatenate([np.polynomial.Polynomial.fit(x[p], y[p], 1)(x[p]) for p in pieces])
