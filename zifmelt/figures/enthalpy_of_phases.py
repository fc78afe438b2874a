"""Enthalpy of all phases against temperature, and relative to the disordered branch."""

from collections.abc import Mapping
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd

from ..thermodynamics.enthalpy import EnthalpyFit
from .style import DOUBLE_COLUMN, phase_colours, save_figure, use_style


def tabulate_enthalpies(runs: pd.DataFrame, curves: pd.DataFrame, disordered: EnthalpyFit) -> pd.DataFrame:
    """Put runs and fits into one table and add the difference from the fit of the disordered branch.

    Parameters
    ----------
    runs, curves
        Tables of `zifmelt.thermodynamics.enthalpy.enthalpy_table` and ``enthalpy_curves``.
    disordered
        Fit of the disordered branch.

    Returns
    -------
    pandas.DataFrame
        kind (run or fit), phase, temperature_K, enthalpy_kJ_per_mol, stderr_kJ_per_mol, relative_kJ_per_mol.
    """
    columns = ["kind", "phase", "temperature_K", "enthalpy_kJ_per_mol", "stderr_kJ_per_mol"]
    numbers = pd.concat([runs.assign(kind="run"), curves.assign(kind="fit")], ignore_index=True)[columns]
    branch = disordered.enthalpy(numbers["temperature_K"].to_numpy())[0]
    return numbers.assign(relative_kJ_per_mol=numbers["enthalpy_kJ_per_mol"] - branch)


def plot_enthalpies(numbers: pd.DataFrame, stem: str | Path) -> None:
    """Draw the numbers of `tabulate_enthalpies`: symbols are runs, lines fits with one standard error."""
    use_style()
    phases = list(dict.fromkeys(numbers.phase[numbers.kind == "run"]))
    colours: Mapping[str, str] = {**phase_colours(phases), "disordered": "0.5"}
    figure, axes = plt.subplots(1, 2, figsize=(DOUBLE_COLUMN, 2.9))
    for ax, column in zip(axes, ("enthalpy_kJ_per_mol", "relative_kJ_per_mol"), strict=True):
        for (kind, phase), part in numbers.groupby(["kind", "phase"], sort=False):
            x, y, error = part.temperature_K, part[column], part.stderr_kJ_per_mol
            if kind == "run":
                ax.errorbar(x, y, error, fmt="o", markersize=3, color=colours[phase], label=phase, alpha=0.8)
            else:
                ax.plot(x, y, color=colours[phase], linewidth=1)
                ax.fill_between(x, y - error, y + error, color=colours[phase], alpha=0.2, linewidth=0)
        ax.set_xlabel("temperature (K)")
    axes[0].set_ylabel("enthalpy (kJ per mol Zn(Im)$_2$)")
    axes[1].set_ylabel("relative to the disordered branch (kJ/mol)")
    axes[0].legend(loc="best")
    save_figure(figure, stem, numbers)
