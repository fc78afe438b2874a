"""Sampling labelled environments from run folders."""

import dataclasses

import numpy as np
import pytest

from fake_runs import STRUCTURES, crystal_atoms, shaken, write_fake_run
from zifmelt.environments.database import (
    Database,
    SampledRun,
    equally_spaced,
    sample_database,
    share_configurations,
)
from zifmelt.environments.features import FeatureSettings
from zifmelt.environments.symmetry_functions import (
    Angular,
    Radial,
    SymmetryFunctions,
    compute_symmetry_functions,
)
from zifmelt.errors import InputError
from zifmelt.trajectory import read_frames

SETTINGS = FeatureSettings(
    SymmetryFunctions(9.0, (Radial(0.5, 6.0),), (Angular(0.002, 1, 1.0),)), 7.0, 1, 0.1
)
HOLD = {"kind": "hold", "from_K": 300.0, "to_K": 300.0, "barostat": "isotropic", "frozen": None}
SEGMENTS = [
    {"name": "equilibration", "duration_ps": 0.5, **HOLD},
    {"name": "production", "duration_ps": 0.6, **HOLD},
]


@pytest.fixture
def runs(tmp_path):
    """Two phases, of 16 and 32 Zn; 12 frames each, of which 6 are production."""
    made = []
    for name, origin in (("ZIF-4", "a"), ("ZIF-zni", "b")):
        positions, box, symbols = crystal_atoms(STRUCTURES / f"{name}.cif", elements=("Zn", "N"))
        frames = shaken(positions, 12, 0.1, np.random.default_rng(1))
        folder = write_fake_run(tmp_path / name, frames, box, symbols, 0.1, segments=SEGMENTS)
        made.append(SampledRun(folder, name, origin, 300.0, 3))
    return made


def test_rows_carry_their_labels_times_and_origins(runs):
    database = sample_database(runs, ["ZIF-4", "ZIF-zni"], SETTINGS)
    assert len(database.labels) == 3 * (16 + 32)
    np.testing.assert_array_equal(np.bincount(database.labels), [48, 96])
    np.testing.assert_array_equal(
        np.unique(database.configurations, return_counts=True)[1], [16] * 3 + [32] * 3
    )
    np.testing.assert_allclose(np.unique(database.times_ps), [0.7, 0.9, 1.1], atol=1e-6)
    assert database.origin_names.tolist() == ["a", "b"]
    assert set(database.temperatures_K.tolist()) == {300.0}
    np.testing.assert_array_equal(database.origins, database.labels)


def test_features_are_those_of_the_frames(runs):
    database = sample_database(runs, ["ZIF-4", "ZIF-zni"], SETTINGS)
    frames = read_frames(runs[1].folder)
    expected = compute_symmetry_functions(
        frames.positions[[7, 9, 11]], frames.boxes[[7, 9, 11]], SETTINGS.functions
    )
    found = database.columns(SETTINGS.functions.names)[database.labels == 1]
    np.testing.assert_allclose(found, expected.reshape(-1, 2), rtol=1e-5)


def test_saved_and_loaded_whole(runs, tmp_path):
    database = sample_database(runs, ["ZIF-4", "ZIF-zni"], SETTINGS)
    database.save(tmp_path / "environments.npz")
    loaded = Database.load(tmp_path / "environments.npz")
    for field in dataclasses.fields(Database):
        np.testing.assert_array_equal(getattr(loaded, field.name), getattr(database, field.name))


def test_processes_do_not_change_the_result(runs):
    one, two = (sample_database(runs, ["ZIF-4", "ZIF-zni"], SETTINGS, count) for count in (1, 2))
    np.testing.assert_array_equal(one.features, two.features)


def test_missing_class_is_named(runs):
    with pytest.raises(InputError, match="no sampling run of the phase 'ZIF_liq'"):
        sample_database(runs, ["ZIF-4", "ZIF-zni", "ZIF_liq"], SETTINGS)


def test_unknown_phase_is_named(runs):
    with pytest.raises(InputError, match="'ZIF-zni' is none of ZIF-4"):
        sample_database(runs, ["ZIF-4"], SETTINGS)


def test_too_few_frames_are_counted(runs):
    greedy = [dataclasses.replace(runs[0], configurations=7), runs[1]]
    with pytest.raises(
        InputError, match="7 configurations are asked for, but its production has only 6 frames"
    ):
        sample_database(greedy, ["ZIF-4", "ZIF-zni"], SETTINGS)


def test_foreign_file_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", a=np.ones(2))
    with pytest.raises(InputError, match="not a database"):
        Database.load(tmp_path / "other.npz")
    with pytest.raises(InputError, match="no such file"):
        Database.load(tmp_path / "none.npz")


def test_shares_are_even_and_complete():
    assert share_configurations({"a": 7, "b": 2}, ["a", "b", "a", "a"]) == [3, 2, 2, 2]


def test_equally_spaced_picks():
    np.testing.assert_array_equal(equally_spaced(5, 11, 3), [6, 8, 10])
    np.testing.assert_array_equal(equally_spaced(0, 4, 4), [0, 1, 2, 3])
    assert len(set(equally_spaced(2, 19, 5).tolist())) == 5


def test_a_database_without_a_phase_is_refused(runs, tmp_path):
    database = sample_database(runs, ["ZIF-4", "ZIF-zni"], SETTINGS)
    path = tmp_path / "environments.npz"
    dataclasses.replace(database, labels=np.zeros_like(database.labels)).save(path)
    with pytest.raises(InputError, match=r"environments\.npz: the phase ZIF-zni has no environment in it"):
        Database.load(path)
