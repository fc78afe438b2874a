"""Tabulate local density and connectivity of the Zn of each class, mean over the runs of a transition.

==============================  ===========================================================================
``surroundings_<transition>.csv``  quantity, unit, value, stderr, n, paper, reference, source
==============================  ===========================================================================
"""

from zifmelt.configuration import Transition
from zifmelt.scripting import logged
from zifmelt.tables.rows import read_paper_values, values_beside, write_rows
from zifmelt.tables.surroundings import surroundings_rows

with logged(snakemake.log[0]):
    files, params, name = snakemake.input, snakemake.params, snakemake.wildcards.transition
    transition = Transition.from_plain(params.transition)
    temperature = transition.production.transition_K
    label, beside = f"{name} {temperature} K", values_beside(read_paper_values(files.paper), temperature)
    rows = surroundings_rows(files.surroundings, label, name, params.crystals, beside)
    write_rows(snakemake.output.table, rows)
