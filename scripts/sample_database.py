"""Sample labelled zinc environments from runs at constant temperature.

Inputs: run folders, in the order of the parameters. Output: ``environments.npz`` with the arrays of
`zifmelt.environments.database.Database` (features in the units their names give, temperatures in K, times in
ps).
"""

from pathlib import Path

from zifmelt.environments.database import SampledRun, sample_database, share_configurations
from zifmelt.environments.features import FeatureSettings
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    params = snakemake.params
    counts = share_configurations(params.configurations, params.phases)
    folders = [Path(path).parent for path in snakemake.input]
    described = zip(folders, params.phases, params.origins, params.temperatures_K, counts, strict=True)
    database = sample_database(
        [SampledRun(*values) for values in described],
        list(params.configurations),
        FeatureSettings.from_config(params.environments),
        snakemake.threads,
    )
    print(f"{len(database.labels)} environments of {len(database.classes)} phases")
    database.save(snakemake.output[0])
