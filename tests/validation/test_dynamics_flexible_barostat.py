"""The barostat for all six numbers of a cell samples what theory says, and molecules go with the cell."""

from itertools import product

import numpy as np
import openmm
import pytest
from scipy.special import erf

from dynamics_runs import FORCEFIELD
from zifmelt.dynamics.flexible_barostat import FlexibleBarostat
from zifmelt.dynamics.openmm_context import State, StretchContext
from zifmelt.dynamics.particles import molecule_centres
from zifmelt.dynamics.protocol import hold
from zifmelt.dynamics.schedule import schedule
from zifmelt.dynamics.settings import Settings
from zifmelt.forcefield.copies import Copies
from zifmelt.forcefield.data_file import read_data_file
from zifmelt.forcefield.openmm import Model
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.statistics import mean_of_series

KT = 2.5
"""Thermal energy, kJ/mol."""

TEMPERATURE_K = KT / openmm.unit.MOLAR_GAS_CONSTANT_R.value_in_unit(
    openmm.unit.kilojoule_per_mole / openmm.unit.kelvin
)
COMPONENTS = np.tril_indices(3)


def contexts(forces, positions, edge, barostat=None):
    """Make a context of free particles of mass 10 with forces, and the model that the barostat asks for."""
    system = openmm.System()
    for _ in positions:
        system.addParticle(10.0)
    system.setDefaultPeriodicBoxVectors(*(edge * np.eye(3)))
    for force in (*forces, *([barostat] if barostat else [])):
        system.addForce(force)
    integrator = openmm.LangevinMiddleIntegrator(TEMPERATURE_K, 5.0, 0.02)
    integrator.setRandomNumberSeed(1)
    context = openmm.Context(system, integrator, openmm.Platform.getPlatform("Reference"))
    context.setPositions(positions)
    context.setVelocitiesToTemperature(TEMPERATURE_K, 1)
    return context, Model(system, Copies(np.eye(3, dtype=int), turned=False), 1.0, 0.0)


def periodic_force():
    """A force that does nothing but make the system periodic."""
    return openmm.CustomVolumeForce("0*v")


def sampled_cells(context, barostat, attempts, steps):
    cells = []
    for _ in range(attempts):
        barostat.attempt(context)
        context.getIntegrator().step(steps)
        cells.append(context.getState().getPeriodicBoxVectors(asNumpy=True)._value[COMPONENTS])
    return np.array(cells)


def assert_means(series, expected):
    """Means agree within four standard errors, and these are small."""
    for name, values in series.items():
        found = mean_of_series(values)
        assert found.value == pytest.approx(expected[name], abs=4 * found.stderr), name
        assert found.stderr < 0.1 * np.std(values), name


def moments(grid, density):
    density = density / density.sum()
    mean = (grid * density).sum()
    return mean, ((grid - mean) ** 2 * density).sum()


@pytest.mark.slow
def test_box_with_springs_and_an_ideal_gas_has_the_exact_distribution():
    """Springs on every component make their densities products of powers, Gaussians and, for tilts, bounds.

    Six molecules of two particles each: with the exponents a^6 b^5 c^4 an error of one in any power moves the
    mean by more than the test allows.
    """
    sigma, molecules = 1.0, 6
    springs = "+".join(f"{name}^2" for name in ("ax", "bx", "by", "cx", "cy", "cz"))
    box = openmm.CustomVolumeForce(f"{KT / sigma**2 / 2}*({springs})")
    pairs = openmm.HarmonicBondForce()
    for first in range(0, 2 * molecules, 2):
        pairs.addBond(first, first + 1, 0.1, 1000.0)
    rng = np.random.default_rng(3)
    positions = 3.0 * rng.random((2 * molecules, 3))
    positions[1::2] = positions[::2] + 0.06
    context, model = contexts([box, pairs], positions, 3.0)
    barostat = FlexibleBarostat(model, np.repeat(np.arange(1, molecules + 1), 2), 0.0, 25, 5)
    barostat.kT = KT
    cells = sampled_cells(context, barostat, 12_000, 1)[200:]
    assert 0.2 < barostat.accepted / barostat.attempts < 0.8
    grid = np.linspace(1e-6, 9.0, 20_000)
    gauss = np.exp(-(grid**2) / 2)
    inside = erf(grid / 2 / np.sqrt(2))  # share of a Gaussian tilt within half of a length
    densities = {"a": grid**6 * inside**2, "b": grid**5 * inside, "c": grid**4}
    expected, series = {}, {}
    for name, column in (("a", 0), ("b", 2), ("c", 5)):
        mean, variance = moments(grid, densities[name] * gauss)
        expected |= {name: mean, f"variance of {name}": variance}
        series |= {name: cells[:, column], f"variance of {name}": (cells[:, column] - mean) ** 2}
    for name, column in (("bx", 1), ("cx", 3), ("cy", 4)):
        expected[name], series[name] = 0.0, cells[:, column]
    assert_means(series, expected)
    assert np.abs(cells[:, [1, 3]]).max(axis=1) == pytest.approx(np.zeros(len(cells)), abs=4.5)
    assert np.all(np.abs(cells[:, 1]) <= cells[:, 0] / 2)


def network(edge, n):
    """Return springs of rest length zero along the axes of n^3 sites, and the sites' positions."""
    sites = np.array(list(product(range(n), repeat=3)))
    number = {tuple(site): index for index, site in enumerate(sites.tolist())}
    springs = openmm.HarmonicBondForce()
    springs.setUsesPeriodicBoundaryConditions(True)
    for site, step in product(sites.tolist(), np.eye(3, dtype=int)):
        springs.addBond(number[tuple(site)], number[tuple((np.array(site) + step) % n)], 0.0, STIFFNESS)
    return springs, sites * edge / n


N_SITES, GAS, SIGMA = 4, 900, 0.1
STIFFNESS = KT / N_SITES / SIGMA**2


def network_context(barostat=None):
    edge = np.sqrt(GAS) * SIGMA
    springs, sites = network(edge, N_SITES)
    gas = edge * np.random.default_rng(2).random((GAS, 3))
    return contexts([periodic_force(), springs], np.concatenate([sites, gas]), edge, barostat)


@pytest.mark.slow
def test_crystal_of_springs_under_pressure_has_the_exact_distribution():
    """Springs of length zero through the box's faces, blown up by an ideal gas, under a pressure.

    The springs' energy of the sites in their mean positions is STIFFNESS n/2 times the sum of the squares of
    all components; what the sites move about these does not depend on the cell. With P = 0 lengths would be
    distributed as chi with 902, 901 and 900 degrees of freedom; tilts are Gaussian at any pressure.
    """
    context, model = network_context()
    pressure = 300 * KT / (np.sqrt(GAS) * SIGMA) ** 3
    barostat = FlexibleBarostat(model, np.arange(1, N_SITES**3 + GAS + 1), pressure, 25, 5)
    barostat.kT = KT
    cells = sampled_cells(context, barostat, 9000, 5)[1000:] / SIGMA
    acceptance = barostat.accepted / barostat.attempts
    assert acceptance > 0.2
    grid = np.linspace(20.0, 32.0, 80)
    a, b, c = np.meshgrid(grid, grid, grid, indexing="ij")
    log = (GAS + 1) * np.log(a) + GAS * np.log(b) + (GAS - 1) * np.log(c) - (a**2 + b**2 + c**2) / 2
    log -= pressure * SIGMA**3 / KT * a * b * c
    density = np.exp(log - log.max())
    expected, series = {}, {}
    for name, values, column in (("a", a, 0), ("b", b, 2), ("c", c, 5)):
        mean, variance = moments(values, density)
        expected |= {name: mean, f"variance of {name}": variance}
        series |= {name: cells[:, column], f"variance of {name}": (cells[:, column] - mean) ** 2}
    for name, column in (("bx", 1), ("cx", 3), ("cy", 4)):
        expected |= {name: 0.0, f"variance of {name}": 1.0}
        series |= {name: cells[:, column], f"variance of {name}": cells[:, column] ** 2}
    assert_means(series, expected)


def test_molecules_go_with_the_cell_and_a_refused_move_leaves_no_trace():
    """Fractions of the centres stay, so do the vectors within a molecule; without energy all is accepted."""
    rng = np.random.default_rng(1)
    context, model = contexts([periodic_force()], 20.0 * rng.random((30, 3)) - 10, 3.0)
    molecules = np.repeat(np.arange(1, 11), 3)
    barostat = FlexibleBarostat(model, molecules, 0.0, 25, 1)
    taken = 0
    for kT in (1e9, 1e-9) * 20:
        barostat.kT = kT
        barostat.pressure = 1.0 if kT == 1e-9 else 0.0
        before = read(context)
        accepted = barostat.attempt(context)
        after = read(context)
        if not accepted:
            assert all(np.array_equal(*pair) for pair in zip(before, after, strict=True))
            continue
        taken += 1
        centres = [molecule_centres(positions, molecules) for positions, _ in (before, after)]
        fractions = [
            centre @ np.linalg.inv(cell) for centre, (_, cell) in zip(centres, (before, after), strict=True)
        ]
        assert fractions[1] == pytest.approx(fractions[0], abs=1e-12)
        inside = [x - centre[molecules - 1] for x, centre in zip((before[0], after[0]), centres, strict=True)]
        assert inside[1] == pytest.approx(inside[0], abs=1e-12)
        assert np.all(after[1][COMPONENTS] != before[1][COMPONENTS])
    assert 20 <= taken < 40


def read(context):
    state = context.getState(positions=True)
    return state.getPositions(asNumpy=True)._value, state.getPeriodicBoxVectors(asNumpy=True)._value


@pytest.mark.slow
def test_tilts_of_a_crystal_move_under_the_triclinic_barostat(cell):
    """16 Zn of ZIF-4 with copies: the cell's lengths and tilts change, and its energy is that of one box."""
    configuration = read_data_file(cell / "system.data")
    settings = Settings(0.1, 0.1, 0.1, engine="openmm", platform="Reference", numerics="fast")
    forcefield = load_forcefield(FORCEFIELD)
    (stretch,) = schedule([hold("hold", 300, 1.0, "triclinic")], settings, 1.0)
    state = State(configuration.positions, configuration.velocities, configuration.cell)
    frozen = np.zeros(len(configuration.types), dtype=bool)
    context = StretchContext(forcefield, configuration, stretch, settings, 1, frozen, state)
    context.minimise(20)
    before = context.state().positions
    context.flexible.interval = 5
    context.step(25 + 30 * 5)
    now = context.state(velocities=True)
    assert context.flexible.attempts == 31 and context.flexible.accepted > 4
    assert np.all(now.cell[COMPONENTS] != configuration.cell[COMPONENTS])
    # Positions stay continuous while the box moves: nothing jumps by a box vector.
    assert np.abs(now.positions - before).max() < 3.0
    again = StretchContext(forcefield, configuration, stretch, settings, 1, frozen, now)
    assert again.energies().potential == pytest.approx(context.energies().potential, abs=1e-6)
