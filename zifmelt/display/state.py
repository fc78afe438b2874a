"""How far a campaign is: jobs by stage, simulations under way, what went wrong, time left."""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..shipped import shipped

RULE = re.compile(r"^(?:rule|use rule \w+ as) (\w+)", re.MULTILINE)
PROGRESS = re.compile(r": (?P<share>[\d.]+) %, .*?(?:(?P<speed>[\d.]+) ns/day, (?P<left>.+) left)?$")
REASON = re.compile(r"^(?:Error: |\w*Error: )(.+)$")
SIMULATIONS = "simulations"
STAGES = {"dynamics": SIMULATIONS, "property": "properties", "surroundings": "mechanism"}
"""Names of stages where the first word of the rules' file is not one."""

TAIL_BYTES = 4096


def stages_of_rules() -> dict[str, str]:
    """Tell the stage of every rule by the file that it is in; figures of a subject belong to its stage."""
    stages = {}
    for path in sorted(shipped("workflow/rules").glob("*.smk")):
        word = path.stem.split("_")[0]
        for rule in RULE.findall(path.read_text(encoding="utf-8")):
            stages[rule] = STAGES.get(word, word)
    return stages


@dataclass
class Job:
    """A job that runs: rule, what distinguishes it, logs, and when it began (s)."""

    rule: str
    subject: str
    logs: list[str]
    began: float

    def tail(self) -> list[str]:
        """Return the last lines of its first log; nothing if there is none yet."""
        try:
            with Path(self.logs[0]).open("rb") as stream:
                stream.seek(max(0, stream.seek(0, 2) - TAIL_BYTES))
                return stream.read().decode(errors="replace").splitlines()
        except (OSError, IndexError):
            return []

    def told(self) -> re.Match[str] | None:
        """Return what its log told last of its progress."""
        found = [match for line in self.tail() if (match := PROGRESS.search(line))]
        return found[-1] if found else None


@dataclass
class State:
    """What is known of a campaign's jobs.

    Attributes
    ----------
    clock
        Gives the time, s.
    planned, done
        Jobs by rule.
    running
        Jobs by Snakemake's number.
    failures
        One sentence each.
    """

    clock: Callable[[], float] = time.monotonic
    planned: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    running: dict[int, Job] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    spent: dict[str, float] = field(default_factory=dict)

    @cached_property
    def stages(self) -> dict[str, str]:
        """Stage of every rule."""
        return stages_of_rules()

    def plan(self, jobs: Mapping[str, int]) -> None:
        """Take in how many jobs of each rule there are."""
        self.planned = Counter({rule: count for rule, count in jobs.items() if rule not in ("all", "total")})

    def start(self, number: int, rule: str, wildcards: Iterable[str], logs: Iterable[str]) -> None:
        """Take in that a job runs."""
        self.running[number] = Job(rule, " ".join(wildcards), list(logs), self.clock())

    def finish(self, number: int) -> None:
        """Take in that a job has ended well."""
        job = self.running.pop(number, None)
        if job is not None and job.rule != "all":
            self.done[job.rule] += 1
            self.spent[job.rule] = self.spent.get(job.rule, 0.0) + self.clock() - job.began

    def fail(self, number: int, rule: str, logs: Iterable[str]) -> str:
        """Take in that a job has failed; return the sentence that says so."""
        known = self.running.pop(number, None)
        job = known or Job(rule, "", list(logs), self.clock())
        reasons = [match[1] for line in job.tail() if (match := REASON.match(line.strip()))]
        subject = f" of {job.subject}" if job.subject else ""
        reason = reasons[-1].rstrip(".") if reasons else "it gave no reason"
        where = f"; log: {job.logs[0]}" if job.logs else ""
        self.failures.append(f"{rule}{subject} failed: {reason}{where}")
        return self.failures[-1]

    def by_stage(self) -> dict[str, tuple[int, int]]:
        """Jobs done and planned of every stage, in the order of the plan."""
        found: dict[str, tuple[int, int]] = {}
        for rule, count in self.planned.items():
            stage = self.stages.get(rule, "other")
            done, planned = found.get(stage, (0, 0))
            found[stage] = (done + min(self.done[rule], count), planned + count)
        return found

    def simulations(self) -> list[tuple[str, float, str]]:
        """List the simulations that run: which, percent done, speed and time left, from their logs."""
        found = []
        for job in self.running.values():
            if self.stages.get(job.rule) == SIMULATIONS:
                told = job.told()
                rate = f"{told['speed']} ns/day, {told['left']} left" if told and told["speed"] else ""
                found.append((job.subject or job.rule, float(told["share"]) if told else 0.0, rate))
        return found

    def seconds_left(self) -> float | None:
        """Estimate the time left; None as long as nothing is known.

        A job to come takes as long as those of its rule did, or one that runs will by what its log tells, or
        as those rules of its kind (simulations or not) that are known do; as many run at once as now.
        """
        now = self.clock()
        known = {rule: self.spent[rule] / count for rule, count in self.done.items()}
        remaining = {}
        for number, job in self.running.items():
            told, elapsed = job.told(), now - job.began
            share = float(told["share"]) / 100 if told else 0.0
            if share > 0:
                remaining[number] = elapsed * (1 - share) / share
                known.setdefault(job.rule, elapsed / share)
        if not known:
            return None
        usual = {rule: known.get(rule) or self._of_its_kind(rule, known) for rule in self.planned}
        left = 0.0
        for number, job in self.running.items():
            left += remaining.get(number, max(0.0, usual.get(job.rule, 0.0) - (now - job.began)))
        under_way = Counter(job.rule for job in self.running.values())
        for rule, count in self.planned.items():
            left += usual[rule] * max(0, count - self.done[rule] - under_way[rule])
        return left / max(1, len(self.running))

    def _of_its_kind(self, rule: str, known: Mapping[str, float]) -> float:
        """Return the mean time of a job over the known rules that simulate, or do not, as this one."""
        simulating = {other for other in (rule, *known) if self.stages.get(other) == SIMULATIONS}
        alike = [time for other, time in known.items() if (other in simulating) == (rule in simulating)]
        times = alike or list(known.values())
        return sum(times) / len(times)
