"""Reading a trajectory of Zn and imidazolates in any format that MDTraj or ASE knows.

Atoms may be wrapped into the box or not, in any order, with or without residues: where the topology has no
residue per ligand, the ligands are found from the first frame.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import ase.io
import mdtraj
import numpy as np
from ase.io.formats import UnknownFileTypeError
from mdtraj.formats.registry import FormatRegistry
from scipy.spatial import cKDTree

from ..errors import InputError
from ..mechanism.bonds import atoms_of
from ..structures.crystal import Crystal
from ..structures.external import frames_of
from ..trajectory import TIME_TOLERANCE_PS, Frames
from ..units import A_PER_NM

WITH_TIMES = (".xtc", ".trr", ".h5", ".hdf5", ".lh5", ".nc", ".ncdf", ".netcdf")
"""Formats in which every frame has its time."""

WITH_ATOMS = (".pdb", ".pdb.gz", ".gro", ".h5", ".hdf5", ".lh5")
"""Formats of trajectories that MDTraj reads without a topology."""

BY_ASE = (".cif", ".cif.gz", ".xyz", ".xyz.gz", ".xml")
"""Formats that both know and in which only ASE finds the unit cell, or reads a trajectory."""

RELATIVE_TOLERANCE = 0.01
"""Times stored in single precision or as decimals are equally spaced up to this share of the interval."""


@dataclass(frozen=True)
class ExternalTrajectory:
    """A trajectory file, its Zn and N, and the times of its frames.

    Attributes
    ----------
    path, topology_path
        Files; the topology is None where the trajectory names its atoms itself.
    topology
        Zn and N, each ligand a residue.
    atoms
        Shape (n,), for each of them its place in the file, from 0.
    interval_ps
        Time between frames, ps; 0 if there is one frame.
    """

    path: Path
    topology_path: Path | None
    topology: mdtraj.Topology
    atoms: np.ndarray
    interval_ps: float

    def pieces(self, stride: int = 1, chunk: int = 64) -> Iterator[Frames]:
        """Read the Zn and N of every `stride`-th frame, at most `chunk` frames at once."""
        first = 0
        for positions, boxes, _ in _raw(self.path, self.topology_path, chunk * stride):
            kept = slice(-first % stride, None, stride)
            times = self.interval_ps * (first + np.arange(len(positions)))
            first += len(positions)
            if len(times[kept]):
                yield Frames(positions[kept][:, self.atoms], boxes[kept], times[kept], self.topology)


def open_trajectory(
    path: str | Path, topology: str | Path | None = None, interval_ps: float | None = None
) -> ExternalTrajectory:
    """Find the Zn and the ligands of a trajectory.

    Parameters
    ----------
    path
        Trajectory, or a single structure.
    topology
        File that names the atoms (PDB, GRO, PRMTOP, ...), for formats that do not.
    interval_ps
        Time between frames, ps, for formats that do not store times; where they do, it takes their place.

    Returns
    -------
    ExternalTrajectory
        Times count from its first frame.

    Raises
    ------
    InputError
        A file cannot be read, has no unit cell or no times, its frames are not equally spaced, or its atoms
        are not Zn and imidazolates.
    """
    path, topology = Path(path), None if topology is None else Path(topology)
    for file in (path, topology):
        if file is not None and not file.is_file():
            raise InputError(f"{file}: there is no such file.")
    if interval_ps is not None and not interval_ps > 0:
        raise InputError(f"{path}: the time between frames is {interval_ps:g} ps; it must be positive.")
    names = _named_atoms(path, topology)
    try:
        positions, boxes, times = next(_raw(path, topology, 3))
    except StopIteration:
        raise InputError(f"{path}: it has no frame.") from None
    if positions.shape[1] != names.n_atoms:
        raise InputError(f"{topology}: {names.n_atoms} atoms, where the trajectory has {positions.shape[1]}.")
    kept, atoms = _zinc_and_nitrogen(path, names, positions[0], boxes[0])
    return ExternalTrajectory(path, topology, kept, atoms, _interval(path, times, interval_ps))


def _interval(path: Path, times: np.ndarray | None, interval_ps: float | None) -> float:
    if interval_ps is not None:
        return interval_ps
    if times is None:
        raise InputError(f"{path}: this format stores no times; give the time between frames in ps.")
    steps = np.diff(times)
    if len(steps) and (steps.min() < TIME_TOLERANCE_PS or np.ptp(steps) > RELATIVE_TOLERANCE * steps.max()):
        first = ", ".join(f"{time:g}" for time in times)
        raise InputError(
            f"{path}: its first frames, at {first} ps, are not equally spaced; give the time between frames."
        )
    return float(steps.mean()) if len(steps) else 0.0


def _suffix(path: Path) -> str:
    return "".join(path.suffixes[-2:]).lower() if path.suffix == ".gz" else path.suffix.lower()


def _is_for_mdtraj(path: Path) -> bool:
    return _suffix(path) in FormatRegistry.fileobjects and _suffix(path) not in BY_ASE


def _named_atoms(path: Path, topology: Path | None) -> mdtraj.Topology:
    if not _is_for_mdtraj(path):
        return _from_ase(next(_ase_frames(path)).get_chemical_symbols())
    source = topology or path
    if topology is None and _suffix(path) not in WITH_ATOMS:
        raise InputError(f"{path}: this format does not name the atoms; give a topology, such as a PDB file.")
    try:
        return mdtraj.load_topology(str(source))
    except (OSError, ValueError, IndexError, KeyError, AssertionError) as error:
        raise InputError(f"{source}: not a topology that MDTraj can read ({_short(error)}).") from None


def _from_ase(symbols: list[str]) -> mdtraj.Topology:
    """One residue for all atoms, whose ligands are still to be found."""
    topology = mdtraj.Topology()
    residue = topology.add_residue("ALL", topology.add_chain())
    for symbol in symbols:
        topology.add_atom(symbol, mdtraj.element.get_by_symbol(symbol), residue)
    return topology


def _raw(
    path: Path, topology: Path | None, chunk: int
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray | None]]:
    """Positions and boxes of all atoms, angstrom, and times in ps where the format has them."""
    reader = _by_mdtraj if _is_for_mdtraj(path) else _by_ase
    for positions, boxes, times in reader(path, topology, chunk):
        if boxes is None or not np.all(np.abs(np.linalg.det(boxes)) > 0):
            raise InputError(f"{path}: it has no unit cell, which the neighbours of the zinc depend on.")
        yield positions, boxes, times


def _by_mdtraj(path: Path, topology: Path | None, chunk: int) -> Iterator[tuple]:
    named = {"top": str(topology)} if topology is not None and _suffix(path) not in WITH_ATOMS else {}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # MDTraj tells of residues without bonds, which nobody needs here
            for piece in mdtraj.iterload(str(path), chunk=chunk, **named):
                boxes = piece.unitcell_vectors
                boxes = None if boxes is None else boxes.astype(float) * A_PER_NM
                times = piece.time.astype(float) if _suffix(path) in WITH_TIMES else None
                yield piece.xyz.astype(float) * A_PER_NM, boxes, _none_for_many(piece, times)
    except (OSError, RuntimeError, ValueError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path}: truncated, or MDTraj cannot read it ({_short(error)}).") from None


def _none_for_many(piece: mdtraj.Trajectory, times: np.ndarray | None) -> np.ndarray | None:
    """Let a single frame do without a time."""
    return np.zeros(1) if times is None and piece.n_frames == 1 else times


def _by_ase(path: Path, topology: Path | None, chunk: int) -> Iterator[tuple]:
    frames = _ase_frames(path)
    while part := list(islice(frames, chunk)):
        positions = np.array([atoms.get_positions() for atoms in part])
        boxes = np.array([atoms.cell.array for atoms in part])
        yield positions, boxes, np.zeros(1) if len(part) == 1 else None


def _ase_frames(path: Path) -> Iterator[ase.Atoms]:
    try:
        yield from ase.io.iread(path, index=":")
    except UnknownFileTypeError:
        raise InputError(f"{path}: neither MDTraj nor ASE knows this format.") from None
    except Exception as error:  # every format of ASE has failures of its own
        raise InputError(f"{path}: ASE cannot read it ({_short(error)}).") from None


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _zinc_and_nitrogen(
    path: Path, names: mdtraj.Topology, positions: np.ndarray, box: np.ndarray
) -> tuple[mdtraj.Topology, np.ndarray]:
    """Topology of the Zn and N, and their places in the file."""
    real = np.array([atom.index for atom in names.atoms if atom.element and atom.element.number])
    named = names.subset(real)
    if not _has_ligands(named):
        named, order = _found(path, named, positions[real], box)
        real = real[order]
    wanted = [atom.index for atom in named.atoms if atom.element.symbol in ("Zn", "N")]
    return named.subset(wanted), real[wanted]


def _has_ligands(names: mdtraj.Topology) -> bool:
    try:
        atoms_of(names)
    except InputError:
        return False
    return True


def _found(
    path: Path, names: mdtraj.Topology, positions: np.ndarray, box: np.ndarray
) -> tuple[mdtraj.Topology, np.ndarray]:
    """Find the ligands from the bonds of one frame: their topology, and its atoms' places in the file."""
    fractional = positions @ np.linalg.inv(box) % 1.0 % 1.0
    symbols = np.array([atom.element.symbol for atom in names.atoms])
    labels = np.array([f"{symbol}{number}" for number, symbol in enumerate(symbols, start=1)])
    # The same cell with its first vector along x and the second in the xy plane.
    cell = np.linalg.cholesky(box @ box.T)
    found = frames_of(Crystal(str(path), cell, fractional, symbols, labels))
    placed = found.positions[0] @ np.linalg.inv(cell) % 1.0 % 1.0
    return found.topology, cKDTree(fractional, boxsize=1.0).query(placed)[1]
