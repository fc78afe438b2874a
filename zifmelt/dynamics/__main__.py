"""One MPI rank of a run, started by `run.py`: ``python -m zifmelt.dynamics <job.json> [last chunk]``."""

import os
import sys
import traceback
from pathlib import Path

from ..errors import InputError
from .job import Job
from .lammps_engine import simulate_here


def main() -> None:
    """Simulate; on trouble leave the sentence beside the job and end, which makes MPI end the other ranks."""
    order = Path(sys.argv[1])
    try:
        simulate_here(Job.load(order), int(sys.argv[2]) if len(sys.argv) > 2 else None)
    except InputError as error:
        (order.parent / "trouble.txt").write_text(str(error), encoding="utf-8")
        os._exit(1)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


main()
