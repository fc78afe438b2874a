"""Fit the Morse term to the criteria of the force-field scan."""

from pathlib import Path

import numpy as np

from zifmelt.files import write_table
from zifmelt.forcefield.criteria import read_criteria
from zifmelt.forcefield.fit import morse_of
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.scripting import files_of, logged
from zifmelt.tables.forcefield_scores import average_runs
from zifmelt.tables.morse_fit import (
    deviation_rows,
    fit_rows,
    fits_of_temperatures,
    measured_values,
    sample_rows,
)
from zifmelt.tables.rows import read_paper_values

with logged(snakemake.log[0]):
    inputs, output, params = snakemake.input, snakemake.output, snakemake.params
    criteria, _ = read_criteria(inputs.criteria, read_paper_values(inputs.paper))
    points = {Path(path).stem: morse_of(load_forcefield(path)) for path in inputs.forcefields}
    averages = average_runs(files_of(params.runs, inputs.runs))
    measured = measured_values(averages, criteria, points, "isotropic")
    fits = fits_of_temperatures(points, measured, np.random.default_rng(params.seed))
    write_table(output.table, fit_rows(fits))
    write_table(output.deviations, deviation_rows(fits))
    write_table(output.samples, sample_rows(fits, points))
