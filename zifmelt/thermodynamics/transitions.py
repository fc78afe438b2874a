"""The thermodynamic properties of every transition of a campaign."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from ..statistics import UNDETERMINED, Estimate
from .free_energy import FreeEnergies

COLUMNS = ("transition", "property", "unit", "value", "stderr", "n", "temperature_K", "identifier", "note")
"""Columns of the table of transitions; `identifier` is the entry of the paper's values."""

UNITS = {"temperature": "K", "free_energy": "kJ/mol", "enthalpy": "kJ/mol", "entropy": "J/K/mol"}


def transition_name(first: str, second: str) -> str:
    """Name of a transition for the reader."""
    return f"{first} -> {second}"


def transition_table(
    free: FreeEnergies, frameworks: Mapping[str, str], reference_K: float, notes: Mapping[str, str]
) -> pd.DataFrame:
    """Tabulate temperature, dG, dH and dS of every transition.

    Each crystal's transition to its disordered phase is given at its coexistence temperature, where dG = 0 by
    definition, and its dG also at `reference_K`; each pair of crystals, in the order of `frameworks`, at
    `reference_K`. What the coexistence runs leave open is empty and explained by a note.

    Parameters
    ----------
    free
        Free energies with the known coexistence temperatures.
    frameworks
        Disordered phase of every crystal.
    reference_K
        Temperature of the comparison between crystals, K.
    notes
        Per crystal what its coexistence runs do not determine, or ''.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`; kJ/mol and J/K/mol are per mole of Zn(imidazolate)2.
    """
    rows = []
    for crystal, disordered in frameworks.items():
        name, known = transition_name(crystal, disordered), free.coexistence.get(crystal)
        temperature = np.nan if known is None else known.temperature_K
        for quantity, estimate in _at_coexistence(free, crystal).items():
            identifier = f"table3.{quantity}.{crystal}"
            rows.append(_row(name, quantity, estimate, temperature, identifier, notes[crystal]))
        estimate = UNDETERMINED if known is None else free.free_energy(crystal, reference_K)
        rows.append(_row(name, "free_energy", estimate, reference_K, "", notes[crystal]))
    for first, second in combinations(frameworks, 2):
        name, note = transition_name(first, second), _joined(notes[first], notes[second])
        for quantity, estimate in _between_crystals(free, first, second, reference_K).items():
            identifier = f"table3.{quantity}.{first}.{second}"
            why = "" if quantity == "enthalpy" else note
            rows.append(_row(name, quantity, estimate, reference_K, identifier, why))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def free_energy_curves(
    free: FreeEnergies, frameworks: Mapping[str, str], temperatures: np.ndarray
) -> pd.DataFrame:
    """Tabulate dG(T) of every transition whose coexistence temperatures are known.

    Parameters
    ----------
    free, frameworks
        As in `transition_table`.
    temperatures
        Shape (points,), K.

    Returns
    -------
    pandas.DataFrame
        transition, temperature_K, free_energy_kJ_per_mol, stderr_kJ_per_mol.
    """
    curves = {
        transition_name(crystal, disordered): [free.free_energy(crystal, t) for t in temperatures]
        for crystal, disordered in frameworks.items()
        if crystal in free.coexistence
    }
    for first, second in combinations([name for name in frameworks if name in free.coexistence], 2):
        curves[transition_name(first, second)] = [
            free.between_crystals(first, second, t)[0] for t in temperatures
        ]
    rows = [
        (name, temperature, estimate.value, estimate.stderr)
        for name, curve in curves.items()
        for temperature, estimate in zip(temperatures, curve, strict=True)
    ]
    columns = ["transition", "temperature_K", "free_energy_kJ_per_mol", "stderr_kJ_per_mol"]
    return pd.DataFrame(rows, columns=columns)


def _at_coexistence(free: FreeEnergies, crystal: str) -> dict[str, Estimate]:
    if crystal not in free.coexistence:
        return dict.fromkeys(UNITS, UNDETERMINED)
    known = free.coexistence[crystal]
    enthalpy, entropy = free.at_coexistence(crystal)
    return {
        "temperature": Estimate(known.temperature_K, known.stderr_K, known.runs),
        "free_energy": Estimate(0.0, 0.0, known.runs),
        "enthalpy": enthalpy,
        "entropy": entropy,
    }


def _between_crystals(free: FreeEnergies, first: str, second: str, reference_K: float) -> dict[str, Estimate]:
    known = first in free.coexistence and second in free.coexistence
    energy, entropy = (
        free.between_crystals(first, second, reference_K) if known else (UNDETERMINED, UNDETERMINED)
    )
    enthalpy = free.crystal_enthalpy(first, second, reference_K)
    return {"free_energy": energy, "enthalpy": enthalpy, "entropy": entropy}


def _row(
    name: str, quantity: str, estimate: Estimate, temperature_K: float, identifier: str, note: str
) -> tuple:
    return (
        name,
        quantity,
        UNITS[quantity],
        estimate.value,
        estimate.stderr,
        estimate.n,
        temperature_K,
        identifier,
        note,
    )


def _joined(*notes: str) -> str:
    return " ".join(dict.fromkeys(note for note in notes if note))
