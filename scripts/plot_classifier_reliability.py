"""Draw the reliability diagram: how often a classifier is right against how sure it is."""

from pathlib import Path

from zifmelt.figures.classifier_quality import plot_reliability
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    predictions = dict(zip(snakemake.params.names, snakemake.input.predictions, strict=True))
    plot_reliability(predictions, Path(snakemake.output.svg).with_suffix(""), snakemake.params.seed)
