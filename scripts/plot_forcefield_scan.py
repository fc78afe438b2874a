"""Draw the scores of the force-field scan and the measured value of every criterion."""

from pathlib import Path

from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    from zifmelt.figures.forcefield_scan import plot_scan
    from zifmelt.files import read_table

    scores, summary = read_table(snakemake.input.scores), read_table(snakemake.input.summary)
    plot_scan(scores, summary, Path(snakemake.output.svg).with_suffix(""))
