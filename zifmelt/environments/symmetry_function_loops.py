"""The loops of `zifmelt.environments.symmetry_functions`.

What is done for every two neighbours of a centre is written as loops over plain arrays without branches or
calls, of which compilers make vector instructions; for the same reason exponentials and cosines are written
out.
"""

import math
from functools import partial

import numpy as np

from ..compiling import ANY_ORDER, compiled

STEPS = 16
POWERS = np.exp(-np.arange(750 * STEPS + 1) / STEPS)
"""Exponentials of the whole multiples of -1 / `STEPS`, down to zero."""

EXPONENTIAL = tuple(1 / math.factorial(k) for k in range(10))
"""Series, exact to rounding for what is left of an argument."""

COSINE = tuple((-1) ** k / math.factorial(2 * k) for k in range(12))
"""Cosine as a series in the square of its argument, exact to rounding up to pi / 2."""


@compiled
def sum_functions(
    starts: np.ndarray,
    vectors: np.ndarray,
    distances: np.ndarray,
    nearest: float,
    cutoff: float,
    radial: np.ndarray,
    etas: np.ndarray,
    angular: np.ndarray,
) -> np.ndarray:
    """Sum the functions over the neighbours of every centre.

    Parameters
    ----------
    starts
        Shape (centres + 1,): where the neighbours of each centre begin.
    vectors, distances
        Shapes (pairs, 3) and (pairs,), angstrom, from centre to neighbour.
    nearest
        Two neighbours that are not farther apart are in one place and no pair, angstrom.
    cutoff
        Distance at which the functions end, angstrom.
    radial
        Shape (functions, 2): eta and shift.
    etas
        Shape (widths,): the different eta of the angular functions, ascending; twice the one before is cheap.
    angular
        Shape (functions, 3): which of `etas`, sign and power; by sign, then by rising power.

    Returns
    -------
    numpy.ndarray
        Shape (centres, functions), radial ones first.
    """
    values = np.zeros((len(starts) - 1, len(radial) + len(angular)))
    most = np.max(starts[1:] - starts[:-1])
    pairs = most * (most - 1) // 2 + 1
    fade, shell = np.empty(most), np.empty(most)
    cosine, apart, squares = np.empty(pairs), np.empty(pairs), np.empty(pairs)
    weight, power, damped = np.empty(pairs), np.empty(pairs), np.empty((len(etas), pairs))
    for i in range(len(values)):
        length, vector = distances[starts[i] : starts[i + 1]], vectors[starts[i] : starts[i + 1]]
        _fade(length * length, cutoff, fade)
        for f in range(len(radial)):
            _damp((length - radial[f, 1]) ** 2, radial[f, 0], shell)
            values[i, f] = _dot(shell[: len(length)], fade)
        n = _pair_up(vector, length, fade, nearest, cutoff, cosine, apart, squares, weight)
        _fade(apart[:n], cutoff, power)
        for t in range(n):
            weight[t] *= power[t]
        for e in range(len(etas)):
            if e > 0 and etas[e] == 2 * etas[e - 1]:
                for t in range(n):
                    damped[e, t] = damped[e - 1, t] * damped[e - 1, t]
            else:
                _damp(squares[:n], etas[e], damped[e])
        _sum_angular(cosine[:n], weight, damped, angular, power, values[i, len(radial) :])
    return values


@compiled
def _pair_up(
    vectors: np.ndarray,
    lengths: np.ndarray,
    fade: np.ndarray,
    nearest: float,
    cutoff: float,
    cosine: np.ndarray,
    apart: np.ndarray,
    squares: np.ndarray,
    weight: np.ndarray,
) -> int:
    """List every two neighbours of a centre that are within the cutoff of each other; return their number.

    Sets the cosine of their angle, the square of their distance, the sum of the squared sides of the triangle
    and the product of the cutoff functions of the sides at the centre.
    """
    x, y, z = vectors[:, 0].copy(), vectors[:, 1].copy(), vectors[:, 2].copy()
    square, inverse = lengths * lengths, 1 / lengths
    n = np.uint64(0)  # unsigned, so that no index has to be looked at for being negative
    for j in range(len(lengths)):
        for k in range(j):
            dot = x[j] * x[k] + y[j] * y[k] + z[j] * z[k]
            both = square[j] + square[k]
            third = both - 2 * dot
            cosine[n] = min(max(dot * (inverse[j] * inverse[k]), -1.0), 1.0)
            apart[n], squares[n], weight[n] = third, both + third, fade[j] * fade[k]
            # The next pair takes the place of one that does not count.
            n += np.uint64((third < cutoff * cutoff) & (third > nearest * nearest))
    return int(n)


@compiled
def _sum_angular(
    cosine: np.ndarray,
    weight: np.ndarray,
    damped: np.ndarray,
    angular: np.ndarray,
    power: np.ndarray,
    values: np.ndarray,
) -> None:
    """Set the angular functions of one centre; a power is squared until the next would be too high."""
    sign, raised = 0.0, 0.0
    for f in range(len(angular)):
        width, exponent = int(angular[f, 0]), angular[f, 2]
        if angular[f, 1] != sign:
            sign, raised = angular[f, 1], 1.0
            for t in range(len(cosine)):
                power[t] = 1 - sign * cosine[t]
        while 2 * raised <= exponent:
            raised *= 2
            for t in range(len(cosine)):
                power[t] *= power[t]
        values[f] = 2.0 ** (1 - exponent) * _sum(
            weight[: len(cosine)], power, exponent / raised, damped[width]
        )


@partial(compiled, order=ANY_ORDER)
def _dot(first: np.ndarray, second: np.ndarray) -> float:
    total = 0.0
    for t in range(len(first)):
        total += first[t] * second[t]
    return total


@partial(compiled, order=ANY_ORDER)
def _sum(weight: np.ndarray, power: np.ndarray, exponent: float, damped: np.ndarray) -> float:
    total = 0.0
    if exponent == 1:
        for t in range(len(weight)):
            total += weight[t] * power[t] * damped[t]
    else:
        for t in range(len(weight)):
            total += weight[t] * power[t] ** exponent * damped[t]
    return total


@compiled
def _fade(squares: np.ndarray, cutoff: float, result: np.ndarray) -> None:
    """Set the cutoff function, (cos(pi R / Rc) + 1) / 2 = cos^2(pi R / 2 Rc), from squared distances."""
    scale = (math.pi / 2 / cutoff) ** 2
    for t in range(len(squares)):
        argument, value = scale * squares[t], COSINE[-1]
        for k in range(len(COSINE) - 2, -1, -1):
            value = value * argument + COSINE[k]
        result[t] = value * value


@compiled
def _damp(squares: np.ndarray, eta: float, result: np.ndarray) -> None:
    """Set ``exp(-eta * squares)``."""
    for t in range(len(squares)):
        argument = min(eta * squares[t], 749.0)
        whole = np.int32(STEPS * argument)
        rest, value = whole / STEPS - argument, EXPONENTIAL[-1]
        for k in range(len(EXPONENTIAL) - 2, -1, -1):
            value = value * rest + EXPONENTIAL[k]
        result[t] = value * POWERS[np.uint32(whole)]
