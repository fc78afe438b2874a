"""Enthalpy of all phases against temperature, and relative to the disordered branch."""

import pandas as pd

from ..thermodynamics.enthalpy_fit import EnthalpyFit
from .curves import draw_band
from .plot import Plot
from .style import journal_style, letter_panels, panels, phase_colours


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


@journal_style()
def plot_enthalpies(numbers: pd.DataFrame) -> Plot:
    """Draw the numbers of `tabulate_enthalpies`: symbols are runs, lines fits with one standard error."""
    phases = list(dict.fromkeys(numbers.phase[numbers.kind == "run"]))
    colours = {**phase_colours(phases), "disordered": "0.5"}
    figure, axes = panels(2, 7.0, 1, 2)
    for ax, column in zip(axes[0], ("enthalpy_kJ_per_mol", "relative_kJ_per_mol"), strict=True):
        for (kind, phase), part in numbers.groupby(["kind", "phase"], sort=False):
            x, y, error = part.temperature_K, part[column], part.stderr_kJ_per_mol
            if kind == "run":
                ax.errorbar(x, y, error, fmt="o", color=colours[phase], label=phase, alpha=0.8)
            else:
                draw_band(ax, x, y, error, colours[phase])
        ax.set_xlabel("temperature (K)")
    axes[0, 0].set_ylabel("enthalpy (kJ per mol Zn(Im)$_2$)")
    axes[0, 1].set_ylabel("relative to the disordered branch\n(kJ per mol Zn(Im)$_2$)")
    axes[0, 0].legend()
    letter_panels(axes.flat)
    return Plot(figure, numbers)
