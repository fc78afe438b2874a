"""What the workflow passes on for each run of a campaign: settings, cost, resources."""

import math
from functools import cache
from typing import Any

import pandas as pd

from ..campaign import PARTICLES_PER_ZN, Campaign
from ..configuration import Hardware
from ..errors import InputError
from ..forcefield.files import SHIPPED, read_forcefield_file
from ..runs import Simulation
from .cost import Cost, estimate, runtime_minutes
from .settings import settings_from

ATOMS_PER_ZN = {"Zn": 1, "N": 4, "C": 6, "H": 6}
"""Atoms of Zn(imidazolate)2 by element."""


def settings_of(campaign: Campaign, run: Simulation) -> dict[str, Any]:
    """Return the settings of a run as plain values, without the hardware.

    Runs that start from a crystal structure are minimised; all draw new velocities, so that runs from
    the same start are independent and begin at their own temperature.
    """
    return {
        **campaign.config.dynamics.plain(),
        "frame_interval_ps": run.frame_interval_ps,
        "pressure_bar": run.pressure_bar,
        "trajectory_elements": list(run.elements),
        "minimise": run.start is None,
        "new_velocities": True,
    }


def cost_of(campaign: Campaign, run: Simulation) -> Cost:
    """Return what a run costs, with the throughput of the configuration.

    Raises
    ------
    InputError
        The intervals of the run do not fit its time steps or its protocol.
    """
    particles = PARTICLES_PER_ZN * run.n_zn
    stored = sum(ATOMS_PER_ZN[element] for element in run.elements)
    try:
        return estimate(
            run.segments,
            settings_from(settings_of(campaign, run)),
            max_timestep_fs(campaign, run.variant),
            particles,
            run.n_zn * stored,
            campaign.config.hardware.throughput_particle_steps_per_core_second,
        )
    except InputError as error:
        raise InputError(f"configuration of the run {run.path}: {error}") from None


def cost_table(campaign: Campaign) -> pd.DataFrame:
    """Return the cost of the campaign's dynamics by stage.

    Returns
    -------
    pandas.DataFrame
        Columns stage, runs, time_ns, steps, core_hours, gpu_hours, disk_GB; the last row is the sum. With
        GPUs whose speed is not configured the hours are NaN.
    """
    rows: dict[str, list[Simulation]] = {}
    for run in campaign.runs:
        rows.setdefault(run.stage, []).append(run)
    table = pd.DataFrame([_stage_row(campaign, stage, runs) for stage, runs in rows.items()])
    total = {column: table[column].sum(skipna=False) for column in table.columns.drop("stage")}
    return pd.concat([table, pd.DataFrame([{"stage": "all", **total}])], ignore_index=True)


def runtime_of(campaign: Campaign, run: Simulation, cores: int) -> int:
    """Return the time limit of a run in minutes; on GPUs of unknown speed that of its cores alone."""
    hardware, cost = campaign.config.hardware, cost_of(campaign, run)
    gpu_hours = _hours(hardware, cost)["gpu_hours"]
    if gpu_hours > 0:
        return runtime_minutes(gpu_hours, hardware.gpus)
    return runtime_minutes(cost.core_hours, cores)


def _hours(hardware: Hardware, cost: Cost) -> dict[str, float]:
    """Core- and GPU-hours on the configured hardware; a run on GPUs holds its cores for as long."""
    if hardware.accelerator == "cpu":
        return {"core_hours": cost.core_hours, "gpu_hours": 0.0}
    speed = hardware.throughput_particle_steps_per_gpu_second or math.nan
    gpu_hours = cost.core_hours * hardware.throughput_particle_steps_per_core_second / speed
    cores = hardware.mpi_ranks * hardware.threads
    return {"core_hours": gpu_hours * cores / hardware.gpus, "gpu_hours": gpu_hours}


def max_timestep_fs(campaign: Campaign, forcefield: str) -> float:
    """Return the largest time step a force field allows, fs; its file may be a variant yet to be written."""
    section = campaign.config.forcefield_scan
    override = section.variants.get(forcefield)
    base = section.base if override is not None else forcefield
    shipped = _shipped_max_timestep_fs(base)
    return shipped if override is None else override.get("max_timestep_fs", shipped)


@cache
def _shipped_max_timestep_fs(forcefield: str) -> float:
    return read_forcefield_file(SHIPPED / f"{forcefield}.yaml")["max_timestep_fs"]


def _stage_row(campaign: Campaign, stage: str, runs: list[Simulation]) -> dict[str, Any]:
    total = sum((cost_of(campaign, run) for run in runs), Cost(0, 0.0, 0.0))
    return {
        "stage": stage,
        "runs": len(runs),
        "time_ns": sum(run.duration_ps for run in runs) / 1000,
        "steps": total.steps,
        **_hours(campaign.config.hardware, total),
        "disk_GB": total.disk_mb / 1000,
    }
