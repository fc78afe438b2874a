"""The quiet display: counts by stage, simulations from their logs, failures in one sentence."""

import io
import subprocess
import sys

import pytest
from rich.console import Console

from zifmelt.display.show import Display
from zifmelt.display.state import State, stages_of_rules
from zifmelt.shipped import PACKAGE


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def state(tmp_path):
    clock = Clock()
    made = State(clock)
    made.plan({"all": 1, "anneal": 4, "sample": 2, "plot_fig2": 1, "total": 8})
    for number, rule in ((1, "anneal"), (2, "sample")):
        log = tmp_path / f"{rule}.log"
        made.start(number, rule, [f"{rule}/r1"], [str(log)])
    return made


def test_every_rule_of_the_dynamics_is_a_simulation():
    stages = stages_of_rules()
    for rule in ("anneal", "melt", "sample", "produce", "coexist"):
        assert stages[rule] == "simulations"
    assert stages["plot_fig2"] == "properties" and stages["train_classifier"] == "classifier"


def test_counts_and_time_left_by_hand(state):
    assert state.by_stage() == {"simulations": (0, 6), "properties": (0, 1)}
    assert state.seconds_left() is None
    state.clock.now = 10.0
    state.finish(1)
    assert state.by_stage()["simulations"] == (1, 6)
    # anneal takes 10 s and three are left; sample and figures count the same; one runs for 10 s already.
    assert state.seconds_left() == pytest.approx(3 * 10 + (10 - 10) + 10 + 10)
    state.start(3, "anneal", ["anneal/r2"], [])
    assert state.seconds_left() == pytest.approx((10 + 2 * 10 + 0 + 10 + 10) / 2)


def test_time_left_follows_what_a_simulation_tells(state, tmp_path):
    (tmp_path / "sample.log").write_text("x: 25.0 %, 0.8 ps, segment 'hold', 4.59 ns/day, 0:00:32 left\n")
    state.clock.now = 8.0
    # A sample takes 32 s: 24 s of this one and another; anneal and figures count as much, one runs for 8 s.
    assert state.seconds_left() == pytest.approx((24 + 32 + (32 - 8) + 3 * 32 + 32) / 2)


def test_an_unseen_analysis_counts_as_the_analyses_do_not_as_simulations(state):
    state.planned["plot_fig3"] = 1
    state.clock.now = 10.0
    state.finish(1)
    state.start(3, "plot_fig2", [], [])
    state.clock.now = 12.0
    state.finish(3)
    # Three anneals of 10 s and a sample of 10 s are to come, one runs for 12 s; a figure takes 2 s.
    assert state.seconds_left() == pytest.approx(3 * 10 + 10 + 0 + 2)


def test_simulations_tell_their_speed(state, tmp_path):
    assert [share for _, share, _ in state.simulations()] == [0.0, 0.0]
    (tmp_path / "anneal.log").write_text(
        "results/x/md/anneal/r1: 0.0 %, 0.0 ps, segment 'heating'\n"
        "results/x/md/anneal/r1: 32.0 %, 0.8 ps, segment 'hold', 4.59 ns/day, 1 day, 0:00:32 left\n"
    )
    (tmp_path / "sample.log").write_text("results/x/md/sample/r1: 3.5 %, 0.1 ps, segment 'production'\n")
    assert state.simulations() == [
        ("anneal/r1", 32.0, "4.59 ns/day, 1 day, 0:00:32 left"),
        ("sample/r1", 3.5, ""),
    ]


def test_a_failure_is_one_sentence_with_the_log(state, tmp_path):
    (tmp_path / "anneal.log").write_text("working\nError: a.yaml: there is no such file.\n")
    said = state.fail(1, "anneal", [])
    assert said == f"anneal of anneal/r1 failed: a.yaml: there is no such file; log: {tmp_path}/anneal.log"
    assert 1 not in state.running and state.failures == [said]
    assert "it gave no reason" in state.fail(2, "sample", [])


def test_plain_lines_come_now_and_then(state, monkeypatch):
    stream = io.StringIO()
    display = Display(state, Console(file=stream, width=40))
    for second in (0.0, 10.0, 29.0, 31.0):
        state.clock.now = second
        display.update()
    assert stream.getvalue().splitlines() == ["simulations 0/6, properties 0/1"] * 2


def test_the_picture_has_bars_and_counts(state, tmp_path):
    (tmp_path / "anneal.log").write_text("x: 32.0 %, 0.8 ps, segment 'hold', 4.59 ns/day, 0:00:32 left\n")
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=100)
    console.print(Display(state, console).picture())
    shown = stream.getvalue()
    assert "simulations" in shown and "0/6" in shown and "4.59 ns/day" in shown


SNAKEFILE = """
rule all:
    input: "a.txt", "b.txt"
rule good:
    output: "a.txt"
    log: "good.log"
    shell: "echo noise of a job >&2; echo more noise; touch {output}"
rule bad:
    output: "b.txt"
    log: "bad.log"
    shell: "echo 'Error: the box is empty.' > {log}; exit 1"
"""


@pytest.fixture
def snakemake_tells(tmp_path):
    """Run Snakemake with the plugin and return its exit status and what a person sees."""
    (tmp_path / "Snakefile").write_text(SNAKEFILE)
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--logger", "zifmelt", "--keep-going"]
    path = {
        "PYTHONPATH": f"{PACKAGE.parent}:{':'.join(sys.path)}",
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
    }

    def run(*arguments):
        ended = subprocess.run(
            [*command, *arguments], cwd=tmp_path, env=path, capture_output=True, text=True, timeout=120
        )
        return ended.returncode, ended.stdout + ended.stderr

    return run


@pytest.mark.slow
def test_snakemake_with_the_plugin_is_quiet_and_tells_of_failures(snakemake_tells, tmp_path):
    status, told = snakemake_tells()
    assert status == 1
    assert (tmp_path / "a.txt").exists()
    assert "bad failed: the box is empty; log: bad.log" in told
    assert "noise" not in told and len(told.splitlines()) < 12, told
    assert "othing to do" not in told
    logs = "".join(path.read_text() for path in (tmp_path / ".snakemake/log").glob("*.log"))
    assert "noise of a job" in logs and "Finished jobid" in logs


@pytest.mark.slow
def test_only_what_is_up_to_date_is_nothing_to_do(snakemake_tells, tmp_path):
    status, told = snakemake_tells("--dry-run")
    assert status == 0 and "Would run: other 2." in told and "othing to do" not in told
    assert snakemake_tells("a.txt")[0] == 0
    for dry in ((), ("--dry-run",)):
        status, told = snakemake_tells("a.txt", *dry)
        assert status == 0 and told.count("Nothing to do") == 1 and "Would run" not in told
