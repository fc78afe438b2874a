"""Radial distribution functions, angle distributions and scalars of one run.

=================  ============================================================
``rdf.csv``        pair, r_A, g, coordination
``angles.csv``     angle, degree, density_per_degree
``structure.csv``  quantity, unit, value, stderr, n
=================  ============================================================
"""

from pathlib import Path

from zifmelt.files import write_table
from zifmelt.properties.run_structure import StructureSettings, analyse_structure
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    folder = Path(snakemake.input.trajectory).parent
    settings = StructureSettings(**snakemake.params.properties)
    rdf, angles, quantities = analyse_structure(folder, snakemake.params.elements, settings)
    write_table(snakemake.output.rdf, rdf)
    write_table(snakemake.output.angles, angles)
    write_table(snakemake.output.quantities, quantities)
