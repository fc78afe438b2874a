"""Measure the clusters of disordered Zn of a run against time.

================  =========================================================================================
``clusters.csv``  time_ps, numbers of Zn and clusters, extents of the largest along x, y, z in angstrom
                  (`zifmelt.mechanism.clusters.follow_clusters`)
================  =========================================================================================
"""

from pathlib import Path

import numpy as np

from zifmelt.configuration import Mechanism
from zifmelt.environments.classify import Classification
from zifmelt.files import write_table
from zifmelt.mechanism.analysis import clusters_of_run
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    params = snakemake.params
    section = Mechanism.from_plain(params.mechanism)
    clusters = clusters_of_run(
        Path(snakemake.input.trajectory).parent,
        Classification.load(snakemake.input.classified),
        params.crystals,
        section.zinc_neighbours_A,
        section.structure_interval_ps,
        np.random.default_rng(params.seed),
    )
    write_table(snakemake.output.clusters, clusters)
