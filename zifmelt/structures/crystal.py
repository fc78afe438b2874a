"""Reading a crystal structure and expanding it by its space group."""

import itertools
import re
from pathlib import Path

import gemmi
import numpy as np

from ..errors import InputError
from ..files import read_any_text
from .cell import ANGLES, cell_of_parameters
from .unit_cell import FARTHEST, Crystal, filled


def read_crystal(path: str | Path) -> Crystal:
    """Read a CIF and expand its asymmetric unit to the whole unit cell.

    The symmetry is taken from the listed operations, else from the Hall symbol, the Hermann-Mauguin symbol or
    the number of the space group, in this order, so any setting and any choice of origin will do.

    Parameters
    ----------
    path
        Crystallographic information file with one structure.

    Returns
    -------
    Crystal
        The atoms of the unit cell, site by site.

    Raises
    ------
    InputError
        The file is missing or unreadable, has no cell, atoms or symmetry, or its cell and symmetry disagree;
        a site has an unknown element, no coordinates or is disordered; two atoms overlap.
    """
    block = _read_cif(path)
    cell = _cell(path, block)
    structure = _small_structure(path, block)
    if not structure.sites:
        raise InputError(f"{path}: no atoms; give a loop of _atom_site_label and _atom_site_fract_x/y/z.")
    for site in structure.sites:
        _check_site(path, site)
    sites = Crystal(
        path=str(path),
        cell=cell,
        fractional=np.array([site.fract.tolist() for site in structure.sites]),
        elements=np.array([site.element.name for site in structure.sites]),
        labels=np.array([site.label for site in structure.sites]),
    )
    crystal = filled(sites, _symmetry(path, structure))
    _check_content(crystal, block)
    return crystal


def read_symmetry(path: str | Path) -> list[gemmi.Op]:
    """Read the operations on fractional coordinates by which `read_crystal` expands a CIF.

    Raises
    ------
    InputError
        The file is missing or unreadable, or has no known symmetry.
    """
    block = _read_cif(path)
    _cell(path, block)
    return _symmetry(path, _small_structure(path, block))


def _small_structure(path: str | Path, block: gemmi.cif.Block) -> gemmi.SmallStructure:
    try:
        return gemmi.make_small_structure_from_block(block)
    except ValueError as error:  # the number of the space group
        raise InputError(f"{path}: a value that has to be a whole number is {error}.") from None


def parse_supercell(text: str) -> tuple[int, int, int]:
    """Read the numbers of unit cells along a, b and c from a name such as ``2x2x1``.

    Raises
    ------
    InputError
        The name is not three positive whole numbers joined by ``x``.
    """
    match = re.fullmatch(r"([1-9]\d*)x([1-9]\d*)x([1-9]\d*)", text)
    if match is None:
        raise InputError(f"supercell {text!r}: give three positive whole numbers joined by x, such as 2x2x1.")
    along_a, along_b, along_c = (int(number) for number in match.groups())
    return along_a, along_b, along_c


def lattice_translations(repeats: tuple[int, int, int]) -> np.ndarray:
    """List the unit cells of a supercell, the last axis fastest.

    Parameters
    ----------
    repeats
        Number of unit cells along a, b and c.

    Returns
    -------
    numpy.ndarray
        Shape (cells, 3), whole numbers of lattice vectors.
    """
    return np.array(list(itertools.product(*(range(number) for number in repeats))))


def _read_cif(path: str | Path) -> gemmi.cif.Block:
    text = read_any_text(path)
    try:
        blocks = [block for block in gemmi.cif.read_string(text) if block.find_loop("_atom_site_fract_x")]
    except (ValueError, OSError, RuntimeError) as error:
        reason = " ".join(str(error).split())
        raise InputError(f"{path}: not a readable CIF ({reason}).") from None
    if len(blocks) != 1:
        raise InputError(
            f"{path}: {len(blocks)} structures with fractional coordinates, where one is needed."
        )
    return blocks[0]


def _cell(path: str | Path, block: gemmi.cif.Block) -> np.ndarray:
    """Lattice vectors; an angle that is not there is 90 degrees, as the CIF dictionary has it."""
    lengths = [block.find_value(f"_cell_length_{name}") for name in "abc"]
    if None in lengths:
        raise InputError(f"{path}: no unit cell; give _cell_length_a/b/c and _cell_angle_alpha/beta/gamma.")
    angles = [block.find_value(f"_cell_angle_{name}") or "90" for name in ANGLES]
    return cell_of_parameters(path, [gemmi.cif.as_number(value) for value in lengths + angles])


def _check_content(crystal: Crystal, block: gemmi.cif.Block) -> None:
    """Check the number of Zn against what the file says of its cell, if it does."""
    formula = gemmi.cif.as_string(block.find_value("_chemical_formula_sum") or "?")
    in_formula = re.search(r"(?:^|\s)Zn(\d*)(?=\s|$)", formula)
    units = gemmi.cif.as_number(block.find_value("_cell_formula_units_Z") or "?")
    if in_formula is None or not units > 0:  # NaN neither
        return
    found, expected = int((crystal.elements == "Zn").sum()), units * int(in_formula[1] or 1)
    if found != expected:
        raise InputError(
            f"{crystal.path}: {found} Zn in the cell, where {units:g} formula units {formula} have "
            f"{expected:g}; correct the symmetry or _cell_formula_units_Z."
        )


def _check_site(path: str | Path, site: gemmi.SmallStructure.Site) -> None:
    if site.element.atomic_number == 0:
        raise InputError(
            f"{path}: atom {site.label} has the unknown element {site.type_symbol or site.label!r}."
        )
    if not np.all(np.abs(site.fract.tolist()) < FARTHEST):  # NaN neither
        raise InputError(f"{path}: atom {site.label} lacks a fractional coordinate.")
    if site.occ < 1 or site.disorder_group != 0:
        raise InputError(
            f"{path}: atom {site.label} is disordered (occupancy {site.occ:g}, group {site.disorder_group}); "
            "keep one alternative with occupancy 1."
        )


def _symmetry(path: str | Path, structure: gemmi.SmallStructure) -> list[gemmi.Op]:
    cell = structure.cell
    named = gemmi.find_spacegroup_by_name(structure.spacegroup_hm, cell.alpha, cell.gamma)
    if structure.symops or structure.spacegroup_hall:
        operations = _listed_operations(path, structure)
    elif named is not None:
        operations = list(named.operations())
    elif structure.spacegroup_hm or not 1 <= structure.spacegroup_number <= 230:
        raise InputError(
            f"{path}: no known symmetry (space group {structure.spacegroup_hm or 'not given'!r}); "
            "list the operations in _space_group_symop_operation_xyz."
        )
    else:
        operations = list(gemmi.find_spacegroup_by_number(structure.spacegroup_number).operations())
    if named is not None and len(named.operations()) != len(operations):
        raise InputError(
            f"{path}: {len(operations)} symmetry operations, where the space group {named.hm} "
            f"has {len(named.operations())}."
        )
    return operations


def _listed_operations(path: str | Path, structure: gemmi.SmallStructure) -> list[gemmi.Op]:
    try:
        if structure.symops:
            return [gemmi.Op(text) for text in structure.symops]
        return list(gemmi.symops_from_hall(structure.spacegroup_hall))
    except (ValueError, RuntimeError) as error:
        raise InputError(f"{path}: symmetry operations that cannot be read ({error}).") from None
