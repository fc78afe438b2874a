"""A run as one record: what to simulate, how, and where."""

import json
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..files import read_json, sha256_of, write_json
from ..forcefield.parameters import ForceField, load_forcefield
from .checkpoint import CheckpointFolder
from .protocol import Segment, plain_segments, segments_from
from .schedule import Chunk, Stretch, chunks, schedule
from .settings import HARDWARE_FIELDS, Settings, settings_from


@dataclass(frozen=True)
class Job:
    """One molecular-dynamics run.

    Attributes
    ----------
    start
        Particles and box to begin with: a LAMMPS data file (``units real``, ``atom_style full``).
    topology
        PDB file with all real atoms of the start, in its order.
    forcefield_path
        Force field file.
    segments
        The protocol.
    settings
        How to run it.
    seed
        Seed of the velocities, 1 to 2^31 - 1.
    folder
        Run folder to make.
    """

    start: Path
    topology: Path
    forcefield_path: Path
    segments: tuple[Segment, ...]
    settings: Settings
    seed: int
    folder: Path

    def __post_init__(self) -> None:
        """Check what can be checked without an engine."""
        for path in (self.start, self.topology):
            if not path.is_file():
                raise InputError(f"{path}: there is no such file.")
        if not 1 <= self.seed < 2**31:
            raise InputError(f"{self.folder}: the seed is {self.seed}, but must be from 1 to 2^31 - 1.")

    @cached_property
    def forcefield(self) -> ForceField:
        """The force field, read and checked, with the lengths that the settings say."""
        forcefield = load_forcefield(self.forcefield_path)
        settings = self.settings
        lengths = {"coulomb_cutoff": settings.coulomb_cutoff_A, "skin": settings.skin_A}
        said = {key: length for key, length in lengths.items() if length is not None}
        return replace(
            forcefield, numerics={name: {**how, **said} for name, how in forcefield.numerics.items()}
        )

    @cached_property
    def stretches(self) -> list[Stretch]:
        """The protocol in time steps."""
        return schedule(self.segments, self.settings, self.forcefield.max_timestep_fs)

    @cached_property
    def chunks(self) -> list[Chunk]:
        """What runs between checkpoints."""
        return chunks(self.stretches)

    @property
    def checkpoints(self) -> CheckpointFolder:
        """Folder of the unfinished run."""
        return CheckpointFolder.of(self.folder)

    @property
    def total_steps(self) -> int:
        """Number of time steps of the whole run."""
        return sum(stretch.steps for stretch in self.stretches)

    @cached_property
    def identity(self) -> dict[str, Any]:
        """What determines the run's physics, as JSON values: another identity is another run."""
        # What is None is left out: checkpoints from before there was such a setting stay valid.
        settings = {
            key: value
            for key, value in asdict(self.settings).items()
            if key not in HARDWARE_FIELDS and value is not None
        }
        content = {
            "protocol": plain_segments(self.segments),
            "settings": settings,
            "seed": self.seed,
            "force_field": self.forcefield.sha256,
            "data_file": sha256_of(self.start),
            "topology": sha256_of(self.topology),
        }
        if (
            self.settings.engine != "lammps"
        ):  # checkpoints of LAMMPS from before there was a choice stay valid
            content["engine"] = self.settings.engine
        return json.loads(json.dumps(content))

    def save(self, path: Path) -> None:
        """Write the job as JSON for another process."""
        plain = {
            "data_file": str(self.start),
            "topology": str(self.topology),
            "forcefield_path": str(self.forcefield_path),
            "segments": plain_segments(self.segments),
            "settings": asdict(self.settings),
            "seed": self.seed,
            "folder": str(self.folder),
        }
        write_json(path, plain)

    @classmethod
    def load(cls, path: Path) -> "Job":
        """Read a job that `save` wrote."""
        plain = read_json(path)
        return cls(
            start=Path(plain["data_file"]),
            topology=Path(plain["topology"]),
            forcefield_path=Path(plain["forcefield_path"]),
            segments=tuple(segments_from(plain["segments"])),
            settings=settings_from(plain["settings"]),
            seed=plain["seed"],
            folder=Path(plain["folder"]),
        )
