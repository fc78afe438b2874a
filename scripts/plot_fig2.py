"""Draw Fig. 2, the Zn-N radial distribution function and its integral of all phases."""

from zifmelt.figures.fig2_zn_n_rdf import plot_zn_n_rdf
from zifmelt.figures.plot import save_plot
from zifmelt.files import read_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    curves = read_table(snakemake.input.curves)
    save_plot(plot_zn_n_rdf(curves, snakemake.params.temperatures), snakemake.output.svg)
