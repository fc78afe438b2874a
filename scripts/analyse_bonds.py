"""Follow the Zn-N bonds of a run.

====================  =====================================================================================
``bonds.npz``         every bond as a stretch of frames; times in ps (`zifmelt.mechanism.bonds.Bonds`)
``coordination.csv``  time_ps and the number of Zn with 0, 1, 2, ... N
====================  =====================================================================================
"""

from pathlib import Path

from zifmelt.configuration import Mechanism
from zifmelt.files import write_table
from zifmelt.mechanism.analysis import bonds_of_run
from zifmelt.mechanism.bonds import save_bonds
from zifmelt.mechanism.lifetimes import coordination_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    section = Mechanism.from_plain(snakemake.params.mechanism)
    bonds = bonds_of_run(
        Path(snakemake.input.trajectory).parent,
        section.bond_form_A,
        section.bond_break_A,
        section.bond_persistence_ps,
    )
    save_bonds(snakemake.output.bonds, bonds)
    write_table(snakemake.output.coordination, coordination_table(bonds))
