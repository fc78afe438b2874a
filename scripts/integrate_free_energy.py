"""Integrate the enthalpies to free energies from the equilibrium temperatures.

=============================  ===========================================================================
``transitions.csv``            temperature, dG, dH and dS of every transition, or why they are missing
``free_energy_curves.csv``     dG (kJ/mol) against temperature (K)
=============================  ===========================================================================
"""

import numpy as np

from zifmelt.configuration import Thermodynamics
from zifmelt.files import write_table
from zifmelt.scripting import logged
from zifmelt.thermodynamics.enthalpy_fit import load_fits
from zifmelt.thermodynamics.free_energy import FreeEnergies, read_coexistence
from zifmelt.thermodynamics.transition_table import free_energy_curves, transition_table

with logged(snakemake.log[0]):
    params, output = snakemake.params, snakemake.output
    section = Thermodynamics.from_plain(params.thermodynamics)
    crystals, disordered = load_fits(snakemake.input.fits)
    found = {
        name: read_coexistence(path)
        for name, path in zip(params.transitions, snakemake.input.equilibrium, strict=True)
    }
    coexistence = {name: known for name, (known, _) in found.items() if known is not None}
    notes = {name: note for name, (_, note) in found.items()}
    fits_of = {name: crystals[crystal] for name, (crystal, _) in params.transitions.items()}
    free = FreeEnergies(fits_of, disordered, coexistence, np.random.default_rng(params.seed))
    temperatures = np.linspace(section.reference_K, disordered.highest_K, 101)
    write_table(output.transitions, transition_table(free, params.transitions, section.reference_K, notes))
    write_table(output.curves, free_energy_curves(free, params.transitions, temperatures))
