"""Tabulate when disorder sets in, how it grows, as how many clusters, and which class comes first.

==========================  ===============================================================================
``sequence_<crystal>.csv``  quantity, unit, value, stderr, n, paper, reference, source; per size of the box
==========================  ===============================================================================
"""

from zifmelt.environments.classify import Classification, thermal_rows
from zifmelt.files import read_table
from zifmelt.mechanism.growth import single_cluster_rows
from zifmelt.mechanism.sequence import Thresholds, disordered_share_row, sequence_rows
from zifmelt.scripting import logged
from zifmelt.tables.rows import read_paper_values, write_rows

with logged(snakemake.log[0]):
    params, framework = snakemake.params, snakemake.wildcards.framework
    paper_values = read_paper_values(snakemake.input.paper)
    systems = {}
    for system, path in zip(params.systems, snakemake.input.classified, strict=True):
        systems.setdefault(system, []).append(Classification.load(path).thermal_fractions())
    rows = []
    for system, runs in systems.items():
        label = f"{framework} {system}"
        thresholds = Thresholds(**params.thresholds)
        rows += sequence_rows(runs, label, framework, params.crystals, thresholds, paper_values)
    clusters = [thermal_rows(read_table(path)) for path in snakemake.input.clusters]
    rows += single_cluster_rows(
        clusters, f"{framework} {params.systems[0]}", params.thresholds["onset"], paper_values
    )
    stable = [Classification.load(path).thermal_fractions() for path in snakemake.input.stable]
    label = f"{framework} {params.stable_K} K"
    rows.append(disordered_share_row(stable, label, framework, params.crystals, paper_values))
    write_rows(snakemake.output[0], rows)
