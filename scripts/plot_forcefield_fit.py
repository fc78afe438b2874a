"""Draw the kinetics of the scanned force fields and the fit of the Morse term."""

from pathlib import Path

from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    from zifmelt.figures.forcefield_fit import plot_fit
    from zifmelt.files import read_table

    inputs = snakemake.input
    tables = [read_table(path) for path in (inputs.scores, inputs.samples, inputs.deviations)]
    plot_fit(*tables, Path(snakemake.output.svg).with_suffix(""))
