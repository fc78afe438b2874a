"""The dynamics themselves, against hand calculations, conserved quantities and equipartition."""

import mdtraj
import numpy as np
import pytest
from scipy import stats

from dynamics_runs import FORCEFIELD, run_cell, short_settings
from zifmelt.dynamics.protocol import FrozenRegion, Segment, hold, ramp
from zifmelt.errors import InputError
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.trajectory import read_frames, read_thermo
from zifmelt.units import (
    BOLTZMANN_EV_PER_K,
    EV_PER_A3_IN_BAR,
    G_PER_CM3_PER_AMU_PER_A3,
    ZN_IM2_MOLAR_MASS,
)

pytestmark = pytest.mark.slow

HEATING = [
    hold("start", 300, 0.3),
    ramp("heating", 300, 450, 250.0),
    hold("cube", 450, 0.1, "cubic"),
    hold("hold", 450, 0.3),
]
PARTICLES = 400


@pytest.fixture(scope="module")
def heated(cell, tmp_path_factory):
    folder = tmp_path_factory.mktemp("heated") / "r1"
    run_cell(cell, folder, HEATING, short_settings(checkpoint_interval_ps=0.2))
    return folder


def final_state(folder):
    """Types, velocities (A/fs) and unwrapped positions (A) of final.data in the order of particle numbers."""
    lines = (folder / "final.data").read_text().splitlines()
    bounds = np.array(
        [line.split()[:2] for line in lines if line.endswith(("xlo xhi", "ylo yhi", "zlo zhi"))]
    )
    lengths = np.ptp(bounds.astype(float), axis=1)

    def section(name):
        first = next(i for i, line in enumerate(lines) if line.startswith(name)) + 2
        table = np.array([line.split("#")[0].split() for line in lines[first : first + PARTICLES]], float)
        return table[table[:, 0].argsort()]

    atoms, velocities = section("Atoms"), section("Velocities")
    return atoms[:, 2].astype(int), velocities[:, 1:], atoms[:, 4:7] + atoms[:, 7:10] * lengths


def masses_of(types):
    by_type = {particle.type_id: particle.mass for particle in load_forcefield(FORCEFIELD).particles.values()}
    return np.array([by_type[kind] for kind in types])


def test_temperature_follows_the_ramp(heated):
    rows = read_thermo(heated)
    ramp_rows = rows[rows["segment"] == 1]
    # The ramp takes 0.6 ps from 0.3 ps on. One value scatters by T sqrt(2 / 3N) = 15 K; the mean of a third
    # far less, and the thermostat's 50 fs let the temperature lag by about 250 K/ps x 0.05 ps = 12 K.
    for third in range(3):
        start = 0.3 + 0.2 * third
        window = ramp_rows[(ramp_rows["time_ps"] > start) & (ramp_rows["time_ps"] <= start + 0.2)]
        target = 300 + 250 * (window["time_ps"] - 0.3)
        assert (window["temperature_K"] - target).mean() == pytest.approx(0, abs=35)
    slope = stats.linregress(ramp_rows["time_ps"], ramp_rows["temperature_K"]).slope
    assert slope == pytest.approx(250, abs=80)
    last = rows[rows["time_ps"] > 1.0]
    assert last["temperature_K"].mean() == pytest.approx(450, abs=25)


def test_cubic_segment_ends_in_a_cube_of_the_same_volume(heated):
    rows = read_thermo(heated)
    lengths = rows[["length_x_A", "length_y_A", "length_z_A"]].to_numpy()
    before = rows[rows["segment"] == 1].index[-1]
    after = rows[rows["segment"] == 2].index[-1]
    assert np.ptp(lengths[before]) > 2.0
    assert lengths[after] == pytest.approx(np.full(3, np.cbrt(lengths[before].prod())), rel=1e-8)
    # Afterwards the isotropic barostat keeps the shape while the volume moves.
    # Ten digits of some 17 A are printed.
    assert np.ptp(lengths[after:], axis=1) == pytest.approx(0, abs=2.1e-8)
    assert np.std(rows["volume_A3"][after:]) > 1.0
    halfway = (before + after) // 2
    middle = (lengths[before, :2] + lengths[after, :2]) / 2
    assert lengths[halfway, :2] == pytest.approx(middle, rel=1e-6)
    volumes = rows["volume_A3"].to_numpy()[before : after + 1]
    assert volumes == pytest.approx(volumes[0], rel=1e-7)


def test_conserved_energy_drifts_far_less_than_the_energy_moves(heated):
    rows = read_thermo(heated)
    hold_rows = rows[(rows["segment"] == 3)]
    conserved = hold_rows["conserved_energy_eV"].to_numpy()
    energy = (hold_rows["potential_energy_eV"] + hold_rows["kinetic_energy_eV"]).to_numpy()
    time = hold_rows["time_ps"].to_numpy()
    drift = np.polynomial.Polynomial.fit(time, conserved, 1).deriv()(0) * np.ptp(time)
    assert abs(drift) < 0.1
    assert np.ptp(energy) > 5 * np.ptp(conserved)


def test_density_enthalpy_and_pressure_by_hand(heated):
    rows = read_thermo(heated)
    mass = 16 * ZN_IM2_MOLAR_MASS
    assert rows["density_g_cm3"].to_numpy() == pytest.approx(
        mass / rows["volume_A3"].to_numpy() * G_PER_CM3_PER_AMU_PER_A3, rel=1e-4
    )
    work = rows["pressure_bar"] * rows["volume_A3"] / EV_PER_A3_IN_BAR
    enthalpy = rows["potential_energy_eV"] + rows["kinetic_energy_eV"] + work
    assert rows["enthalpy_eV"].to_numpy() == pytest.approx(enthalpy.to_numpy(), abs=1e-3)
    diagonal = rows[["pressure_xx_bar", "pressure_yy_bar", "pressure_zz_bar"]].mean(axis=1)
    assert rows["pressure_bar"].to_numpy() == pytest.approx(diagonal.to_numpy(), abs=1e-3)
    degrees = 3 * PARTICLES - 3
    kinetic = degrees / 2 * BOLTZMANN_EV_PER_K * rows["temperature_K"]
    assert rows["kinetic_energy_eV"].to_numpy() == pytest.approx(kinetic.to_numpy(), rel=1e-5)


def test_final_velocities_are_maxwellian_and_equipartitioned(heated):
    types, velocities, _ = final_state(heated)
    masses = masses_of(types)
    # 1 g/mol (A/fs)^2 = 1e7 J/mol = 103.64 eV
    thermal = np.sqrt(masses * 1.0364270e2 / (BOLTZMANN_EV_PER_K * 450))
    reduced = velocities * thermal[:, None]
    light = masses < 2
    for group in (light, ~light):
        # Mean square 1 with a standard error of sqrt(2 / 3n), times T/450 of this moment (at most 3.4 % off).
        tolerance = 4 * np.sqrt(2 / (3 * group.sum())) + 0.1
        assert (reduced[group] ** 2).mean() == pytest.approx(1, abs=tolerance)
    assert stats.kstest(reduced.ravel(), "norm").pvalue > 1e-3
    momentum = (masses[:, None] * velocities).sum(axis=0)
    assert np.abs(momentum).max() < 0.01 * np.abs(masses[:, None] * velocities).sum()


def test_trajectory_ends_where_the_final_state_is(heated):
    types, _, positions = final_state(heated)
    particles = load_forcefield(FORCEFIELD).particles
    stored = np.isin(types, [particles["Zn"].type_id, particles["N"].type_id])
    frames = read_frames(heated, ("Zn", "N"))
    assert frames.positions[-1] == pytest.approx(positions[stored], abs=0.0011)
    # Without image flags an atom that crosses a face would jump by a box length.
    assert np.abs(np.diff(frames.positions, axis=0)).max() < 1.0
    assert len(frames) == 131 and frames.times[-1] == pytest.approx(1.3)


def test_stored_atoms_match_their_topology(heated, cell):
    start = mdtraj.load(str(cell / "topology.pdb"))
    frames = read_frames(heated, ("Zn", "N"))
    kept = start.atom_slice(
        [atom.index for atom in start.topology.atoms if atom.element.symbol in ("Zn", "N")]
    )
    assert [atom.name for atom in frames.topology.atoms] == [atom.name for atom in kept.topology.atoms]
    # Minimised and at time 0, every atom is still where the crystal has it.
    assert np.abs(frames.positions[0] - 10 * kept.xyz[0]).max() < 0.6


def test_higher_pressure_compresses(cell, heated, tmp_path):
    segments = [hold("start", 300, 0.3)]
    folder = tmp_path / "r1"
    run_cell(cell, folder, segments, short_settings(pressure_bar=20000.0))
    squeezed, normal = read_thermo(folder), read_thermo(heated)
    assert squeezed["volume_A3"].iloc[-1] < 0.99 * normal["volume_A3"].iloc[len(squeezed) - 1]


def test_frozen_half_stays_and_is_whole(cell, tmp_path):
    region = FrozenRegion("z", 0.0, 0.5)
    segments = [
        Segment("melting", "hold", 900, 900, 0.1, "none", region),
        hold("release", 300, 0.05, "z"),
    ]
    folder = tmp_path / "r1"
    settings = short_settings(trajectory_elements=("Zn", "N", "C", "H"))
    run_cell(cell, folder, segments, settings)
    frames, rows = read_frames(folder, ("Zn", "N", "C", "H")), read_thermo(folder)
    melting = frames.positions[:11]
    still = np.ptp(melting, axis=0).max(axis=1) < 0.0011
    residues = np.array([atom.residue.index for atom in frames.topology.atoms])
    share = np.array([still[residues == residue].mean() for residue in np.unique(residues)])
    assert set(share) == {0.0, 1.0}, "molecules are frozen whole"
    assert 0.3 < share.mean() < 0.7
    centres = np.array([melting[0][residues == residue, 2].mean() for residue in np.unique(residues)])
    fractions = centres / frames.boxes[0, 2, 2] % 1.0
    assert np.all(fractions[share == 1.0] < 0.55) and np.all(fractions[share == 0.0] > 0.45)
    # Constant box while melting; afterwards only z moves, and everything does.
    boxes = frames.boxes[:, [0, 1, 2], [0, 1, 2]]
    assert np.ptp(boxes[:11], axis=0) == pytest.approx(0, abs=1e-5)
    assert np.ptp(boxes[11:, :2], axis=0) == pytest.approx(0, abs=1e-5)
    assert np.ptp(boxes[10:, 2]) > 0.001
    assert np.all(np.ptp(frames.positions[11:], axis=0).max(axis=1) > 0.0011)
    # Steps are those of the slow forces: 0.1 ps are 100 of 1 fs, whatever the time step within.
    assert rows["step"][rows["segment"] == 0].iloc[-1] == 100


def test_two_ranks_give_the_energies_of_one(cell, tmp_path):
    segments = [hold("hold", 300, 0.02)]
    for ranks in (1, 2):
        run_cell(cell, tmp_path / f"r{ranks}", segments, short_settings(mpi_ranks=ranks))
    one, two = (read_thermo(tmp_path / f"r{ranks}") for ranks in (1, 2))
    # Sums over ranks round differently; that has grown to this little after 40 steps.
    for column in ("potential_energy_eV", "kinetic_energy_eV"):
        assert two[column].to_numpy() == pytest.approx(one[column].to_numpy(), abs=1e-4)
    assert one["potential_energy_eV"].std() > 1e-2


def test_trouble_in_a_rank_is_one_sentence(cell, tmp_path):
    data = tmp_path / "system.data"
    text = (cell / "system.data").read_text()
    data.write_text(text.replace("61.348  # Zn", "64.372  # Zn"))
    assert data.read_text() != text
    with pytest.raises(InputError, match="its atom types are not those of the force field nb-zif-ff"):
        run_cell(cell, tmp_path / "r1", [hold("hold", 300, 0.02)], short_settings(mpi_ranks=2), data=data)


def test_unstable_simulation_is_one_sentence(cell, tmp_path):
    settings = short_settings(timestep_fs=0.5, minimise=False, new_velocities=True)
    with pytest.raises(InputError, match="became unstable|LAMMPS stopped") as caught:
        run_cell(cell, tmp_path / "r1", [hold("far too hot", 3.0e6, 0.1)], settings)
    assert "lammps.log" in str(caught.value) and "\n" not in str(caught.value)


def test_topology_of_another_box_is_refused(cell, tmp_path):
    (tmp_path / "topology.pdb").write_text(
        "".join(
            line for line in (cell / "topology.pdb").read_text().splitlines(True) if " ZN " not in line[:22]
        )
    )
    (tmp_path / "system.data").write_text((cell / "system.data").read_text())
    with pytest.raises(InputError, match="are not the real atoms of"):
        run_cell(tmp_path, tmp_path / "r1", [hold("hold", 300, 0.02)], short_settings())


def test_velocities_are_kept_or_drawn(cell, heated, tmp_path):
    def first_row(name, **changes):
        settings = short_settings(minimise=False, **changes)
        folder = tmp_path / name
        run_cell(cell, folder, [hold("hold", 300, 0.01)], settings, data=heated / "final.data")
        return read_thermo(folder).iloc[0]

    last = read_thermo(heated).iloc[-1]
    kept = first_row("kept", new_velocities=False, slow_timestep_fs=0.5)
    # All forces at once must give the pressure that r-RESPA put together from its levels.
    assert kept["pressure_bar"] == pytest.approx(last["pressure_bar"], abs=10)
    assert kept["kinetic_energy_eV"] == pytest.approx(last["kinetic_energy_eV"], rel=1e-6)
    assert kept["potential_energy_eV"] == pytest.approx(last["potential_energy_eV"], abs=1e-2)
    drawn = first_row("drawn")
    assert drawn["temperature_K"] == pytest.approx(300, abs=1e-6)
    assert drawn["potential_energy_eV"] == pytest.approx(last["potential_energy_eV"], abs=1e-2)
