"""Fig. S3: distributions of the twelve symmetry functions in the four phases."""

from typing import Any

import numpy as np
import pandas as pd
import seaborn

from ..environments.database import Database
from ..environments.symmetry_functions import Angular, Radial, SymmetryFunctions
from .plot import Plot
from .style import SMALL_PT, journal_style, letter_panels, panels, phase_colours

PERCENTILES = (5, 25, 50, 75, 95)
"""Lower whisker, box, median, box, upper whisker."""

BOXES: Any = {
    "whis": (PERCENTILES[0], PERCENTILES[-1]),
    "showfliers": False,
    "linecolor": "0.2",
    "width": 0.6,
    "saturation": 1,
    "boxprops": {"alpha": 0.85},
    "medianprops": {"color": "white", "linewidth": 1.2},
}
"""How seaborn draws the boxes."""


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


@journal_style()
def plot_symmetry_functions(database: Database, functions: SymmetryFunctions) -> Plot:
    """Draw a box plot per function: median, quartiles, and whiskers at the 5th and 95th percentile.

    Parameters
    ----------
    database
        Labelled environments.
    functions
        The functions to show, four per row.

    Returns
    -------
    Plot
        Its numbers are those of `box_numbers`.
    """
    numbers = box_numbers(database, functions)
    phases = database.classes.tolist()
    every = functions.radial + functions.angular
    rows = -(-len(every) // 4)
    figure, axes = panels(2, 5.0 * rows + 1.0, rows, 4, sharex=True)
    for ax in axes.flat[len(every) :]:
        ax.set_visible(False)
    labels = database.classes[database.labels]
    values = database.columns(functions.names)
    colours = {"hue": labels, "palette": phase_colours(phases), "legend": False}
    for ax, function, column in zip(axes.flat, every, values.T, strict=False):
        seaborn.boxplot(x=labels, y=column, order=phases, ax=ax, **colours, **BOXES)
        ax.set_title(function_title(function), fontsize=SMALL_PT)
        ax.set_xticks(range(len(phases)), phases, rotation=45, ha="right")
    for ax in axes[:, 0]:
        ax.set_ylabel("value (dimensionless)")
    letter_panels(axes.flat[: len(every)])
    return Plot(figure, numbers)
