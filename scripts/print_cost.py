"""Print what the dynamics of the configured campaign cost, by stage, and what its finished jobs took."""

from zifmelt.scripting import logged

with logged(snakemake.log[0]) as stream:
    print(snakemake.params.table, snakemake.params.usage, sep="\n", file=stream)
