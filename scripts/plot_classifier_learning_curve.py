"""Draw the learning curves: accuracy on left-out trajectories against the size of the database."""

from zifmelt.figures.classifier_quality import plot_learning_curves
from zifmelt.figures.plot import save_plot
from zifmelt.files import read_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    tables = [read_table(path, ("environments", "accuracy", "stderr")) for path in snakemake.input.curves]
    curves = dict(zip(snakemake.params.names, tables, strict=True))
    save_plot(plot_learning_curves(curves), snakemake.output.svg)
