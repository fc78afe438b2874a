"""What was run: the simulations of a campaign, from the records that they leave."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from ..files import read_json, read_table

ENGINES = {"lammps": "LAMMPS", "openmm": "OpenMM"}
PS_PER_NS = 1000.0
S_PER_HOUR = 3600.0
GROUPED = ["stage", "phase", "framework", "forcefield", "n_zn", "temperature_K", "pressure_bar", "barostat"]
"""Simulations that agree in these are replicas of each other and share a row."""


def recorded_simulations(folder: Path) -> pd.DataFrame:
    """Read what the finished simulations of a campaign recorded.

    Parameters
    ----------
    folder
        The campaign's folder; ``runs.csv`` in it, where there is one, tells frameworks and phases.

    Returns
    -------
    pandas.DataFrame
        One row per simulation: path, `GROUPED`, duration_ps, wall_h, engine, hardware, finished.
        Temperature, pressure and barostat are those of the last part of the protocol.
    """
    records = [_record(path, folder / "md") for path in sorted((folder / "md").rglob("provenance.json"))]
    columns = ["path", *GROUPED, "duration_ps", "wall_h", "engine", "hardware", "finished"]
    found = pd.DataFrame(records).reindex(columns=columns)
    planned = folder / "runs.csv"
    if planned.is_file() and len(found):
        table = read_table(planned, ("path", "phase", "framework")).set_index("path")
        for name in ("phase", "framework"):
            found[name] = table[name].reindex(found["path"]).to_numpy()
    return found


def grouped(simulations: pd.DataFrame) -> list[dict[str, Any]]:
    """Gather replicas: `GROUPED`, their number, the range of their lengths and the time of all together."""
    rows = []
    for keys, part in simulations.groupby(GROUPED, dropna=False, sort=False):
        lengths = part["duration_ps"]
        low, high = f"{lengths.min():.4g}", f"{lengths.max():.4g}"
        named = {key: "" if pd.isna(value) else value for key, value in zip(GROUPED, keys, strict=True)}
        length = low if low == high else f"{low} to {high}"
        rows.append({**named, "number": len(part), "length_ps": length, "sum_ps": float(lengths.sum())})
    return rows


def facts(simulations: pd.DataFrame, folder: Path) -> dict[str, str]:
    """Sum the simulations up for the head of the page."""
    if simulations.empty:
        return {"Simulations": "none is finished"}
    planned = len(read_table(folder / "runs.csv")) if (folder / "runs.csv").is_file() else 0
    of = f" of {planned} planned" if planned > len(simulations) else ""
    total = simulations["duration_ps"].sum()
    return {
        "Simulations": f"{len(simulations)}{of}, {total / PS_PER_NS:.3g} ns in all",
        "Independent glasses": str(int((simulations["stage"] == "annealing").sum())),
        "Boxes": f"{simulations['n_zn'].min():.0f} to {simulations['n_zn'].max():.0f} Zn",
        "Force field": ", ".join(sorted(simulations["forcefield"].dropna().unique())),
        "Engine": ", ".join(sorted(simulations["engine"].dropna().unique())),
        "Machine": ", ".join(sorted(simulations["hardware"].dropna().unique())),
        "Computing time": f"{simulations['wall_h'].sum():.3g} h of wall time, added over simulations",
        "Last simulation": str(simulations["finished"].dropna().max())[:10],
    }


def _record(path: Path, md: Path) -> dict[str, Any]:
    content = read_json(path, ("stretches",))
    last, settings = content["stretches"][-1], content.get("settings", {})
    place = path.parent.relative_to(md)
    crystal = Path(content.get("data_file", {}).get("path", "")).parts
    return {
        "path": place.as_posix(),
        "stage": place.parts[0],
        "framework": crystal[-3] if "structures" in crystal else None,
        "forcefield": content.get("forcefield", {}).get("name"),
        "n_zn": content.get("n_zn"),
        "temperature_K": last["to_K"],
        "pressure_bar": settings.get("pressure_bar"),
        "barostat": last.get("barostat"),
        "duration_ps": sum(stretch["duration_ps"] for stretch in content["stretches"]),
        "wall_h": _hours(content.get("started"), content.get("finished")),
        "engine": ", ".join(_engines(content)) or None,
        "hardware": ", ".join(_devices(content)) or _hardware(settings),
        "finished": content.get("finished"),
    }


def _engines(content: dict[str, Any]) -> list[str]:
    """Names and versions of the engines of a simulation."""
    versions = content.get("versions", {})
    return [f"{name} {versions[key]}" for key, name in ENGINES.items() if key in versions]


def _devices(content: dict[str, Any]) -> list[str]:
    """Processors that a simulation ran on, where they have names; ``cpu`` and ``gpu`` are none."""
    devices = [str(record.get("device", "")) for record in content.get("engines", [])]
    return [device for device in dict.fromkeys(devices) if device not in ("", "cpu", "gpu")]


def _hardware(settings: dict[str, Any]) -> str | None:
    if settings.get("accelerator") == "gpu":
        return f"{settings.get('gpus', 1)} GPU per simulation"
    cores = settings.get("threads", 0) * settings.get("mpi_ranks", 1)
    return f"{cores} CPU core{'s' if cores > 1 else ''} per simulation" if cores else None


def _hours(started: str | None, finished: str | None) -> float:
    if not (started and finished):
        return float("nan")
    elapsed = datetime.fromisoformat(finished) - datetime.fromisoformat(started)
    return elapsed.total_seconds() / S_PER_HOUR
