"""Everything that can be compared with the paper or with others, in one table."""

from zifmelt.files import write_table
from zifmelt.scripting import logged
from zifmelt.tables.comparison import gather_comparison

with logged(snakemake.log[0]):
    tables = [*snakemake.input.tables, *snakemake.input.mechanism]
    write_table(snakemake.output.table, gather_comparison(tables))
