"""Ending a run at its next checkpoint because a queue says that its time is nearly up."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ..errors import InputError
from .job import Job
from .schedule import Chunk

SIGNAL = signal.SIGURG
"""What SLURM is told to send ahead of a time limit. Every process of a job gets it; those that do not know it
(Snakemake, shells, the launcher of MPI) ignore it, unlike SIGUSR1 or SIGTERM."""


@contextmanager
def ended_by_signal(job: Job) -> Iterator[None]:
    """Let `SIGNAL` end a run at its next checkpoint, while the block runs.

    The wish is noted as a file in the checkpoint folder, which `end_if_asked` looks for: the process that
    hears the signal need not be the one that simulates. In a thread other than the main one, where Python
    cannot listen to signals, a run goes on to its end.

    Parameters
    ----------
    job
        The run; nobody else may be at work on its checkpoint folder.
    """
    wish = job.checkpoints.stop
    wish.unlink(missing_ok=True)
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(SIGNAL, lambda *_: wish.touch())
    try:
        yield
    finally:
        signal.signal(SIGNAL, before)
        wish.unlink(missing_ok=True)


def end_if_asked(job: Job, chunk: Chunk) -> None:
    """End a run whose chunk has just been made to count, if that was asked for and it is not the last one.

    Raises
    ------
    InputError
        It was asked for.
    """
    if job.checkpoints.stop.is_file() and chunk.number < len(job.chunks) - 1:
        time_ps = job.stretches[chunk.stretch].time_ps(chunk.end, job.settings.frame_interval_ps)
        raise InputError(
            f"{job.folder}: ended at the checkpoint at {time_ps:g} ps, because its time is nearly up; the "
            "next attempt goes on from there."
        )
