"""Free energy of every transition against temperature."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from ..tables.rows import PaperValue
from .style import SINGLE_COLUMN, save_figure, use_style


def plot_free_energies(
    curves: pd.DataFrame,
    transitions: pd.DataFrame,
    paper_values: Mapping[str, PaperValue],
    stem: str | Path,
) -> None:
    """Draw dG(T) with a band of one standard error, and the paper's values as crosses.

    Parameters
    ----------
    curves, transitions
        Tables of `zifmelt.thermodynamics.transitions`.
    paper_values
        From `zifmelt.tables.rows.read_paper_values`; drawn where the temperature is known as well.
    stem
        Path without suffix.
    """
    use_style()
    figure, ax = plt.subplots(figsize=(1.3 * SINGLE_COLUMN, 3.0))
    colours = plt.get_cmap("Dark2")
    names = list(dict.fromkeys(transitions.transition))
    for index, name in enumerate(names):
        part = curves[curves.transition == name]
        x, y, error = part.temperature_K, part.free_energy_kJ_per_mol, part.stderr_kJ_per_mol
        label = name if len(part) else f"{name}: coexistence not bracketed"
        ax.plot(x, y, color=colours(index), linewidth=1.2, label=label)
        ax.fill_between(x, y - error, y + error, color=colours(index), alpha=0.2, linewidth=0)
    points = _paper_points(transitions, paper_values)
    for index, name in enumerate(names):
        part = points[points.transition == name]
        ax.plot(part.temperature_K, part.free_energy_kJ_per_mol, "x", color=colours(index))
    ax.axhline(0, color="0.6", linewidth=0.6)
    ax.set(xlabel="temperature (K)", ylabel="$\\Delta G$ (kJ per mol Zn(Im)$_2$)")
    ax.legend(loc="best")
    numbers = pd.concat([curves.assign(kind="curve"), points.assign(kind="paper")], ignore_index=True)
    save_figure(figure, stem, numbers)


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
