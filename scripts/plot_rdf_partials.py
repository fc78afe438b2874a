"""Draw all partial radial distribution functions of all phases."""

from zifmelt.figures.plot import save_plot
from zifmelt.figures.rdf_partials import plot_rdf_partials
from zifmelt.files import read_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    curves = read_table(snakemake.input.curves)
    save_plot(plot_rdf_partials(curves, snakemake.params.temperatures), snakemake.output.svg)
