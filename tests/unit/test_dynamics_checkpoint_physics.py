"""The physics at a checkpoint: what a sound run shows passes, each planted fault is found and named."""

from dataclasses import replace

import numpy as np
import pytest

from dynamics_runs import FORCEFIELD, build_cell, short_settings
from zifmelt.dynamics import thermo
from zifmelt.dynamics.checkpoint_physics import failed_checks
from zifmelt.dynamics.job import Job
from zifmelt.dynamics.protocol import FrozenRegion, hold
from zifmelt.dynamics.publishing import wrong
from zifmelt.errors import InputError
from zifmelt.forcefield.data_file import read_data_file
from zifmelt.units import BOLTZMANN_EV_PER_K

EV = 1.0364269656262175e-4
"""One g/mol (A/ps)^2 in eV; CODATA's atomic mass over the elementary charge, by hand."""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return build_cell(tmp_path_factory.mktemp("cell"))


class Checkpoint:
    """The last chunk of a sound run of 8 ps at 300 K, made of random numbers."""

    def __init__(self, files, folder, segment):
        settings = short_settings(
            frame_interval_ps=0.1, thermo_interval_ps=0.1, checkpoint_interval_ps=4.0, slow_timestep_fs=0.25
        )
        self.job = Job(
            files / "system.data", files / "topology.pdb", FORCEFIELD, (segment,), settings, 7, folder
        )
        self.chunk = self.job.chunks[-1]
        self.job.checkpoints.path.mkdir(parents=True)
        rng = np.random.default_rng(20240308)
        data = read_data_file(files / "system.data")
        self.types, masses = data.types, data.masses[data.types - 1]
        thermal = np.sqrt(BOLTZMANN_EV_PER_K * 300 / EV / masses) / 1000
        self.velocities = rng.standard_normal((len(masses), 3)) * thermal[:, None]
        self.velocities -= masses @ self.velocities / masses.sum()
        times = np.arange(81) * 0.1
        self.rows = np.ones((81, len(thermo.COLUMNS)))
        self.set("time_ps", times)
        self.set("potential_energy_eV", -900 + rng.normal(0, 0.5, 81))
        self.set("volume_A3", 4300 + np.cumsum(rng.normal(0, 2, 81)))
        self.set("conserved_energy_eV", -880 + rng.normal(0, 0.01, 81))

    def set(self, column, values, where=slice(None)):
        self.rows[where, thermo.COLUMNS.index(column)] = values

    def get(self, column):
        return self.rows[:, thermo.COLUMNS.index(column)]

    def failed(self):
        store = self.job.checkpoints
        np.savetxt(store.part(0, "csv"), self.rows[:41], delimiter=",")
        np.savetxt(store.running(1, "csv"), self.rows[41:], delimiter=",")
        return [name for name, *_ in failed_checks(self.job, self.chunk, self.types, self.velocities)]


@pytest.fixture
def checkpoint(files, tmp_path):
    return Checkpoint(files, tmp_path / "r1", hold("hold", 300, 8.0))


def test_a_sound_run_passes(checkpoint):
    assert checkpoint.failed() == []


@pytest.mark.parametrize(
    ("column", "change", "what"),
    [
        ("potential_energy_eV", 100.0, "jump of the energy"),
        ("volume_A3", 400.0, "jump of the volume"),
        ("conserved_energy_eV", 2.0, "jump of the conserved energy"),
    ],
)
def test_a_jump_over_the_checkpoint_is_found(checkpoint, column, change, what):
    checkpoint.set(column, checkpoint.get(column)[41:] + change, slice(41, None))
    assert checkpoint.failed() == [what]


def test_one_kind_of_particle_that_is_too_hot_is_found(checkpoint):
    hottest = checkpoint.types == 2
    checkpoint.velocities[hottest] *= 2.0  # four times the temperature
    assert "temperature of type 2 less the target (K)" in checkpoint.failed()
    assert not any("type 3" in name for name in checkpoint.failed())


def test_a_box_that_flies_is_found(checkpoint):
    checkpoint.velocities[:, 1] += 1e-8
    assert checkpoint.failed() == ["momentum along y"]


def test_nothing_is_judged_before_a_segment_has_settled_or_while_a_part_is_held_still(files, tmp_path):
    held = replace(hold("held", 300, 8.0, "none"), frozen=FrozenRegion("z", 0.0, 0.5))
    for segment in (hold("hold", 300, 1.9), held):
        checkpoint = Checkpoint(files, tmp_path / segment.name / str(segment.duration_ps), segment)
        checkpoint.velocities *= 5.0
        assert checkpoint.failed() == []


def test_a_wrong_run_ends_at_once_when_it_is_tried_again(checkpoint):
    told = str(wrong(checkpoint.job, "momentum along y is 3, beyond 1e-06"))
    assert "its physics does not hold (momentum along y is 3, beyond 1e-06)" in told
    with pytest.raises(InputError, match="its physics does not hold"):
        checkpoint.job.checkpoints.begin_piece(checkpoint.job.identity)
