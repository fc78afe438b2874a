"""Structure of all phases, glasses by origin, transition temperatures, and the check of the ramp rate."""

from zifmelt.scripting import files_of, logged
from zifmelt.tables.properties import origin_rows, ramp_rate_row, structure_rows, transition_rows
from zifmelt.tables.rows import read_paper_values, write_rows

with logged(snakemake.log[0]):
    inputs, params = snakemake.input, snakemake.params
    values = read_paper_values(inputs.paper)
    phases, origins, temperatures = {}, {}, {}
    for run, path in files_of(params.runs, inputs.structures).items():
        phases.setdefault(run.phase, []).append(path)
        temperatures[run.phase] = run.temperature_K
        if run.phase == params.glass:
            origins.setdefault(run.framework, []).append(path)
    rows = [
        *structure_rows(phases, temperatures, values),
        *origin_rows(origins, params.glass, values),
        *transition_rows(inputs.transitions, values),
        ramp_rate_row(inputs.fast, inputs.slow, values),
    ]
    write_rows(snakemake.output.table, rows)
