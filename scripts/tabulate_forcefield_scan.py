"""Tables of the force-field scan: all quantities, the score of every criterion, one line per force field."""

from zifmelt.files import write_table
from zifmelt.forcefield.criteria import read_criteria
from zifmelt.scripting import files_of, logged
from zifmelt.tables.forcefield_scores import average_runs, scan_rows, score_rows, summary_rows
from zifmelt.tables.rows import read_paper_values

with logged(snakemake.log[0]):
    inputs, output = snakemake.input, snakemake.output
    values = read_paper_values(inputs.paper)
    criteria, cells = read_criteria(inputs.criteria, values)
    averages = average_runs(files_of(snakemake.params.runs, inputs.runs))
    scores = score_rows(averages, criteria)
    write_table(output.table, scan_rows(averages, criteria, cells, values))
    write_table(output.scores, scores)
    write_table(output.summary, summary_rows(scores))
