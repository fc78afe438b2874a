"""Walking through an XTC file frame by frame, without decoding the positions.

LAMMPS writes a step and a time that count from the last reset of its step counter; here they become those of
the run. Every frame is self-contained, so files with consecutive frames are joined by putting them one after
another. Layout: the XTC format of GROMACS, all numbers big-endian.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import mdtraj
import numpy as np

from ..errors import InputError
from ..units import A_PER_NM

MAGIC = 1995
PRECISION = 10000
"""Inverse precision of stored positions, 1/nm: 0.001 angstrom."""

SMALL = 9
"""Frames of so few atoms are stored uncompressed."""

MDTRAJ_PRECISION = 1000
"""What mdtraj writes, 1/nm."""

_HEADER = struct.Struct(">iiif9fi")
_COMPRESSION = struct.Struct(">f8i")


@dataclass(frozen=True)
class XtcFrame:
    """One frame as bytes, with the step and the time (ps) of its header."""

    step: int
    time_ps: float
    content: bytes

    def relabelled(self, step: int, time_ps: float) -> bytes:
        """Return the frame's bytes with another step and time (ps)."""
        return self.content[:8] + struct.pack(">if", step, time_ps) + self.content[16:]


def frames(path: Path) -> Iterator[XtcFrame]:
    """Give the frames of a file one after another.

    Parameters
    ----------
    path
        XTC file.

    Yields
    ------
    XtcFrame
        One frame; only this one is in memory.

    Raises
    ------
    InputError
        The file ends within a frame or is no XTC file.
    """
    with path.open("rb") as stream:
        while header := stream.read(_HEADER.size):
            try:
                magic, atoms, step, time_ps, *_ = _HEADER.unpack(header)
                if magic != MAGIC:
                    raise InputError(f"{path}: this is not an XTC trajectory.")
                body = _read(stream, 12 * atoms) if atoms <= SMALL else _compressed(stream)
            except (struct.error, EOFError):
                raise InputError(f"{path}: the trajectory ends within a frame.") from None
            yield XtcFrame(step, time_ps, header + body)


def relabel(source: Path, target: Path, label: Callable[[int], tuple[int, float] | None]) -> list[int]:
    """Copy an XTC file frame by frame with other steps and times.

    Parameters
    ----------
    source, target
        File to read and file to write.
    label
        Gives the new step and time (ps) for a frame's step, or None to leave the frame out.

    Returns
    -------
    list of int
        The new steps.

    Raises
    ------
    InputError
        `source` is truncated.
    """
    steps = []
    with target.open("wb") as stream:
        for frame in frames(source):
            if (new := label(frame.step)) is not None:
                stream.write(frame.relabelled(*new))
                steps.append(new[0])
    return steps


def write(
    path: Path, positions: Sequence[np.ndarray], boxes: Sequence[np.ndarray], steps: Sequence[int]
) -> None:
    """Write frames with positions to 1/`PRECISION` nm and time 0, which `relabel` is to set.

    Parameters
    ----------
    path
        File to write.
    positions, boxes
        For each frame shape (atoms, 3) and (3, 3), angstrom; rows of a box are lattice vectors.
    steps
        Step of each frame.
    """
    # mdtraj rounds to 0.001 nm: it gets magnified positions; the frames get the precision that undoes that.
    magnification = PRECISION / MDTRAJ_PRECISION if positions[0].shape[0] > SMALL else 1.0
    scratch = path.with_name(path.name + ".magnified")
    with mdtraj.formats.XTCTrajectoryFile(str(scratch), "w") as stream:
        stream.write(
            (magnification / A_PER_NM * np.stack(positions)).astype(np.float32),
            time=np.zeros(len(steps), dtype=np.float32),
            step=np.asarray(steps, dtype=np.int32),
            box=(np.stack(boxes) / A_PER_NM).astype(np.float32),
        )
    with path.open("wb") as stream:
        for frame in frames(scratch):
            content = frame.content
            if magnification != 1.0:
                content = content[: _HEADER.size] + struct.pack(">f", PRECISION) + content[_HEADER.size + 4 :]
            stream.write(content)
    scratch.unlink()


def _compressed(stream: BinaryIO) -> bytes:
    head = _read(stream, _COMPRESSION.size)
    # The last of the eight integers is the number of data bytes, which are padded to whole words.
    size = _COMPRESSION.unpack(head)[-1]
    return head + _read(stream, (size + 3) // 4 * 4)


def _read(stream: BinaryIO, size: int) -> bytes:
    content = stream.read(size)
    if len(content) != size:
        raise EOFError
    return content
