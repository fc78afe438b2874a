"""Average the surroundings of the Zn of each class over a run.

====================  =====================================================================================
``surroundings.csv``  class, quantity (voronoi_volume, neighbours, nitrogen), unit, value, stderr, n
====================  =====================================================================================
"""

from pathlib import Path

from zifmelt.environments.classify import Classification
from zifmelt.files import write_table
from zifmelt.mechanism.analysis import surroundings_of_run
from zifmelt.mechanism.bonds import load_bonds
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    params = snakemake.params
    surroundings = surroundings_of_run(
        Path(snakemake.input.trajectory).parent,
        Classification.load(snakemake.input.classified),
        load_bonds(snakemake.input.bonds),
        params.cutoff_A,
        params.interval_ps,
    )
    write_table(snakemake.output[0], surroundings)
