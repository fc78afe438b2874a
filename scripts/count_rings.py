"""Count the primitive rings of Zn of a run against time.

=============  ============================================================================================
``rings.csv``  time_ps, zinc (in the box) and rings_of_3, rings_of_4, ... (in the box)
=============  ============================================================================================
"""

from pathlib import Path

from zifmelt.configuration import Mechanism
from zifmelt.files import write_table
from zifmelt.mechanism.analysis import rings_of_run
from zifmelt.mechanism.bonds import load_bonds
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    folder = Path(snakemake.input.trajectory).parent
    bonds = load_bonds(snakemake.input.bonds)
    section = Mechanism.from_plain(snakemake.params.mechanism)
    rings = rings_of_run(folder, bonds, section.ring_max_size, section.structure_interval_ps)
    write_table(snakemake.output.rings, rings)
