"""Tabulate how often bonds break and ligands turn or change place, beside the paper's numbers.

============================  =============================================================================
``mechanism_<crystal>.csv``   quantity, unit, value, stderr, n, paper, reference, source
``defect_survival_<...>.csv`` temperature_K, time_ps, survival with its 95 % band, fitted exponential
============================  =============================================================================
"""

from pathlib import Path

from zifmelt.files import write_table
from zifmelt.mechanism.kinetics import load_watched_run, mechanism_rows, survival_at_temperatures
from zifmelt.scripting import logged
from zifmelt.tables.rows import read_paper_values, write_rows

with logged(snakemake.log[0]):
    params, framework = snakemake.params, snakemake.wildcards.framework
    paper_values = read_paper_values(snakemake.input.paper)
    systems = {
        params.transition_K: [load_watched_run(Path(path).parent) for path in snakemake.input.transition],
        params.stable_K: [load_watched_run(Path(path).parent) for path in snakemake.input.stable],
    }
    rows = []
    for temperature, runs in systems.items():
        stable = temperature == params.stable_K
        rows += mechanism_rows(runs, f"{framework} {temperature} K", framework, stable, paper_values)
    write_rows(snakemake.output.table, rows)
    write_table(snakemake.output.survival, survival_at_temperatures(systems))
