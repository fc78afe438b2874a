"""Small copies of finished run folders: fewer frames, fewer atoms, positions to 0.01 angstrom."""

import shutil
from collections.abc import Mapping
from pathlib import Path, PurePath

import mdtraj
import numpy as np

from .campaign import Campaign
from .checksums import checksums_of
from .errors import InputError
from .files import read_json, sha256_of, write_json, write_table, write_text, written_whole
from .runs import Runs, Simulation, is_archived
from .structures.writers import write_topology
from .trajectory import read_frames, recorded
from .units import A_PER_NM

PRECISION_A = 0.01
"""Positions are stored in these steps, as mdtraj writes XTC; a Zn-N bond vibrates by ten times more."""

KEPT_ELEMENTS = ("Zn", "N")
"""What is kept of most simulations: all that bonds, rings, classes and surroundings are computed from."""

SUMS = "SHA256SUMS"
"""Name of the file with the checksums of an archive, as ``sha256sum --check`` reads it."""


def archive_campaign(
    campaign: Campaign, source: str | Path, target: str | Path, intervals_ps: Mapping[str, float]
) -> list[str]:
    """Copy the finished simulations of a campaign small, and write ``runs.csv`` and the checksums.

    Simulations that sample a phase at its first temperature keep all atoms that they stored, because
    scattering needs them; the others keep `KEPT_ELEMENTS`. Copies that are there already stay, so that an
    archive that was interrupted, or to which simulations are added, is gone on with.

    Parameters
    ----------
    campaign
        What was to be simulated.
    source, target
        Folders of the campaign, with its run folders below ``md``; `target` is made.
    intervals_ps
        Time between the frames kept, ps, by stage; stages that are not named keep every frame.

    Returns
    -------
    list of str
        Paths of the simulations in the archive, in the order of the campaign.

    Raises
    ------
    InputError
        A stage of `intervals_ps` has no simulation, no simulation is finished, or one cannot be copied.
    """
    stages = {simulation.stage for simulation in campaign.runs}
    unknown = sorted(set(intervals_ps) - stages)
    if unknown:
        raise InputError(
            f"There is no stage {unknown[0]!r} in this campaign; its stages are {', '.join(sorted(stages))}."
        )
    target, whole, archived = Path(target), campaign.reference(), []
    for simulation in campaign.runs:
        run, copy = (Path(folder) / "md" / simulation.path for folder in (source, target))
        if not is_archived(copy):
            if not (run / "provenance.json").is_file():
                continue
            interval_ps = intervals_ps.get(simulation.stage) or recorded(run, "frame_interval_ps")
            archive_run(run, copy, interval_ps, _kept(simulation, simulation.path in whole))
        archived.append(simulation.path)
    if not archived:
        raise InputError(f"{source}: no simulation of this campaign is finished there.")
    # By way of plain values, which turns whole numbers into floats as in the workflow's own table.
    write_table(target / "runs.csv", Runs.from_plain(campaign.runs.plain()).to_frame())
    write_sums(target)
    return archived


def _kept(simulation: Simulation, whole: bool) -> tuple[str, ...]:
    return tuple(element for element in simulation.elements if whole or element in KEPT_ELEMENTS)


def write_sums(folder: str | Path) -> None:
    """Write the SHA-256 checksums of ``runs.csv`` and all files below ``md`` of a campaign's folder.

    Tables and figures have none: they follow from these files, to the last digit only on the same machine.
    """
    folder = Path(folder)
    paths = [folder / "runs.csv", *sorted(path for path in (folder / "md").rglob("*") if path.is_file())]
    write_text(
        folder / SUMS,
        "".join(f"{sha256_of(path)}  {path.relative_to(folder).as_posix()}\n" for path in paths),
    )


def archive_run(
    source: str | Path, target: str | Path, interval_ps: float, elements: tuple[str, ...] = KEPT_ELEMENTS
) -> None:
    """Copy a run folder without its final state, with fewer frames and atoms.

    Everything that reads a run folder reads the copy: ``thermo.csv`` is the whole one, ``provenance.json``
    says how many frames there are now and, under ``archived``, what was left out; the file that the run began
    from is named by its place in the campaign's folder, which on another machine lies elsewhere.

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
        The interval is no multiple of the run's, a file of the run is missing or damaged, or the copy would
        replace the run.
    """
    source, target = Path(source), Path(target)
    if source.resolve() == target.resolve():
        raise InputError(f"{source}: the small copy would replace the run; name another folder for it.")
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
    if "data_file" in provenance:
        provenance["data_file"]["path"] = _within_campaign(provenance["data_file"]["path"])
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


def _within_campaign(path: str) -> str:
    """Leave away what comes before the folder of run folders or of structures."""
    parts = PurePath(path).parts
    starts = [place for place, part in enumerate(parts) if part in ("md", "structures")]
    return PurePath(*parts[starts[-1] :]).as_posix() if starts else path
