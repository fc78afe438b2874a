"""Draw Fig. S2, potential energy against temperature with the glass transition."""

from pathlib import Path

from zifmelt.figures.figS2_potential_energy import plot_potential_energy
from zifmelt.files import read_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    curves, transitions = read_table(snakemake.input.curves), read_table(snakemake.input.transitions)
    plot_potential_energy(curves, transitions, Path(snakemake.output.svg).with_suffix(""))
