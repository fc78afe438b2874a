"""Average the enthalpy of every sampling run and fit each phase against temperature.

=======================  =================================================================================
``enthalpies.csv``       enthalpy (kJ per mole of Zn(imidazolate)2) of every run
``enthalpy_curves.csv``  fit of each crystal, and of glass and liquid as one branch, against temperature (K)
=======================  =================================================================================
"""

from zifmelt.files import write_table
from zifmelt.scripting import logged, run_folders
from zifmelt.thermodynamics.enthalpy import enthalpy_curves, enthalpy_table, fit_phases

with logged(snakemake.log[0]):
    table = enthalpy_table(run_folders(snakemake.params.runs, snakemake.input.thermo))
    fits = fit_phases(table, snakemake.params.order, snakemake.params.glass_transition_K)
    write_table(snakemake.output.enthalpies, table)
    write_table(snakemake.output.curves, enthalpy_curves(*fits))
