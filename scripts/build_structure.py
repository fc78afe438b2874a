"""Build a supercell with the force field's particles and bonded terms.

Inputs: a crystal structure (CIF) and a force field (YAML).

================  =========================================================================================
``system.data``   LAMMPS data file: particles, charges (e), positions (angstrom), bonded terms; units real
``topology.pdb``  all real atoms in the same order, residues ZN and IM, box (angstrom)
================  =========================================================================================
"""

from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.scripting import logged
from zifmelt.structures.crystal import parse_supercell
from zifmelt.structures.system import build_system
from zifmelt.structures.writers import write_data_file, write_topology

with logged(snakemake.log[0]):
    system = build_system(
        snakemake.input.crystal,
        load_forcefield(snakemake.input.forcefield),
        parse_supercell(snakemake.wildcards.supercell),
    )
    print(f"{system.title}: {len(system.positions)} particles, {len(system.zinc_sites)} Zn")
    write_data_file(system, snakemake.output.data)
    write_topology(system, snakemake.output.topology)
