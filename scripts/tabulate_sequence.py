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
from zifmelt.tables.rows import read_paper_values, values_beside, write_rows

with logged(snakemake.log[0]):
    params, name = snakemake.params, snakemake.wildcards.transition
    transition, section = Transition.from_plain(params.transition), Mechanism.from_plain(params.mechanism)
    thresholds = Thresholds(**section.thresholds.plain())
    paper_values = read_paper_values(snakemake.input.paper)
    systems = {}
    for run, path in files_of(params.runs, snakemake.input.classified).items():
        key = f"{name} {run.supercell} {run.temperature_K} K", run.temperature_K
        systems.setdefault(key, []).append(Classification.load(path).thermal_fractions())
    rows = []
    for (label, temperature), runs in systems.items():
        beside = values_beside(paper_values, temperature)
        rows += sequence_rows(runs, label, name, params.crystals, thresholds, beside)
    clusters = [thermal_rows(read_table(path)) for path in snakemake.input.clusters]
    rows += single_cluster_rows(clusters, next(iter(systems))[0], thresholds.onset, paper_values)
    stable = [Classification.load(path).thermal_fractions() for path in snakemake.input.stable]
    temperature = transition.production.stable_K
    beside = values_beside(paper_values, temperature)
    rows.append(disordered_share_row(stable, f"{name} {temperature} K", name, params.crystals, beside))
    write_rows(snakemake.output.table, rows)
