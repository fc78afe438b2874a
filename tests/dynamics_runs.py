"""Short runs of 16 Zn of ZIF-4 (400 particles) for the tests of the dynamics engine."""

import io
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

from checkout import ROOT
from zifmelt.dynamics.checkpoint import CheckpointFolder
from zifmelt.dynamics.protocol import Segment, plain_segments, segments_from
from zifmelt.dynamics.run import run_protocol
from zifmelt.dynamics.settings import Settings
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.structures.system import build_system
from zifmelt.structures.writers import write_data_file, write_topology

FORCEFIELD = ROOT / "config" / "forcefields" / "nb-zif-ff.yaml"
ZIF_4 = ROOT / "config" / "structures" / "ZIF-4.cif"


def build_cell(folder: Path) -> Path:
    """Write ``system.data`` and ``topology.pdb`` of one unit cell of ZIF-4 into `folder` and return it."""
    system = build_system(ZIF_4, load_forcefield(FORCEFIELD), (1, 1, 1))
    folder.mkdir(parents=True, exist_ok=True)
    write_data_file(system, folder / "system.data")
    write_topology(system, folder / "topology.pdb")
    return folder


def short_settings(**changes: object) -> Settings:
    """Return settings with frames every 0.01 ps, rows every 0.005 ps, checkpoints every 0.03 ps, r-RESPA."""
    defaults = {
        "frame_interval_ps": 0.01,
        "thermo_interval_ps": 0.005,
        "checkpoint_interval_ps": 0.03,
        "slow_timestep_fs": 1.0,
    }
    return Settings(**{**defaults, **changes})


def run_cell(
    cell: Path,
    folder: Path,
    segments: list[Segment],
    settings: Settings,
    seed: int = 7,
    data: Path | None = None,
    tuning: Path | None = None,
) -> str:
    """Run a protocol from a built cell (or from `data`) and return what was told on the way."""
    log = io.StringIO()
    data_file = data or cell / "system.data"
    run_protocol(data_file, cell / "topology.pdb", FORCEFIELD, segments, settings, seed, folder, log, tuning)
    return log.getvalue()


def start_process(cell: Path, folder: Path, segments: list[Segment], settings: Settings) -> subprocess.Popen:
    """Start `run_cell` in a process of its own, which a test may kill."""
    code = (
        f"import sys; sys.path[:0] = {[path for path in sys.path if path]!r}\n"
        "from pathlib import Path\n"
        "from dynamics_runs import Settings, run_cell, segments_from\n"
        f"segments = segments_from({plain_segments(segments)!r})\n"
        f"settings = Settings(**{asdict(settings)!r})\n"
        f"run_cell(Path({str(cell)!r}), Path({str(folder)!r}), segments, settings)\n"
    )
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)


def published(folder: Path) -> int:
    """Count the chunks of a run that count."""
    return len(list(CheckpointFolder.of(folder).path.glob("chunk-*.json")))


def interrupted(
    cell: Path, folder: Path, segments: list[Segment], settings: Settings, chunks: int
) -> CheckpointFolder:
    """Start or go on with a run, and kill it once it has published some chunks."""
    process = start_process(cell, folder, segments, settings)
    while published(folder) < chunks and process.poll() is None:
        time.sleep(0.005)
    process.kill()
    process.wait()
    return CheckpointFolder.of(folder)


__all__ = [
    "FORCEFIELD",
    "Settings",
    "build_cell",
    "interrupted",
    "plain_segments",
    "published",
    "run_cell",
    "segments_from",
    "short_settings",
    "start_process",
]
