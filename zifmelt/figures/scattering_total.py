"""Total scattering S(Q) and D(r) of neutrons and X-rays, with measured data on top where given."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes

from ..properties.scattering import read_measured
from .curves import draw_phases, phase_labels
from .plot import Plot
from .style import journal_style, letter_panels, panels, phase_colours

AXES = {
    "S": ("q_per_A", "s", r"$Q$ (Å$^{-1}$)", r"$S(Q)$"),
    "D": ("r_A", "d_per_A2", r"$r$ (Å)", r"$D(r)$ (Å$^{-2}$)"),
}
TITLES = {"neutron": "neutrons", "xray": "X-rays"}


@journal_style()
def plot_scattering(
    functions: Mapping[str, pd.DataFrame],
    temperatures: Mapping[str, float],
    measured: Sequence[Mapping[str, Any]],
) -> Plot:
    """Draw S(Q) above D(r), neutrons left and X-rays right.

    Parameters
    ----------
    functions
        ``S`` with columns ``phase, radiation, q_per_A, s, s_stderr`` and ``D`` with ``phase, radiation, r_A,
        d_per_A2, d_per_A2_stderr``.
    temperatures
        Temperature of each phase, K, in the order to draw.
    measured
        Measured curves: mappings with ``phase``, ``radiation`` (neutron or xray), ``function`` (S or D) and
        ``file`` (two columns).

    Returns
    -------
    Plot
        Its numbers: the computed curves, told apart by ``function`` and ``radiation``.

    Raises
    ------
    InputError
        A measured file cannot be read.
    """
    colours, labels = phase_colours(list(temperatures)), phase_labels(temperatures)
    figure, axes = panels(2, 12.0, 2, 2)
    numbers = []
    for row, (name, (x, y, x_label, y_label)) in zip(axes, AXES.items(), strict=True):
        for ax, (radiation, title) in zip(row, TITLES.items(), strict=True):
            curves = functions[name][functions[name]["radiation"] == radiation]
            draw_phases(ax, curves, x, y, colours, labels)
            numbers.append(_plotted(curves, name, x, y))
            for entry in measured:
                if (entry["function"], entry["radiation"]) == (name, radiation):
                    points = read_measured(entry["file"])
                    ax.plot(
                        *points.T,
                        ".",
                        ms=2,
                        color=colours[entry["phase"]],
                        label=f"{entry['phase']}, measured",
                    )
            ax.set(xlabel=x_label, ylabel=y_label, title=title)
    letter_panels(axes.flat)
    figure.legend(*_entries(axes.flat), loc="outside lower center", ncols=4)
    return Plot(figure, pd.concat(numbers, ignore_index=True))


def _entries(axes: Iterable[Axes]) -> tuple[list[Artist], list[str]]:
    """Collect what the legends of all panels would say, each label once."""
    found: dict[str, Artist] = {}
    for ax in axes:
        for handle, label in zip(*ax.get_legend_handles_labels(), strict=True):
            found.setdefault(label, handle)
    return list(found.values()), list(found)


def _plotted(curves: pd.DataFrame, name: str, x: str, y: str) -> pd.DataFrame:
    columns = {x: "q_per_A_or_r_A", y: "value", f"{y}_stderr": "stderr"}
    return curves.assign(function=name).rename(columns=columns)[
        ["phase", "radiation", "function", *columns.values()]
    ]
