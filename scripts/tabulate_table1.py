"""Table I: density, bulk modulus and first-neighbour geometry of the glass."""

from pathlib import Path

from zifmelt.properties.compression import bulk_modulus_of_compression
from zifmelt.scripting import logged
from zifmelt.tables.rows import read_paper_values, write_rows
from zifmelt.tables.table1 import table1_rows

with logged(snakemake.log[0]):
    inputs, params = snakemake.input, snakemake.params
    ambient, compressed = (
        [Path(path).parent for path in paths] for paths in (inputs.ambient, inputs.compressed)
    )
    response = bulk_modulus_of_compression(ambient, compressed, params.ambient_bar)
    rows = table1_rows(inputs.structures, response, params.phase, read_paper_values(inputs.paper))
    write_rows(snakemake.output.table, rows)
