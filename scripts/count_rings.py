"""Count the primitive rings of Zn of a run against time.

=============  ============================================================================================
``rings.csv``  time_ps, zinc (in the box) and rings_of_3, rings_of_4, ... (in the box)
=============  ============================================================================================
"""

from pathlib import Path

from zifmelt.files import write_table
from zifmelt.mechanism.analysis import rings_of_run
from zifmelt.mechanism.bonds import load_bonds
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    folder = Path(snakemake.input.trajectory).parent
    bonds = load_bonds(snakemake.input.bonds)
    params = snakemake.params
    write_table(snakemake.output[0], rings_of_run(folder, bonds, params.largest, params.interval_ps))
