"""Whether glasses made at two ramp rates differ: the paper's check of its 4.8 K/ps ramps against 1 K/ps."""

from itertools import combinations

import numpy as np

from ..statistics import mean_of_curves


def difference_of_groups(first: np.ndarray, second: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Subtract the mean curves of two groups of independent runs, first minus second.

    A group of one run takes the spread of the other group.

    Parameters
    ----------
    first, second
        Shapes (runs, points) and (other runs, points).

    Returns
    -------
    difference, stderr : tuple of numpy.ndarray
        Shape (points,) each; the error is NaN if both groups have one run.
    """
    (mean, error), (other_mean, other_error) = mean_of_curves(first), mean_of_curves(second)
    error = np.where(np.isnan(error), other_error * np.sqrt(len(second) / len(first)), error)
    other_error = np.where(np.isnan(other_error), error * np.sqrt(len(first) / len(second)), other_error)
    return mean - other_mean, np.hypot(error, other_error)


def permutation_p_value(first: np.ndarray, second: np.ndarray) -> float:
    """Test whether two groups of curves could be one.

    The statistic is the sum of squares of the difference of the mean curves; p is the share of all ways to
    divide the runs into groups of these sizes whose statistic is at least the observed one. With m and n runs
    p cannot be below 1 / C(m + n, m).

    Parameters
    ----------
    first, second
        Shapes (runs, points) and (other runs, points).

    Returns
    -------
    float
        p; NaN for fewer than four runs in all, whose divisions cannot show anything.
    """
    curves = np.concatenate([first, second])
    if len(curves) < 4:
        return np.nan

    def statistic(chosen: tuple[int, ...]) -> float:
        inside = np.isin(np.arange(len(curves)), chosen)
        return float(np.sum((curves[inside].mean(axis=0) - curves[~inside].mean(axis=0)) ** 2))

    observed = statistic(tuple(range(len(first))))
    divisions = [statistic(chosen) for chosen in combinations(range(len(curves)), len(first))]
    return float(np.mean(np.array(divisions) >= observed * (1 - 1e-12)))
