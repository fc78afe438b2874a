"""Draw Fig. S1, the angle distributions of all phases."""

from pathlib import Path

from zifmelt.figures.figS1_angles import plot_angles
from zifmelt.files import read_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    curves = read_table(snakemake.input.curves)
    plot_angles(curves, snakemake.params.temperatures, Path(snakemake.output.svg).with_suffix(""))
