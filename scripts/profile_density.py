"""Profile the number density of a crystal along its axes, folded onto the unit cell.

=======================  ==================================================================================
``density_profile.csv``  axis, position_A, density_per_A3, stderr_per_A3, elements
=======================  ==================================================================================
"""

from pathlib import Path

from zifmelt.configuration import Mechanism
from zifmelt.files import write_table
from zifmelt.mechanism.analysis import density_profile_of_run
from zifmelt.runs import Simulation
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    run = Simulation.from_plain(snakemake.params.run)
    bins = Mechanism.from_plain(snakemake.params.mechanism).profile_bins
    folder = Path(snakemake.input.trajectory).parent
    profile = density_profile_of_run(folder, run.elements, run.supercell, bins)
    write_table(snakemake.output.profile, profile)
