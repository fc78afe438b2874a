"""Primitive rings of Zn in the phases."""

from collections.abc import Mapping, Sequence

import pandas as pd

from ..statistics import mean_of_runs, mean_of_series
from .plot import Plot
from .style import journal_style, panels, phase_colours

PREFIX = "rings_of_"


def tabulate_rings(runs: Mapping[str, Sequence[pd.DataFrame]], from_ps: float) -> pd.DataFrame:
    """Average the rings per Zn over the independent runs of each phase.

    Parameters
    ----------
    runs
        Per phase and run: rings in the box against ``time_ps``, with the number of ``zinc``.
    from_ps
        Frames up to this time are left out as equilibration, ps; the last frame is always used.

    Returns
    -------
    pandas.DataFrame
        Columns ``phase``, ``ring_size``, ``rings_per_zinc``, ``stderr``, ``n`` (runs).
    """
    rows = []
    for phase, tables in runs.items():
        for column in [name for name in tables[0].columns if name.startswith(PREFIX)]:
            means = []
            for table in tables:
                later = table[(table["time_ps"] > from_ps) | (table.index == table.index[-1])]
                means.append(mean_of_series((later[column] / later["zinc"]).to_numpy()))
            mean = mean_of_runs(means)
            rows.append((phase, int(column.removeprefix(PREFIX)), mean.value, mean.stderr, mean.n))
    return pd.DataFrame(rows, columns=["phase", "ring_size", "rings_per_zinc", "stderr", "n"])


@journal_style()
def plot_rings(numbers: pd.DataFrame) -> Plot:
    """Draw the rings per Zn of every phase, from `tabulate_rings`, as bars."""
    phases = list(dict.fromkeys(numbers["phase"]))
    colours = phase_colours(phases)
    figure, axes = panels(1, 6.5, 1, 1)
    axis = axes[0, 0]
    width = 0.8 / len(phases)
    for order, phase in enumerate(phases):
        part = numbers[numbers["phase"] == phase]
        place = part["ring_size"] + (order - (len(phases) - 1) / 2) * width
        axis.bar(
            place,
            part["rings_per_zinc"],
            width,
            yerr=part["stderr"],
            color=colours[phase],
            label=phase,
            error_kw={"lw": 0.6, "capsize": 0.8},
        )
    axis.set(xlabel="ring size (Zn)", ylabel="primitive rings per Zn")
    axis.set_xticks(sorted(set(numbers["ring_size"])))
    axis.legend()
    return Plot(figure, numbers)
