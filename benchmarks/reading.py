"""Reading a trajectory of 1024 Zn and its N against mdtraj alone, one thread each."""

import os
import tempfile
from pathlib import Path
from typing import Any

import mdtraj
import numpy as np

from zifmelt.files import sha256_of, write_json
from zifmelt.trajectory import iterate_frames
from zifmelt.units import A_PER_NM

from .boxes import disturbed_box, topology_of
from .timing import agreeing, comparison, take_turns

REPEATS, FRAMES, INTERVAL_PS = (4, 4, 4), 400, 0.1
CHUNK = 200
ROUNDS = 4


def main() -> list[dict[str, Any]]:
    """Compare the first reading of a run folder in a process, its checksum included; work is in frames."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        size = _write_run(folder)
        path, topology = folder / "trajectory.xtc", folder / "topology.pdb"

        def ours() -> float:
            os.utime(path)  # else the checksum of the round before would do
            return sum(float(piece.positions.sum()) for piece in iterate_frames(folder, ("Zn", "N")))

        def theirs() -> float:
            pieces = mdtraj.iterload(str(path), top=str(topology), chunk=CHUNK)
            return sum(float(piece.xyz.sum(dtype=float)) * A_PER_NM for piece in pieces)

        said = agreeing("sums of all coordinates, relative", abs(ours() / theirs() - 1), 1e-6)
        seconds = take_turns({"ours": ours, "theirs": theirs}, ROUNDS)
    version = f"mdtraj {mdtraj.__version__}"
    work = (FRAMES, FRAMES)
    return [comparison("reading, per frame", size, seconds["ours"], seconds["theirs"], version, said, work)]


def _write_run(folder: Path) -> int:
    """Write what reading needs of a run folder; return its number of Zn."""
    box = disturbed_box("ZIF-4", REPEATS)
    still = np.concatenate([box["Zn"], box["N"]])
    positions = still + np.random.default_rng(3).normal(scale=0.2, size=(FRAMES, *still.shape))
    trajectory = mdtraj.Trajectory(
        positions / A_PER_NM, topology_of(box), time=np.arange(FRAMES) * INTERVAL_PS
    )
    trajectory.unitcell_vectors = np.repeat(box["box"][None] / A_PER_NM, FRAMES, axis=0).astype(np.float32)
    trajectory.save_xtc(str(folder / "trajectory.xtc"))
    trajectory[0].save_pdb(str(folder / "topology.pdb"))
    sums = {"trajectory.xtc": sha256_of(folder / "trajectory.xtc")}
    write_json(folder / "provenance.json", {"frames": FRAMES, "sha256": sums})
    return len(box["Zn"])
