"""Draw how long the crystals keep their order, against temperature."""

import pandas as pd

from zifmelt.configuration import Mechanism
from zifmelt.environments.classify import Classification
from zifmelt.figures.plot import save_plot
from zifmelt.figures.time_to_transition import plot_time_to_transition
from zifmelt.mechanism.passages import Thresholds, passages
from zifmelt.scripting import files_of, logged
from zifmelt.tables.rows import read_paper_values

with logged(snakemake.log[0]):
    params, files = snakemake.params, iter(snakemake.input.classified)
    thresholds = Thresholds(**Mechanism.from_plain(params.mechanism).thresholds.plain())
    tables = []
    for name, plain in params.runs.items():
        of_runs = files_of(plain, [next(files) for _ in plain])
        runs = [(run, Classification.load(path).thermal_fractions()) for run, path in of_runs.items()]
        tables.append(passages(runs, name, params.crystals, thresholds))
    plot = plot_time_to_transition(pd.concat(tables), read_paper_values(snakemake.input.paper))
    save_plot(plot, snakemake.output.svg)
