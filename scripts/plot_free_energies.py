"""Draw the free energy of every transition against temperature."""

from zifmelt.figures.free_energy_of_transitions import plot_free_energies
from zifmelt.figures.plot import save_plot
from zifmelt.files import read_table
from zifmelt.scripting import logged
from zifmelt.tables.rows import read_paper_values

with logged(snakemake.log[0]):
    plot = plot_free_energies(
        read_table(snakemake.input.curves),
        read_table(snakemake.input.transitions),
        read_paper_values(snakemake.input.paper),
    )
    save_plot(plot, snakemake.output.svg)
