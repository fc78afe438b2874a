"""Measure a short run of a crystal: density, cell, distances, stability and energy."""

from pathlib import Path

from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    from zifmelt.files import write_table
    from zifmelt.forcefield.criteria import read_criteria
    from zifmelt.forcefield.crystal_run import CrystalSettings, measure_crystal
    from zifmelt.mechanism.close_pairs import BondDefinition
    from zifmelt.tables.rows import read_paper_values

    params = snakemake.params
    _, cells = read_criteria(snakemake.input.criteria, read_paper_values(snakemake.input.paper))
    folder = Path(snakemake.input.trajectory).parent
    cell = cells.get(params.phase, {}).get("cell")
    settings = CrystalSettings(**{**params.settings, "bond": BondDefinition(**params.settings["bond"])})
    write_table(snakemake.output.quantities, measure_crystal(folder, settings, params.supercell, cell))
