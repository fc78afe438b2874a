"""Distances of environments from the training database."""

import numpy as np
import pytest

from zifmelt.environments.database import Database
from zifmelt.environments.out_of_distribution import TrainingDistribution
from zifmelt.errors import InputError

WIDTHS = np.array([[1.0, 0.2, 3.0], [0.5, 2.0, 0.1]])
CENTRES = np.array([[0.0, 0.0, 0.0], [40.0, 0.0, 5.0]])


def gaussians(rows, origins=(2, 2), generator=None):
    """Two phases of independent Gaussian features; every origin is one run of `rows` environments."""
    generator = generator or np.random.default_rng(1)
    labels = np.repeat([0, 1], [rows * count for count in origins])
    runs = np.repeat(np.arange(sum(origins)), rows)
    features = CENTRES[labels] + WIDTHS[labels] * generator.standard_normal((len(labels), 3))
    zeros = np.zeros(len(labels))
    return Database(
        features.astype(np.float32),
        np.array(["a", "b", "c"]),
        labels.astype(np.int8),
        np.array(["cold", "hot"]),
        runs,
        np.array([f"o{k}" for k in range(sum(origins))]),
        runs,
        np.array([f"r{k}" for k in range(sum(origins))]),
        zeros,
        zeros,
        np.arange(len(labels)),
    )


def test_distance_is_that_of_a_naive_loop():
    database = gaussians(50)
    found = TrainingDistribution.of(database, ["a", "c"])
    values = database.features[:, [0, 2]].astype(float)
    point = np.array([17.3, 2.2])
    scaled = [np.hypot(*((row - point) / values.std(axis=0))) for row in values]
    assert found.strangeness(point[None])[0] == pytest.approx(sorted(scaled)[4] / found.limit, rel=1e-5)


def test_one_in_a_hundred_of_fresh_environments_is_beyond_the_limit():
    found = TrainingDistribution.of(gaussians(300, (8, 8)), ["a", "b", "c"])
    fresh = gaussians(5000, generator=np.random.default_rng(2)).features
    assert (found.strangeness(fresh) > 1).mean() == pytest.approx(0.01, abs=0.003)
    assert found.usual_share == pytest.approx(0.02, abs=0.01)


def test_a_third_phase_is_strange_though_it_lies_between_the_two():
    found = TrainingDistribution.of(gaussians(2000), ["a", "b", "c"])
    assert found.strangeness(np.array([[20.0, 0.0, 2.5]]))[0] > 3


def test_what_varies_between_trajectories_widens_the_limit():
    """The limit follows from left-out trajectories: those that were compared with lie near themselves."""
    alike = gaussians(500)
    moved = np.random.default_rng(5).normal(0, 5, (4, 1))[alike.runs]
    varied = Database(**{**vars(alike), "features": (alike.features + moved).astype(np.float32)})
    limits = [TrainingDistribution.of(data, ["a", "b", "c"]).limit for data in (alike, varied)]
    assert limits[1] > 2 * limits[0]


def test_a_large_database_is_thinned_out_without_another_limit():
    few, many = (TrainingDistribution.of(gaussians(rows), ["a", "b", "c"]) for rows in (1250, 3500))
    assert len(few.environments) == 5000 and 2500 < len(many.environments) <= 5000
    assert many.limit == pytest.approx(few.limit, rel=0.2)


def test_a_feature_without_variation_does_not_count():
    database = gaussians(500)
    database.features[:, 1] = 7.0
    found = TrainingDistribution.of(database, ["a", "b", "c"])
    without = TrainingDistribution.of(database, ["a", "c"])
    points = np.array([[3.0, 7.0, 9.0], [30.0, 7.0, 1.0]])
    np.testing.assert_allclose(found.strangeness(points), without.strangeness(points[:, [0, 2]]), rtol=1e-6)


def test_saved_and_loaded_is_the_same(tmp_path):
    found = TrainingDistribution.of(gaussians(200), ["a", "b", "c"])
    found.save(tmp_path / "training.npz")
    again = TrainingDistribution.load(tmp_path / "training.npz")
    points = np.random.default_rng(3).normal(size=(20, 3))
    np.testing.assert_array_equal(again.strangeness(points), found.strangeness(points))
    assert again.usual_share == found.usual_share
    (tmp_path / "other.npz").write_bytes(b"no")
    with pytest.raises(InputError, match="not a distribution of environments"):
        TrainingDistribution.load(tmp_path / "other.npz")


def test_one_trajectory_of_a_phase_is_too_few():
    with pytest.raises(InputError, match="the phase cold has one independent trajectory"):
        TrainingDistribution.of(gaussians(50, (1, 2)), ["a"])
