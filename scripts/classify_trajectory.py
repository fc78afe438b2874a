"""Classify every zinc of a run with every classifier, and compare what they say.

====================  ==================================================================================
``<name>.npz``        probabilities (frames, Zn, phases), times_ps (frames,), classes
``<name>.csv``        fraction of the Zn in each phase against time_ps
``disagreement.csv``  share of the Zn that the first two classifiers assign to different phases
====================  ==================================================================================
"""

from pathlib import Path

from zifmelt.environments.classify import disagreement, write_classification
from zifmelt.environments.features import FeatureSettings
from zifmelt.environments.network import TrainedClassifier
from zifmelt.environments.trajectory_classifier import classify_run
from zifmelt.files import write_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    inputs, output = snakemake.input, snakemake.output
    pairs = zip(snakemake.params.names, inputs.models, inputs.metadata, strict=True)
    classifiers = {name: TrainedClassifier.load(model, metadata) for name, model, metadata in pairs}
    settings = FeatureSettings.from_config(snakemake.params.environments)
    results = classify_run(Path(inputs.trajectory).parent, classifiers, settings)
    for result, arrays, fractions in zip(results.values(), output.arrays, output.fractions, strict=True):
        write_classification(result, arrays, fractions)
    write_table(output.disagreement, disagreement(*list(results.values())[:2]))
