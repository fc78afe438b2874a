"""Molecular dynamics against the force-field authors' input style and OpenMM's CPU platform, on two cores."""

import json
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from zifmelt.dynamics.lammps_ranks import LOCAL_RANKS
from zifmelt.files import write_json

from .boxes import ROOT
from .md_contestants import AUTHORS, OPENMM, OURS, Lammps, OpenMM, prepare
from .timing import MissingCompetitor, agreeing, comparison, competitor, take_turns

SIZES = {64: (1, 1, 2), 256: (2, 2, 2), 1024: (2, 2, 8)}
CORES = 2
TURN_S = 0.5
"""Wall time of a turn that is aimed at; every turn is at least one step."""
ROUNDS = 5
ALLOWED = {AUTHORS: 1e-4, "OpenMM, efficient": 2e-4, "OpenMM, fast": 1e-2}
"""Relative root-mean-square difference of forces; "fast" ends the Lennard-Jones terms within half the box."""
NS_PER_DAY = 86_400 / 1e6
"""Divided by seconds per fs."""
LARGEST_OPENMM = 256


def main() -> list[dict[str, Any]]:
    """Compare simulated time per time of the clock, in a box at 300 K and 1 bar.

    In LAMMPS every contestant runs with two threads and on two MPI ranks, and its faster way counts.
    """
    rows: list[dict[str, Any]] = []
    for size, repeats in SIZES.items():
        with tempfile.TemporaryDirectory() as name:
            data_file = Path(name) / "system.data"
            prepare(data_file, repeats)
            found = [measure(size, data_file, CORES), _with_ranks(size, data_file)]
        rows += _records(size, *found)
    return rows


def measure(size: int, data_file: Path, threads: int) -> dict[str, Any]:
    """Time all contestants in turns.

    Returns
    -------
    dict
        By name: seconds per fs of every round, and the relative difference of the forces from the authors'.
    """
    contestants: dict[str, Any] = {name: Lammps(name, data_file, threads) for name in (AUTHORS, *OURS)}
    if threads > 1 and size <= LARGEST_OPENMM:
        try:
            competitor("openmm", "OpenMM")
            contestants |= {name: OpenMM(name, data_file, threads) for name in OPENMM}
        except MissingCompetitor as error:
            print(f"molecular dynamics: {error}", flush=True)
    exact = contestants[AUTHORS].forces
    steps = {name: _steps_per_turn(one) for name, one in contestants.items()}
    turns = {name: partial(one.run, steps[name]) for name, one in contestants.items()}
    seconds = take_turns(turns, ROUNDS, time.perf_counter)
    return {
        name: {
            "seconds_per_fs": (seconds[name] / steps[name] / one.timestep_fs).tolist(),
            "forces": float(np.sqrt(np.mean((one.forces - exact) ** 2) / np.mean(exact**2))),
        }
        for name, one in contestants.items()
    }


def _steps_per_turn(contestant: Any) -> int:
    contestant.run(1)
    start = time.perf_counter()
    contestant.run(2)
    return max(1, min(200, round(TURN_S / ((time.perf_counter() - start) / 2))))


def _with_ranks(size: int, data_file: Path) -> dict[str, Any]:
    """Do `measure` on MPI ranks of one thread each; without mpiexec return nothing."""
    launcher = Path(sys.executable).with_name("mpiexec")
    if not launcher.is_file():
        print("molecular dynamics: no mpiexec beside Python, so no MPI ranks", flush=True)
        return {}
    result = data_file.with_name("ranks.json")
    subprocess.run(
        [launcher, "-n", str(CORES), sys.executable, "-m", __spec__.name, str(size), data_file, result],
        cwd=ROOT,
        env={**os.environ, **LOCAL_RANKS, "OMP_NUM_THREADS": "1"},
        stdin=subprocess.DEVNULL,
        check=True,
    )
    return json.loads(result.read_text(encoding="utf-8"))


def _records(size: int, threads: dict[str, Any], ranks: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a record for each of our contestants against each of the others."""
    best = {}
    for name, one in threads.items():
        ways = {"2 threads": one, **({"2 MPI ranks": ranks[name]} if name in ranks else {})}
        way = min(ways, key=lambda key: np.median(ways[key]["seconds_per_fs"]))
        best[name] = (way, ways[way])
    rows = []
    for mine in OURS:
        for other in (AUTHORS, *(name for name in OPENMM if name in best)):
            (way, one), (their_way, their) = best[mine], best[other]
            said = agreeing("forces, relative rms", max(one["forces"], their["forces"]), ALLOWED[other])
            row = comparison(
                f"simulated fs of MD, {mine}",
                size,
                np.array(one["seconds_per_fs"]),
                np.array(their["seconds_per_fs"]),
                f"{other} ({their_way})",
                said,
            )
            speed = {"our_ns_per_day": NS_PER_DAY / row["our_seconds"], "our_way": way}
            rows.append(row | speed | {"their_ns_per_day": NS_PER_DAY / row["their_seconds"]})
    return rows


if __name__ == "__main__":
    size, path, output = sys.argv[1:]
    found = measure(int(size), Path(path), 1)
    # Every rank comes here; one file, and it appears whole.
    write_json(output, found)
