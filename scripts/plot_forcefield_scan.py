"""Draw the scores of the force-field scan and the measured value of every criterion."""

from zifmelt.figures.forcefield_scan import plot_scan
from zifmelt.figures.plot import save_plot
from zifmelt.files import read_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    scores, summary = read_table(snakemake.input.scores), read_table(snakemake.input.summary)
    save_plot(plot_scan(scores, summary), snakemake.output.svg)
