"""Draw the reliability diagram: how often a classifier is right against how sure it is."""

from zifmelt.figures.classifier_quality import plot_reliability
from zifmelt.figures.plot import save_plot
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    predictions = dict(zip(snakemake.params.names, snakemake.input.predictions, strict=True))
    save_plot(plot_reliability(predictions, snakemake.params.seed), snakemake.output.svg)
