"""Measure how fast the disordered phase grows at each temperature, and where it neither grows nor shrinks.

====================  ====================================================================================
``counts.csv``        disordered and liquid-like Zn against time (ps), as counted and smoothed
``growth_rates.csv``  growth rate (Zn/ps) and velocity of an interface (A/ps) of every run
``growth_fit.csv``    growth rate against temperature (K), fit and confidence band
``equilibrium.csv``   equilibrium temperature (K) with confidence interval, or why there is none
====================  ====================================================================================
"""

import numpy as np

from zifmelt.configuration import Thermodynamics
from zifmelt.files import write_table
from zifmelt.scripting import logged, run_folders
from zifmelt.thermodynamics.coexistence import Window, counts_table, growth_rates, read_run
from zifmelt.thermodynamics.equilibrium import equilibrium_temperature

with logged(snakemake.log[0]):
    params, output = snakemake.params, snakemake.output
    folders = run_folders(params.runs, snakemake.input.thermo)
    runs = [
        read_run(run, folder, classified, params.crystals, params.liquids)
        for (run, folder), classified in zip(folders.items(), snakemake.input.classified, strict=True)
    ]
    section = Thermodynamics.from_plain(params.thermodynamics)
    window = Window(section.relaxation_ps, section.fraction_limits, section.smoothing_ps)
    rates = growth_rates(runs, window)
    found = equilibrium_temperature(rates, np.random.default_rng(params.seed), section.confidence)
    print(found.note or f"{snakemake.wildcards.transition}: {found.temperature_K:.1f} K")
    write_table(output.counts, counts_table(runs, window.smoothing_ps))
    write_table(output.rates, rates)
    write_table(output.fit, found.curve)
    write_table(output.equilibrium, found.table())
