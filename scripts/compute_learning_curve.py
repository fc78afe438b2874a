"""Measure a classifier's accuracy on left-out trajectories against the size of the database.

Output: CSV with columns share (of the configurations of every run that is trained on), environments,
accuracy, stderr.
"""

import torch

from zifmelt.environments.database import Database
from zifmelt.environments.features import FeatureSettings
from zifmelt.environments.held_out import learning_curve
from zifmelt.environments.network import NetworkSettings
from zifmelt.files import write_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    torch.set_num_threads(snakemake.threads)
    params = snakemake.params
    settings = NetworkSettings.from_config(snakemake.wildcards.classifier, params.settings)
    names = FeatureSettings.from_config(params.environments).names(settings.features)
    database = Database.load(snakemake.input.database)
    write_table(snakemake.output.curve, learning_curve(database, names, settings, params.shares, params.seed))
