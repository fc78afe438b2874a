"""Fig. S4: among disordered zinc, the fraction called liquid, against temperature."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from ..config import DISORDERED
from ..environments.classify import Classification
from ..errors import InputError
from ..statistics import mean_of_runs, mean_of_series
from ..trajectory import TIME_TOLERANCE_PS
from .style import SINGLE_COLUMN, phase_colours, save_figure, use_style

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


def plot_liquid_fraction(numbers: pd.DataFrame, stem: str | Path) -> None:
    """Draw the numbers of `tabulate_liquid_fraction`; open symbols: temperatures outside the database."""
    use_style()
    colours = phase_colours(list(DISORDERED))
    classifiers = list(dict.fromkeys(numbers.classifier))
    width = SINGLE_COLUMN * max(1, len(classifiers))
    figure, axes = plt.subplots(1, len(classifiers), figsize=(width, 2.6), sharey=True, squeeze=False)
    for ax, classifier in zip(axes[0], classifiers, strict=True):
        for phase in DISORDERED:
            part = numbers[(numbers.classifier == classifier) & (numbers.phase == phase)]
            ax.plot(part.temperature_K, part.fraction, "-", color=colours[phase], linewidth=0.8, alpha=0.6)
            for row in part.itertuples():
                ax.errorbar(
                    row.temperature_K,
                    row.fraction,
                    0.0 if np.isnan(row.stderr) else row.stderr,
                    fmt="o",
                    markersize=4,
                    color=colours[phase],
                    markerfacecolor=colours[phase] if row.in_database else "white",
                    capsize=2,
                )
            ax.plot([], [], "o-", color=colours[phase], markersize=4, label=f"started as {phase}")
        ax.plot([], [], "o", color="0.4", markerfacecolor="white", markersize=4, label="not in the database")
        ax.set(title=f"{classifier} classifier", xlabel="temperature (K)", ylim=(-0.04, 1.04))
    axes[0, 0].set_ylabel("fraction called ZIF_liq\namong disordered Zn")
    axes[0, 0].legend(loc="best")
    save_figure(figure, stem, numbers)
