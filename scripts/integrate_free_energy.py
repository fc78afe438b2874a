"""Integrate the enthalpies to free energies from the equilibrium temperatures.

=============================  ===========================================================================
``transitions.csv``            temperature, dG, dH and dS of every transition, or why they are missing
``free_energy_curves.csv``     dG (kJ/mol) against temperature (K)
=============================  ===========================================================================
"""

import numpy as np

from zifmelt.files import read_table, write_table
from zifmelt.scripting import logged
from zifmelt.thermodynamics.enthalpy import fit_phases
from zifmelt.thermodynamics.free_energy import FreeEnergies, read_coexistence
from zifmelt.thermodynamics.transitions import free_energy_curves, transition_table

with logged(snakemake.log[0]):
    params, output = snakemake.params, snakemake.output
    fits = fit_phases(read_table(snakemake.input.enthalpies), params.order, params.glass_transition_K)
    found = {
        name: read_coexistence(path)
        for name, path in zip(params.transitions, snakemake.input.equilibrium, strict=True)
    }
    coexistence = {name: known for name, (known, _) in found.items() if known is not None}
    notes = {name: note for name, (_, note) in found.items()}
    crystals, disordered = fits
    fits_of = {name: crystals[crystal] for name, (crystal, _) in params.transitions.items()}
    free = FreeEnergies(fits_of, disordered, coexistence, np.random.default_rng(params.seed))
    temperatures = np.linspace(params.reference_K, disordered.highest_K, 101)
    write_table(output.transitions, transition_table(free, params.transitions, params.reference_K, notes))
    write_table(output.curves, free_energy_curves(free, params.transitions, temperatures))
