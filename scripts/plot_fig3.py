"""Draw Fig. 3: the network, and a configuration before and after classification."""

from pathlib import Path

from zifmelt.environments.classify import Classification
from zifmelt.environments.network import TrainedClassifier
from zifmelt.figures.fig3_classifier import plot_classifier
from zifmelt.figures.plot import save_plot
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    inputs = snakemake.input
    plot = plot_classifier(
        Path(inputs.trajectory).parent,
        Classification.load(inputs.classified),
        TrainedClassifier.load(inputs.model, inputs.metadata),
        snakemake.params.crystals,
        snakemake.params.stick_A,
    )
    save_plot(plot, snakemake.output.svg)
