"""Checkpoints: what has been computed of a run, in chunks that count only when they are whole.

A chunk is four files in ``<run folder>.checkpoint/``: the frames (XTC) and the thermo rows (CSV) since the
chunk before, the engine's state to go on from (``.restart``, which only this engine reads), and a manifest
with their checksums. The manifest is written last and by a rename, so a process killed at any moment leaves
whole chunks only.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..files import read_json, sha256_of, write_json

KEPT_STATES = 2
ENGINE_STATE = "restart"
"""The part that an engine goes on from; its file's ending, which folders of unfinished runs have."""

DATA_PARTS = ("xtc", "csv")
PARTS = (*DATA_PARTS, ENGINE_STATE)


@dataclass(frozen=True)
class CheckpointFolder:
    """The chunks of one run.

    Attributes
    ----------
    path
        Folder of the chunks; a sibling of the run folder, so that deleting the run's outputs does not touch
        it.
    """

    path: Path

    @classmethod
    def of(cls, run_folder: Path) -> "CheckpointFolder":
        """Return the checkpoint folder that belongs to a run folder."""
        return cls(run_folder.with_name(run_folder.name + ".checkpoint"))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from working on the same run; the lock ends with the process, however it ends.

        Raises
        ------
        InputError
            Another process is at work on this run.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InputError(
                    f"{self.path}: another process is at work on this run; wait for it or stop it."
                ) from None
            yield

    @property
    def unstable(self) -> Path:
        """File that says why a run must not be tried again as it is."""
        return self.path / "unstable.txt"

    @property
    def stop(self) -> Path:
        """File that asks the process at work on this run to end at its next checkpoint."""
        return self.path / "stop"

    def begin_piece(self, identity: Mapping[str, Any]) -> None:
        """Record that a process starts or goes on with the run.

        Parameters
        ----------
        identity
            What determines the run's physics: protocol, settings, seed, checksums of its inputs.

        Raises
        ------
        InputError
            The chunks here belong to a run with another identity, or the run became unstable before.
        """
        known = self.begun()
        pieces = [] if known is None else self.pieces()
        known = identity if known is None else known
        for key in known.keys() | identity.keys():
            if known.get(key) != identity.get(key):
                raise InputError(
                    f"{self.path}: these checkpoints were made with another {key.replace('_', ' ')}; delete "
                    "this folder to start the run anew."
                )
        if self.unstable.is_file():
            raise InputError(self.unstable.read_text(encoding="utf-8"))
        pieces = [*pieces, datetime.now(UTC).isoformat(timespec="seconds")]
        write_json(self.path / "identity.json", {"identity": identity, "pieces": pieces})

    def begun(self) -> Mapping[str, Any] | None:
        """Return what determines the physics of the run that the chunks are of; None where there are none."""
        record = self.path / "identity.json"
        if not record.is_file() or not any(self.path.glob("chunk-*.json")):
            return None
        return read_json(record, ("identity", "pieces"))["identity"]

    def pieces(self) -> list[str]:
        """Return the times (ISO 8601) at which a process started or went on with the run."""
        return read_json(self.path / "identity.json")["pieces"]

    def note(self, kind: str, record: Mapping[str, Any]) -> None:
        """Record what holds from here on, each record of a kind once.

        Parameters
        ----------
        kind
            ``engines``: what simulates (engine, version, platform, device); ``tuning``: what was chosen.
        record
            Values of JSON.
        """
        records = self.notes(kind)
        if dict(record) not in records:
            write_json(self.path / f"{kind}.json", {kind: [*records, dict(record)]})

    def notes(self, kind: str) -> list[dict[str, Any]]:
        """Return the records of a kind, in the order of their first use."""
        path = self.path / f"{kind}.json"
        return read_json(path)[kind] if path.is_file() else []

    def part(self, number: int, part: str) -> Path:
        """Return the path of a part (``xtc``, ``csv``, ``restart`` or ``json``) of a chunk."""
        return self.path / f"chunk-{number:06d}.{part}"

    def running(self, number: int, part: str) -> Path:
        """Return the path that an engine writes a part of an unfinished chunk to."""
        return self.path / f"running-{number:06d}.{part}"

    def last_whole(self) -> int | None:
        """Return the number of the last chunk to go on from; None where nothing has been computed yet.

        All chunks up to it have intact frames and rows, and it has an intact state of the engine. Whatever
        lies beyond it (damaged or unfinished) is removed.

        Raises
        ------
        InputError
            There are chunks, but none to go on from.
        """
        manifests = sorted(self.path.glob("chunk-*.json"))
        intact = -1
        while self._is_intact(intact + 1, DATA_PARTS):
            intact += 1
        last = next((n for n in range(intact, -1, -1) if self._is_intact(n, (ENGINE_STATE,))), None)
        if last is None and manifests:
            raise InputError(
                f"{self.path}: every checkpoint in this folder is damaged; delete the folder to "
                "start the run anew."
            )
        self._remove_beyond(-1 if last is None else last)
        return last

    def manifest(self, number: int) -> dict[str, Any]:
        """Return the manifest of a chunk."""
        return read_json(self.part(number, "json"))

    def publish(self, number: int, state: Mapping[str, Any]) -> None:
        """Make the finished parts of a running chunk count.

        Parameters
        ----------
        number
            The chunk, whose ``running`` parts are written and closed.
        state
            What else is needed to go on from here; kept in the manifest.

        Raises
        ------
        OSError
            The file system refused; the chunk does not count.
        """
        checksums = {}
        for part in PARTS:
            source = self.running(number, part)
            with source.open("rb") as stream:
                os.fsync(stream.fileno())
            checksums[part] = sha256_of(source)
            os.replace(source, self.part(number, part))
        write_json(self.part(number, "json"), {"number": number, "sha256": checksums, "state": dict(state)})
        self.part(number - KEPT_STATES, ENGINE_STATE).unlink(missing_ok=True)

    def join(self, part: str, count: int, target: Path) -> None:
        """Write a part of chunks 0 to `count` - 1 one after another to the end of `target`."""
        with target.open("ab") as output:
            for number in range(count):
                with self.part(number, part).open("rb") as stream:
                    shutil.copyfileobj(stream, output)

    def remove(self) -> None:
        """Delete the folder; the run is complete elsewhere.

        The manifests go first, the last one before the others: a kill in between leaves chunks that the run
        can go on from, not one that counts and lacks a file.
        """
        for manifest in sorted(self.path.glob("chunk-*.json"), reverse=True):
            manifest.unlink()
        shutil.rmtree(self.path)

    def _is_intact(self, number: int, parts: tuple[str, ...]) -> bool:
        try:
            manifest = self.manifest(number)
            checksums = manifest["sha256"]
            return "state" in manifest and all(
                sha256_of(self.part(number, part)) == checksums[part] for part in parts
            )
        except (InputError, OSError, KeyError, TypeError):
            return False

    def _remove_beyond(self, last: int) -> None:
        for path in [*self.path.glob("chunk-*.*"), *self.path.glob(".chunk-*")]:
            digits = path.name.lstrip(".").removeprefix("chunk-")[:6]
            if path.name.startswith(".") or int(digits) > last:
                path.unlink()
        for path in self.path.glob("running-*"):
            path.unlink()
