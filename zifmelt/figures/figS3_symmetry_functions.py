"""Fig. S3: distributions of the twelve symmetry functions in the four phases."""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from ..environments.database import Database
from ..environments.symmetry_functions import Angular, Radial, SymmetryFunctions
from .style import DOUBLE_COLUMN, phase_colours, save_figure, use_style

PERCENTILES = (5, 25, 50, 75, 95)
"""Lower whisker, box, median, box, upper whisker."""


def box_numbers(database: Database, functions: SymmetryFunctions) -> pd.DataFrame:
    """Compute the percentiles of each function in each phase.

    Returns
    -------
    pandas.DataFrame
        Columns function, phase, p5 to p95 (dimensionless) and environments.
    """
    values = database.columns(functions.names)
    rows = []
    for column, name in enumerate(functions.names):
        for label, phase in enumerate(database.classes.tolist()):
            here = values[database.labels == label, column]
            rows.append((name, phase, *np.percentile(here, PERCENTILES), len(here)))
    names = [f"p{percentile}" for percentile in PERCENTILES]
    return pd.DataFrame(rows, columns=["function", "phase", *names, "environments"])


def function_title(function: Radial | Angular) -> str:
    """Write the parameters of a function as a short title."""
    eta = rf"$\eta$={function.eta:g} Å$^{{-2}}$"
    if isinstance(function, Radial):
        return f"radial\n{eta}, $R_s$={function.r_s:g} Å"
    return rf"angular, $\lambda$={function.lam:+d}" + f"\n{eta}, " + rf"$\zeta$={function.zeta:g}"


def plot_symmetry_functions(database: Database, functions: SymmetryFunctions, stem: str | Path) -> None:
    """Draw a box plot per function: median, quartiles, and whiskers at the 5th and 95th percentile.

    Parameters
    ----------
    database
        Labelled environments.
    functions
        The functions to show, four per row.
    stem
        Path without suffix of the figure and its numbers.
    """
    use_style()
    numbers = box_numbers(database, functions)
    phases = database.classes.tolist()
    colours = phase_colours(phases)
    every = functions.radial + functions.angular
    rows = -(-len(every) // 4)
    figure, axes = plt.subplots(rows, 4, figsize=(DOUBLE_COLUMN, 1.75 * rows), sharex=True, squeeze=False)
    for ax in axes.flat[len(every) :]:
        ax.set_visible(False)
    for ax, function in zip(axes.flat, every, strict=False):
        table = numbers[numbers.function == function.name].set_index("phase").loc[phases]
        boxes = [
            {"whislo": row.p5, "q1": row.p25, "med": row.p50, "q3": row.p75, "whishi": row.p95, "fliers": []}
            for row in table.itertuples()
        ]
        drawn = ax.bxp(boxes, showfliers=False, patch_artist=True, widths=0.6)
        for patch, median, phase in zip(drawn["boxes"], drawn["medians"], phases, strict=True):
            patch.set(facecolor=colours[phase], edgecolor="0.2", alpha=0.85)
            median.set(color="white", linewidth=1.2)
        ax.set_title(function_title(function))
        ax.set_xticks(range(1, len(phases) + 1), phases, rotation=45, ha="right")
    for ax in axes[:, 0]:
        ax.set_ylabel("value (dimensionless)")
    save_figure(figure, stem, numbers)
