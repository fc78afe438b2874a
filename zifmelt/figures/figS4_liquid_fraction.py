"""Fig. S4: among disordered zinc, the fraction called liquid, against temperature."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..config import DISORDERED
from ..environments.classify import Classification
from ..errors import InputError
from ..statistics import mean_of_runs, mean_of_series
from ..trajectory import TIME_TOLERANCE_PS
from .plot import Plot
from .style import explain_absence, journal_style, letter_panels, panels, phase_colours

GLASS, LIQUID = DISORDERED


def liquid_fraction(classification: Classification, from_ps: float) -> np.ndarray:
    """Compute, frame by frame, the share of the disordered Zn that is called liquid.

    Parameters
    ----------
    classification
        A classified run.
    from_ps
        Frames up to this time are left out as equilibration, ps.

    Returns
    -------
    numpy.ndarray
        Shape (frames,); frames without disordered Zn are left out.

    Raises
    ------
    InputError
        The classifier does not know both disordered phases.
    """
    for phase in DISORDERED:
        if phase not in classification.classes:
            raise InputError(f"classification: its classes lack {phase}; train the classifier on it.")
    assigned = classification.assigned[classification.times_ps > from_ps + TIME_TOLERANCE_PS]
    liquid = (assigned == classification.classes.index(LIQUID)).sum(axis=1)
    glass = (assigned == classification.classes.index(GLASS)).sum(axis=1)
    some = liquid + glass > 0
    return liquid[some] / (liquid + glass)[some]


def tabulate_liquid_fraction(
    runs: Sequence[Mapping[str, object]], from_ps: float, classifiers: Sequence[str]
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

    Returns
    -------
    pandas.DataFrame
        Columns classifier, phase, temperature_K, in_database, fraction, stderr, runs.
    """
    rows = []
    for classifier in classifiers:
        table: dict[tuple, list] = {}
        for run in runs:
            series = liquid_fraction(Classification.load(run["files"][classifier]), from_ps)
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
        for phase in DISORDERED:
            part = numbers[(numbers.classifier == classifier) & (numbers.phase == phase)]
            _draw_phase(ax, part, phase)
        ax.plot([], [], "o", color="0.4", markerfacecolor="white", ms=4, label="not in the database")
        ax.set(title=f"{classifier} classifier", xlabel="temperature (K)", ylim=(-0.04, 1.04))
    axes[0, 0].set_ylabel(f"fraction called {LIQUID}\namong disordered Zn")
    if classifiers:
        axes[0, 0].legend()
    else:
        remedy = "Other temperatures_K or a longer production_ps in sampling.phases would change that."
        explain_absence(axes[0, 0], "No Zn was classified as disordered.", remedy)
    if len(classifiers) > 1:
        letter_panels(axes[0])
    return Plot(figure, numbers)


def _draw_phase(ax: Axes, part: pd.DataFrame, phase: str) -> None:
    colour = phase_colours([phase])[phase]
    ax.plot(part.temperature_K, part.fraction, "-", color=colour, linewidth=0.8, alpha=0.6)
    for in_database, face in ((True, colour), (False, "white")):
        points = part[part.in_database == in_database]
        ax.errorbar(
            points.temperature_K,
            points.fraction,
            points.stderr.fillna(0.0),
            fmt="o",
            markersize=4,
            color=colour,
            markerfacecolor=face,
        )
    ax.plot([], [], "o-", color=colour, markersize=4, label=f"started as {phase}")
