"""Run one molecular-dynamics protocol; go on from the last checkpoint if there is one.

Writes ``trajectory.xtc``, ``topology.pdb``, ``thermo.csv``, ``final.data`` and ``provenance.json``.
"""

from pathlib import Path

from zifmelt.dynamics.protocol import segments_from
from zifmelt.dynamics.run import run_protocol
from zifmelt.dynamics.settings import settings_from
from zifmelt.dynamics.speeds import TUNED
from zifmelt.scripting import logged

with logged(snakemake.log[0]) as stream:
    ranks = snakemake.resources.mpi_ranks
    hardware = {
        **{key: snakemake.resources[key] for key in ("engine", "accelerator", "platform", "precision")},
        "mpi_ranks": ranks,
        "threads": max(1, snakemake.threads // ranks),
        "gpus": snakemake.resources.gpus_per_run,
    }
    run_protocol(
        start=snakemake.input.data,
        topology=snakemake.input.topology,
        forcefield_path=snakemake.input.forcefield,
        segments=segments_from(snakemake.params.protocol),
        settings=settings_from({**snakemake.params.settings, **hardware}),
        seed=snakemake.params.seed,
        folder=Path(snakemake.output.provenance).parent,
        log=stream,
        tuning=TUNED if snakemake.resources.tune else None,
    )
