"""Where the environments lie that the classifiers were trained on, for the doubt about other trajectories.

================  =======================================================================================
``training.npz``  see `zifmelt.environments.out_of_distribution.TrainingDistribution`
================  =======================================================================================
"""

from zifmelt.environments.database import Database
from zifmelt.environments.features import FeatureSettings
from zifmelt.environments.out_of_distribution import TrainingDistribution
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    names = FeatureSettings.from_config(snakemake.params.environments).shell_names
    TrainingDistribution.of(Database.load(snakemake.input.database), names).save(snakemake.output[0])
