"""What the tests run through SLURM, what they do to it meanwhile, and what must come of it."""

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from cluster import Slurm, ask, cancel_jobs

from zifmelt.dynamics.run_physics import check_run as check_physics
from zifmelt.files import read_json
from zifmelt.trajectory import read_frames, read_thermo

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "results/slurm_test"
CRYSTALS = "sampling/ZIF-4/300K"
COMMAND = [sys.executable, "-m", "snakemake", "--profile", "slurm"]
COMMAND += ["--slurm-logdir", str(RESULTS / "slurm_logs"), "--latency-wait", "20"]
COMMAND += ["--slurm-init-seconds-before-status-checks", "5"]
TIME_LIMIT = 900
LIMIT_MINUTES = 2
WARNING_SECONDS = 30
"""How long before its time limit a job is to be warned. SLURM may do that up to a minute earlier: with these
two, when the simulation has begun to listen, which takes it some 10 s."""


class Trouble(Exception):
    """Something did not come in time."""


@contextmanager
def snakemake(
    targets: list[str], *options: str, configured: tuple[str, ...] = ()
) -> Iterator[subprocess.Popen]:
    """Start Snakemake with the shipped profile; at the end nothing of it is left."""
    command = [*COMMAND, *options, "--configfile", "config/demo.yaml", "tests/slurm/config.yaml", *configured]
    files = [str((RESULTS / target).relative_to(ROOT)) for target in targets]
    with (RESULTS / "snakemake.log").open("a") as output:
        process = subprocess.Popen(
            [*command, "--", *files], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            yield process
        finally:
            process.kill()  # no gentler signal: it would first wait for its jobs
            process.wait()
            cancel_jobs()


def unlock() -> None:
    """Take away the lock of a Snakemake that was killed."""
    subprocess.run(
        [*COMMAND, "--unlock", "--configfile", "config/demo.yaml", "tests/slurm/config.yaml"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )


def wait_until(is_so: Callable[[], bool], what: str, snakemake: subprocess.Popen) -> None:
    """Wait for something that happens while Snakemake is at work."""
    end = time.monotonic() + TIME_LIMIT
    while not is_so():
        if time.monotonic() > end or snakemake.poll() is not None:
            raise Trouble(f"in vain for {what}")
        time.sleep(0.2)


def finish(snakemake: subprocess.Popen) -> None:
    """Wait for the end of Snakemake; all must have come out well."""
    try:
        ended = snakemake.wait(TIME_LIMIT)
    except subprocess.TimeoutExpired:
        raise Trouble(f"Snakemake is not ready after {TIME_LIMIT} s") from None
    assert ended == 0, f"Snakemake ended with {ended}"


def checkpoints(run: str) -> int:
    """Number of checkpoints of a run that is under way."""
    return len(list((RESULTS / "md").glob(f"{run}.checkpoint/chunk-*.json")))


def is_ready(run: str) -> bool:
    """Whether a run is complete."""
    return (RESULTS / "md" / run / "provenance.json").is_file()


def job_of(run: str) -> str:
    """Return the number of the job in which a simulation is running now, empty if there is none."""
    name = run.replace("/", "_")
    for line in ask("squeue", "--noheader", "--states=RUNNING", "--format=%i %k").splitlines():
        number, comment = line.split(maxsplit=1)
        if name in re.sub(r"[^\w-]", "_", comment):
            return number
    return ""


def check_run(run: str, pieces: range) -> None:
    """Hold what a run was to be against what it is: every frame once, in as many pieces as expected."""
    folder = RESULTS / "md" / run
    provenance = read_json(folder / "provenance.json")
    assert provenance["pieces"] in pieces, f"{run} ran in {provenance['pieces']} pieces, not in {pieces}"
    times, interval = read_frames(folder).times, provenance["frame_interval_ps"]
    assert len(times) == provenance["frames"], f"{run}: frames are missing"
    assert np.allclose(times, interval * np.arange(len(times))), f"{run}: frames are not where they belong"
    rows = read_thermo(folder)["time_ps"].to_numpy()
    assert np.allclose(np.diff(rows), provenance["settings"]["thermo_interval_ps"]), (
        f"{run}: rows are missing"
    )
    physics = check_physics(folder)
    assert physics["ok"].all(), f"{run}: {physics[~physics['ok']].to_string()}"


def check_memory(run: str) -> None:
    """Hold the memory that a simulation asked for against what its job had, as the database tells."""
    told = ask(
        "sacct", "--noheader", "--parsable2", "--units=M", "--format=JobID,Comment,ReqMem,MaxRSS,Elapsed"
    )
    rows = [line.split("|") for line in told.splitlines()]
    name = run.replace("/", "_")
    jobs = {row[0]: float(row[2].rstrip("Mnc")) for row in rows if name in re.sub(r"[^\w-]", "_", row[1])}
    used = {
        job: sum(float(row[3].rstrip("M") or 0) for row in rows if row[0].startswith(f"{job}."))
        for job in jobs
    }
    assert jobs, f"{run} has no job in the database: {told}"
    for job, asked in jobs.items():
        print(f"job {job} of {run}: {asked:.0f} MB asked for, {used[job]:.0f} MB used", flush=True)
    assert max(used.values()) < max(jobs.values()) < 2 * max(used.values()), (
        f"{run}: {jobs} asked, {used} used"
    )


def without_accounting(slurm: Slurm) -> str:
    """A simulation of two MPI ranks that is cancelled, then loses its node; SLURM is asked by squeue."""
    run = f"{CRYSTALS}/r1"
    with snakemake(
        [f"md/{run}/provenance.json"], "--nolock", configured=("tests/slurm/two_ranks.yaml",)
    ) as process:
        wait_until(lambda: checkpoints(run) > 0, "a checkpoint", process)
        killed = job_of(run)
        subprocess.run(["scancel", killed], check=True)
        before = checkpoints(run)
        wait_until(
            lambda: checkpoints(run) > before and job_of(run) not in ("", killed),
            "a further checkpoint",
            process,
        )
        lost = job_of(run)
        slurm.fail_node()
        finish(process)
    states = slurm.jobs()
    log = (RESULTS / "snakemake.log").read_text()
    submitted = set(re.findall(r"submitted with SLURM jobid (\d+)", log))
    assert submitted == set(states), f"Snakemake submitted {submitted}, SLURM ran {states}"
    expected = {**dict.fromkeys(states, "COMPLETED"), killed: "CANCELLED", lost: "NODE_FAIL"}
    assert states == expected, f"{states} should be {expected}"
    check_run(run, range(3, 4))
    assert read_json(RESULTS / "md" / run / "provenance.json")["settings"]["mpi_ranks"] == 2
    return f"without accounting: {len(states)} jobs, one cancelled and one lost with its node, and continued"


def with_accounting(slurm: Slurm) -> str:
    """Everything else that happens on a cluster, to several simulations at once; SLURM is asked by sacct.

    One simulation comes near its time limit again and again, of which SLURM warns it; another is warned by
    hand; slurmd is killed and started again, the node is drained, and in the end Snakemake itself is killed.
    """
    limited, told, other = "production/ZIF-zni/1x1x2/700K/r1", f"{CRYSTALS}/r1", f"{CRYSTALS}/r2"
    targets = [f"md/{limited}/provenance.json", *(f"analysis/{run}/rdf.csv" for run in (told, other))]
    options = ["--slurm-status-command", "sacct", "--set-resources", f"produce:runtime={LIMIT_MINUTES}"]
    options += [f"produce:slurm_extra='--signal=URG@{WARNING_SECONDS}'"]
    with snakemake(targets, *options) as process:
        wait_until(lambda: checkpoints(told) > 0 and bool(job_of(told)), "a checkpoint", process)
        subprocess.run(["scancel", "--signal=URG", job_of(told)], check=True)
        log = RESULTS / f"logs/simulate/{told}.log"
        wait_until(
            lambda: "its time is nearly up" in log.read_text(), "the end of the run that was told", process
        )
        slurm.kill_daemon("slurmd")
        slurm.start_daemon("slurmd")
        slurm.wait_until_idle()
        ask("scontrol", "update", f"nodename={slurm.node}", "state=drain", "reason=test")
        time.sleep(10)
        ask("scontrol", "update", f"nodename={slurm.node}", "state=resume")
        wait_until(
            lambda: checkpoints(limited) > 1 or is_ready(limited), "the run with a time limit", process
        )
        process.send_signal(signal.SIGKILL)
    unlock()
    with snakemake(targets, *options) as process:
        finish(process)
    check_run(limited, range(2, 40))
    said = "".join(path.read_text() for path in (RESULTS / "slurm_logs/rule_produce").rglob("*.log"))
    assert "its time is nearly up" in said, f"{limited} was never told that its time is nearly up"
    check_run(told, range(2, 5))
    check_run(other, range(1, 5))
    check_memory(limited)
    states = list(slurm.jobs().values())
    ended = len(states) - states.count("COMPLETED")
    return f"with accounting: {len(states)} jobs, {ended} of them ended before they were completed"
