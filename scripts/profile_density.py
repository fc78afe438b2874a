"""Profile the number density of a crystal along its axes, folded onto the unit cell.

=======================  ==================================================================================
``density_profile.csv``  axis, position_A, density_per_A3, stderr_per_A3, elements
=======================  ==================================================================================
"""

from pathlib import Path

from zifmelt.files import write_table
from zifmelt.mechanism.analysis import density_profile_of_run
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    params = snakemake.params
    folder = Path(snakemake.input.trajectory).parent
    write_table(
        snakemake.output[0],
        density_profile_of_run(folder, params.elements, params.supercell, params.bins),
    )
