"""Tabulate the share of the Zn that the two classifiers call differently, in the columns of all tables."""

from zifmelt.scripting import files_of, logged
from zifmelt.tables.disagreement import disagreement_rows
from zifmelt.tables.rows import write_rows

with logged(snakemake.log[0]):
    groups = {}
    for run, path in files_of(snakemake.params.runs, snakemake.input.disagreements).items():
        held = run.stage == "sampling"
        system = f"{run.phase} at constant temperature" if held else f"{run.phase} {run.temperature_K} K"
        groups.setdefault(system, []).append(path)
    write_rows(snakemake.output.table, disagreement_rows(groups, snakemake.params.names))
