"""Draw Fig. 6: an exchange of ligands (iii) as it happened in a run."""

from pathlib import Path

from zifmelt.figures.fig6_exchange import plot_exchange
from zifmelt.figures.plot import save_plot
from zifmelt.files import read_table
from zifmelt.mechanism.bonds import load_bonds
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    files = snakemake.input
    plot = plot_exchange(
        Path(files.trajectory).parent,
        load_bonds(files.bonds),
        read_table(files.events),
        snakemake.params.title,
    )
    save_plot(plot, snakemake.output.svg)
