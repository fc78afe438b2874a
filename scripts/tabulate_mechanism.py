"""Tabulate how often bonds break and ligands turn or change place, beside the paper's numbers.

============================  =============================================================================
``mechanism_<transition>.csv``   quantity, unit, value, stderr, n, paper, reference, source
``defect_survival_<...>.csv`` temperature_K, time_ps, survival with its 95 % band, fitted exponential
============================  =============================================================================
"""

from zifmelt.configuration import Transition
from zifmelt.files import write_table
from zifmelt.mechanism.event_kinetics import load_watched_run, mechanism_rows, survival_at_temperatures
from zifmelt.scripting import logged, run_folders
from zifmelt.tables.rows import read_paper_values, values_beside, write_rows

with logged(snakemake.log[0]):
    params, name = snakemake.params, snakemake.wildcards.transition
    transition = Transition.from_plain(params.transition)
    paper_values = read_paper_values(snakemake.input.paper)
    systems = {}
    for run, folder in run_folders(params.runs, snakemake.input.events).items():
        systems.setdefault(run.temperature_K, []).append(load_watched_run(folder))
    rows = []
    for temperature, runs in systems.items():
        stable = temperature == transition.production.stable_K
        beside = values_beside(paper_values, temperature)
        rows += mechanism_rows(runs, f"{name} {temperature} K", name, stable, beside)
    write_rows(snakemake.output.table, rows)
    write_table(snakemake.output.survival, survival_at_temperatures(systems))
