"""Average the curves of the runs of each phase, with standard errors."""

from zifmelt.files import write_table
from zifmelt.properties.averages import average_phases
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    runs = {}
    for phase, path in zip(snakemake.params.phases, snakemake.input.tables, strict=True):
        runs.setdefault(phase, []).append(path)
    write_table(snakemake.output.table, average_phases(runs, snakemake.wildcards.table))
