"""What SLURM would see of the paper's protocol through the shipped profile."""

import re

import pytest

from checkout import ROOT, snakemake
from zifmelt.files import read_yaml
from zifmelt.memory import LARGE, MB_PER_MILLION_ENVIRONMENTS, SMALL_MB

pytestmark = pytest.mark.slow

SIMULATIONS = 206


@pytest.fixture(scope="module")
def dry_run():
    ended = snakemake("--profile", "slurm", "--dry-run")
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split("This was a dry-run")[0]


def test_short_jobs_are_grouped(dry_run):
    """Of about 420 short jobs 350 are one of each simulation's; SLURM sees some hundred."""
    grouped = [part.count("\n    rule ") for part in dry_run.split("Group job ")[1:]]
    single = re.findall(r"^rule (\w+):", dry_run, flags=re.MULTILINE)
    simulations = dry_run.count("\n    Run ") + len(
        re.findall(r"^Job \d+: Run ", dry_run, flags=re.MULTILINE)
    )
    assert simulations == SIMULATIONS
    assert sum(grouped) + len(single) > 400
    assert len(grouped) + len(single) < 120
    assert 10 <= max(grouped) <= 30


def test_simulations_are_told_ahead_of_their_time_limit_and_tried_many_times():
    profile = read_yaml(ROOT / "slurm/config.v8+.yaml")
    assert profile["default-resources"]["slurm_extra"].strip("'") == "--signal=URG@600"
    assert profile["preemptible-retries"] >= 20
    rules = (ROOT / "workflow/rules/dynamics.smk").read_text()
    assert profile["preemptible-rules"] == re.findall(r"use rule simulate as (\w+)", rules)


def test_every_job_leaves_a_benchmark_file_and_asks_for_the_memory_that_was_measured():
    assert read_yaml(ROOT / "slurm/config.v8+.yaml")["default-resources"]["mem_mb"] == f"{SMALL_MB} * attempt"
    other = {*LARGE, *(rule for rule, _ in MB_PER_MILLION_ENVIRONMENTS)}
    texts = [path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk")]
    blocks = [block for text in texts for block in re.split(r"^(?=rule )", text, flags=re.MULTILINE)[1:]]
    jobs = {block.split()[1].rstrip(":"): block for block in blocks if "localrule: True" not in block}
    assert len(jobs) > 50 and other < set(jobs)
    for rule, block in jobs.items():
        assert re.search(rf'"results/{{campaign(\.name)?}}/benchmarks/{rule}/', block), rule
        assert (f'mem_mb=memory("{rule}")' in block) == (rule in other), rule
