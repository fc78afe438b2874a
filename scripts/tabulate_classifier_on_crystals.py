"""Tabulate what the classifiers call disordered in crystals that keep their net, beside what has changed.

==============================  ===========================================================================
``classifier_on_crystals.csv``  quantity, unit, value, stderr, n, paper, reference, source; with a verdict
==============================  ===========================================================================
"""

from zifmelt.environments.classify import Classification
from zifmelt.mechanism.bonds import load_bonds
from zifmelt.scripting import files_of, logged
from zifmelt.tables.classifier_on_crystals import crystal_rows, failures, judge_run
from zifmelt.tables.rows import read_paper_values, write_rows

with logged(snakemake.log[0]) as log:
    files, params = snakemake.input, snakemake.params
    classified = {name: files_of(params.runs, files[name]) for name in params.names}
    systems, stable = {}, {}
    for run, path in files_of(params.runs, files.bonds).items():
        classes = {name: Classification.load(paths[run]) for name, paths in classified.items()}
        found = judge_run(load_bonds(path), classes, params.crystals, params.equilibration_ps)
        system = f"{run.phase} {run.supercell} {run.temperature_K:g} K"
        systems.setdefault(system, []).append(found)
        if run.path in params.stable:
            stable[system] = run.phase
    rows = crystal_rows(systems, params.names, read_paper_values(files.paper_values), stable)
    for failure in failures(rows):
        print(f"Warning: {failure}: 0.", file=log)
    write_rows(snakemake.output.table, rows)
