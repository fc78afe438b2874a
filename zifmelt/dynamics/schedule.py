"""A protocol in whole time steps: which time step where, and where frames, rows and checkpoints fall."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import isclose

from ..errors import InputError
from .protocol import Segment
from .settings import Settings

FS_PER_PS = 1000.0


@dataclass(frozen=True)
class Stretch:
    """Part of a segment that runs with one time step; its steps count from 0.

    Attributes
    ----------
    segment
        What to run; its duration and temperatures are those of this stretch.
    index
        Number of the segment in the protocol, from 0.
    timestep_fs
        Time step, fs.
    fast_steps
        Time steps per step of the slowly varying forces; it is the latter that are counted below.
    steps
        Length in steps.
    steps_per_frame, steps_per_row, steps_per_checkpoint
        Steps between frames, thermo rows and checkpoints.
    first_step
        Steps of the run before this stretch.
    first_frame
        Frame intervals of the run before this stretch.
    """

    segment: Segment
    index: int
    timestep_fs: float
    fast_steps: int
    steps: int
    steps_per_frame: int
    steps_per_row: int
    steps_per_checkpoint: int
    first_step: int
    first_frame: int

    def time_ps(self, step: int, frame_interval_ps: float) -> float:
        """Return the run's time at a step of this stretch, ps; at frames a multiple of the interval."""
        return (self.first_frame + step / self.steps_per_frame) * frame_interval_ps


@dataclass(frozen=True)
class Chunk:
    """What runs between two checkpoints: steps `start` to `end` of stretch number `stretch`."""

    number: int
    stretch: int
    start: int
    end: int


def schedule(segments: Sequence[Segment], settings: Settings, max_timestep_fs: float) -> list[Stretch]:
    """Lay a protocol out in time steps.

    Durations are rounded to whole frame intervals, at least one each, so that frames are equally spaced over
    the whole run. A ramp through `hot_above_K` is cut in two at the last frame that is not above it, so that
    only the hot part runs with the short time step; temperatures stay on the same straight line.

    Parameters
    ----------
    segments
        The protocol.
    settings
        Time steps and intervals.
    max_timestep_fs
        Largest time step the force field allows, fs.

    Returns
    -------
    list of Stretch
        In the order of time.

    Raises
    ------
    InputError
        The intervals are not whole multiples of each other or of a time step, or a segment has no frame.
    """
    stretches: list[Stretch] = []
    first_step = first_frame = 0
    for index, segment in enumerate(segments):
        for part, frames in _parts(segment, settings):
            hot = part.hottest_K > settings.hot_above_K
            timestep = min(settings.hot_timestep_fs if hot else settings.timestep_fs, max_timestep_fs)
            fast_steps = (
                1 if settings.engine == "openmm" else max(1, round(settings.slow_timestep_fs / timestep))
            )
            step = fast_steps * timestep
            steps_per_frame = _ratio(settings.frame_interval_ps, step / FS_PER_PS, "frame_interval_ps", step)
            steps_per_row = _ratio(settings.thermo_interval_ps, step / FS_PER_PS, "thermo_interval_ps", step)
            if steps_per_frame % steps_per_row:
                raise InputError(
                    "dynamics settings: frame_interval_ps must be a whole multiple of thermo_interval_ps."
                )
            frames_per_checkpoint = max(
                1, round(settings.checkpoint_interval_ps / settings.frame_interval_ps)
            )
            stretch = Stretch(
                segment=part,
                index=index,
                timestep_fs=timestep,
                fast_steps=fast_steps,
                steps=frames * steps_per_frame,
                steps_per_frame=steps_per_frame,
                steps_per_row=steps_per_row,
                steps_per_checkpoint=frames_per_checkpoint * steps_per_frame,
                first_step=first_step,
                first_frame=first_frame,
            )
            stretches.append(stretch)
            first_step += stretch.steps
            first_frame += frames
    return stretches


def chunks(stretches: Sequence[Stretch]) -> list[Chunk]:
    """Cut a schedule at its checkpoints; every stretch ends with one."""
    return list(_chunks(stretches))


def frame_count(stretches: Sequence[Stretch]) -> int:
    """Return the number of frames of the whole run, with the one at time 0."""
    return 1 + sum(stretch.steps // stretch.steps_per_frame for stretch in stretches)


def _chunks(stretches: Sequence[Stretch]) -> Iterator[Chunk]:
    number = 0
    for position, stretch in enumerate(stretches):
        for start in range(0, stretch.steps, stretch.steps_per_checkpoint):
            yield Chunk(number, position, start, min(start + stretch.steps_per_checkpoint, stretch.steps))
            number += 1


def _parts(segment: Segment, settings: Settings) -> list[tuple[Segment, int]]:
    """Round to whole frame intervals and cut a ramp where it becomes hot; frames of each part beside it."""
    interval = settings.frame_interval_ps
    frames = round(segment.duration_ps / interval)
    if frames < 1:
        raise InputError(
            f"protocol segment {segment.name!r}: it lasts {segment.duration_ps:g} ps, less than half a "
            f"frame_interval_ps of {interval:g} ps; make it longer or store frames more often."
        )
    whole = replace(segment, duration_ps=frames * interval)
    coldest = min(segment.from_K, segment.to_K)
    if segment.kind == "hold" or not coldest <= settings.hot_above_K < segment.hottest_K:
        return [(whole, frames)]
    cold = int((settings.hot_above_K - coldest) / (segment.hottest_K - coldest) * frames + 1e-9)
    first = cold if segment.from_K == coldest else frames - cold
    if first in (0, frames):
        return [(whole, frames)]
    middle = segment.from_K + (segment.to_K - segment.from_K) * first / frames
    return [
        (replace(whole, to_K=middle, duration_ps=first * interval), first),
        (replace(whole, from_K=middle, duration_ps=(frames - first) * interval), frames - first),
    ]


def _ratio(interval_ps: float, timestep_ps: float, name: str, timestep_fs: float) -> int:
    ratio = round(interval_ps / timestep_ps)
    if ratio < 1 or not isclose(ratio * timestep_ps, interval_ps, rel_tol=1e-9):
        raise InputError(
            f"dynamics settings: {name} is {interval_ps} ps, but must be a whole multiple of the time "
            f"step of {timestep_fs:g} fs."
        )
    return ratio
