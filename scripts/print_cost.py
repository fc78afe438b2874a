"""Print what the dynamics of the configured campaign cost, by stage: steps, core- and GPU-hours, disk."""

from zifmelt.scripting import logged

with logged(snakemake.log[0]) as stream:
    print(snakemake.params.table, file=stream)
