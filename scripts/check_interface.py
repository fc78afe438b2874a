"""Check that a half-molten box holds a crystal and a disordered slab, and no overlapping atoms.

============  ==============================================================================================
``slab.csv``  one row: disordered fraction, positions and width of the interfaces (A), closest pairs (A)
============  ==============================================================================================
"""

from pathlib import Path

from zifmelt.configuration import Thermodynamics
from zifmelt.files import write_table
from zifmelt.scripting import logged
from zifmelt.thermodynamics.interface import assess_interface, check_slab, slab_table

with logged(snakemake.log[0]):
    params = snakemake.params
    folder = Path(snakemake.input.trajectory).parent
    section = Thermodynamics.from_plain(params.thermodynamics)
    slab, closest = assess_interface(folder, snakemake.input.classified, params.averaged_ps, params.crystals)
    print(f"{folder}: {slab}, closest pairs {closest}")
    limits = (section.fraction_limits, section.interface_contrast, section.closest_A)
    check_slab(slab, closest, *limits, str(folder))
    write_table(snakemake.output.slab, slab_table(slab, closest))
