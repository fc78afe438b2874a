"""Reading a structure from PDB, with the symmetry of its space group."""

from pathlib import Path

import gemmi
import numpy as np

from ..errors import InputError
from ..files import read_any_text
from .cell import cell_of_parameters
from .unit_cell import Crystal, all_atoms, filled

COORDINATES = (slice(30, 38), slice(38, 46), slice(46, 54))
"""Columns of x, y and z in an atom's line."""


def read_pdb(path: str | Path) -> Crystal:
    """Read one model with a unit cell; the space group of CRYST1 is applied unless its atoms fill the cell.

    Parameters
    ----------
    path
        PDB file with CRYST1.

    Returns
    -------
    Crystal
        The atoms of the whole cell.

    Raises
    ------
    InputError
        The file is missing or not PDB of one model, has no cell or an impossible one, has an unknown space
        group, a disordered atom or an unknown element, or two atoms overlap.
    """
    # Columns count bytes, so every character has to be one; what matters is ASCII.
    text = read_any_text(path).encode("ascii", "replace").decode("ascii")
    _check_lines(path, text.split("\n"))
    try:
        structure = gemmi.read_pdb_string(text)
    except (ValueError, RuntimeError) as error:
        raise InputError(f"{path}: not a readable PDB file ({' '.join(str(error).split())}).") from None
    if tuple(structure.cell.parameters) == tuple(gemmi.UnitCell().parameters):
        raise InputError(f"{path}: no unit cell; give it as CRYST1.")
    cell = cell_of_parameters(path, structure.cell.parameters)
    if len(structure) != 1:
        raise InputError(f"{path}: {len(structure)} models, where one is needed.")
    atoms = [found.atom for found in structure[0].all()]
    for number, atom in enumerate(atoms, start=1):
        if atom.has_altloc() or 0 < atom.occ < 1:  # many programs write 0 for "not given"
            raise InputError(
                f"{path}: atom {atom.element.name}{number} is disordered (occupancy {atom.occ:g}); keep one "
                "alternative with occupancy 1."
            )
    positions = np.array([atom.pos.tolist() for atom in atoms]).reshape(-1, 3)
    fractional, sign = _fractional(path, structure.cell, positions)
    crystal = all_atoms(path, cell, sign * fractional, [atom.element.name for atom in atoms])
    return filled(crystal, _operations(path, structure))


def _check_lines(path: str | Path, lines: list[str]) -> None:
    """Refuse coordinates that are no numbers; gemmi reads up to the first wrong character."""
    for number, line in enumerate(lines, start=1):
        if line.startswith(("ATOM  ", "HETATM")):
            try:
                finite = all(np.isfinite(float(line[columns])) for columns in COORDINATES)
            except ValueError:
                finite = False
            if not finite:
                raise InputError(f"{path}: line {number} lacks a coordinate in columns 31 to 54.")


def _fractional(path: str | Path, cell: gemmi.UnitCell, positions: np.ndarray) -> tuple[np.ndarray, int]:
    """Fractional coordinates in the axes that the file uses (SCALE, if it is there), and their sign."""
    matrix = np.array(cell.frac.mat.tolist())
    determinant = np.linalg.det(matrix) if np.all(np.isfinite(matrix)) else 0.0
    if not abs(determinant) > 0:
        raise InputError(f"{path}: its SCALE is no change to fractional coordinates; remove these lines.")
    return positions @ matrix.T + np.array(cell.frac.vec.tolist()), 1 if determinant > 0 else -1


def _operations(path: str | Path, structure: gemmi.Structure) -> list[gemmi.Op]:
    name = structure.spacegroup_hm.strip()
    group = gemmi.find_spacegroup_by_name(name or "P 1", structure.cell.alpha, structure.cell.gamma)
    if group is None:
        raise InputError(f"{path}: its space group {name!r} is unknown; correct CRYST1.")
    return list(group.operations())
