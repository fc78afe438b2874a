"""Draw Fig. 4: snapshots of the transitions, disordered Zn coloured by class."""

from pathlib import Path

from zifmelt.environments.classify import Classification
from zifmelt.figures.fig4_snapshots import plot_snapshots, take_snapshots
from zifmelt.figures.plot import save_plot
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    params = snakemake.params
    files = zip(params.frameworks, snakemake.input.trajectory, snakemake.input.classified, strict=True)
    runs = {
        framework: take_snapshots(Path(trajectory).parent, Classification.load(classified), params.crystals)
        for framework, trajectory, classified in files
    }
    save_plot(plot_snapshots(runs, params.stick_A, params.crystals), snakemake.output.svg)
