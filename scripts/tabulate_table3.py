"""Write Table III: temperature, dG, dH and dS of every transition, beside the paper's."""

from zifmelt.files import read_table
from zifmelt.scripting import logged
from zifmelt.tables.rows import read_paper_values, write_rows
from zifmelt.tables.table3 import table3_rows

with logged(snakemake.log[0]):
    transitions = read_table(snakemake.input.transitions)
    write_rows(snakemake.output.table, table3_rows(transitions, read_paper_values(snakemake.input.paper)))
