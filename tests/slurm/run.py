"""Run a piece of the demonstration through a real SLURM, kill a simulation half way, and see it completed.

Needs root, and installs Debian's SLURM when it is not there. Leaves nothing behind but that installation.
"""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from cluster import ask, cancel_jobs, local_slurm

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "results/slurm_test"
SIMULATION = RESULTS / "md/sampling/ZIF-4/300K/r1"
TARGETS = [SIMULATION / "provenance.json", RESULTS / "analysis/sampling/ZIF-4/300K/r1/rdf.csv"]
COMMAND = [sys.executable, "-m", "snakemake", "--profile", "slurm", "--nolock"]
COMMAND += ["--slurm-logdir", str(RESULTS / "slurm_logs")]
COMMAND += ["--configfile", "config/demo.yaml", "tests/slurm/config.yaml", "--"]
TIME_LIMIT = 600


def main() -> None:
    """Start SLURM, run, check, clean up."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that SLURM is stopped then, too
    start = time.monotonic()
    with local_slurm() as completed:
        print(f"SLURM is up after {time.monotonic() - start:.0f} s", flush=True)
        shutil.rmtree(RESULTS, ignore_errors=True)
        RESULTS.mkdir(parents=True)
        log = RESULTS / "snakemake.log"
        try:
            killed = run_and_kill(log)
            states = job_states(completed)
            check(log.read_text(), states, killed)
        except AssertionError as problem:
            logs = "\n".join(f"--- {path}\n{path.read_text()[-3000:]}" for path in RESULTS.rglob("*.log"))
            raise SystemExit(f"{logs}\nThe SLURM test failed: {problem}") from None
        finally:
            shutil.rmtree(RESULTS)
    seconds = time.monotonic() - start
    print(f"{len(states)} SLURM jobs, one of them killed and continued; {seconds:.0f} s in all")


def run_and_kill(log: Path) -> str:
    """Run the targets; cancel the simulation's job once there is a checkpoint. Return that job's number."""
    end = time.monotonic() + TIME_LIMIT
    killed = ""
    with log.open("w") as output:
        command = [*COMMAND, *(str(target.relative_to(ROOT)) for target in TARGETS)]
        snakemake = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            while snakemake.poll() is None:
                assert time.monotonic() < end, f"not ready after {TIME_LIMIT} s"
                if not killed and list(SIMULATION.parent.glob(f"{SIMULATION.name}.checkpoint/chunk-*.json")):
                    jobs = ask("squeue", "--noheader", "--states=RUNNING", "--format=%i %k").splitlines()
                    killed = next(job.split()[0] for job in jobs if "rule_sample_wildcards" in job)
                    subprocess.run(["scancel", killed], check=True)
                time.sleep(0.2)
        finally:
            snakemake.kill()  # no gentler signal: it would first wait for its jobs
            snakemake.wait()
            cancel_jobs()
    assert snakemake.returncode == 0, f"snakemake ended with {snakemake.returncode}"
    assert killed, "the simulation ended before it could be killed"
    return killed


def job_states(completed: Path) -> dict[str, str]:
    """Return the final state of every job by its number, as SLURM noted them."""
    return dict(re.findall(r"^JobId=(\d+) .*? JobState=(\w+)", completed.read_text(), flags=re.MULTILINE))


def check(log: str, states: dict[str, str], killed: str) -> None:
    """Hold what SLURM, Snakemake and the results say against each other."""
    for target in TARGETS:
        assert target.is_file(), f"{target} is missing"
    submitted = set(re.findall(r"has been submitted with SLURM jobid (\d+)", log))
    assert submitted == set(states), f"Snakemake submitted {submitted}, SLURM ran {states}"
    expected = {job: "CANCELLED" if job == killed else "COMPLETED" for job in states}
    assert states == expected, f"job {killed} should have been cancelled and all others completed: {states}"
    provenance = json.loads((SIMULATION / "provenance.json").read_text())
    assert provenance["pieces"] == 2, f"the killed simulation ran in {provenance['pieces']} pieces, not 2"
    assert provenance["settings"]["mpi_ranks"] == 2, "the simulation did not use two MPI ranks"
    from zifmelt.trajectory import read_frames

    times = read_frames(SIMULATION).times
    assert len(times) == provenance["frames"], "frames are missing from the killed simulation"
    assert np.allclose(np.diff(times), provenance["frame_interval_ps"]), (
        "frames are not equally spaced in time"
    )


if __name__ == "__main__":
    main()
