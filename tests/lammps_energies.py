"""Energies and forces from LAMMPS for a force field, for tests."""

import ctypes

import numpy as np

from zifmelt.dynamics.lammps_engine import start_lammps
from zifmelt.forcefield.lammps import coefficient_commands, setup_commands
from zifmelt.forcefield.topology import bonded_terms


class Lammps:
    """A LAMMPS instance that holds one configuration; energies in kcal/mol, pressure in atm."""

    def __init__(self, forcefield, data_file, numerics="reference", kokkos=False):
        self.instance = start_lammps(["-screen", "none", "-log", "none", "-nocite"])
        self.do(*setup_commands(forcefield, numerics, kokkos), f"read_data {data_file}")
        self.do(*coefficient_commands(forcefield, numerics, kokkos), "thermo_modify norm no")
        self.do("thermo_style custom step pe evdwl ecoul elong ebond eangle edihed eimp press")

    def do(self, *commands):
        for command in commands:
            self.instance.command(command)

    def energy(self, *terms):
        """Sum of thermo keywords, by default the potential energy, of the current positions."""
        self.do("run 0 post no")
        return sum(self.instance.get_thermo(term) for term in terms or ("pe",))

    def forces(self):
        self.do("run 0 post no")
        return np.array(self.instance.gather_atoms("f", 1, 3)).reshape(-1, 3)

    @property
    def positions(self):
        return np.array(self.instance.gather_atoms("x", 1, 3)).reshape(-1, 3)

    @positions.setter
    def positions(self, positions):
        flat = np.ascontiguousarray(positions, dtype=float).ravel()
        self.instance.scatter_atoms("x", 1, 3, (ctypes.c_double * flat.size)(*flat))

    def close(self):
        self.instance.close()


def write_fragments(path, forcefield, molecules, positions, edge):
    """Write a data file of molecules given as (kinds, bonds) in a cubic box of `edge` angstrom."""
    sections = {"Bonds": [], "Angles": [], "Dihedrals": []}
    atoms, start = [], 0
    for number, (kinds, bonds) in enumerate(molecules, 1):
        terms = bonded_terms(len(kinds), bonds)
        look_ups = (forcefield.bond_type, forcefield.angle_type, forcefield.dihedral_type)
        for lines, look_up, members in zip(sections.values(), look_ups, terms[:3], strict=True):
            for member in members:
                add_line(lines, look_up(*(kinds[i] for i in member)), member, start)
        for centre, *others in terms.impropers:
            kind = forcefield.improper_type(kinds[centre], tuple(kinds[i] for i in others))
            if kind is not None:
                rest = list(others)
                order = forcefield.improper_order(kinds[centre])
                member = [rest.pop([kinds[i] for i in rest].index(name)) for name in order]
                add_line(sections["Dihedrals"], kind, (centre, *member), start)
        for kind in kinds:
            particle = forcefield.particles[kind]
            x, y, z = positions[len(atoms)]
            row = f"{len(atoms) + 1} {number} {particle.type_id} {particle.charge!r} {x!r} {y!r} {z!r}"
            atoms.append(row.replace("np.float64(", "").replace(")", ""))
        start += len(kinds)
    lines = ["fragments", "", f"{len(atoms)} atoms"]
    lines += [f"{len(rows)} {name.lower()}" for name, rows in sections.items()]
    lines += [f"{len(forcefield.particles)} atom types", f"{len(forcefield.bonds)} bond types"]
    lines += [f"{len(forcefield.angles)} angle types"]
    lines += [f"{len(forcefield.dihedrals) + len(forcefield.impropers)} dihedral types"]
    lines += [f"0 {edge} {axis}lo {axis}hi" for axis in "xyz"]
    lines += ["", "Masses", "", *(f"{p.type_id} {p.mass}" for p in forcefield.particles.values())]
    lines += ["", "Atoms # full", "", *atoms]
    for name, rows in sections.items():
        if rows:
            lines += ["", name, "", *(f"{i} {row}" for i, row in enumerate(rows, 1))]
    path.write_text("\n".join(lines) + "\n")
    return path


def add_line(lines, kind, member, start):
    """Append a bonded term unless the force field declares it absent (`kind` is None)."""
    if kind is not None:
        lines.append(" ".join(map(str, (kind, *(start + i + 1 for i in member)))))
