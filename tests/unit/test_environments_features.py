"""Features of the extended classifier, against hand calculation and loops."""

import numpy as np
import pytest

from fake_runs import STRUCTURES, crystal_atoms, shaken, write_fake_run
from zifmelt.environments.features import (
    FeatureSettings,
    compute_features,
    compute_local_features,
    frames_apart,
    nitrogen_features,
    shell_average,
)
from zifmelt.environments.neighbours import find_neighbours
from zifmelt.environments.symmetry_functions import Angular, Radial, SymmetryFunctions
from zifmelt.errors import InputError
from zifmelt.trajectory import read_frames

SETTINGS = FeatureSettings(
    functions=SymmetryFunctions(9.0, (Radial(0.5, 6.0),), (Angular(0.002, 1, 1.0),)),
    shell_cutoff=7.0,
    window_frames=3,
    interval_ps=0.2,
)
CONFIG = {
    "symmetry_functions": {
        "cutoff_A": 9.0,
        "radial": [{"eta_per_A2": 0.5, "r_s_A": 6.0}],
        "angular": [{"eta_per_A2": 0.002, "lambda": 1, "zeta": 1}],
    },
    "shell_cutoff_A": 7.0,
    "window_frames": 3,
    "interval_ps": 0.2,
}
TETRAHEDRON = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / np.sqrt(3.0)


def test_perfect_tetrahedron():
    zinc = np.full((1, 3), 10.0)
    row = nitrogen_features(zinc, zinc + 2.0 * TETRAHEDRON, np.eye(3) * 30.0)[0]
    np.testing.assert_allclose(row[:5], [2.0, 2.0, 2.0, 2.0, 6.0])
    assert row[5] == pytest.approx(np.degrees(np.arccos(-1.0 / 3.0)))
    assert row[6] == pytest.approx(0.0, abs=1e-5)


def test_three_coordinated_zinc_has_three_angles():
    zinc = np.full((1, 3), 10.0)
    angles = np.radians([0.0, 90.0, 200.0])
    plane = np.column_stack([np.cos(angles), np.sin(angles), np.zeros(3)])
    row = nitrogen_features(zinc, zinc + plane * np.array([[2.2], [2.0], [2.1]]), np.eye(3) * 30.0)[0]
    np.testing.assert_allclose(row[:5], [2.0, 2.1, 2.2, 6.0, 6.0])
    # 90, 110 and 160 degrees: mean 120, deviation sqrt((900 + 100 + 1600) / 3).
    assert row[5] == pytest.approx(120.0)
    assert row[6] == pytest.approx(np.sqrt(2600.0 / 3.0))


def test_zinc_without_nitrogen_gives_finite_features():
    row = nitrogen_features(np.full((1, 3), 10.0), np.full((1, 3), 25.0), np.eye(3) * 40.0)[0]
    np.testing.assert_allclose(row, [6.0] * 5 + [0.0, 0.0])


def test_shell_average_agrees_with_a_loop():
    generator = np.random.default_rng(2)
    box = np.diag([6.0, 9.0, 10.0])
    positions, values = generator.random((5, 3)) @ box, generator.random((5, 2))
    found = find_neighbours(positions, positions, box, 9.0)
    expected = []
    for centre in range(5):
        near = found.atoms[(found.centres == centre) & (found.distances < 7.0)]
        expected.append(np.mean(np.vstack([values[centre], values[near]]), axis=0))
    np.testing.assert_allclose(shell_average(values, found, 7.0), expected)


def test_crystal_environments_fall_into_one_class_per_site():
    positions, box, symbols = crystal_atoms(STRUCTURES / "ZIF-4.cif", elements=("Zn", "N"))
    zinc = np.array(symbols) == "Zn"
    values = compute_local_features(positions[None, zinc], positions[None, ~zinc], box[None], SETTINGS)[0]
    # Two Zn in the asymmetric unit of ZIF-4, eight images each.
    np.testing.assert_allclose(values[:8], np.tile(values[:1], (8, 1)), rtol=1e-3)
    np.testing.assert_allclose(values[8:], np.tile(values[8:9], (8, 1)), rtol=1e-3)
    assert not np.allclose(values[0], values[8], rtol=1e-3)


def test_time_average_runs_over_the_window_and_stops_at_the_ends(tmp_path):
    positions, box, symbols = crystal_atoms(STRUCTURES / "ZIF-4.cif", elements=("Zn", "N"))
    frames = shaken(positions, 9, 0.2, np.random.default_rng(3))
    run = read_frames(write_fake_run(tmp_path, frames, box, symbols, 0.1), ("Zn", "N"))
    step = frames_apart(0.1, SETTINGS.interval_ps)
    assert step == 2
    values = compute_features(run, np.array([0, 4]), step, SETTINGS)
    zinc = np.array([atom.element.symbol == "Zn" for atom in run.topology.atoms])
    local = compute_local_features(run.positions[:, zinc], run.positions[:, ~zinc], run.boxes, SETTINGS)
    np.testing.assert_allclose(values[:, :, :2], local[[0, 4]][..., :2], rtol=1e-6)
    np.testing.assert_allclose(values[1, :, 2:], local[[2, 4, 6]].mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(values[0, :, 2:], local[[0, 0, 2]].mean(axis=0), rtol=1e-5)


def test_names_match_columns_and_are_unique():
    names = SETTINGS.functions.names + SETTINGS.extended_names
    assert len(set(names)) == len(names) == 2 + 2 * (2 + 7)
    assert FeatureSettings.from_config(CONFIG) == SETTINGS


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"window_frames": 2}, "environments.window_frames must be odd"),
        ({"shell_cutoff_A": 20.0}, "environments.shell_cutoff_A must not exceed"),
        ({"symmetry_functions": {"cutoff_A": 9.0, "radial": []}}, "the key 'angular' is missing"),
        (
            {"symmetry_functions": {**CONFIG["symmetry_functions"], "cutoff_A": -1}},
            "environments.symmetry_functions.cutoff_A .* is -1, but must be greater than 0",
        ),
    ],
)
def test_wrong_settings_are_refused(change, message):
    with pytest.raises(InputError, match=message):
        FeatureSettings.from_config({**CONFIG, **change})


def test_unknown_kind_of_features_is_refused():
    with pytest.raises(InputError, match="must be one of symmetry_functions, extended"):
        SETTINGS.names("everything")
