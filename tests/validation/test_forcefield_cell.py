"""A whole thermally disturbed unit cell of ZIF-4: energies by hand, forces by differences, fast settings."""

import numpy as np
import pytest

import nb_zif_ff_by_hand as by_hand
from checkout import ROOT
from lammps_energies import Lammps
from zifmelt.forcefield.lammps import MULTISTEP, slow_force_levels
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.structures.system import build_system
from zifmelt.structures.writers import write_data_file
from zifmelt.units import EV_PER_KCAL_PER_MOL

FORCEFIELD = load_forcefield(ROOT / "config/forcefields/nb-zif-ff.yaml")
SYSTEM = build_system(ROOT / "config/structures/ZIF-4.cif", FORCEFIELD, (1, 1, 1))


@pytest.fixture(scope="module")
def data_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("cell") / "system.data"
    write_data_file(SYSTEM, path)
    return path


@pytest.fixture(scope="module")
def disturbed(data_file):
    """Positions (400, 3) of a short hot run, so that every coordinate has left its place."""
    lammps = Lammps(FORCEFIELD, data_file, numerics="efficient")
    lammps.do("minimize 1e-4 1e-4 100 200", "velocity all create 600 11 dist gaussian", "timestep 0.25")
    lammps.do("fix integrate all nve", "run 300")
    positions = lammps.positions
    lammps.close()
    return positions


@pytest.fixture(scope="module")
def instance(data_file):
    lammps = Lammps(FORCEFIELD, data_file)
    yield lammps
    lammps.close()


@pytest.fixture
def reference(instance, disturbed):
    """LAMMPS with the reference settings at the disturbed positions."""
    instance.positions = disturbed
    return instance


def test_energies_of_the_cell_by_hand(reference, disturbed):
    """Every term of the crystal summed by plain loops over its molecules and over all pairs of particles."""
    edges = np.diag(SYSTEM.cell)
    molecules = [by_hand.ZINC] * 16 + [by_hand.IMIDAZOLATE] * 32
    kinds, bonds, bonded = [], [], np.zeros(3)
    for names, pairs in molecules:
        start = len(kinds)
        x = disturbed[start : start + len(names)]
        whole = x - edges * np.round((x - x[0]) / edges)
        bonded += by_hand.molecule_energies(names, pairs, whole)
        kinds += names
        bonds += [(a + start, b + start) for a, b in pairs]
    short, coulomb = by_hand.nonbonded_energies(kinds, bonds, disturbed, edges)
    assert reference.energy("ebond") == pytest.approx(bonded[0], rel=1e-9)
    assert reference.energy("eangle") == pytest.approx(bonded[1], rel=1e-9)
    assert reference.energy("edihed", "eimp") == pytest.approx(bonded[2], rel=1e-9)
    assert reference.energy("evdwl") == pytest.approx(short, rel=1e-9)
    assert reference.energy("ecoul", "elong") == pytest.approx(coulomb, rel=2e-6)


def test_forces_are_the_slope_of_the_energy(reference, disturbed):
    """Central differences for one particle of every kind."""
    forces, step = reference.forces(), 1e-5  # so small that hardly a pair crosses the cutoff in between
    for particle in (0, 1, *range(80, 83), 83, 85, 86, 88):
        for axis in range(3):
            energies = []
            for sign in (1, -1):
                moved = disturbed.copy()
                moved[particle, axis] += sign * step
                reference.positions = moved
                energies.append(reference.energy())
            slope = (energies[0] - energies[1]) / (2 * step)
            assert forces[particle, axis] == pytest.approx(-slope, rel=1e-5, abs=2e-3)


def test_efficient_settings_agree_with_the_reference(reference, data_file, disturbed):
    """Forces to 1e-4 of their root mean square; energy to 1e-4 eV per Zn; pressure to 20 bar."""
    efficient = Lammps(FORCEFIELD, data_file, numerics="efficient")
    efficient.positions = disturbed
    exact, fast = reference.forces(), efficient.forces()
    energy = (efficient.energy() - reference.energy()) * EV_PER_KCAL_PER_MOL
    pressure = efficient.energy("press") - reference.energy("press")
    efficient.close()
    assert np.sqrt(np.mean((fast - exact) ** 2) / np.mean(exact**2)) < 1e-4
    assert abs(energy) / 16 < 1e-4
    assert abs(pressure) < 20


def test_multistep_has_forces_and_pressure_of_the_efficient_settings(data_file, disturbed):
    """It takes one kind of pair apart from the others, and must neither lose nor count twice any of them."""
    forces, pressures = [], []
    for numerics, levels in (("efficient", "verlet"), (MULTISTEP, slow_force_levels(4, MULTISTEP))):
        lammps = Lammps(FORCEFIELD, data_file, numerics)
        lammps.do(f"run_style {levels}")
        lammps.positions = disturbed
        forces.append(lammps.forces())
        pressures.append(lammps.energy("press"))
        lammps.close()
    assert np.abs(forces[1] - forces[0]).max() < 1e-9 * np.abs(forces[0]).max()
    assert pressures[1] == pytest.approx(pressures[0], abs=1e-6)


@pytest.mark.parametrize(
    ("name", "fast_steps", "numerics"),
    [
        ("nb-zif-ff", 1, "efficient"),
        ("nb-zif-ff-D0-0.025eV", 4, "efficient"),
        ("nb-zif-ff-D0-0.025eV-repartitioned-masses", 2, "efficient"),
        ("nb-zif-ff-kinetics-repartitioned-masses", 2, "efficient"),
        ("nb-zif-ff", 4, MULTISTEP),
    ],
)
def test_energy_is_conserved_at_the_longest_time_step(name, fast_steps, numerics, data_file, disturbed):
    """Without thermostat the total energy varies by less than 5 % of what the kinetic energy does."""
    forcefield = load_forcefield(ROOT / f"config/forcefields/{name}.yaml")
    lammps = Lammps(forcefield, data_file, numerics)
    lammps.positions = disturbed
    masses = (f"mass {particle.type_id} {particle.mass}" for particle in forcefield.particles.values())
    timestep = forcefield.max_timestep_fs * fast_steps
    lammps.do(*masses, f"run_style {slow_force_levels(fast_steps, numerics)}", f"timestep {timestep}")
    lammps.do("velocity all create 300 2 dist gaussian", "fix integrate all nve")
    lammps.do("thermo_style custom step temp ke etotal", "run 40")
    energies = []
    for _ in range(40):
        lammps.do(f"run {round(4 / timestep)} post no")
        energies.append([lammps.instance.get_thermo(term) for term in ("etotal", "ke")])
    lammps.close()
    total, kinetic = np.std(energies, axis=0)
    assert total < 0.05 * kinetic
