"""Run pieces of the demonstration through a real SLURM, get in their way, and see them completed.

Needs root, and installs Debian's SLURM and MariaDB when they are not there. Leaves nothing behind but that.
"""

import shutil
import signal
import sys
import time

from campaigns import RESULTS, Trouble, unlock, with_accounting, without_accounting
from cluster import local_slurm

SCENES = {False: without_accounting, True: with_accounting}


def main() -> None:
    """Start SLURM, once without and once with its database, run, check, clean up."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that SLURM is stopped then, too
    for accounting, scene in SCENES.items():
        start = time.monotonic()
        with local_slurm(accounting) as slurm:
            print(f"SLURM is up after {time.monotonic() - start:.0f} s", flush=True)
            shutil.rmtree(RESULTS, ignore_errors=True)
            RESULTS.mkdir(parents=True)
            try:
                told = scene(slurm)
            except (AssertionError, Trouble) as problem:
                logs = "\n".join(f"--- {path}\n{path.read_text()[-3000:]}" for path in RESULTS.rglob("*.log"))
                raise SystemExit(f"{logs}\nThe SLURM test failed: {problem}") from None
            finally:
                unlock()
                shutil.rmtree(RESULTS)
        print(f"{told}; {time.monotonic() - start:.0f} s in all", flush=True)


if __name__ == "__main__":
    main()
