"""Draw Fig. 1: one configuration of each phase."""

from pathlib import Path

from zifmelt.figures.fig1_structures import plot_structures
from zifmelt.figures.plot import save_plot
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    folders = [Path(path).parent for path in snakemake.input.trajectories]
    runs = dict(zip(snakemake.params.phases, folders, strict=True))
    save_plot(plot_structures(runs), snakemake.output.svg)
