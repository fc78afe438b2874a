"""Predict environments that a classifier was not trained on: the published split, and left-out trajectories.

Output: ``predictions.npz`` with, per split, probabilities (rows, classes), true labels and independent
starts.
"""

import torch

from zifmelt.environments.database import Database
from zifmelt.environments.features import FeatureSettings
from zifmelt.environments.held_out import predict_held_out
from zifmelt.environments.network import NetworkSettings
from zifmelt.environments.predictions import SPLITS, save_predictions
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    torch.set_num_threads(snakemake.threads)
    settings = NetworkSettings.from_config(snakemake.wildcards.classifier, snakemake.params.settings)
    database = Database.load(snakemake.input.database)
    names = FeatureSettings.from_config(snakemake.params.environments).names(settings.features)
    seed = snakemake.params.seed
    predictions = {split: predict_held_out(database, names, settings, split, seed) for split in SPLITS}
    save_predictions(snakemake.output.predictions, predictions, database.classes.tolist())
