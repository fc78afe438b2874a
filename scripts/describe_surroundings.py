"""Average the surroundings of the Zn of each class over a run.

====================  =====================================================================================
``surroundings.csv``  class, quantity (voronoi_volume, neighbours, nitrogen), unit, value, stderr, n
====================  =====================================================================================
"""

from pathlib import Path

from zifmelt.configuration import Mechanism
from zifmelt.environments.classify import Classification
from zifmelt.files import write_table
from zifmelt.mechanism.analysis import surroundings_of_run
from zifmelt.mechanism.bonds import load_bonds
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    section = Mechanism.from_plain(snakemake.params.mechanism)
    surroundings = surroundings_of_run(
        Path(snakemake.input.trajectory).parent,
        Classification.load(snakemake.input.classified),
        load_bonds(snakemake.input.bonds),
        section.zinc_neighbours_A,
        section.structure_interval_ps,
    )
    write_table(snakemake.output.surroundings, surroundings)
