"""Reading and writing configurations in LAMMPS data files (`units real`, atom style full) without LAMMPS."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..errors import InputError
from ..files import read_text, written_whole

TERMS = {"Bonds": 2, "Angles": 3, "Dihedrals": 4}
"""Sections of bonded terms and how many particles each term has."""

SECTIONS = ("Masses", "Atoms", "Velocities", *TERMS)


@dataclass(frozen=True)
class Configuration:
    """Particles in a box, in the order of their numbers.

    Attributes
    ----------
    cell
        Shape (3, 3), angstrom; rows are the lattice vectors, lower triangular; the box begins at the origin.
    positions
        Shape (particles, 3), angstrom, continuous across the box's faces (image flags applied).
    velocities
        Shape (particles, 3), angstrom/fs; zero where the file has none.
    types, molecules
        Shape (particles,), atom type and molecule numbers, from 1.
    charges
        Shape (particles,), e.
    masses
        Mass of each atom type in the order of the types, g/mol.
    terms
        For each section of `TERMS` shape (terms, 1 + particles): type number, then particles from 0.
    """

    cell: np.ndarray
    positions: np.ndarray
    velocities: np.ndarray
    types: np.ndarray
    molecules: np.ndarray
    charges: np.ndarray
    masses: np.ndarray
    terms: Mapping[str, np.ndarray]


def read_data_file(path: str | Path) -> Configuration:
    """Read a data file.

    Parameters
    ----------
    path
        File as `structures.writers.write_data_file` or LAMMPS's ``write_data`` makes it.

    Returns
    -------
    Configuration
        Everything in the file but coefficients.

    Raises
    ------
    InputError
        The file is missing, incomplete or not of this kind.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path}: there is no such file.")
    header, sections = _split(path)
    try:
        atoms = _table(sections["Atoms"])
        low, cell = _box(header)
        count = next(int(line.split()[0]) for line in header if line.split()[1:] == ["atoms"])
        if len(atoms) != count:
            raise ValueError
        velocities = np.zeros((count, 3))
        if "Velocities" in sections:
            velocities = _table(sections["Velocities"])[:, 1:4]
        images = atoms[:, 7:10] if atoms.shape[1] >= 10 else np.zeros((count, 3))
        return Configuration(
            cell=cell,
            positions=atoms[:, 4:7] - low + images @ cell,
            velocities=velocities,
            types=atoms[:, 2].astype(int),
            molecules=atoms[:, 1].astype(int),
            charges=atoms[:, 3],
            masses=_table(sections["Masses"])[:, 1],
            terms={name: _terms(sections.get(name, []), size) for name, size in TERMS.items()},
        )
    except (KeyError, ValueError, IndexError, StopIteration):
        raise InputError(
            f"{path}: this is no complete LAMMPS data file of atom style full; build or copy it again."
        ) from None


def write_data_file(configuration: Configuration, path: str | Path, title: str) -> None:
    """Write a configuration with its velocities as a data file, whole or not at all.

    Parameters
    ----------
    configuration
        What to write; particles are put inside the box, image flags keep the positions continuous.
    path
        File to write.
    title
        Its first line, after ``LAMMPS data file``.
    """
    with written_whole(path) as scratch, scratch.open("w", encoding="utf-8") as stream:
        stream.writelines(line + "\n" for line in _lines(configuration, title))


def _split(path: Path) -> tuple[list[str], dict[str, list[str]]]:
    """Return the header's lines and the lines of each section, without comments and empty lines."""
    header: list[str] = []
    sections: dict[str, list[str]] = {}
    lines = header
    for line in read_text(path).splitlines()[1:]:
        content = line.split("#")[0].strip()
        if content in SECTIONS:
            lines = sections.setdefault(content, [])
        elif content:
            lines.append(content)
    return header, sections


def _table(lines: list[str]) -> np.ndarray:
    """Return a section's numbers in the order of the first column, which must count from 1."""
    table = np.array([line.split() for line in lines], dtype=float)
    table = table[table[:, 0].argsort()]
    if not np.array_equal(table[:, 0], np.arange(1, len(table) + 1)):
        raise ValueError
    return table


def _terms(lines: list[str], size: int) -> np.ndarray:
    table = np.array([line.split()[1:] for line in lines], dtype=int).reshape(-1, 1 + size)
    table[:, 1:] -= 1
    return table


def _box(header: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return the lower corner (3,) and the lattice vectors (3, 3)."""
    numbers = {tuple(line.split()[2:]): line.split() for line in header if line.endswith("hi")}
    bounds = np.array([numbers[f"{axis}lo", f"{axis}hi"][:2] for axis in "xyz"], dtype=float)
    cell = np.diag(bounds[:, 1] - bounds[:, 0])
    for line in header:
        if line.endswith("xy xz yz"):
            cell[[1, 2, 2], [0, 0, 1]] = [float(word) for word in line.split()[:3]]
    return bounds[:, 0], cell


def _lines(configuration: Configuration, title: str) -> Iterator[str]:
    c = configuration
    yield f"LAMMPS data file {title}"
    yield ""
    yield f"{len(c.positions)} atoms"
    yield f"{len(c.masses)} atom types"
    for name, table in c.terms.items():
        yield f"{len(table)} {name.lower()}"
        yield f"{table[:, 0].max(initial=0)} {name.lower()[:-1]} types"
    yield ""
    for axis, length in zip("xyz", np.diag(c.cell), strict=True):
        yield f"0.0 {length:.16g} {axis}lo {axis}hi"
    tilts = c.cell[[1, 2, 2], [0, 0, 1]]
    if np.any(tilts):
        yield "{:.16g} {:.16g} {:.16g} xy xz yz".format(*tilts)
    yield from ("", "Masses", "")
    yield from (f"{number} {mass:.10g}" for number, mass in enumerate(c.masses, start=1))
    yield from ("", "Atoms # full", "")
    images = np.floor(c.positions @ np.linalg.inv(c.cell)).astype(int)
    columns = (c.molecules, c.types, c.charges, c.positions - images @ c.cell, images)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    for number, (molecule, kind, charge, (x, y, z), (ix, iy, iz)) in enumerate(rows, start=1):
        yield f"{number} {molecule} {kind} {charge:.10g} {x:.16g} {y:.16g} {z:.16g} {ix} {iy} {iz}"
    yield from ("", "Velocities", "")
    for number, (x, y, z) in enumerate(c.velocities.tolist(), start=1):
        yield f"{number} {x:.16g} {y:.16g} {z:.16g}"
    for name, table in c.terms.items():
        yield from ("", name, "")
        for number, (term, *particles) in enumerate(table.tolist(), start=1):
            yield f"{number} {term} {' '.join(str(particle + 1) for particle in particles)}"
