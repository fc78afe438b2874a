"""Tabulate when disorder sets in, how it grows, as how many clusters, and which class comes first.

==========================  ===============================================================================
``sequence_<transition>.csv``  quantity, unit, value, stderr, n, paper, reference, source; per size of the box
==========================  ===============================================================================
"""

from zifmelt.configuration import Mechanism, Transition
from zifmelt.environments.classify import Classification, thermal_rows
from zifmelt.files import read_table
from zifmelt.mechanism.cluster_growth import single_cluster_rows
from zifmelt.mechanism.passages import Thresholds
from zifmelt.mechanism.sequence import disordered_share_row, sequence_rows
from zifmelt.scripting import files_of, logged
from zifmelt.tables.rows import read_paper_values, write_rows

with logged(snakemake.log[0]):
    params, name = snakemake.params, snakemake.wildcards.transition
    transition, section = Transition.from_plain(params.transition), Mechanism.from_plain(params.mechanism)
    thresholds = Thresholds(**section.thresholds.plain())
    paper_values = read_paper_values(snakemake.input.paper)
    systems = {}
    for run, path in files_of(params.runs, snakemake.input.classified).items():
        label = f"{name} {run.supercell} {run.temperature_K} K"
        systems.setdefault(label, []).append(Classification.load(path).thermal_fractions())
    rows = []
    for label, runs in systems.items():
        rows += sequence_rows(runs, label, name, params.crystals, thresholds, paper_values)
    clusters = [thermal_rows(read_table(path)) for path in snakemake.input.clusters]
    rows += single_cluster_rows(clusters, next(iter(systems)), thresholds.onset, paper_values)
    stable = [Classification.load(path).thermal_fractions() for path in snakemake.input.stable]
    label = f"{name} {transition.production.stable_K} K"
    rows.append(disordered_share_row(stable, label, name, params.crystals, paper_values))
    write_rows(snakemake.output.table, rows)
