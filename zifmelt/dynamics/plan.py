"""What the workflow passes on for each run of a campaign: settings, cost, resources."""

import math
from functools import cache
from typing import Any

import pandas as pd

from ..campaign import PARTICLES_PER_ZN, Campaign
from ..errors import InputError
from ..forcefield.files import SHIPPED, read_forcefield_file
from ..runs import Simulation
from .cost import Cost, estimate, runtime_minutes
from .settings import Settings, settings_from
from .speeds import HARDWARE, MEASURED, cache_path, nearest, particle_steps_per_second

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


def hardware_of(campaign: Campaign) -> dict[str, Any]:
    """Return the settings of all runs that are hardware, as plain values."""
    return {key: getattr(campaign.config.hardware, key) for key in HARDWARE}


def most_ranks(campaign: Campaign) -> int:
    """Return the MPI ranks that a run may have, which its memory depends on."""
    hardware = campaign.config.hardware
    return hardware.mpi_ranks * (hardware.threads if hardware.tune else 1)


def cost_of(campaign: Campaign, run: Simulation) -> Cost:
    """Return what a run costs, in hours of a GPU (NaN if its speed is unknown) or of a core.

    The speed is the one measured on this machine, if there is one for the configured hardware, else that of
    the configuration.

    Raises
    ------
    InputError
        The intervals of the run do not fit its time steps or its protocol.
    """
    settings = settings_from({**settings_of(campaign, run), **hardware_of(campaign)})
    return _cost(campaign, run, settings, _processor_speed(campaign, run, settings))


def boxes_of(campaign: Campaign) -> list[tuple[str, tuple[int, ...]]]:
    """Return the crystal structure and the supercell of the first box of every size in a campaign."""
    boxes: dict[int, tuple[str, tuple[int, ...]]] = {}
    for run in campaign.runs:
        cells = tuple(int(count) for count in run.supercell.split("x"))
        boxes.setdefault(run.n_zn, (str(campaign.config.frameworks[run.framework].structure), cells))
    return [boxes[size] for size in sorted(boxes)]


def told_cost(campaign: Campaign) -> str:
    """Return the cost of the campaign's dynamics as text: a table, and where the speed comes from."""
    table = cost_table(campaign).to_string(index=False, float_format="{:.1f}".format, na_rep="not measured")
    run = next(iter(campaign.runs))
    settings = settings_from({**settings_of(campaign, run), **hardware_of(campaign)})
    known = nearest(cache_path(MEASURED), settings, PARTICLES_PER_ZN * run.n_zn)
    source = "configured; `snakemake throughput` measures it"
    if known is not None:
        source = f"measured here on {known.get('device') or known['platform']} with {known['engine']}"
    return f"{table}\nsimulations alone; analyses are not estimated\nspeed: {source}"


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
    """Return the time limit of a run in minutes; on GPUs of unknown speed that of its cores alone.

    Runs that share a GPU get the time that they need if they compute in turns.
    """
    hardware, cost = campaign.config.hardware, cost_of(campaign, run)
    if math.isnan(cost.processor_hours):
        slow = hardware.throughput_particle_steps_per_core_second
        on_cores = _cost(campaign, run, settings_from(settings_of(campaign, run)), slow)
        return runtime_minutes(on_cores.processor_hours, cores)
    if hardware.accelerator == "cpu":
        return runtime_minutes(cost.processor_hours, cores)
    return runtime_minutes(cost.processor_hours * hardware.runs_per_gpu, hardware.gpus)


def _cost(campaign: Campaign, run: Simulation, settings: Settings, speed: float) -> Cost:
    stored = sum(ATOMS_PER_ZN[element] for element in run.elements)
    limit = max_timestep_fs(campaign, run.variant)
    particles = PARTICLES_PER_ZN * run.n_zn
    try:
        return estimate(run.segments, settings, limit, particles, run.n_zn * stored, speed)
    except InputError as error:
        raise InputError(f"configuration of the run {run.path}: {error}") from None


def _processor_speed(campaign: Campaign, run: Simulation, settings: Settings) -> float:
    """Particle-steps per second of one of the run's GPUs, or of its cores where it has none."""
    hardware, particles = campaign.config.hardware, PARTICLES_PER_ZN * run.n_zn
    on_gpus = hardware.accelerator == "gpu"
    known = nearest(cache_path(MEASURED), settings, particles)
    if known is not None:
        processors = hardware.gpus if on_gpus else hardware.mpi_ranks * hardware.threads
        return particle_steps_per_second(known, particles) / processors
    if on_gpus:
        return hardware.throughput_particle_steps_per_gpu_second or math.nan
    return hardware.throughput_particle_steps_per_core_second


def _hours(campaign: Campaign, cost: Cost) -> dict[str, float]:
    """Core- and GPU-hours on the configured hardware; a run on GPUs holds its cores for as long."""
    hardware = campaign.config.hardware
    if hardware.accelerator == "cpu":
        return {"core_hours": cost.processor_hours, "gpu_hours": 0.0}
    cores = hardware.mpi_ranks * hardware.threads
    return {
        "core_hours": cost.processor_hours * cores / hardware.gpus,
        "gpu_hours": cost.processor_hours,
    }


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
        **_hours(campaign, total),
        "disk_GB": total.disk_mb / 1000,
    }
