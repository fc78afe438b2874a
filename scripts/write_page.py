"""Write the page of the campaign, from the tables and figures that are there."""

from pathlib import Path

from zifmelt.page.write import write_page
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    write_page(Path(snakemake.output[0]).parent, snakemake.params.config)
