"""Write the table of all simulations: what each is, in `zifmelt.runs.Simulation`'s columns and units."""

from zifmelt.files import write_table
from zifmelt.runs import Runs
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    write_table(snakemake.output.table, Runs.from_plain(snakemake.params.runs).to_frame())
