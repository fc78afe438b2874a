"""Fold the breaks of bonds onto the ligand sites of the unit cell.

================================  =========================================================================
``lability_<transition>.csv``        groups of sites beside the paper's: quantity, unit, value, stderr, n, ...
``lability_sites_<transition>.csv``  every site: times between breaks (ps), group, symmetry orbit, rings
================================  =========================================================================
"""

from zifmelt.configuration import Mechanism
from zifmelt.files import write_table
from zifmelt.mechanism.event_kinetics import load_watched_run
from zifmelt.mechanism.lability import lability_rows, tabulate_lability
from zifmelt.mechanism.sites import describe_sites
from zifmelt.scripting import logged, run_folders
from zifmelt.tables.rows import read_paper_values, values_beside, write_rows

with logged(snakemake.log[0]):
    params, name = snakemake.params, snakemake.wildcards.transition
    folders = run_folders(params.runs, snakemake.input.events)
    section, first = Mechanism.from_plain(params.mechanism), next(iter(folders))
    runs = [load_watched_run(folder) for folder in folders.values()]
    sites = describe_sites(snakemake.input.crystal, section.ring_max_size)
    table = tabulate_lability(runs, sites, first.supercell, section.folding[first.framework])
    write_table(snakemake.output.sites, table)
    paper_values = values_beside(read_paper_values(snakemake.input.paper), first.temperature_K)
    write_rows(snakemake.output.table, lability_rows(table, name, first.temperature_K, paper_values))
