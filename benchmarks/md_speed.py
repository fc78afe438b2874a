"""Molecular dynamics speed of 64 Zn: the force field's efficient settings against its reference settings."""

import tempfile
import time
from pathlib import Path

import numpy as np

from zifmelt.dynamics.lammps_engine import start_lammps
from zifmelt.files import write_json
from zifmelt.forcefield.lammps import coefficient_commands, setup_commands
from zifmelt.forcefield.parameters import ForceField, load_forcefield
from zifmelt.structures.system import build_system
from zifmelt.structures.writers import write_data_file
from zifmelt.units import BAR_PER_ATM, EV_PER_KCAL_PER_MOL

ROOT = Path(__file__).resolve().parents[1]
ARGUMENTS = {"reference": [], "efficient": ["-sf", "omp", "-pk", "omp", "1"]}
STEPS = {"reference": 10, "efficient": 40}
ROUNDS = 3
TIMESTEP_FS = 0.25


def main() -> dict[str, float]:
    """Time both settings on one disturbed configuration and write ``results/bench/md_speed.json``.

    The two take turns, and the fastest turn of each counts, so that other load on the machine hurts both
    alike. One thread; steps per second of processor time.

    Returns
    -------
    dict
        Steps per second, their ratio, and what the efficient settings change: forces relative to their root
        mean square, energy in eV, pressure in bar.
    """
    forcefield = load_forcefield(ROOT / "config/forcefields/nb-zif-ff.yaml")
    with tempfile.TemporaryDirectory() as folder:
        data_file = Path(folder) / "system.data"
        write_data_file(build_system(ROOT / "config/structures/ZIF-4.cif", forcefield, (2, 2, 1)), data_file)
        runs = {name: _start(forcefield, data_file, name) for name in ARGUMENTS}
    for command in ("minimize 1e-4 1e-4 30 60", "velocity all create 600 1 dist gaussian", "run 150"):
        runs["efficient"].command(command)
    positions = runs["efficient"].gather_atoms("x", 1, 3)
    runs["reference"].scatter_atoms("x", 1, 3, positions)
    for run in runs.values():
        run.command("velocity all create 300 1 dist gaussian")
    state = {name: _state(run) for name, run in runs.items()}
    speed = dict.fromkeys(runs, 0.0)
    for _ in range(ROUNDS):
        for name, run in runs.items():
            speed[name] = max(speed[name], _steps_per_second(run, STEPS[name]))
    result = _compare(state["reference"], state["efficient"]) | {
        "reference_steps_per_second": speed["reference"],
        "efficient_steps_per_second": speed["efficient"],
        "ratio": speed["efficient"] / speed["reference"],
    }
    write_json(ROOT / "results/bench/md_speed.json", result)
    return result


def _start(forcefield: ForceField, data_file: Path, numerics: str):
    run = start_lammps(["-nocite", "-screen", "none", "-log", "none", *ARGUMENTS[numerics]])
    for command in (
        *setup_commands(forcefield, numerics),
        f"read_data {data_file}",
        *coefficient_commands(forcefield, numerics),
        "thermo_style custom step temp pe press",
        f"timestep {TIMESTEP_FS}",
        "fix integrate all nve",
    ):
        run.command(command)
    return run


def _state(run) -> tuple[np.ndarray, float, float]:
    """Return forces (kcal/mol/angstrom), potential energy (kcal/mol) and pressure (atm)."""
    run.command("run 0 post no")
    return np.array(run.gather_atoms("f", 1, 3)), run.get_thermo("pe"), run.get_thermo("press")


def _steps_per_second(run, steps: int) -> float:
    start = time.process_time()
    run.command(f"run {steps} post no")
    return steps / (time.process_time() - start)


def _compare(exact: tuple, fast: tuple) -> dict[str, float]:
    return {
        "relative_force_difference": float(
            np.sqrt(np.mean((fast[0] - exact[0]) ** 2) / np.mean(exact[0] ** 2))
        ),
        "energy_difference_eV": (fast[1] - exact[1]) * EV_PER_KCAL_PER_MOL,
        "pressure_difference_bar": (fast[2] - exact[2]) * BAR_PER_ATM,
    }


if __name__ == "__main__":
    print(main())
