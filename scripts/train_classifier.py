"""Train a classifier on the whole database.

================  =======================================================================================
``model.npz``     weights and standardisation, see `zifmelt.environments.network.Network`
``model.json``    phases, features and how they are computed, settings, seed, number of
                  environments, SHA-256 of the weights (sha256) and of the database file
================  =======================================================================================
"""

import torch

from zifmelt.environments.database import Database
from zifmelt.environments.features import FeatureSettings
from zifmelt.environments.network import NetworkSettings
from zifmelt.environments.training import train_classifier
from zifmelt.files import sha256_of
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    torch.set_num_threads(snakemake.threads)
    settings = NetworkSettings.from_config(snakemake.wildcards.classifier, snakemake.params.settings)
    database = Database.load(snakemake.input.database)
    names = FeatureSettings.from_config(snakemake.params.environments).names(settings.features)
    classifier = train_classifier(database, names, settings, snakemake.params.seed)
    provenance = {
        "seed": snakemake.params.seed,
        "feature_settings": dict(snakemake.params.environments),
        "environments": len(database.labels),
        "database_sha256": sha256_of(snakemake.input.database),
    }
    classifier.save(snakemake.output.model, snakemake.output.metadata, provenance)
