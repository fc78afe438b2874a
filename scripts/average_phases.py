"""Average the curves of the runs of each phase, with standard errors."""

from zifmelt.files import write_table
from zifmelt.properties.averages import average_phases
from zifmelt.scripting import files_of, logged

with logged(snakemake.log[0]):
    runs = {}
    for run, path in files_of(snakemake.params.runs, snakemake.input.tables).items():
        runs.setdefault(run.phase, []).append(path)
    write_table(snakemake.output.curves, average_phases(runs, snakemake.wildcards.curves))
