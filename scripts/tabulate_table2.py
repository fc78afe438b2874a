"""Make Table II: confusion matrices of every classifier on both splits, beside the paper's."""

from zifmelt.scripting import logged
from zifmelt.tables.rows import read_paper_values, write_rows
from zifmelt.tables.table2 import table2_rows

with logged(snakemake.log[0]):
    predictions = dict(zip(snakemake.params.names, snakemake.input.predictions, strict=True))
    rows = table2_rows(predictions, read_paper_values(snakemake.input.paper), snakemake.params.seed)
    write_rows(snakemake.output.table, rows)
