"""Draw the mean time between breaks at every ligand site."""

from zifmelt.figures.lability_sites import plot_lability
from zifmelt.figures.plot import save_plot
from zifmelt.files import read_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    pairs = zip(snakemake.params.frameworks, snakemake.input.sites, strict=True)
    tables = {framework: read_table(path) for framework, path in pairs}
    save_plot(plot_lability(tables), snakemake.output.svg)
