"""Reading the files of a molecular-dynamics run folder."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import mdtraj
import numpy as np
import pandas as pd

from .checksums import check_trajectory
from .errors import InputError
from .files import read_json, read_table
from .units import A_PER_NM

THERMO_COLUMNS = (
    "step",
    "time_ps",
    "segment",
    "temperature_K",
    "pressure_bar",
    "volume_A3",
    "density_g_cm3",
    "potential_energy_eV",
    "kinetic_energy_eV",
    "enthalpy_eV",
    "length_x_A",
    "length_y_A",
    "length_z_A",
    "tilt_xy_A",
    "tilt_xz_A",
    "tilt_yz_A",
    "pressure_xx_bar",
    "pressure_yy_bar",
    "pressure_zz_bar",
)
"""Columns of ``thermo.csv``; energies are of the whole box, `segment` is its place in the protocol from 0."""

RECORDED: dict[str, Any] = {
    "frames": int,
    "frame_interval_ps": int | float,
    "n_zn": int,
    "settings": dict,
    "stretches": list,
}
"""Entries of ``provenance.json`` that the analysis needs, with their types."""

STRETCH = {"segment": int, "name": str, "duration_ps": int | float}
"""What each of its `stretches` has."""

TIME_TOLERANCE_PS = 1e-3
"""Below any frame interval; above the rounding of times in a trajectory file."""


@dataclass(frozen=True)
class Frames:
    """Some atoms of a trajectory.

    Attributes
    ----------
    positions
        Shape (frames, atoms, 3), angstrom, continuous in time (not wrapped into the box).
    boxes
        Shape (frames, 3, 3), angstrom; the rows are the lattice vectors.
    times
        Shape (frames,), ps since the start of the run.
    topology
        The atoms, in the order of `positions`.
    """

    positions: np.ndarray
    boxes: np.ndarray
    times: np.ndarray
    topology: mdtraj.Topology

    def __len__(self) -> int:
        """Return the number of frames."""
        return len(self.times)


def read_frames(folder: str | Path, elements: tuple[str, ...] = ("Zn",), stride: int = 1) -> Frames:
    """Read the atoms of some elements from the trajectory of a run folder.

    Parameters
    ----------
    folder
        Run folder with ``trajectory.xtc``, ``topology.pdb`` and ``provenance.json``.
    elements
        Chemical symbols to keep.
    stride
        Keep every `stride`-th frame.

    Returns
    -------
    Frames
        Positions and boxes in angstrom, times in ps.

    Raises
    ------
    InputError
        A file is missing, the trajectory was damaged since the run, cannot be read to its end, has another
        number of frames than the run recorded or of atoms than the topology, or an element is not in it.
    """
    pieces = list(iterate_frames(folder, elements, stride))
    return Frames(
        positions=np.concatenate([piece.positions for piece in pieces]),
        boxes=np.concatenate([piece.boxes for piece in pieces]),
        times=np.concatenate([piece.times for piece in pieces]),
        topology=pieces[0].topology,
    )


def iterate_frames(
    folder: str | Path, elements: tuple[str, ...] = ("Zn",), stride: int = 1, chunk: int = 200
) -> Iterator[Frames]:
    """Read the same as `read_frames` piece by piece, for trajectories that do not fit into memory.

    Parameters
    ----------
    folder, elements, stride
        As in `read_frames`.
    chunk
        Most frames per piece.

    Yields
    ------
    Frames
        Consecutive pieces.

    Raises
    ------
    InputError
        As `read_frames`; a truncated trajectory shows itself after its last piece.
    """
    topology, wanted, expected = _run_atoms(folder, elements)
    path = Path(folder) / "trajectory.xtc"
    # Choosing among atoms costs time in every piece, also if all are chosen.
    chosen = wanted if len(wanted) < topology.n_atoms else None
    found = 0
    try:
        for piece in mdtraj.iterload(
            str(path), top=topology, chunk=chunk, stride=stride, atom_indices=chosen
        ):
            found += piece.n_frames
            yield _frames(piece)
    except (OSError, RuntimeError, ValueError) as error:
        raise _unreadable(path, error) from None
    if found != -(-expected // stride):
        raise InputError(f"{path}: truncated, {found} of the {-(-expected // stride)} frames are there.")


def _run_atoms(folder: str | Path, elements: tuple[str, ...]) -> tuple[mdtraj.Topology, list[int], int]:
    """Topology, the wanted atoms' indices and the number of frames that the run recorded."""
    folder = Path(folder)
    trajectory_path, topology_path = folder / "trajectory.xtc", folder / "topology.pdb"
    if not trajectory_path.is_file():
        raise InputError(f"{trajectory_path}: there is no such file.")
    check_trajectory(folder)
    topology = read_topology(topology_path)
    stored = _stored_atoms(trajectory_path)
    if stored != topology.n_atoms:
        raise InputError(f"{topology_path}: {topology.n_atoms} atoms, where the trajectory has {stored}.")
    wanted = [atom.index for atom in topology.atoms if atom.element.symbol in elements]
    present = {topology.atom(index).element.symbol for index in wanted}
    missing = [symbol for symbol in elements if symbol not in present]
    if missing:
        raise InputError(
            f"{topology_path}: no {missing[0]} atom is in the trajectory; store it by the protocol."
        )
    return topology, wanted, recorded(folder, "frames")


def _stored_atoms(path: Path) -> int:
    try:
        with mdtraj.formats.XTCTrajectoryFile(str(path)) as stream:
            return stream.read(n_frames=1)[0].shape[1]
    except (OSError, RuntimeError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError(f"{path}: truncated or not an XTC trajectory ({error}).")


def read_topology(path: str | Path) -> mdtraj.Topology:
    """Read the atoms of a PDB file.

    Raises
    ------
    InputError
        The file is missing, is not PDB, or has no atom.
    """
    if not Path(path).is_file():
        raise InputError(f"{path}: there is no such file.")
    try:
        topology = mdtraj.load_topology(str(path))
    except (OSError, ValueError, IndexError, KeyError, AssertionError):  # mdtraj asserts the length of lines
        raise InputError(f"{path}: not a readable PDB file.") from None
    if not topology.n_atoms:
        raise InputError(f"{path}: there is no atom in it.")
    return topology


def recorded(folder: str | Path, key: str) -> Any:
    """Return an entry of ``provenance.json`` of a run folder, one of `RECORDED`.

    Raises
    ------
    InputError
        The file is missing or damaged, or the entry is missing, empty or of another type.
    """
    path = Path(folder) / "provenance.json"
    value: Any = read_json(path, (key,))[key]
    if not value or not isinstance(value, RECORDED[key]):
        raise InputError(
            f"{path}: {key} is {_short(value)}, which no finished run has; delete the run and repeat it."
        )
    if isinstance(value, list) and not all(_is_stretch(entry) for entry in value):
        raise InputError(
            f"{path}: an entry of {key} has not {', '.join(STRETCH)}; delete the run and repeat it."
        )
    return value


def _is_stretch(entry: Any) -> bool:
    return isinstance(entry, dict) and all(isinstance(entry.get(key), kind) for key, kind in STRETCH.items())


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _frames(kept: mdtraj.Trajectory) -> Frames:
    return Frames(
        positions=np.multiply(kept.xyz, A_PER_NM, dtype=float),
        boxes=np.multiply(kept.unitcell_vectors, A_PER_NM, dtype=float),
        times=kept.time.astype(float),
        topology=kept.topology,
    )


def read_thermo(folder: str | Path) -> pd.DataFrame:
    """Read ``thermo.csv`` of a run folder (columns `THERMO_COLUMNS`).

    Raises
    ------
    InputError
        The file is missing, lacks a column, has something else than numbers in one, or ends before the run.
    """
    path = Path(folder) / "thermo.csv"
    thermo = read_table(path, THERMO_COLUMNS)
    for name in THERMO_COLUMNS:
        if not pd.api.types.is_numeric_dtype(thermo[name]) or thermo[name].isna().any():
            raise InputError(f"{path}: the column {name!r} has an entry that is not a number.")
    duration = sum(stretch["duration_ps"] for stretch in recorded(folder, "stretches"))
    if thermo.empty or thermo["time_ps"].iloc[-1] < duration - TIME_TOLERANCE_PS:
        raise InputError(f"{path}: truncated, it ends before the run's {duration:g} ps.")
    return thermo


def read_segment(folder: str | Path, name: str) -> pd.DataFrame:
    """Read the rows of ``thermo.csv`` that belong to the protocol segment of the given name.

    Raises
    ------
    InputError
        The run has no such segment, or a file is missing.
    """
    numbers = {stretch["segment"] for stretch in recorded(folder, "stretches") if stretch["name"] == name}
    if not numbers:
        raise InputError(f"{folder}: the protocol of this run has no segment {name!r}.")
    thermo = read_thermo(folder)
    return thermo[thermo["segment"].isin(numbers)].reset_index(drop=True)


def production_start(folder: str | Path) -> float:
    """Return when the production of a run begins, ps.

    The production is the last segment of the protocol; what comes before is preparation and equilibration.
    Segments are as long as they were run, i.e. whole frame intervals.

    Raises
    ------
    InputError
        ``provenance.json`` is missing or does not list what was run.
    """
    stretches = recorded(folder, "stretches")
    last = stretches[-1]["segment"]
    return float(sum(stretch["duration_ps"] for stretch in stretches if stretch["segment"] != last))


def in_production(folder: str | Path, times_ps: np.ndarray) -> np.ndarray:
    """Tell which times (ps) lie in the production; the moment it begins still belongs to what came before."""
    return np.asarray(times_ps) > production_start(folder) + TIME_TOLERANCE_PS
