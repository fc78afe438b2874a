"""Sample labelled zinc environments from runs at constant temperature.

Output: ``environments.npz`` with the arrays of
`zifmelt.environments.database.Database` (features in the units their names give, temperatures in K, times in
ps).
"""

from zifmelt.environments.database import SampledRun, sample_database, share_configurations
from zifmelt.environments.features import FeatureSettings
from zifmelt.scripting import logged, run_folders

with logged(snakemake.log[0]):
    params = snakemake.params
    folders = run_folders(params.runs, snakemake.input.trajectory)
    counts = share_configurations(params.configurations, [run.phase for run in folders])
    # A run started from a crystal is independent of all others; those started from one glass are not.
    sampled = [
        SampledRun(folder, run.phase, run.start or run.path, run.temperature_K, count)
        for (run, folder), count in zip(folders.items(), counts, strict=True)
    ]
    database = sample_database(
        sampled,
        list(params.configurations),
        FeatureSettings.from_config(params.environments),
        snakemake.threads,
    )
    print(f"{len(database.labels)} environments of {len(database.classes)} phases")
    database.save(snakemake.output.database)
