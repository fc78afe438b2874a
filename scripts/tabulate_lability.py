"""Fold the breaks of bonds onto the ligand sites of the unit cell.

================================  =========================================================================
``lability_<crystal>.csv``        groups of sites beside the paper's: quantity, unit, value, stderr, n, ...
``lability_sites_<crystal>.csv``  every site: times between breaks (ps), group, symmetry orbit, rings
================================  =========================================================================
"""

from pathlib import Path

from zifmelt.files import write_table
from zifmelt.mechanism.kinetics import load_watched_run
from zifmelt.mechanism.lability import lability_rows, tabulate_lability
from zifmelt.mechanism.sites import describe_sites
from zifmelt.scripting import logged
from zifmelt.tables.rows import read_paper_values, write_rows

with logged(snakemake.log[0]):
    params, framework = snakemake.params, snakemake.wildcards.framework
    runs = [load_watched_run(Path(path).parent) for path in snakemake.input.events]
    sites = describe_sites(snakemake.input.crystal, params.largest)
    table = tabulate_lability(runs, sites, params.supercell, params.cell)
    write_table(snakemake.output.sites, table)
    paper_values = read_paper_values(snakemake.input.paper)
    write_rows(snakemake.output.table, lability_rows(table, framework, params.temperature_K, paper_values))
