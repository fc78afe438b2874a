"""Criteria that a force field must meet, and the score of a measured value against one of them.

The score is the deviation from the wanted number in units of the criterion's tolerance, which is a factor
where the number is known to a factor, such as a rate. A bound that is met has deviation 0. A criterion is
passed up to a deviation of one tolerance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..files import read_yaml
from ..statistics import Estimate
from ..tables.quantities import NAMES
from ..tables.rows import PaperValue

BOUNDS = ("equal", "at least", "at most")
SCALES = ("linear", "logarithmic")
CERTAIN = 2.0
"""Standard errors that a value must be away from the border between pass and fail."""


@dataclass(frozen=True)
class Criterion:
    """One number that a force field must reproduce.

    Attributes
    ----------
    name
        What is judged; criteria of one name are readings of the same number, of which the best counts.
    quantity
        Id of the measured quantity, see `zifmelt.tables.quantities`.
    framework, temperature_K
        Runs that it is taken from.
    bound
        ``equal``, ``at least`` or ``at most``.
    value
        The wanted number, in the unit of the quantity.
    tolerance
        Unit of the score, same unit; on the logarithmic scale the factor that just passes.
    why
        Source of value and tolerance.
    minus
        Framework whose value is subtracted, if any.
    identifier
        Entry of the paper's values that `value` is, if it is one.
    scale
        ``linear`` or ``logarithmic``.
    """

    name: str
    quantity: str
    framework: str
    temperature_K: float
    bound: str
    value: float
    tolerance: float
    why: str
    minus: str | None = None
    identifier: str = ""
    scale: str = "linear"

    @property
    def quantity_name(self) -> str:
        """Name of the quantity for the reader."""
        return NAMES.get(self.quantity, self.quantity)

    @property
    def subject(self) -> str:
        """The framework, or the difference of two."""
        return self.framework if self.minus is None else f"{self.framework} - {self.minus}"

    def excess(self, estimate: Estimate) -> Estimate:
        """Give the distance from the wanted number in tolerances, whatever the bound."""
        value, stderr = estimate.value, estimate.stderr
        if self.scale == "linear":
            return Estimate((value - self.value) / self.tolerance, stderr / self.tolerance, estimate.n)
        if not value > 0:
            return Estimate(np.nan, np.nan, estimate.n)
        unit = np.log(self.tolerance)
        return Estimate(float(np.log(value / self.value) / unit), float(stderr / value / unit), estimate.n)

    def deviation(self, estimate: Estimate) -> Estimate:
        """Signed deviation in units of the tolerance; 0 where a bound is met."""
        excess = self.excess(estimate)
        return Estimate(float(self.bounded(excess.value)), excess.stderr, excess.n)

    def bounded(self, excess: float | np.ndarray) -> float | np.ndarray:
        """Set to 0 what a bound allows, of distances from the wanted number in tolerances."""
        if self.bound == "at least":
            return np.minimum(excess, 0.0)
        return np.maximum(excess, 0.0) if self.bound == "at most" else excess

    def verdict(self, estimate: Estimate) -> str:
        """Judge a value: pass, fail, undecided (within two standard errors of the border), not measured."""
        excess = self.excess(estimate)
        if not np.isfinite(excess.value):
            return "not measured"
        margins = {"equal": -abs(excess.value), "at least": excess.value, "at most": -excess.value}
        margin = 1.0 + margins[self.bound]
        if abs(margin) < CERTAIN * np.nan_to_num(excess.stderr):
            return "undecided"
        # Rounding must not fail a value that lies on the border.
        return "pass" if margin >= -1e-9 else "fail"


def read_criteria(
    path: str | Path, paper_values: Mapping[str, PaperValue]
) -> tuple[list[Criterion], dict[str, dict[str, Any]]]:
    """Read ``forcefield_criteria.yaml``.

    Parameters
    ----------
    path
        The file.
    paper_values
        From `zifmelt.tables.rows.read_paper_values`; a criterion's value may be one of its entries.

    Returns
    -------
    criteria, cells : tuple
        The criteria, and the experimental cells by framework with the entries ``cell`` and ``source``.

    Raises
    ------
    InputError
        The file is missing, an entry has an unknown or missing key, or a value is not allowed.
    """
    content = read_yaml(path)
    try:
        entries, cells = content["criteria"], content["cells"]
        return [_criterion(path, entry, paper_values) for entry in entries], dict(cells)
    except (KeyError, TypeError) as error:
        raise InputError(f"{path}: needs the entries 'cells' and 'criteria' ({error}).") from None


def _criterion(
    path: str | Path, entry: Mapping[str, Any], paper_values: Mapping[str, PaperValue]
) -> Criterion:
    try:
        criterion = Criterion(**entry)
    except TypeError as error:
        raise InputError(f"{path}: {entry.get('name', 'a criterion')} is incomplete ({error}).") from None
    where = f"{path}: criterion {criterion.name!r}"
    if criterion.bound not in BOUNDS:
        raise InputError(f"{where}: bound is {criterion.bound!r}, but must be one of {', '.join(BOUNDS)}.")
    if criterion.scale not in SCALES:
        raise InputError(f"{where}: scale is {criterion.scale!r}, but must be one of {', '.join(SCALES)}.")
    if criterion.scale == "logarithmic" and not criterion.tolerance > 1:
        raise InputError(f"{where}: tolerance is {criterion.tolerance}, but must be a factor above 1.")
    if not criterion.tolerance > 0:
        raise InputError(f"{where}: tolerance is {criterion.tolerance}, but must be positive.")
    if isinstance(criterion.value, str):
        if criterion.value not in paper_values:
            raise InputError(f"{where}: {criterion.value} is not in paper_values.yaml.")
        paper = paper_values[criterion.value]
        return Criterion(**{**entry, "value": paper.value, "identifier": criterion.value})
    return criterion


def limits(value: float, tolerance: float, scale: str) -> tuple[float, float]:
    """Give the lowest and the highest value that are within one tolerance of the wanted one."""
    if scale == "logarithmic":
        return value / tolerance, value * tolerance
    return value - tolerance, value + tolerance


def root_mean_square(deviations: Sequence[Estimate]) -> Estimate:
    """Root mean square of deviations, undetermined ones left out; the error is propagated to first order.

    Parameters
    ----------
    deviations
        In units of the tolerance.

    Returns
    -------
    Estimate
        n = number of deviations that are known; unknown errors count as zero.
    """
    known = [deviation for deviation in deviations if np.isfinite(deviation.value)]
    if not known:
        return Estimate(np.nan, np.nan, 0)
    values = np.array([deviation.value for deviation in known])
    errors = np.nan_to_num(np.array([deviation.stderr for deviation in known]))
    rms = float(np.sqrt(np.mean(values**2)))
    stderr = float(np.sqrt(np.sum((values * errors) ** 2)) / len(values) / rms) if rms > 0 else 0.0
    return Estimate(rms, stderr, len(known))
