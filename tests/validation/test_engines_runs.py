"""Runs of the OpenMM engine: the same folders as LAMMPS's, over kills, platforms and engines."""

import time

import numpy as np
import openmm
import pytest

from dynamics_runs import FORCEFIELD, build_cell, interrupted, run_cell, short_settings
from zifmelt.dynamics.checkpoint import CheckpointFolder
from zifmelt.dynamics.openmm_context import State, StretchContext
from zifmelt.dynamics.protocol import FrozenRegion, Segment, hold, ramp
from zifmelt.dynamics.schedule import schedule
from zifmelt.errors import InputError
from zifmelt.files import read_json
from zifmelt.forcefield.data_file import read_data_file
from zifmelt.forcefield.openmm import build_model
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.trajectory import read_frames, read_thermo
from zifmelt.units import EV_PER_A3_IN_BAR

SEGMENTS = [ramp("heating", 300, 310, 250.0), hold("cube", 310, 0.04, "cubic"), hold("hold", 310, 0.04)]


def settings(**changes):
    """Cut Lennard-Jones below half the small box, so that the CPU is quick; frames and rows every 0.01 ps."""
    defaults = {"engine": "openmm", "platform": "CPU", "numerics": "fast", "thermo_interval_ps": 0.01}
    return short_settings(**{**defaults, "checkpoint_interval_ps": 0.02, **changes})


@pytest.fixture(scope="module")
def cell(tmp_path_factory):
    return build_cell(tmp_path_factory.mktemp("cell"))


@pytest.fixture(scope="module")
def equilibrated(cell, tmp_path_factory):
    """A run of LAMMPS at 300 K, long enough to be in equilibrium at its end."""
    folder = tmp_path_factory.mktemp("lammps") / "r1"
    quick = short_settings(frame_interval_ps=0.1, thermo_interval_ps=0.02, checkpoint_interval_ps=5.0)
    run_cell(cell, folder, [hold("hold", 300, 4.0)], quick)
    return folder


@pytest.fixture(scope="module")
def continued(cell, equilibrated, tmp_path_factory):
    """The same box under OpenMM from there on, with the velocities it has."""
    folder = tmp_path_factory.mktemp("openmm") / "r1"
    how = settings(new_velocities=False, minimise=False, frame_interval_ps=0.1, thermo_interval_ps=0.02)
    run_cell(cell, folder, [hold("hold", 300, 0.3)], how, data=equilibrated / "final.data")
    return folder


@pytest.fixture(scope="module")
def killed(cell, tmp_path_factory):
    """A run killed twice, in its first segment and in its second, the last piece on another platform."""
    folder = tmp_path_factory.mktemp("killed") / "r1"
    for chunks in (1, 3):
        interrupted(cell, folder, SEGMENTS, settings(), chunks)
    run_cell(cell, folder, SEGMENTS, settings(platform="Reference"))
    return folder


def test_killed_run_has_every_frame_once_and_goes_on_smoothly(killed):
    frames, rows = read_frames(killed, ("Zn", "N")), read_thermo(killed)
    assert frames.times == pytest.approx(0.01 * np.arange(13))
    assert rows["time_ps"].to_numpy() == pytest.approx(0.01 * np.arange(13))
    assert rows["step"].tolist() == list(range(0, 241, 20))
    provenance = read_json(killed / "provenance.json")
    assert provenance["pieces"] == 3
    assert [record["platform"] for record in provenance["engines"]] == ["CPU", "Reference"]
    assert provenance["versions"]["openmm"] == provenance["engines"][0]["version"]
    # Relative to the box, which is driven to a cube within 0.04 ps, nothing jumps over a kill.
    lengths = frames.boxes[:, None, [0, 1, 2], [0, 1, 2]]
    assert np.abs(np.diff(frames.positions / lengths, axis=0)).max() * 15 < 0.3
    total = rows["potential_energy_eV"] + rows["kinetic_energy_eV"]
    # While the box is driven it does work on the particles.
    undriven = (rows["segment"] != 1).to_numpy()
    steps = np.abs(np.diff(total))[undriven[1:] & undriven[:-1] & (np.arange(1, len(rows)) > 3)]
    assert len(steps) > 3 and steps.max() < 2.0


def test_box_is_driven_to_a_cube_at_constant_volume(killed):
    rows = read_thermo(killed)
    lengths = rows[["length_x_A", "length_y_A", "length_z_A"]].to_numpy()
    before, after = (rows[rows["segment"] == segment].index[-1] for segment in (0, 1))
    assert np.ptp(lengths[before]) > 2.0
    assert lengths[after] == pytest.approx(np.full(3, np.cbrt(lengths[before].prod())), rel=1e-8)
    middle = (lengths[before, :2] + lengths[after, :2]) / 2
    assert lengths[(before + after) // 2, :2] == pytest.approx(middle, rel=1e-8)
    assert np.ptp(lengths[after:], axis=1) == pytest.approx(0, abs=1e-7)


def test_stored_positions_end_where_the_final_state_is(killed):
    final = read_data_file(killed / "final.data")
    particles = load_forcefield(FORCEFIELD).particles
    stored = np.isin(final.types, [particles["Zn"].type_id, particles["N"].type_id])
    frames = read_frames(killed, ("Zn", "N"))
    assert frames.positions[-1] == pytest.approx(final.positions[stored], abs=0.0011)
    assert frames.boxes[-1] == pytest.approx(final.cell, abs=1e-4)


def test_either_engine_goes_on_from_the_other(cell, equilibrated, continued, tmp_path):
    """Energy, pressure and temperature where one run ends are those where the next begins."""
    folder = tmp_path / "back"
    how = short_settings(new_velocities=False, minimise=False)
    run_cell(cell, folder, [hold("hold", 300, 0.01)], how, data=continued / "final.data")
    for earlier, later in ((equilibrated, continued), (continued, folder)):
        last, first = read_thermo(earlier).iloc[-1], read_thermo(later).iloc[0]
        assert first["volume_A3"] == pytest.approx(last["volume_A3"], rel=1e-8)
        assert first["kinetic_energy_eV"] == pytest.approx(last["kinetic_energy_eV"], rel=1e-6)
        # The numerics `fast` end the Lennard-Jones terms at 6.9 A here; their mean field may be 0.1 eV off.
        assert first["potential_energy_eV"] == pytest.approx(last["potential_energy_eV"], abs=0.1)
        assert first["pressure_bar"] == pytest.approx(last["pressure_bar"], abs=150)
        assert first["density_g_cm3"] == pytest.approx(last["density_g_cm3"], rel=1e-6)


def test_enthalpy_is_the_energy_and_pressure_times_volume(continued):
    rows = read_thermo(continued)
    enthalpy = rows["potential_energy_eV"] + rows["kinetic_energy_eV"]
    enthalpy += rows["pressure_bar"] * rows["volume_A3"] / EV_PER_A3_IN_BAR
    assert rows["enthalpy_eV"].to_numpy() == pytest.approx(enthalpy.to_numpy(), abs=1e-3)


def test_every_particle_kind_has_its_share_of_the_energy(continued):
    final = read_data_file(continued / "final.data")
    kinetic = final.masses[final.types - 1, None] * final.velocities**2
    mean = kinetic.mean()
    for kind in np.unique(final.types):
        # Mean square of 3n normal deviates: standard error sqrt(2 / 3n); four of them.
        share = kinetic[final.types == kind]
        assert share.mean() / mean == pytest.approx(1, abs=4 * np.sqrt(2 / share.size))


def test_frozen_half_stays_over_a_kill_and_is_released(cell, tmp_path):
    region = FrozenRegion("z", 0.0, 0.5)
    segments = [Segment("melting", "hold", 900, 900, 0.04, "none", region), hold("release", 300, 0.02, "z")]
    folder = tmp_path / "r1"
    how = settings(trajectory_elements=("Zn", "N", "C", "H"), thermo_interval_ps=0.01)
    publish = CheckpointFolder.publish

    def killed_after_first(self, number, state):
        publish(self, number, state)
        if number == 0:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(CheckpointFolder, "publish", killed_after_first)
        run_cell(cell, folder, segments, how)
    run_cell(cell, folder, segments, how)
    frames = read_frames(folder, ("Zn", "N", "C", "H"))
    still = np.ptp(frames.positions[:5], axis=0).max(axis=1) < 0.0011
    residues = np.array([atom.residue.index for atom in frames.topology.atoms])
    share = np.array([still[residues == residue].mean() for residue in np.unique(residues)])
    assert set(share) == {0.0, 1.0} and 0.3 < share.mean() < 0.7
    assert np.all(np.ptp(frames.positions[4:], axis=0).max(axis=1) > 0.0011)
    boxes = frames.boxes[:, [0, 1, 2], [0, 1, 2]]
    assert np.ptp(boxes[:, :2], axis=0) == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize(("barostat", "moving"), [("z", [2]), ("anisotropic", [0, 1, 2]), ("none", [])])
def test_barostats_move_what_they_should(cell, equilibrated, barostat, moving):
    configuration = read_data_file(equilibrated / "final.data")
    forcefield, how = load_forcefield(FORCEFIELD), settings(pressure_bar=20000.0)
    (stretch,) = schedule([hold("hold", 300, 1.0, barostat)], how, 1.0)
    state = State(configuration.positions, configuration.velocities, configuration.cell)
    frozen = np.zeros(len(configuration.types), dtype=bool)
    context = StretchContext(forcefield, configuration, stretch, how, 1, frozen, state)
    context.step(150)
    ratio = np.diag(context.state().cell) / np.diag(configuration.cell)
    moved = np.flatnonzero(np.abs(ratio - 1) > 1e-9).tolist()
    assert set(moved) <= set(moving) and bool(moved) == bool(moving)
    assert ratio.prod() < 1 or not moving


def test_energy_is_conserved_without_thermostat(equilibrated):
    """At 0.25 fs the total energy varies by less than 2 % of what the kinetic energy does (5 % at 0.5 fs)."""
    configuration = read_data_file(equilibrated / "final.data")
    model = build_model(load_forcefield(FORCEFIELD), configuration, "fast")
    context = openmm.Context(
        model.system, openmm.VerletIntegrator(0.00025), openmm.Platform.getPlatform("CPU")
    )
    context.setPositions(model.positions_nm(configuration.positions, configuration.cell))
    context.setVelocities(configuration.velocities * 100)
    energies = []
    for _ in range(25):
        context.getIntegrator().step(16)
        read = context.getState(energy=True)
        kinetic = read.getKineticEnergy()._value
        energies.append([kinetic + read.getPotentialEnergy()._value, kinetic])
    total, kinetic = np.std(energies, axis=0)
    assert total < 0.02 * kinetic


def test_copies_belong_to_the_molecules_of_their_particles(cell):
    """The barostat counts molecules: 16 zinc and 32 imidazolates, however many copies there are."""
    configuration = read_data_file(cell / "system.data")
    model = build_model(load_forcefield(FORCEFIELD), configuration, "efficient")
    context = openmm.Context(
        model.system, openmm.VerletIntegrator(0.001), openmm.Platform.getPlatform("Reference")
    )
    assert len(model.copies.shifts) == 8
    assert sorted(len(molecule) for molecule in context.getMolecules()) == [40] * 16 + [80] * 32


def test_another_engine_in_the_middle_is_refused(cell, tmp_path):
    store = CheckpointFolder.of(tmp_path / "r1")
    store.path.mkdir()
    store.begin_piece({"seed": 1, "engine": "openmm"})
    (store.path / "chunk-000000.json").write_text("{}")
    with pytest.raises(InputError, match="made with another engine; delete this folder"):
        store.begin_piece({"seed": 1})


def test_unstable_run_stops_and_is_not_tried_again(cell, tmp_path):
    folder, segments = tmp_path / "r1", [hold("far too hot", 3.0e6, 0.1)]
    how = settings(minimise=False)
    with pytest.raises(InputError, match="became unstable.*there is no checkpoint yet.*delete"):
        run_cell(cell, folder, segments, how)
    began = time.monotonic()
    with pytest.raises(InputError, match="became unstable"):
        run_cell(cell, folder, segments, how)
    assert time.monotonic() - began < 1.0


def test_missing_gpu_is_one_sentence(cell, tmp_path):
    present = [openmm.Platform.getPlatform(i).getName() for i in range(openmm.Platform.getNumPlatforms())]
    if {"CUDA", "HIP", "OpenCL"} & set(present):
        pytest.skip("this machine may have a GPU")
    with pytest.raises(InputError, match="cannot use the platform GPU"):
        run_cell(cell, tmp_path / "r1", SEGMENTS, settings(platform="auto", accelerator="gpu"))
