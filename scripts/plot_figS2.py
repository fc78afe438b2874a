"""Draw Fig. S2, potential energy against temperature with the glass transition."""

from zifmelt.figures.figS2_potential_energy import plot_potential_energy
from zifmelt.figures.plot import save_plot
from zifmelt.files import read_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    curves, transitions = read_table(snakemake.input.curves), read_table(snakemake.input.transitions)
    save_plot(plot_potential_energy(curves, transitions), snakemake.output.svg)
