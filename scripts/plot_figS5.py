"""Draw Fig. S5: number of liquid-like zinc against time in half-molten boxes, at each temperature."""

from zifmelt.figures.figS5_liquid_like_zinc import plot_liquid_like_zinc
from zifmelt.figures.plot import save_plot
from zifmelt.files import read_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    counts = {
        framework: read_table(path)
        for framework, path in zip(snakemake.params.frameworks, snakemake.input.counts, strict=True)
    }
    save_plot(plot_liquid_like_zinc(counts), snakemake.output.svg)
