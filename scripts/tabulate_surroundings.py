"""Tabulate local density and connectivity of the Zn of each class, mean over the runs of a transition.

==============================  ===========================================================================
``surroundings_<transition>.csv``  quantity, unit, value, stderr, n, paper, reference, source
==============================  ===========================================================================
"""

from zifmelt.configuration import Transition
from zifmelt.scripting import logged
from zifmelt.tables.rows import read_paper_values, write_rows
from zifmelt.tables.surroundings import surroundings_rows

with logged(snakemake.log[0]):
    files, params, name = snakemake.input, snakemake.params, snakemake.wildcards.transition
    transition = Transition.from_plain(params.transition)
    label, paper_values = f"{name} {transition.production.transition_K} K", read_paper_values(files.paper)
    rows = surroundings_rows(files.surroundings, label, name, params.crystals, paper_values)
    write_rows(snakemake.output.table, rows)
