"""Telling the user how far a run is, while the engine is at work."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TextIO

from . import gpu_sharing
from .job import Job
from .schedule import Stretch

INTERVAL_S = 10.0
PS_PER_NS = 1000.0
S_PER_DAY = 86400.0


@contextmanager
def reported(job: Job, stream: TextIO, interval_s: float = INTERVAL_S) -> Iterator[None]:
    """Print progress every `interval_s` seconds and whenever a segment begins, while the block runs.

    Once, it says whether the run shares its GPU with others and has to wait its turn.

    Parameters
    ----------
    job
        The run; its position is taken from its checkpoint folder, so this works for a run in another process
        too.
    stream
        Where to print.
    interval_s
        Wall time between messages, s.
    """
    stop = threading.Event()
    thread = threading.Thread(target=_watch, args=(job, stream, interval_s, stop), daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def position(job: Job) -> tuple[Stretch, int]:
    """Return the stretch that a run is in and the time steps done within it, from its checkpoint folder."""
    store = job.checkpoints
    running = sorted(store.path.glob("running-*.rows"))
    if running:
        chunk = job.chunks[int(running[-1].stem.removeprefix("running-"))]
        return job.stretches[chunk.stretch], max(chunk.start, _last_step(running[-1]))
    published = len(list(store.path.glob("chunk-*.json")))
    if not published:
        return job.stretches[0], 0
    chunk = job.chunks[published - 1]
    return job.stretches[chunk.stretch], chunk.end


def message(job: Job, stretch: Stretch, step: int, began: tuple[int, float], elapsed_s: float) -> str:
    """Say how far a run is.

    Parameters
    ----------
    job
        The run.
    stretch, step
        Where it is.
    began
        Steps and time (ps) of the run when this process took over.
    elapsed_s
        Wall time since then, s.

    Returns
    -------
    str
        Share of the time steps done, speed in ns/day, and time left at the present rate of steps.
    """
    done = stretch.first_step + step
    time_ps = stretch.time_ps(step, job.settings.frame_interval_ps)
    share = 100 * done / job.total_steps
    text = f"{job.folder}: {share:.1f} %, {time_ps:.1f} ps, segment {stretch.segment.name!r}"
    if done <= began[0] or elapsed_s <= 0:
        return text
    speed = (time_ps - began[1]) / PS_PER_NS / elapsed_s * S_PER_DAY
    left = timedelta(seconds=round((job.total_steps - done) * elapsed_s / (done - began[0])))
    return f"{text}, {speed:.2f} ns/day, {left} left"


def _watch(job: Job, stream: TextIO, interval_s: float, stop: threading.Event) -> None:
    stretch, step = position(job)
    began = (stretch.first_step + step, stretch.time_ps(step, job.settings.frame_interval_ps))
    start, told, segment = time.monotonic(), float("-inf"), None
    on_gpu = job.settings.accelerator == "gpu"
    while not stop.wait(min(0.5, interval_s)):
        now = time.monotonic()
        stretch, step = position(job)
        if now - told >= interval_s or stretch.index != segment:
            print(message(job, stretch, step, began, now - start), file=stream, flush=True)
            told, segment = now, stretch.index
        if on_gpu and now - start >= interval_s:  # by now this process and those beside it hold their GPUs
            on_gpu = False
            if gpu_sharing.shared_in_turns():
                print(f"{job.folder}: {gpu_sharing.NOTE}", file=stream, flush=True)


def _last_step(rows: Path) -> int:
    """Return the step of the last complete line of a file of rows, 0 if there is none."""
    try:
        with rows.open("rb") as stream:
            stream.seek(max(0, rows.stat().st_size - 4096))
            lines = stream.read().split(b"\n")[:-1]
        return int(lines[-1].split()[0])
    except (OSError, IndexError, ValueError):
        return 0
