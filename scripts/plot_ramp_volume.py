"""Draw the volume on the heating ramps with the transitions found."""

from zifmelt.figures.plot import save_plot
from zifmelt.figures.ramp_volume import plot_ramp_volume
from zifmelt.files import read_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    curves, transitions = read_table(snakemake.input.curves), read_table(snakemake.input.transitions)
    save_plot(plot_ramp_volume(curves, transitions), snakemake.output.svg)
