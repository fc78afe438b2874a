"""The thermodynamic properties of every transition of a campaign."""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from ..statistics import UNDETERMINED, Estimate
from .free_energy import FreeEnergies

Phases = tuple[str, str]
"""Crystal and disordered phase of a transition."""

COLUMNS = ("transition", "property", "unit", "value", "stderr", "n", "temperature_K", "identifier", "note")
"""Columns of the table of transitions; `identifier` is the entry of the paper's values."""

UNITS = {"temperature": "K", "free_energy": "kJ/mol", "enthalpy": "kJ/mol", "entropy": "J/K/mol"}


def transition_name(first: str, second: str) -> str:
    """Name of a transition for the reader."""
    return f"{first} -> {second}"


def transition_table(
    free: FreeEnergies, transitions: Mapping[str, Phases], reference_K: float, notes: Mapping[str, str]
) -> pd.DataFrame:
    """Tabulate temperature, dG, dH and dS of every transition.

    Each transition to a disordered phase is given at its coexistence temperature, where dG = 0 by
    definition, and its dG also at `reference_K`; each pair of crystals, by the first transition of each, at
    `reference_K`. What the coexistence runs leave open is empty and explained by a note.

    Parameters
    ----------
    free
        Free energies with the known coexistence temperatures, both by name of the transition.
    transitions
        Crystal and disordered phase of each, by name.
    reference_K
        Temperature of the comparison between crystals, K.
    notes
        Per transition what its coexistence runs do not determine, or ''.

    Returns
    -------
    pandas.DataFrame
        Columns `COLUMNS`; kJ/mol and J/K/mol are per mole of Zn(imidazolate)2.
    """
    rows = []
    for key, phases in transitions.items():
        name, known = transition_name(*phases), free.coexistence.get(key)
        temperature = np.nan if known is None else known.temperature_K
        for quantity, estimate in _at_coexistence(free, key).items():
            identifier = f"table3.{quantity}.{key}"
            rows.append(_row(name, quantity, estimate, temperature, identifier, notes[key]))
        estimate = UNDETERMINED if known is None else free.free_energy(key, reference_K)
        rows.append(_row(name, "free_energy", estimate, reference_K, "", notes[key]))
    for (one, first), (other, second) in combinations(_first_of_crystals(transitions).items(), 2):
        name, note = transition_name(one, other), _joined(notes[first], notes[second])
        for quantity, estimate in _between_crystals(free, first, second, reference_K).items():
            identifier = f"table3.{quantity}.{one}.{other}"
            why = "" if quantity == "enthalpy" else note
            rows.append(_row(name, quantity, estimate, reference_K, identifier, why))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def free_energy_curves(
    free: FreeEnergies, transitions: Mapping[str, Phases], temperatures: np.ndarray
) -> pd.DataFrame:
    """Tabulate dG(T) of every transition whose coexistence temperatures are known.

    Parameters
    ----------
    free, transitions
        As in `transition_table`.
    temperatures
        Shape (points,), K.

    Returns
    -------
    pandas.DataFrame
        transition, temperature_K, free_energy_kJ_per_mol, stderr_kJ_per_mol.
    """
    curves = {
        transition_name(*phases): [free.free_energy(key, t) for t in temperatures]
        for key, phases in transitions.items()
        if key in free.coexistence
    }
    known = {key: phases for key, phases in transitions.items() if key in free.coexistence}
    for (one, first), (other, second) in combinations(_first_of_crystals(known).items(), 2):
        curves[transition_name(one, other)] = [
            free.between_crystals(first, second, t)[0] for t in temperatures
        ]
    rows = [
        (name, temperature, estimate.value, estimate.stderr)
        for name, curve in curves.items()
        for temperature, estimate in zip(temperatures, curve, strict=True)
    ]
    columns = ["transition", "temperature_K", "free_energy_kJ_per_mol", "stderr_kJ_per_mol"]
    return pd.DataFrame(rows, columns=columns)


def _first_of_crystals(transitions: Mapping[str, Phases]) -> dict[str, str]:
    """Name the first transition of every crystal."""
    first: dict[str, str] = {}
    for name, (crystal, _) in transitions.items():
        first.setdefault(crystal, name)
    return first


def _at_coexistence(free: FreeEnergies, transition: str) -> dict[str, Estimate]:
    if transition not in free.coexistence:
        return dict.fromkeys(UNITS, UNDETERMINED)
    known = free.coexistence[transition]
    enthalpy, entropy = free.at_coexistence(transition)
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
