"""Construct Zn(imidazolate)2 on the sodalite net and write it as ``sodalite.cif``; run me to write it anew.

Zn sits on the nodes of the net (12d of I-43m), a planar imidazolate with the force field's bond lengths on
every edge. Symmetry leaves two freedoms: the cell edge, set so that Zn-N is 2.00 angstrom along the lone
pairs, and how far the ligands turn about their edges, set so that N-Zn-N is the tetrahedral angle. ZIF-8 has
this net with methylimidazolate and a cell edge of 16.99 angstrom.
"""

from pathlib import Path

import gemmi
import numpy as np
from scipy.optimize import minimize_scalar

ZN_N, N_C2, N_C4, C4_C5, C_H = 2.00, 1.355, 1.386, 1.377, 1.088
"""Bond lengths, angstrom; IUPAC numbering, so C2 is between the two N."""

N_C2_N, N_C4_H4 = np.radians([111.169, 121.317])

SPACE_GROUP = gemmi.SpaceGroup("I -4 3 m")


def half_ligand() -> tuple[dict[str, np.ndarray], float]:
    """Return half an imidazolate and half the Zn...Zn distance, angstrom.

    Coordinates are (along the line Zn...Zn, away from it towards C2); the other half is the mirror image.
    """
    n = N_C2 * np.array([np.sin(N_C2_N / 2), -np.cos(N_C2_N / 2)])
    c2 = np.zeros(2)
    c4 = np.array([C4_C5 / 2, n[1] - np.sqrt(N_C4**2 - (n[0] - C4_C5 / 2) ** 2)])
    cosine, sine = np.cos(N_C4_H4), np.sin(N_C4_H4)
    h4 = c4 + C_H / N_C4 * np.array([[cosine, sine], [-sine, cosine]]) @ (n - c4)
    lone_pair = (n - c2) / N_C2 + (n - c4) / N_C4
    zinc = n + ZN_N * lone_pair / np.linalg.norm(lone_pair)
    atoms = {"N1": n, "C2": c2, "C4": c4, "H2": c2 + [0.0, C_H], "H4": h4}
    return {name: atom - [0.0, zinc[1]] for name, atom in atoms.items()}, zinc[0]


def asymmetric_unit(turn: float) -> tuple[float, dict[str, np.ndarray]]:
    """Return the cell edge (angstrom) and fractional coordinates for a turn (radian) of the ligands.

    The edge from Zn at (1/4, 1/2, 0) to its neighbour at (1/2, 1/4, 0) has its middle on the mirror x = y.
    """
    atoms, half_distance = half_ligand()
    edge = 4 * np.sqrt(2) * half_distance
    along = np.array([-1.0, 1.0, 0.0]) / np.sqrt(2)
    aside = np.array([np.cos(turn) / np.sqrt(2), np.cos(turn) / np.sqrt(2), np.sin(turn)])
    sites = {"Zn1": np.array([0.25, 0.5, 0.0])}
    for name, (x, y) in atoms.items():
        sites[name] = np.array([0.375, 0.375, 0.0]) + (x * along + y * aside) / edge
    return edge, sites


def angle_misfit(turn: float) -> float:
    """Return the largest deviation of cos(N-Zn-N) from its tetrahedral value -1/3."""
    edge, sites = asymmetric_unit(turn)
    images = np.array([operation.apply_to_xyz(list(sites["N1"])) for operation in SPACE_GROUP.operations()])
    vectors = images - sites["Zn1"]
    vectors = (vectors - np.round(vectors)) * edge
    lengths = np.linalg.norm(vectors, axis=1)
    nearest = vectors[lengths < ZN_N + 0.1] / ZN_N
    return float(np.max(np.abs((nearest @ nearest.T)[np.triu_indices(4, 1)] + 1 / 3)))


def write_cif(path: Path, turn: float) -> None:
    """Write the structure with its space group and six sites."""
    edge, sites = asymmetric_unit(turn)
    lines = [
        "# Zn(imidazolate)2 on the sodalite net, constructed by make_sodalite.py; not an experiment.",
        "data_sodalite",
        *(f"_cell_length_{axis} {edge:.4f}" for axis in "abc"),
        *(f"_cell_angle_{angle} 90" for angle in ("alpha", "beta", "gamma")),
        f"_space_group_name_H-M_alt '{SPACE_GROUP.hm}'",
        "loop_",
        "_atom_site_label",
        "_atom_site_type_symbol",
        *(f"_atom_site_fract_{axis}" for axis in "xyz"),
        *(f"{name} {name.rstrip('1234567890')} {x:.5f} {y:.5f} {z:.5f}" for name, (x, y, z) in sites.items()),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    best = minimize_scalar(angle_misfit, bounds=(0, np.pi / 2), method="bounded").x
    write_cif(Path(__file__).with_name("sodalite.cif"), best)
