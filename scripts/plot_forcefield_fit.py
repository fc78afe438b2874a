"""Draw the kinetics of the scanned force fields and the fit of the Morse term."""

from zifmelt.figures.forcefield_fit import plot_fit
from zifmelt.figures.plot import save_plot
from zifmelt.files import read_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    inputs = snakemake.input
    tables = [read_table(path) for path in (inputs.scores, inputs.samples, inputs.deviations)]
    save_plot(plot_fit(*tables), snakemake.output.svg)
