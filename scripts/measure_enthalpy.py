"""Average the enthalpy of every sampling run and fit each phase against temperature.

=======================  =================================================================================
``enthalpies.csv``       enthalpy (kJ per mole of Zn(imidazolate)2) of every run
``enthalpy_fits.json``   fits of the phases, with their errors
``enthalpy_curves.csv``  fit of each crystal, and of glass and liquid as one branch, against temperature (K)
=======================  =================================================================================
"""

from zifmelt.configuration import Thermodynamics
from zifmelt.files import write_table
from zifmelt.scripting import logged, run_folders
from zifmelt.thermodynamics.enthalpy import enthalpy_table
from zifmelt.thermodynamics.enthalpy_fit import enthalpy_curves, fit_phases, save_fits

with logged(snakemake.log[0]):
    table = enthalpy_table(run_folders(snakemake.params.runs, snakemake.input.thermo))
    section = Thermodynamics.from_plain(snakemake.params.thermodynamics)
    fits = fit_phases(table, section.enthalpy_order, section.glass_transition_K, snakemake.params.crystals)
    write_table(snakemake.output.enthalpies, table)
    save_fits(snakemake.output.fits, *fits)
    write_table(snakemake.output.curves, enthalpy_curves(*fits))
