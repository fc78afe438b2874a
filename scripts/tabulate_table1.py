"""Table I: density, bulk modulus and first-neighbour geometry of the glass."""

from zifmelt.properties.compression import bulk_modulus_of_compression
from zifmelt.scripting import logged, run_folders
from zifmelt.tables.rows import read_paper_values, write_rows
from zifmelt.tables.table1 import table1_rows

with logged(snakemake.log[0]):
    inputs, params = snakemake.input, snakemake.params
    response = bulk_modulus_of_compression(run_folders(params.runs, inputs.thermo))
    rows = table1_rows(inputs.structures, response, params.phase, read_paper_values(inputs.paper))
    write_rows(snakemake.output.table, rows)
