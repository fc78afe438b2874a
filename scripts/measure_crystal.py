"""Measure a short run of a crystal: density, cell, distances, stability and energy."""

from pathlib import Path

from zifmelt.configuration import Mechanism, Properties
from zifmelt.files import write_table
from zifmelt.forcefield.criteria import read_criteria
from zifmelt.forcefield.crystal_run import CrystalSettings, measure_crystal
from zifmelt.mechanism.close_pairs import BondDefinition
from zifmelt.runs import Simulation
from zifmelt.scripting import logged
from zifmelt.tables.rows import read_paper_values

with logged(snakemake.log[0]):
    params = snakemake.params
    run = Simulation.from_plain(params.run)
    properties, mechanism = Properties.from_plain(params.properties), Mechanism.from_plain(params.mechanism)
    bond = BondDefinition(
        form_A=mechanism.bond_form_A,
        break_A=mechanism.bond_break_A,
        persistence_ps=mechanism.bond_persistence_ps,
        interval_ps=params.bond_interval_ps,
    )
    settings = CrystalSettings(
        bond_cutoff_A=properties.bond_cutoff_A,
        bond=bond,
        bin_width_A=properties.bin_width_A,
        pressure_bar=run.pressure_bar,
    )
    _, cells = read_criteria(snakemake.input.criteria, read_paper_values(snakemake.input.paper))
    cell = cells.get(run.phase, {}).get("cell")
    folder = Path(snakemake.input.trajectory).parent
    write_table(snakemake.output.quantities, measure_crystal(folder, settings, run.supercell, cell))
