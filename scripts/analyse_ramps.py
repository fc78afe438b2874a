"""Transition temperatures of heating ramps, cooling ramps and runs at constant temperature."""

from pathlib import Path

import numpy as np

from zifmelt.files import write_table
from zifmelt.properties.ramps import analyse_ramps
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    annealing, sampling = (
        [Path(path).parent for path in paths]
        for paths in (snakemake.input.annealing, snakemake.input.sampling)
    )
    transitions, curves = analyse_ramps(annealing, sampling, np.random.default_rng(snakemake.params.seed))
    write_table(snakemake.output.transitions, transitions)
    write_table(snakemake.output.curves, curves)
