"""Draw Fig. 7 or S7: extents of the disordered cluster, density profiles, lability of the ligand sites."""

from zifmelt.environments.classify import thermal_rows
from zifmelt.figures.fig7_anisotropy import plot_anisotropy
from zifmelt.figures.plot import save_plot
from zifmelt.files import read_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    files = snakemake.input
    plot = plot_anisotropy(
        [thermal_rows(read_table(path)) for path in files.clusters],
        read_table(files.profile),
        read_table(files.sites),
        files.crystal,
        snakemake.params.bins,
    )
    save_plot(plot, snakemake.output.svg)
