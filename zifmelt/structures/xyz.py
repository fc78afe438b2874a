"""Reading extended XYZ as ASE, OVITO, QUIP and others write it."""

import re
from pathlib import Path

import gemmi
import numpy as np

from ..errors import InputError
from ..files import read_any_text
from .cell import cell_of_vectors
from .unit_cell import Crystal, all_atoms

ENTRY = re.compile(
    r"""(?P<key>"[^"]*"|'[^']*'|[^\s=,"']+)\s*=\s*
    (?P<value>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\{[^}]*\}|\[(?:[^\[\]]|\[[^\]]*\])*\]|[^\s,"']+)""",
    re.VERBOSE,
)
"""One entry of the second line; values may be quoted or in brackets."""

PLAIN = "species:S:1:pos:R:3"
"""Columns of a file that does not list them."""

SYMBOLS = ("species", "element")
NUMBERS = ("z", "numbers")
"""Names of the columns that tell the element."""

FALSE = {"f", "false", "0"}


def read_xyz(path: str | Path) -> Crystal:
    """Read one frame of extended XYZ with ``Lattice``.

    Parameters
    ----------
    path
        File whose second line has ``Lattice`` and may have ``Properties`` and ``pbc``, in any order.

    Returns
    -------
    Crystal
        The atoms of the cell.

    Raises
    ------
    InputError
        The file is missing or not extended XYZ of one frame, has no cell or an impossible one, is not
        periodic in all directions, or has an unknown element.
    """
    lines = read_any_text(path).split("\n")
    entries = _entries(path, lines[1] if len(lines) > 1 else "")
    if "lattice" not in entries:
        raise InputError(f'{path}: no unit cell; give it in the second line as Lattice="ax ay az bx ... cz".')
    periodic = _words(entries.get("pbc", "T"))
    if FALSE.intersection(word.lower() for word in periodic):
        raise InputError(
            f'{path}: pbc is {" ".join(periodic)}, but a structure must be periodic: pbc="T T T".'
        )
    try:
        columns = _columns(entries.get("properties", PLAIN))
        rows = [line.split() for line in lines[2:] if line.strip()]
        if len(rows) != int(lines[0]):
            raise ValueError(f"{len(rows)} atoms instead of {lines[0].strip()[:20]}; give one frame")
        width = sum(size for _, size in columns.values()) if "properties" in entries else 4
        short = [number for number, row in enumerate(rows, start=3) if len(row) < width]
        if short:
            raise ValueError(f"line {short[0]} has fewer than {width} columns")
        vectors = np.array(_words(entries["lattice"]), dtype=float).reshape(3, 3)
        positions = np.array([_cells(row, columns["pos"]) for row in rows], dtype=float).reshape(-1, 3)
        symbols = [_symbol(columns, row) for row in rows]
    except (ValueError, OverflowError) as error:
        raise InputError(f"{path}: not a readable extended XYZ file ({error}).") from None
    cell, sign = cell_of_vectors(path, vectors)
    return all_atoms(path, cell, sign * positions @ np.linalg.inv(vectors), symbols)


def _entries(path: str | Path, line: str) -> dict[str, str]:
    """Entries of the second line by their names in lower case."""
    entries: dict[str, str] = {}
    for match in ENTRY.finditer(line):
        key = match["key"].strip("\"'").lower()
        if entries.setdefault(key, match["value"]) != match["value"] and key in (
            "lattice",
            "properties",
            "pbc",
        ):
            raise InputError(f"{path}: {match['key']} is given twice in the second line; keep one.")
    return entries


def _words(value: str) -> list[str]:
    return re.sub(r"""["'{}\[\],]""", " ", value).split()


def _columns(properties: str) -> dict[str, tuple[int, int]]:
    """First column and number of columns of every property."""
    fields = properties.strip("\"'").split(":")
    if len(fields) % 3:
        raise ValueError("Properties must be name:type:columns of every property")
    columns, start = {}, 0
    for name, size in zip(fields[::3], fields[2::3], strict=True):
        columns[name.lower()] = (start, int(size))
        start += int(size)
    if columns.get("pos", (0, 0))[1] != 3:
        raise ValueError("Properties must have pos:R:3")
    if not any(columns.get(name, (0, 0))[1] == 1 for name in (*SYMBOLS, *NUMBERS)):
        raise ValueError("Properties must have species:S:1")
    if any(size < 1 for _, size in columns.values()):
        raise ValueError("every property has at least one column")
    return columns


def _cells(row: list[str], place: tuple[int, int]) -> list[str]:
    return row[place[0] : place[0] + place[1]]


def _symbol(columns: dict[str, tuple[int, int]], row: list[str]) -> str:
    name = next(name for name in (*SYMBOLS, *NUMBERS) if columns.get(name, (0, 0))[1] == 1)
    (text,) = _cells(row, columns[name])
    if name in SYMBOLS:
        return text
    if not 0 < int(text) < 119:
        raise ValueError(f"{text} is no atomic number")
    return gemmi.Element(int(text)).name
