"""What the jobs of a campaign took, from their benchmark files, beside what was estimated and asked for."""

import math
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pandas as pd

from .campaign import Campaign
from .dynamics.cost import S_PER_HOUR, SNAKEMAKES_MB
from .dynamics.plan import cost_of
from .errors import InputError
from .files import read_json, read_text
from .memory import SIMULATIONS, asked_MB

OFTEN_S, SELDOM_S = 15.5, 30.0
"""Snakemake looks at a job twice a second for so long, then at this interval; what came after the last look
is missing from its CPU time."""


def read_usage(folder: str | Path) -> pd.DataFrame:
    """Read the benchmark files of a campaign.

    Parameters
    ----------
    folder
        Folder of the benchmark files.

    Returns
    -------
    pandas.DataFrame
        Columns rule, job, wall_s, cpu_s and memory_MB (largest resident set); NaN where a job ended before
        Snakemake had looked at it.

    Raises
    ------
    InputError
        A file is not one of Snakemake's.
    """
    rows = []
    for path in sorted(Path(folder).rglob("*.tsv")):
        rule, *job = path.relative_to(folder).with_suffix("").parts
        try:
            names, values = (line.split("\t") for line in read_text(path).splitlines())
            entry = dict(zip(names, values, strict=True))
            wall_s, cpu_s, memory_MB = (_number(entry[key]) for key in ("s", "cpu_time", "max_rss"))
        except (ValueError, KeyError):
            raise InputError(f"{path}: not a benchmark file of Snakemake; delete it.") from None
        seen_s = wall_s if wall_s < OFTEN_S else wall_s - (wall_s - OFTEN_S) % SELDOM_S
        rows.append((rule, "/".join(job), wall_s, cpu_s * wall_s / seen_s if seen_s else cpu_s, memory_MB))
    return pd.DataFrame(rows, columns=["rule", "job", "wall_s", "cpu_s", "memory_MB"])


def compare_memory(usage: pd.DataFrame, asked_MB: Callable[[str, str], float]) -> pd.DataFrame:
    """Hold the memory that jobs ask a queue for against what they used.

    Parameters
    ----------
    usage
        As `read_usage` returns it.
    asked_MB
        Memory that a job asks for, MB, by rule and job.

    Returns
    -------
    pandas.DataFrame
        Per rule the number of jobs, CPU hours and wall-clock hours of all, asked_MB and used_MB of the job
        that used most, and the lowest and highest asked_over_used. The Snakemakes beside a job on a cluster
        count as used.
    """
    known = usage.dropna(subset="memory_MB")
    asked = [asked_MB(rule, job) for rule, job in zip(known["rule"], known["job"], strict=True)]
    table = known.assign(asked_MB=asked, used_MB=known["memory_MB"] + SNAKEMAKES_MB)
    table["ratio"] = table["asked_MB"] / table["used_MB"]
    rules = table.groupby("rule")
    largest = table.loc[rules["used_MB"].idxmax()].set_index("rule")
    columns = {
        "jobs": rules.size(),
        "cpu_hours": rules["cpu_s"].sum() / S_PER_HOUR,
        "wall_hours": rules["wall_s"].sum() / S_PER_HOUR,
        "asked_MB": largest["asked_MB"],
        "used_MB": largest["used_MB"],
        "asked_over_used_from": rules["ratio"].min(),
        "to": rules["ratio"].max(),
    }
    return pd.DataFrame(columns).reset_index()


def compare_cost(campaign: Campaign, usage: pd.DataFrame, runs: str | Path) -> tuple[int, float, float]:
    """Hold the estimated cost of finished simulations against what they took.

    Parameters
    ----------
    campaign
        What was to be simulated.
    usage
        As `read_usage` returns it.
    runs
        Folder of the run folders. A simulation that went on after an end is left out: its benchmark file
        tells of its last piece alone.

    Returns
    -------
    tuple
        Number of simulations, estimated and taken hours: of cores that were at work, or of GPUs where the
        campaign uses them.
    """
    hardware = campaign.config.hardware
    count, estimated_h, taken_h = 0, 0.0, 0.0
    for job in usage[usage["rule"] == SIMULATIONS].itertuples():
        record = Path(runs) / job.job / "provenance.json"
        if not record.is_file() or not _is_whole(record, job.wall_s):
            continue
        count += 1
        estimated_h += cost_of(campaign, campaign.runs[job.job]).processor_hours
        on_gpus_s = job.wall_s * hardware.gpus / hardware.runs_per_gpu
        taken_h += (on_gpus_s if hardware.accelerator == "gpu" else job.cpu_s) / S_PER_HOUR
    return count, estimated_h, taken_h


def told_usage(campaign: Campaign, folder: str | Path) -> str:
    """Return as text what the finished jobs of a campaign took; empty if there are none.

    Parameters
    ----------
    campaign
        What was to be simulated.
    folder
        Folder of its results.
    """
    usage = read_usage(Path(folder) / "benchmarks")
    usage = usage[(usage["rule"] != SIMULATIONS) | usage["job"].isin(campaign.runs.paths)]
    if usage.empty:
        return ""
    count, estimated_h, taken_h = compare_cost(campaign, usage, Path(folder) / "md")
    unit = "GPU-hours" if campaign.config.hardware.accelerator == "gpu" else "core-hours"
    table = compare_memory(usage, lambda rule, job: asked_MB(campaign, rule, job))
    told = f"{count} finished simulations: estimated {estimated_h:.3f} {unit}, taken {taken_h:.3f}"
    if taken_h:
        told += f", estimated / taken {estimated_h / taken_h:.2f}"
    return f"{told}\n{table.to_string(index=False, float_format='{:.2f}'.format)}"


def _number(text: str) -> float:
    """Read a number, NaN where Snakemake had none."""
    return math.nan if text in ("NA", "-") else float(text)


def _is_whole(record: Path, wall_s: float) -> bool:
    """Tell whether a job of so many seconds was the whole run: times in the record are whole seconds."""
    provenance = read_json(record, ("started", "finished"))
    began, ended = (datetime.fromisoformat(provenance[key]) for key in ("started", "finished"))
    return wall_s > (ended - began).total_seconds() - 1.5
