"""Snakemake's main process waits for jobs, it does not spend its time on looking at them."""

import re

import pytest

from checkout import ROOT, snakemake

JOBS = 40
SNAKEFILE = """
rule all:
    input:
        expand("made/{{number}}", number=range({jobs})),

rule make:
    output:
        "made/{{number}}",
    shell:
        "sleep 0.3; touch {{output}}"
"""


def evaluations(folder, top: str, *options: str) -> int:
    """Run many short jobs, and count how often Snakemake looked at those that were ready."""
    (folder / "Snakefile").write_text(top + SNAKEFILE.format(jobs=JOBS))
    ended = snakemake("--cores", "4", "--verbose", *options, cwd=folder)
    assert ended.returncode == 0, ended.stderr
    assert len(list((folder / "made").iterdir())) == JOBS
    return len(re.findall(r"^Ready jobs: ", ended.stderr, re.MULTILINE))


@pytest.fixture
def ours():
    return f'include: "{ROOT / "workflow/rules/scheduling.smk"}"\n'


def test_ready_jobs_are_looked_at_only_when_one_has_ended(tmp_path, ours):
    assert evaluations(tmp_path, ours) <= JOBS + 1


def test_a_limit_that_was_asked_for_stays(tmp_path, ours):
    assert evaluations(tmp_path, ours, "--max-jobs-per-timespan", "50/1s") > JOBS + 1
