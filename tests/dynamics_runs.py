"""Short runs of 16 Zn of ZIF-4 (400 particles) for the tests of the dynamics engine."""

import io
from pathlib import Path

from checkout import ROOT
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
) -> str:
    """Run a protocol from a built cell (or from `data`) and return what was told on the way."""
    log = io.StringIO()
    data_file = data or cell / "system.data"
    run_protocol(data_file, cell / "topology.pdb", FORCEFIELD, segments, settings, seed, folder, log)
    return log.getvalue()


__all__ = ["FORCEFIELD", "build_cell", "plain_segments", "run_cell", "segments_from", "short_settings"]
