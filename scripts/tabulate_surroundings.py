"""Tabulate local density and connectivity of the Zn of each class, mean over the runs of a transition.

==============================  ===========================================================================
``surroundings_<crystal>.csv``  quantity, unit, value, stderr, n, paper, reference, source
==============================  ===========================================================================
"""

from zifmelt.scripting import logged
from zifmelt.tables.rows import read_paper_values, write_rows
from zifmelt.tables.surroundings import surroundings_rows

with logged(snakemake.log[0]):
    files, framework = snakemake.input, snakemake.wildcards.framework
    label = f"{framework} {snakemake.params.temperature_K} K"
    rows = surroundings_rows(files.surroundings, label, framework, read_paper_values(files.paper))
    write_rows(snakemake.output.table, rows)
