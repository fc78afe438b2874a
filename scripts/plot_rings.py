"""Draw the primitive rings of Zn in every phase."""

from zifmelt.figures.plot import save_plot
from zifmelt.figures.rings_distribution import plot_rings, tabulate_rings
from zifmelt.files import read_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    params = snakemake.params
    runs = {}
    for phase, path in zip(params.phases, snakemake.input.rings, strict=True):
        runs.setdefault(phase, []).append(read_table(path))
    save_plot(plot_rings(tabulate_rings(runs, params.equilibration_ps)), snakemake.output.svg)
