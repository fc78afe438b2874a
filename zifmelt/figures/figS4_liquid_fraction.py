"""Fig. S4: among disordered zinc, the fraction called liquid, against temperature."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..environments.classify import Classification
from ..errors import InputError
from ..statistics import mean_of_runs, mean_of_series
from ..trajectory import TIME_TOLERANCE_PS
from .plot import Plot
from .style import explain_absence, journal_style, letter_panels, panels, phase_colours


def liquid_fraction(
    classification: Classification, from_ps: float, disordered: Sequence[str], liquids: Sequence[str]
) -> np.ndarray:
    """Compute, frame by frame, the share of the disordered Zn that is called liquid.

    Parameters
    ----------
    classification
        A classified run.
    from_ps
        Frames up to this time are left out as equilibration, ps.
    disordered, liquids
        Names of the disordered phases, and of those among them that are liquids.

    Returns
    -------
    numpy.ndarray
        Shape (frames,); frames without disordered Zn are left out.

    Raises
    ------
    InputError
        The classifier does not know all of the disordered phases.
    """
    for phase in disordered:
        if phase not in classification.classes:
            raise InputError(f"classification: its classes lack {phase}; train the classifier on it.")
    kept = classification.times_ps > from_ps + TIME_TOLERANCE_PS
    liquid = classification.called(liquids)[kept].sum(axis=1)
    every = classification.called(disordered)[kept].sum(axis=1)
    return liquid[every > 0] / every[every > 0]


def tabulate_liquid_fraction(
    runs: Sequence[Mapping[str, Any]],
    from_ps: float,
    classifiers: Sequence[str],
    disordered: Sequence[str],
    liquids: Sequence[str],
) -> pd.DataFrame:
    """Average the liquid fraction over the runs at each temperature.

    Parameters
    ----------
    runs
        Per run ``temperature_K``, ``phase`` that it was started as, ``sampled`` (in the database), and
        ``files``, the classified trajectory by classifier.
    from_ps
        Equilibration, ps.
    classifiers
        Names of the classifiers.
    disordered, liquids
        See `liquid_fraction`.

    Returns
    -------
    pandas.DataFrame
        Columns classifier, phase, temperature_K, in_database, fraction, stderr, runs.
    """
    rows = []
    for classifier in classifiers:
        table: dict[tuple, list] = {}
        for run in runs:
            series = liquid_fraction(
                Classification.load(run["files"][classifier]), from_ps, disordered, liquids
            )
            if len(series):
                key = (run["phase"], run["temperature_K"], run["sampled"])
                table.setdefault(key, []).append(mean_of_series(series))
        for (phase, temperature, sampled), estimates in sorted(table.items()):
            mean = mean_of_runs(estimates)
            rows.append((classifier, phase, temperature, sampled, mean.value, mean.stderr, len(estimates)))
    names = ["classifier", "phase", "temperature_K", "in_database", "fraction", "stderr", "runs"]
    return pd.DataFrame(rows, columns=names)


@journal_style()
def plot_liquid_fraction(numbers: pd.DataFrame) -> Plot:
    """Draw the numbers of `tabulate_liquid_fraction`; open symbols: temperatures outside the database."""
    classifiers = list(dict.fromkeys(numbers.classifier))
    figure, axes = panels(min(2, max(1, len(classifiers))), 6.5, 1, max(1, len(classifiers)), sharey=True)
    for ax, classifier in zip(axes[0], classifiers, strict=False):
        for phase, colour in phase_colours(list(dict.fromkeys(numbers.phase))).items():
            part = numbers[(numbers.classifier == classifier) & (numbers.phase == phase)]
            _draw_phase(ax, part, phase, colour)
        ax.plot([], [], "o", color="0.4", markerfacecolor="white", ms=4, label="not in the database")
        ax.set(title=f"{classifier} classifier", xlabel="temperature (K)", ylim=(-0.04, 1.04))
    axes[0, 0].set_ylabel("fraction called liquid\namong disordered Zn")
    if classifiers:
        axes[0, 0].legend()
    else:
        remedy = "Other temperatures_K or a longer production_ps in sampling.phases would change that."
        explain_absence(axes[0, 0], "No Zn was classified as disordered.", remedy)
    if len(classifiers) > 1:
        letter_panels(axes[0])
    return Plot(figure, numbers)


def _draw_phase(ax: Axes, part: pd.DataFrame, phase: str, colour: str) -> None:
    ax.plot(part.temperature_K, part.fraction, "-", color=colour, linewidth=0.8, alpha=0.6)
    for in_database, face in ((True, colour), (False, "white")):
        points = part[part.in_database == in_database]
        ax.errorbar(
            points.temperature_K,
            points.fraction,
            points.stderr,
            fmt="o",
            markersize=4,
            color=colour,
            markerfacecolor=face,
        )
    ax.plot([], [], "o-", color=colour, markersize=4, label=f"started as {phase}")
