"""Draw S(Q) and D(r) of neutrons and X-rays, with measured data where the configuration names files."""

from zifmelt.figures.plot import save_plot
from zifmelt.figures.scattering_total import plot_scattering
from zifmelt.files import read_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    functions = {"S": read_table(snakemake.input.factors), "D": read_table(snakemake.input.correlations)}
    plot = plot_scattering(functions, snakemake.params.temperatures, snakemake.params.measured)
    save_plot(plot, snakemake.output.svg)
