"""Free energy of every transition against temperature."""

from collections.abc import Mapping

import pandas as pd
from matplotlib import colormaps

from ..tables.rows import PaperValue
from .curves import draw_band
from .plot import Plot
from .style import explain_absence, journal_style, panels

REMEDY = "Other coexistence.temperatures_K of the transitions would bracket it."


@journal_style()
def plot_free_energies(
    curves: pd.DataFrame, transitions: pd.DataFrame, paper_values: Mapping[str, PaperValue]
) -> Plot:
    """Draw dG(T) with a band of one standard error, and the paper's values as crosses.

    Parameters
    ----------
    curves, transitions
        Tables of `zifmelt.thermodynamics.transition_table`.
    paper_values
        From `zifmelt.tables.rows.read_paper_values`; drawn where the temperature is known as well.

    Returns
    -------
    Plot
        Its numbers: the curves and the paper's points, told apart by ``kind``.
    """
    figure, axes = panels(1, 7.5, 1, 1)
    ax = axes[0, 0]
    points = _paper_points(transitions, paper_values)
    for index, name in enumerate(dict.fromkeys(transitions.transition)):
        colour = colormaps["Dark2"](index)
        part, paper = curves[curves.transition == name], points[points.transition == name]
        label = name if len(part) else f"{name}: not bracketed"
        x, y, error = part.temperature_K, part.free_energy_kJ_per_mol, part.stderr_kJ_per_mol
        draw_band(ax, x, y, error, colour, label=label)
        ax.plot(paper.temperature_K, paper.free_energy_kJ_per_mol, "x", ms=5, color=colour)
    if len(points):
        ax.plot([], [], "x", ms=5, color="0.3", label="paper")
    ax.axhline(0, color="0.6", linewidth=0.6)
    ax.set(xlabel="temperature (K)", ylabel="$\\Delta G$ (kJ per mol Zn(Im)$_2$)")
    if curves.empty:
        explain_absence(ax, "No coexistence is bracketed.", REMEDY)
    figure.legend(loc="outside lower center")
    numbers = pd.concat([curves.assign(kind="curve"), points.assign(kind="paper")], ignore_index=True)
    return Plot(figure, numbers)


def _paper_points(transitions: pd.DataFrame, paper_values: Mapping[str, PaperValue]) -> pd.DataFrame:
    """Free energies that the paper gives, each at the temperature that the paper gives it for."""
    rows = []
    entries = transitions[(transitions.property == "free_energy") & transitions.identifier.notna()]
    for entry in entries.itertuples():
        paper = paper_values.get(entry.identifier)
        known = paper_values.get(entry.identifier.replace("free_energy", "temperature"))
        if paper is not None:
            temperature = entry.temperature_K if known is None else known.value
            rows.append((entry.transition, temperature, paper.value, 0.0))
    columns = ["transition", "temperature_K", "free_energy_kJ_per_mol", "stderr_kJ_per_mol"]
    return pd.DataFrame(rows, columns=columns)
