"""Follow the Zn-N bonds of a run.

====================  =====================================================================================
``bonds.npz``         every bond as a stretch of frames; times in ps (`zifmelt.mechanism.bonds.Bonds`)
``coordination.csv``  time_ps and the number of Zn with 0, 1, 2, ... N
====================  =====================================================================================
"""

from pathlib import Path

from zifmelt.files import write_table
from zifmelt.mechanism.analysis import bonds_of_run
from zifmelt.mechanism.bonds import save_bonds
from zifmelt.mechanism.lifetimes import coordination_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    params = snakemake.params
    bonds = bonds_of_run(
        Path(snakemake.input.trajectory).parent, params.form_A, params.break_A, params.persistence_ps
    )
    save_bonds(snakemake.output.bonds, bonds)
    write_table(snakemake.output.coordination, coordination_table(bonds))
