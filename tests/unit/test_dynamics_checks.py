"""Checks of a run's physics: a sound run passes, and each planted fault is found and named."""

import json

import numpy as np
import pandas as pd
import pytest

from zifmelt.dynamics.run_physics import check_rows, check_run, largest_jump, read_velocities
from zifmelt.errors import InputError
from zifmelt.trajectory import THERMO_COLUMNS
from zifmelt.units import BOLTZMANN_EV_PER_K

MASSES = np.array([65.38, 14.007, 1.008])
PARTICLES = 900
DEGREES = 3 * PARTICLES - 3
SETTINGS = {"thermostat_damping_steps": 100, "pressure_bar": 1.0}


def stretch(index, name, from_K, to_K, duration_ps, **more):
    kind = "hold" if from_K == to_K else "ramp"
    return {
        "segment": index,
        "name": name,
        "kind": kind,
        "from_K": from_K,
        "to_K": to_K,
        "duration_ps": duration_ps,
        "timestep_fs": 0.5,
        "barostat": "isotropic",
        "frozen": None,
    } | more


STRETCHES = [stretch(0, "heating", 300.0, 500.0, 20.0), stretch(1, "hold", 500.0, 500.0, 40.0)]


def correlated(rng, length, memory=5.0):
    noise, decay = rng.standard_normal(length), np.exp(-1 / memory)
    for i in range(1, length):
        noise[i] = decay * noise[i - 1] + np.sqrt(1 - decay**2) * noise[i]
    return noise


def sound_rows(seed=1):
    """Rows every 0.1 ps of a run that follows its targets, with memories of half a picosecond."""
    rng, times = np.random.default_rng(seed), 0.1 * np.arange(601)
    target = np.interp(times, [0, 20, 60], [300, 500, 500])
    rows = pd.DataFrame(0.0, index=range(601), columns=list(THERMO_COLUMNS))
    rows["time_ps"] = times
    rows["segment"] = (times > 20.0 + 1e-9).astype(int)
    rows["temperature_K"] = target * (1 + np.sqrt(2 / DEGREES) * correlated(rng, 601))
    rows["kinetic_energy_eV"] = DEGREES / 2 * BOLTZMANN_EV_PER_K * rows["temperature_K"]
    rows["potential_energy_eV"] = -200 + 0.05 * (target - 300) + 0.3 * correlated(rng, 601)
    rows["volume_A3"] = 9000 * (1 + 1e-4 * (target - 300) + 0.01 * correlated(rng, 601))
    rows["conserved_energy_eV"] = -150 + 0.001 * rng.standard_normal(601)
    return rows


def failed(table):
    return table.loc[~table["ok"], "quantity"].tolist()


@pytest.mark.parametrize("seed", range(5))
def test_a_sound_run_passes_and_so_does_its_first_half(seed):
    rows = sound_rows(seed)
    assert failed(check_rows(rows, STRETCHES, SETTINGS)) == []
    table = check_rows(rows[rows["time_ps"] < 15], STRETCHES, SETTINGS)
    assert failed(table) == [] and len(table) > 3
    assert not table["quantity"].str.contains("hold").any()


def shifted(column, by, start=300):
    def change(rows):
        rows.loc[start:, column] += by

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda rows: rows.__setitem__("temperature_K", rows["temperature_K"] * 1.05), ["heating", "hold"]),
        (shifted("volume_A3", 1800.0), ["jump of the volume"]),
        (shifted("volume_A3", 1800.0, start=201), ["jump of the volume"]),
        (shifted("potential_energy_eV", 30.0), ["jump of the energy"]),
        (shifted("conserved_energy_eV", 0.1), ["jump of the conserved energy"]),
        (shifted("kinetic_energy_eV", 0.5), ["degrees of freedom"]),
    ],
)
def test_each_fault_is_found_and_no_other(change, words):
    rows = sound_rows()
    change(rows)
    if words == ["heating", "hold"]:
        rows["kinetic_energy_eV"] *= 1.05
    found = failed(check_rows(rows, STRETCHES, SETTINGS))
    assert len(found) == len(words)
    assert all(word in quantity for word, quantity in zip(words, found, strict=True))


def test_largest_jump_by_hand():
    assert largest_jump(np.array([0.0, 1, 2, 3, 9])) == pytest.approx(6.0)
    assert largest_jump(np.full(5, 3.0)) == 0.0
    assert largest_jump(np.array([3.0, 3, 3, 3.001])) > 1e4


def write_run(folder, velocities, types, stretches=STRETCHES, **settings):
    folder.mkdir()
    sound_rows().to_csv(folder / "thermo.csv", index=False)
    (folder / "provenance.json").write_text(
        json.dumps({"stretches": stretches, "settings": SETTINGS | settings})
    )
    lines = [
        "LAMMPS data file",
        "",
        f"{len(types)} atoms",
        "3 atom types",
        "",
        "0 20 xlo xhi",
        "",
        "Masses",
        "",
    ]
    lines += [f"{place + 1} {mass}" for place, mass in enumerate(MASSES)]
    order = np.random.default_rng(3).permutation(len(types))
    lines += ["", "Atoms # full", ""] + [f"{i + 1} 1 {types[i] + 1} 0.5 1 2 3 0 0 0" for i in order]
    lines += ["", "Velocities", ""] + [f"{i + 1} " + " ".join(map(str, velocities[i])) for i in order]
    lines += ["", "Bonds", "", "1 1 1 2"]
    (folder / "final.data").write_text("\n".join(lines) + "\n")
    return folder


def maxwellian(seed=2, kelvin=500.0):
    """Velocities in A/fs: k T in J over the mass in kg, in units of (1e5 m/s)^2; momentum taken out."""
    rng, types = np.random.default_rng(seed), np.arange(PARTICLES) % 3
    mass = MASSES[types, None]
    width = np.sqrt(1.380649e-23 * kelvin / (mass * 1.66053907e-27)) / 1e5
    velocities = width * rng.standard_normal((PARTICLES, 3))
    return velocities - (mass * velocities).sum(axis=0) / mass.sum(), types


def test_velocities_of_a_sound_run_pass(tmp_path):
    velocities, types = maxwellian()
    folder = write_run(tmp_path / "r1", velocities, types)
    masses, found_types, found = read_velocities(folder / "final.data")
    np.testing.assert_allclose(found, velocities)
    np.testing.assert_array_equal(found_types, types)
    np.testing.assert_array_equal(masses, MASSES)
    table = check_run(folder)
    assert failed(table) == []
    assert table["quantity"].str.startswith("temperature of type").sum() == 3


def test_a_cold_kind_and_a_drifting_box_are_found(tmp_path):
    velocities, types = maxwellian()
    cold = np.where((types == 2)[:, None], 0.8 * velocities, velocities)
    cold[types == 2] -= cold[types == 2].mean(axis=0)
    cold[types != 2] -= cold[types != 2].mean(axis=0)
    mass = MASSES[types, None]
    cold -= (mass * cold).sum(axis=0) / mass.sum()
    assert failed(check_run(write_run(tmp_path / "cold", cold, types))) == [
        "temperature of type 3 less the target (K)"
    ]
    drifting = velocities + [1e-5, 0.0, 0.0]
    assert failed(check_run(write_run(tmp_path / "drift", drifting, types))) == ["momentum along x"]
    # A Langevin thermostat, and a part that was held still, take up momentum.
    assert failed(check_run(write_run(tmp_path / "langevin", drifting, types, engine="openmm"))) == []
    still = [stretch(0, "heating", 300.0, 500.0, 20.0, frozen={"axis": "z"}), STRETCHES[1]]
    assert failed(check_run(write_run(tmp_path / "still", drifting, types, still))) == []


def test_damaged_velocities_are_named(tmp_path):
    velocities, types = maxwellian()
    folder = write_run(tmp_path / "r1", velocities, types)
    text = (folder / "final.data").read_text()
    (folder / "final.data").write_text(text[: text.index("Velocities")])
    with pytest.raises(InputError, match=r"final\.data"):
        check_run(folder)
