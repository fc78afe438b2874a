"""Tabulate the share of the Zn that the two classifiers call differently, in the columns of all tables."""

from zifmelt.scripting import logged
from zifmelt.tables.disagreement import disagreement_rows
from zifmelt.tables.rows import write_rows

with logged(snakemake.log[0]):
    groups = {}
    for system, path in zip(snakemake.params.systems, snakemake.input.disagreements, strict=True):
        groups.setdefault(system, []).append(path)
    write_rows(snakemake.output.table, disagreement_rows(groups, snakemake.params.names))
