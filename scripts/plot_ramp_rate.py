"""Draw the radial distribution functions of glasses made at two ramp rates, and their difference."""

from zifmelt.figures.plot import save_plot
from zifmelt.figures.ramp_rate import plot_ramp_rate, ramp_rate_curves
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    curves = ramp_rate_curves(snakemake.input.fast, snakemake.input.slow)
    save_plot(plot_ramp_rate(curves, snakemake.params.rates), snakemake.output.svg)
