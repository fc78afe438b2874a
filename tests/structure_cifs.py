"""Crystal structures for tests: the shipped ones, read without zifmelt, and CIFs written from plain lists."""

from pathlib import Path

import gemmi
import numpy as np

from checkout import ROOT

FORCEFIELD = ROOT / "config" / "forcefields" / "nb-zif-ff.yaml"
ZIF_4 = ROOT / "config" / "structures" / "ZIF-4.cif"
ZIF_ZNI = ROOT / "config" / "structures" / "ZIF-zni.cif"
SODALITE = Path(__file__).parent / "data" / "sodalite.cif"

PBCA = "_space_group_name_H-M_alt 'P b c a'"
P1 = "loop_\n_space_group_symop_operation_xyz\n'x,y,z'"


def asymmetric_unit(path):
    """Return cell parameters and sites [label, element, x, y, z, occupancy, disorder group] of a CIF."""
    structure = gemmi.read_small_structure(str(path))
    sites = [[site.label, site.element.name, *site.fract.tolist(), 1.0, "."] for site in structure.sites]
    return list(structure.cell.parameters), sites


def unit_cell(path):
    """Return cell parameters and all sites of the unit cell by gemmi's own expansion."""
    structure = gemmi.read_small_structure(str(path))
    sites = [
        [f"{site.label}_{index}", site.element.name, *site.fract.tolist(), 1.0, "."]
        for index, site in enumerate(structure.get_all_unit_cell_sites())
    ]
    return list(structure.cell.parameters), sites


def write_cif(path, parameters, sites, symmetry):
    """Write a CIF; `symmetry` is text, and a cell of None is left out."""
    names = ("length_a", "length_b", "length_c", "angle_alpha", "angle_beta", "angle_gamma")
    lines = ["data_test"]
    if parameters is not None:
        lines += [f"_cell_{name} {value}" for name, value in zip(names, parameters, strict=True)]
    lines += [symmetry, "loop_", "_atom_site_label", "_atom_site_type_symbol"]
    lines += [f"_atom_site_fract_{axis}" for axis in "xyz"]
    lines += ["_atom_site_occupancy", "_atom_site_disorder_group"]
    lines += [" ".join(map(str, site)) for site in sites]
    path.write_text("\n".join(lines) + "\n")
    return path


def lattice(parameters):
    """Return the lattice vectors as rows, a along x, from lengths (angstrom) and angles (degree), by hand."""
    a, b, c = parameters[:3]
    alpha, beta, gamma = np.radians(parameters[3:])
    x = np.cos(beta)
    y = (np.cos(alpha) - np.cos(beta) * np.cos(gamma)) / np.sin(gamma)
    return np.array(
        [[a, 0, 0], [b * np.cos(gamma), b * np.sin(gamma), 0], [c * x, c * y, c * np.sqrt(1 - x**2 - y**2)]]
    )


def parameters_of(vectors):
    """Return lengths and angles of lattice vectors (rows)."""
    lengths = np.linalg.norm(vectors, axis=1)
    cosines = (vectors @ vectors.T) / np.outer(lengths, lengths)
    return [*lengths, *np.degrees(np.arccos([cosines[1, 2], cosines[0, 2], cosines[0, 1]]))]
