"""Making a chunk count once an engine has simulated it, the same for every engine.

While an engine works on a chunk it leaves two files in the checkpoint folder: ``running-N.raw``, frames as
XTC, and ``running-N.rows``, lines of the step and the values of `thermo.KEYWORDS`; both count steps within
the stretch. It adds its own state, ``running-N.restart``, which only itself reads.
"""

import errno
import shutil
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import InputError
from ..files import write_text
from . import thermo, xtc
from .checkpoint import ENGINE_STATE
from .checkpoint_physics import failed_checks
from .job import Job
from .protocol import Segment
from .schedule import Chunk
from .stopping import end_if_asked

FINAL_DATA = "final.data"

LARGEST_VOLUME_CHANGE = 2.0
"""Factor by which no volume of interest changes in a stretch, up or down."""


def publish(
    job: Job, chunk: Chunk, state: Mapping[str, Any], types: np.ndarray, velocities: np.ndarray
) -> None:
    """Check that a chunk is whole, give it the run's steps and times, and make it count.

    Parameters
    ----------
    job
        The run.
    chunk
        Chunk whose running parts are written and closed.
    state
        What the engine needs besides its own file to go on; kept in the manifest.
    types, velocities
        Type (from 1) and velocity (A/fs) of every particle at the end of the chunk.

    Raises
    ------
    InputError
        A frame or a row is missing or doubled, a value is not a number, the physics does not hold, or the run
        has to end here.
    OSError
        The file system refused.
    """
    store, stretch = job.checkpoints, job.stretches[chunk.stretch]
    raw, rows, frames = (store.running(chunk.number, part) for part in ("raw", "rows", "xtc"))
    interval = job.settings.frame_interval_ps
    # Chunks may overlap in one frame, which belongs to the earlier one; only the very first keeps its start.
    first = 0 if chunk.number == 0 else chunk.start + 1

    def label(step: int) -> tuple[int, float] | None:
        return (stretch.first_step + step, stretch.time_ps(step, interval)) if step >= first else None

    steps = xtc.relabel(raw, frames, label)
    kept = [row for row in thermo.read_rows(rows) if row.step >= first]
    _check_spacing(job, chunk, steps, first, stretch.steps_per_frame)
    _check_spacing(job, chunk, [stretch.first_step + row.step for row in kept], first, stretch.steps_per_row)
    with store.running(chunk.number, "csv").open("w", encoding="utf-8") as stream:
        for row in kept:
            time_ps = stretch.time_ps(row.step, interval)
            stream.write(row.csv_line(stretch.first_step + row.step, time_ps, stretch.index))
    for quantity, value, limit in failed_checks(job, chunk, types, velocities):
        raise wrong(job, f"{quantity} is {value:.3g}, beyond {limit:.3g}")
    store.publish(chunk.number, state)
    raw.unlink()
    rows.unlink()
    end_if_asked(job, chunk)


def hottest_K(segment: Segment) -> float:
    """Return a temperature that only an unstable simulation of a segment reaches, K."""
    return 2 * segment.hottest_K + 300


def unstable(job: Job, reason: str) -> InputError:
    """Say in one sentence that a simulation became unstable, and keep it from being tried again as it is.

    Parameters
    ----------
    job
        The run.
    reason
        What was seen.
    """
    return _not_again(
        job, f"the simulation became unstable ({reason})", "use a shorter time step or a milder start"
    )


def wrong(job: Job, reason: str) -> InputError:
    """Say in one sentence that physics does not hold in a simulation, and keep it from being tried again.

    Parameters
    ----------
    job
        The run.
    reason
        What was seen.
    """
    advice = "look at the rows after it for what happened, use a shorter time step"
    return _not_again(job, f"its physics does not hold ({reason})", advice)


def _not_again(job: Job, what: str, advice: str) -> InputError:
    store = job.checkpoints
    last = len(list(store.path.glob("chunk-*.json"))) - 1
    good = "there is no checkpoint yet"
    if last >= 0:
        chunk = job.chunks[last]
        time_ps = job.stretches[chunk.stretch].time_ps(chunk.end, job.settings.frame_interval_ps)
        good = f"the last good checkpoint is {store.part(last, ENGINE_STATE)} at {time_ps:g} ps"
    sentence = f"{job.folder}: {what}; {good}; {advice}, or delete {store.unstable} to try again as it is."
    write_text(store.unstable, sentence)
    return InputError(sentence)


def disk_trouble(job: Job, error: OSError) -> InputError:
    """Put what the file system refused into one sentence."""
    free = shutil.disk_usage(job.checkpoints.path).free / 1e6
    what = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else f"{error.strerror or error}"
    return InputError(
        f"{job.checkpoints.path}: {what} ({free:.0f} MB free); make room and run again: the run goes on from "
        "its last checkpoint."
    )


def _check_spacing(job: Job, chunk: Chunk, steps: list[int], first: int, every: int) -> None:
    """Refuse a chunk in which a frame or a row is missing or doubled."""
    start = -(-first // every) * every
    first_step = job.stretches[chunk.stretch].first_step
    expected = [first_step + step for step in range(start, chunk.end + 1, every)]
    if steps != expected:
        raise InputError(
            f"{job.checkpoints.path}: chunk {chunk.number} has {len(steps)} of {len(expected)} records, so "
            "it was not written whole; check the disk and run again: the run goes on from its last "
            "checkpoint."
        )
