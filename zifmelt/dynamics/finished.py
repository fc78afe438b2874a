"""Recognising a finished run, so that it does not start anew because copying it gave its files new times."""

import os
from typing import Any

from ..checksums import check_trajectory
from ..errors import InputError
from ..files import read_json
from .job import Job
from .settings import HARDWARE_FIELDS, TUNED_LENGTHS

RUN_FILES = ("trajectory.xtc", "topology.pdb", "thermo.csv", "final.data", "provenance.json")
"""What a finished run folder holds; the provenance is written last."""


def is_finished(job: Job) -> bool:
    """Tell whether the run folder of a job already holds what the job would make.

    Parameters
    ----------
    job
        The run.

    Returns
    -------
    bool
        Whether the folder is complete, its trajectory is the one that was written, and protocol, settings,
        seed, force field and start are the job's. Hardware, the lengths that tuning chooses and the
        interval of checkpoints may differ.
    """
    if not all((job.folder / name).is_file() for name in RUN_FILES):
        return False
    try:
        check_trajectory(job.folder)
        record = read_json(job.folder / "provenance.json")
        made = {
            "protocol": record["protocol"],
            "settings": record["settings"],
            "seed": record["seed"],
            "force_field": record["forcefield"]["sha256"],
            "data_file": record["data_file"]["sha256"],
        }
        return _compared(made) == _compared({key: job.identity[key] for key in made})
    except (InputError, KeyError, TypeError, AttributeError):
        return False


def renew(job: Job) -> None:
    """Give the files of a finished run the present time, the provenance last, as if it had just ended."""
    for name in RUN_FILES:
        os.utime(job.folder / name)


def _compared(identity: dict[str, Any]) -> dict[str, Any]:
    """Leave out what may differ between two runs that are the same to whoever analyses them."""
    free = {*HARDWARE_FIELDS, *TUNED_LENGTHS, "checkpoint_interval_ps"}
    settings = {key: value for key, value in identity["settings"].items() if key not in free}
    return {**identity, "settings": settings}
