"""What both engines make of one small box: averages in equilibrium, and the glass of an anneal.

``python tests/engine_comparison.py FOLDER SEEDS`` makes the runs behind ``docs/data/engines.csv``, 20
minutes of processor time. All pair terms end at 6.5 angstrom here, less than half of the box of 16 Zn, so
that both engines evaluate the same function of the positions without copies and without a mean field.
"""

import io
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from checkout import ROOT
from zifmelt.dynamics import lammps_engine, openmm_engine
from zifmelt.dynamics.protocol import Segment, annealing, hold
from zifmelt.dynamics.run import run_protocol
from zifmelt.dynamics.settings import Settings
from zifmelt.environments.neighbours import find_neighbours
from zifmelt.forcefield.data_file import read_data_file
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.statistics import Estimate, mean_of_series
from zifmelt.structures.system import build_system
from zifmelt.structures.writers import write_data_file, write_topology
from zifmelt.trajectory import read_frames, read_thermo
from zifmelt.units import BOLTZMANN_EV_PER_K, EV_PER_KCAL_PER_MOL

CUT_FORCEFIELD = """\
name: cut
base: nb-zif-ff-kinetics-repartitioned-masses
source: "the default force field, its pair terms cut for comparisons in small boxes"
override:
  lj_cutoff: 6.5
  numerics: {efficient: {coulomb_cutoff: 6.5, morse_cutoff: 6.5}}
"""

TIME_STEPS = {
    "lammps": {"timestep_fs": 0.5, "hot_timestep_fs": 0.5, "slow_timestep_fs": 1.0},
    "openmm": {"timestep_fs": 1.0, "hot_timestep_fs": 0.5, "platform": "Reference"},
}
"""Those that each engine is used with; so its errors of the time step are part of the comparison."""

BOND_A = 2.5
"""Zn and N closer than this are bonded."""

KCAL_PER_MOL_PER_AMU_A2_PER_FS2 = 1 / 4.184e-4


def prepare(folder: Path) -> Path:
    """Write force field, data file and topology of 16 Zn of ZIF-4 into a folder."""
    (folder / "cut.yaml").write_text(CUT_FORCEFIELD)
    system = build_system(
        ROOT / "config/structures/ZIF-4.cif", load_forcefield(folder / "cut.yaml"), (1, 1, 1)
    )
    write_data_file(system, folder / "system.data")
    write_topology(system, folder / "topology.pdb")
    return folder


def simulate(
    cell: Path, folder: Path, engine: str, segments: list[Segment], seed: int, start: Path | None = None
) -> list[np.ndarray]:
    """Run a protocol; return the velocities (particles, 3), A/fs, at every checkpoint."""
    how = Settings(
        frame_interval_ps=0.05,
        thermo_interval_ps=0.05,
        checkpoint_interval_ps=0.1,
        engine=engine,
        minimise=start is None,
        **TIME_STEPS[engine],
    )
    with recorded_velocities() as velocities:
        data = start or cell / "system.data"
        run_protocol(
            data, cell / "topology.pdb", cell / "cut.yaml", segments, how, seed, folder, io.StringIO()
        )
    return velocities


@contextmanager
def recorded_velocities():
    """Keep the velocities at every checkpoint of either engine, which a run folder only has of its end."""
    kept: list[np.ndarray] = []
    originals = [
        (engine.Simulation, engine.Simulation._simulate_chunk) for engine in (lammps_engine, openmm_engine)
    ]

    def keeping(original):
        def simulate_chunk(self, chunk, given):
            result = original(self, chunk, given)
            kept.append(self._per_particle("v", 1, 3) if result is None else result.velocities)
            return result

        return simulate_chunk

    try:
        for owner, original in originals:
            owner._simulate_chunk = keeping(original)
        yield kept
    finally:
        for owner, original in originals:
            owner._simulate_chunk = original


def averages(folder: Path, velocities: list[np.ndarray], after_ps: float) -> dict[str, Estimate]:
    """Return means with standard errors of a run after a time, by the names of the quantities.

    With the velocities of all checkpoints the temperatures of the kinds of particles are among them.
    """
    rows = read_thermo(folder)
    rows = rows[rows["time_ps"] > after_ps]
    series = {
        "density, g/cm3": rows["density_g_cm3"],
        "potential energy, eV per Zn": rows["potential_energy_eV"] / 16,
        "pressure, bar": rows["pressure_bar"],
        "temperature, K": rows["temperature_K"],
    }
    frames = read_frames(folder, ("Zn", "N"))
    chosen = frames.times > after_ps
    nearest = np.array(
        [
            nearest_four(positions, box, frames.topology)
            for positions, box in zip(frames.positions[chosen], frames.boxes[chosen], strict=True)
        ]
    )
    series["Zn-N, mean of the nearest four, A"] = nearest.mean(axis=(1, 2))
    for percent in (10, 50, 90):
        series[f"Zn-N, {percent} % of the nearest four within, A"] = np.percentile(
            nearest, percent, axis=(1, 2)
        )
    series["N within 2.5 A of a Zn"] = (nearest < BOND_A).sum(axis=2).mean(axis=1)
    if len(velocities):
        series |= temperatures(folder / "final.data", velocities[int(after_ps / 0.1) :])
    return {name: mean_of_series(np.asarray(values, dtype=float)) for name, values in series.items()}


def nearest_four(positions: np.ndarray, box: np.ndarray, topology) -> np.ndarray:
    """Return the four shortest Zn-N distances of every Zn, shape (zinc, 4), angstrom."""
    is_zinc = np.array([atom.element.symbol == "Zn" for atom in topology.atoms])
    found = find_neighbours(positions[is_zinc], positions[~is_zinc], box, 6.0)
    return np.array(
        [np.sort(found.distances[found.centres == zinc])[:4] for zinc in range(np.count_nonzero(is_zinc))]
    )


def temperatures(path: Path, velocities: list[np.ndarray]) -> dict[str, np.ndarray]:
    """Return the temperature of every kind of particle at every checkpoint, K."""
    final = read_data_file(path)
    forcefield = load_forcefield(path.parents[1] / "cut.yaml")
    masses = final.masses[final.types - 1]
    thermal = BOLTZMANN_EV_PER_K / EV_PER_KCAL_PER_MOL
    squares = [masses * (v**2).sum(axis=1) * KCAL_PER_MOL_PER_AMU_A2_PER_FS2 for v in velocities]
    # The momentum of the whole is zero, which takes three degrees of freedom from all in proportion.
    share = 1 - 1 / len(masses)
    return {
        f"temperature of {kind}, K": np.array(
            [square[final.types == particle.type_id].mean() / (3 * share * thermal) for square in squares]
        )
        for kind, particle in forcefield.particles.items()
    }


def lost_bonds(before: Path, after: Path) -> float:
    """Return the share of Zn-N bonds of one run's first frame that are gone in the last of another."""
    bonds = []
    for folder, index in ((before, 0), (after, -1)):
        frames = read_frames(folder, ("Zn", "N"))
        is_zinc = np.array([atom.element.symbol == "Zn" for atom in frames.topology.atoms])
        positions, box = frames.positions[index], frames.boxes[index]
        found = find_neighbours(positions[is_zinc], positions[~is_zinc], box, BOND_A)
        bonds.append(set(zip(found.centres.tolist(), found.atoms.tolist(), strict=True)))
    return 1 - len(bonds[0] & bonds[1]) / len(bonds[0])


def anneal(cell: Path, folder: Path, engine: str, seed: int) -> dict[str, float]:
    """Make a glass within 8.5 ps and hold it for 3 ps; return its means over the second half of this."""
    section = {"start_K": 300.0, "peak_K": 1500.0, "cubic_ps": 0.5, "final_hold_ps": 1.5}
    made, held = folder / f"anneal-{engine}-{seed}", folder / f"glass-{engine}-{seed}"
    simulate(cell, made, engine, annealing(section, 2.5, 600.0), seed)
    simulate(cell, held, engine, [hold("final hold", 300.0, 3.0)], seed, made / "final.data")
    return glass(made, held)


def glass(made: Path, held: Path) -> dict[str, float]:
    """Return means over the second half of the hold of a glass, and the share of bonds lost in its making."""
    means = averages(held, [], 1.5)
    lost = {"share of the crystal's Zn-N bonds lost": lost_bonds(made, held)}
    return {name: estimate.value for name, estimate in means.items()} | lost


def rows_of(what: str, lammps: dict, openmm: dict) -> list[tuple]:
    """Return lines of the table: what was simulated, quantity, and value and standard error by engine."""
    rows = []
    for name, theirs in lammps.items():
        numbers = [
            (one.value, one.stderr) if isinstance(one, Estimate) else (one, np.nan)
            for one in (theirs, openmm[name])
        ]
        rows.append((what, name, *numbers[0], *numbers[1]))
    return rows


def write_table(rows: list[tuple], path: Path) -> None:
    """Write the lines of `rows_of`."""
    columns = ["lammps", "lammps_standard_error", "openmm", "openmm_standard_error"]
    table = pd.DataFrame(rows, columns=["simulation", "quantity", *columns])
    table.to_csv(path, index=False, float_format="%.6g")


def main(folder: Path, seeds: list[int]) -> None:
    """Make all runs and write ``engines.csv`` into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    cell = prepare(folder)
    simulate(cell, folder / "start", "lammps", [hold("hold", 400.0, 6.0)], 1)
    found = {}
    for engine, duration in (("lammps", 32.0), ("openmm", 16.0)):
        run = folder / f"sample-{engine}"
        velocities = simulate(
            cell, run, engine, [hold("hold", 400.0, duration)], 2, folder / "start/final.data"
        )
        found[engine] = averages(run, velocities, 2.0)
    rows = rows_of("ZIF-4 at 400 K", **found)
    for seed in seeds:
        glasses = {engine: anneal(cell, folder, engine, seed) for engine in TIME_STEPS}
        rows += rows_of(f"glass, seed {seed}", **glasses)
    write_table(rows, folder / "engines.csv")


if __name__ == "__main__":
    main(Path(sys.argv[1]), [int(word) for word in sys.argv[2:]])
