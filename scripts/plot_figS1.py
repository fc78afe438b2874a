"""Draw Fig. S1, the angle distributions of all phases."""

from zifmelt.figures.figS1_angles import plot_angles
from zifmelt.figures.plot import save_plot
from zifmelt.files import read_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    curves = read_table(snakemake.input.curves)
    save_plot(plot_angles(curves, snakemake.params.temperatures), snakemake.output.svg)
