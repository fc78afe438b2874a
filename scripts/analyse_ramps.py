"""Transition temperatures of heating ramps, cooling ramps and runs at constant temperature."""

import numpy as np

from zifmelt.files import write_table
from zifmelt.properties.ramps import analyse_ramps
from zifmelt.scripting import logged, run_folders

with logged(snakemake.log[0]):
    inputs, params = snakemake.input, snakemake.params
    annealing = run_folders(params.annealing, inputs.annealing)
    sampling = run_folders(params.sampling, inputs.sampling)
    transitions, curves = analyse_ramps(annealing, sampling, np.random.default_rng(params.seed))
    write_table(snakemake.output.transitions, transitions)
    write_table(snakemake.output.curves, curves)
