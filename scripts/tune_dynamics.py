"""Measure which settings are the fastest on this machine for given systems, keep them, and print them."""

from dataclasses import replace
from pathlib import Path

from zifmelt.dynamics.settings import settings_from
from zifmelt.dynamics.speeds import TUNED
from zifmelt.dynamics.throughput import short_job
from zifmelt.dynamics.tuning import measure_tuning, tuning_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]) as stream:
    settings = settings_from(snakemake.params.settings)
    settings = replace(settings, threads=max(1, snakemake.threads // settings.mpi_ranks))
    forcefield = Path(snakemake.input.forcefield)
    for data, topology in zip(snakemake.input.data, snakemake.input.topology, strict=True):
        job = short_job(Path(data), Path(topology), forcefield, settings, 1, TUNED)
        measurement = measure_tuning(job, TUNED)
        print(f"{Path(data).parent}\n{tuning_table(measurement)}", file=stream, flush=True)
