"""Synthetic run folders, so that the analyses can be tested without molecular dynamics."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gemmi
import mdtraj
import numpy as np
import pandas as pd

from zifmelt.dynamics.protocol import hold
from zifmelt.environments.neighbours import find_neighbours
from zifmelt.runs import Simulation
from zifmelt.trajectory import THERMO_COLUMNS
from zifmelt.units import A_PER_NM

STRUCTURES = Path(__file__).parents[1] / "config" / "structures"
"""Crystal structures of the configuration."""


def crystal_atoms(
    cif: str | Path, repeats: tuple[int, int, int] = (1, 1, 1), elements: Sequence[str] = ("Zn",)
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Expand a CIF to a supercell.

    Returns
    -------
    tuple
        Positions (atoms, 3) and box (3, 3; rows are lattice vectors) in angstrom, and the chemical symbols,
        element by element in the order of `elements`.
    """
    crystal = gemmi.read_small_structure(str(cif))
    cell = np.array([list(crystal.cell.orth.mat.row_copy(row)) for row in range(3)]).T
    sites = crystal.get_all_unit_cell_sites()
    shifts = np.array([index for index in np.ndindex(*repeats)])
    positions, symbols = [], []
    for element in elements:
        fractional = np.array([site.fract.tolist() for site in sites if site.element.name == element])
        images = (shifts[:, None] + fractional[None]).reshape(-1, 3)
        positions.append(images @ cell)
        symbols += [element] * len(images)
    return np.concatenate(positions), cell * np.array(repeats)[:, None], symbols


def zinc_and_nitrogen(
    cif: str | Path, repeats: tuple[int, int, int] = (1, 1, 1)
) -> tuple[np.ndarray, np.ndarray, mdtraj.Topology]:
    """Expand the Zn and N of a framework, the two N of each imidazolate in one residue.

    Returns
    -------
    tuple
        Positions (atoms, 3) and box (3, 3) in angstrom, and the topology: Zn first, then the ligands.
    """
    positions, box, symbols = crystal_atoms(cif, repeats, ("Zn", "N"))
    n_zinc = symbols.count("Zn")
    nitrogen = positions[n_zinc:]
    pairs = find_neighbours(nitrogen, nitrogen, box, 2.4)
    ligands = np.array([pair for pair in zip(pairs.centres, pairs.atoms, strict=True) if pair[0] < pair[1]])
    topology = mdtraj.Topology()
    chain = topology.add_chain()
    for _ in range(n_zinc):
        topology.add_atom("ZN", mdtraj.element.zinc, topology.add_residue("ZN", chain))
    for _ in ligands:
        residue = topology.add_residue("IM", chain)
        for name in ("N1", "N3"):
            topology.add_atom(name, mdtraj.element.nitrogen, residue)
    return np.concatenate([positions[:n_zinc], nitrogen[ligands.ravel()]]), box, topology


def shaken(
    positions: np.ndarray, frames: int, amplitude: float, generator: np.random.Generator
) -> np.ndarray:
    """Frames of `positions` (atoms, 3) with Gaussian displacements of `amplitude` angstrom per coordinate."""
    return positions + amplitude * generator.standard_normal((frames, *positions.shape))


def simulation(**entries: Any) -> Simulation:
    """Record of a simulation of ZIF-4 at 300 K, but for `entries`."""
    values = {
        "stage": "sampling",
        "phase": "ZIF-4",
        "framework": "ZIF-4",
        "supercell": "1x1x1",
        "n_zn": 16,
        "temperature_K": 300,
        "pressure_bar": 1.0,
        "replica": 1,
        "variant": "nb-zif-ff",
        "barostat": "isotropic",
        "start": None,
        "segments": (hold("production", 300, 1.0),),
        "frame_interval_ps": 0.1,
        "elements": ("Zn", "N"),
        **entries,
    }
    return Simulation(path="_".join(map(str, entries.values())), **values)


def write_fake_run(
    folder: str | Path,
    positions: np.ndarray,
    boxes: np.ndarray,
    elements: Sequence[str],
    dt_ps: float,
    thermo: pd.DataFrame | None = None,
    names: Sequence[str] | None = None,
    topology: mdtraj.Topology | None = None,
    segments: Sequence[dict] | None = None,
    temperature_K: float = 300.0,
) -> Path:
    """Write a run folder with the files of a real one, except ``final.data``.

    Parameters
    ----------
    folder
        Folder to make.
    positions
        Shape (frames, atoms, 3), angstrom. The XTC writer rounds them to 0.01 angstrom.
    boxes
        Shape (frames, 3, 3) or (3, 3), angstrom; rows are lattice vectors, the first along x.
    elements
        Chemical symbol of every atom.
    dt_ps
        Interval between frames, ps; frame 0 is time 0.
    thermo
        Table for ``thermo.csv``; without it one row per frame, with the boxes' volume and zeros elsewhere.
    names
        Atom names; without them the chemical symbols.
    topology
        Used in place of `elements` and `names`, for residues of more than one atom.
    segments
        Protocol; without it one hold called ``production`` as long as the run.
    temperature_K
        Temperature of the hold.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    positions = np.asarray(positions, dtype=float)
    frames = len(positions)
    boxes = np.broadcast_to(np.asarray(boxes, dtype=float), (frames, 3, 3))
    topology = topology or one_residue_per_atom(elements, names or elements)
    trajectory = mdtraj.Trajectory(positions / A_PER_NM, topology, time=np.arange(frames) * dt_ps)
    trajectory.unitcell_vectors = boxes / A_PER_NM
    trajectory.save_xtc(str(folder / "trajectory.xtc"))
    trajectory[0].save_pdb(str(folder / "topology.pdb"), bfactors=None)
    if segments is None:
        hold = {"name": "production", "kind": "hold", "from_K": temperature_K, "to_K": temperature_K}
        segments = [{**hold, "duration_ps": (frames - 1) * dt_ps, "barostat": "isotropic", "frozen": None}]
    provenance = {
        "protocol": list(segments),
        "stretches": [{"segment": place, **segment} for place, segment in enumerate(segments)],
        "seed": 1,
        "settings": {"pressure_bar": 1.0},
        "n_zn": sum(symbol == "Zn" for symbol in elements),
        "frames": frames,
        "frame_interval_ps": dt_ps,
    }
    (folder / "provenance.json").write_text(json.dumps(provenance, indent=2))
    table = plain_thermo(boxes, dt_ps, temperature_K) if thermo is None else thermo
    if thermo is None:
        ends = np.cumsum([segment["duration_ps"] for segment in segments])
        table["segment"] = np.searchsorted(ends[:-1], table["time_ps"] - 1e-9)
    table.to_csv(folder / "thermo.csv", index=False)
    return folder


def one_residue_per_atom(elements: Sequence[str], names: Sequence[str]) -> mdtraj.Topology:
    """Topology in which every atom is a residue of its own, named after its element."""
    topology = mdtraj.Topology()
    chain = topology.add_chain()
    for symbol, name in zip(elements, names, strict=True):
        residue = topology.add_residue(symbol.upper(), chain)
        topology.add_atom(name, mdtraj.element.get_by_symbol(symbol), residue)
    return topology


def plain_thermo(boxes: np.ndarray, dt_ps: float, temperature_K: float) -> pd.DataFrame:
    """``thermo.csv`` of a run at constant temperature: true boxes and times, zero energies and pressures."""
    table = pd.DataFrame(0.0, index=range(len(boxes)), columns=list(THERMO_COLUMNS))
    table["time_ps"] = np.arange(len(boxes)) * dt_ps
    table["segment"] = 0
    table["temperature_K"] = temperature_K
    table["volume_A3"] = np.linalg.det(boxes)
    table[["length_x_A", "length_y_A", "length_z_A"]] = boxes[:, [0, 1, 2], [0, 1, 2]]
    table[["tilt_xy_A", "tilt_xz_A", "tilt_yz_A"]] = boxes[:, [1, 2, 2], [0, 0, 1]]
    return table
