"""Small copies of finished run folders: fewer frames, fewer atoms, positions to 0.01 angstrom."""

import shutil
from pathlib import Path

import mdtraj
import numpy as np

from .checksums import checksums_of
from .errors import InputError
from .files import read_json, write_json, written_whole
from .structures.writers import write_topology
from .trajectory import read_frames, recorded
from .units import A_PER_NM

PRECISION_A = 0.01
"""Positions are stored in these steps, as mdtraj writes XTC; a Zn-N bond vibrates by ten times more."""


def archive_run(
    source: str | Path, target: str | Path, interval_ps: float, elements: tuple[str, ...] = ("Zn", "N")
) -> None:
    """Copy a run folder without its final state, with fewer frames and atoms.

    Everything that reads a run folder reads the copy: ``thermo.csv`` is the whole one, ``provenance.json``
    says how many frames there are now and, under ``archived``, what was left out.

    Parameters
    ----------
    source, target
        Run folders; `target` is made.
    interval_ps
        Time between the frames kept, a multiple of the run's own.
    elements
        Chemical symbols to keep.

    Raises
    ------
    InputError
        The interval is no multiple of the run's, or a file of the run is missing or damaged.
    """
    source, target = Path(source), Path(target)
    stored = recorded(source, "frame_interval_ps")
    stride = round(interval_ps / stored)
    if stride < 1 or not np.isclose(stride * stored, interval_ps):
        raise InputError(
            f"{source}: its frames are {stored:g} ps apart; those of the copy must be a multiple of that,"
            f" not {interval_ps:g} ps."
        )
    frames = read_frames(source, elements, stride)
    target.mkdir(parents=True, exist_ok=True)
    write_topology(source / "topology.pdb", target / "topology.pdb", elements)
    with (
        written_whole(target / "trajectory.xtc") as scratch,
        mdtraj.formats.XTCTrajectoryFile(str(scratch), "w") as stream,
    ):
        stream.write(
            (frames.positions / A_PER_NM).astype(np.float32),
            time=frames.times.astype(np.float32),
            step=np.arange(len(frames), dtype=np.int32),
            box=(frames.boxes / A_PER_NM).astype(np.float32),
        )
    with written_whole(target / "thermo.csv") as scratch:
        shutil.copyfile(source / "thermo.csv", scratch)
    provenance = read_json(source / "provenance.json")
    provenance.update(
        frames=len(frames),
        frame_interval_ps=stride * stored,
        sha256=checksums_of(target),
        archived={
            "elements": list(elements),
            "frames_before": provenance["frames"],
            "frame_interval_ps_before": stored,
            "precision_A": PRECISION_A,
        },
    )
    write_json(target / "provenance.json", provenance)
