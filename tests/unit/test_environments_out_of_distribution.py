"""Distances of environments from the training database."""

import numpy as np
import pytest
from scipy.spatial.distance import mahalanobis
from scipy.stats import chi

from zifmelt.environments.database import Database
from zifmelt.environments.out_of_distribution import TrainingDistribution
from zifmelt.errors import InputError

WIDTHS = np.array([[1.0, 0.2, 3.0], [0.5, 2.0, 0.1]])
CENTRES = np.array([[0.0, 0.0, 0.0], [40.0, 0.0, 5.0]])


def gaussians(rows, origins=(2, 2), generator=None, widths=WIDTHS):
    """Two phases of independent Gaussian features; every origin is one run of `rows` environments."""
    generator = generator or np.random.default_rng(1)
    labels = np.repeat([0, 1], [rows * count for count in origins])
    runs = np.repeat(np.arange(sum(origins)), rows)
    features = CENTRES[labels] + widths[labels] * generator.standard_normal((len(labels), 3))
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


def test_distance_is_that_of_another_library():
    database = gaussians(4000)
    found = TrainingDistribution.of(database, ["a", "c"])
    own = database.features[database.labels == 1][:, [0, 2]].astype(float)
    point = np.array([41.3, 5.2])
    wanted = mahalanobis(point, own.mean(axis=0), np.linalg.inv(np.cov(own, rowvar=False)))
    assert found.strangeness(point[None])[0] == pytest.approx(wanted / found.limits[1], rel=1e-6)


def test_limit_is_the_quantile_of_the_chi_distribution():
    found = TrainingDistribution.of(gaussians(30000), ["a", "b", "c"])
    np.testing.assert_allclose(found.limits, chi(3).ppf(0.99), rtol=0.02)
    fresh = gaussians(20000, generator=np.random.default_rng(2)).features
    assert (found.strangeness(fresh) > 1).mean() == pytest.approx(0.01, abs=0.002)
    assert found.usual_share == pytest.approx(0.01, abs=0.003)


def test_a_third_phase_between_the_two_is_strange_though_near_to_both():
    found = TrainingDistribution.of(gaussians(2000), ["a", "b", "c"])
    assert (found.strangeness(np.array([[20.0, 0.0, 2.5]])) > 3).all()


def test_a_phase_that_varies_between_trajectories_gets_a_wide_limit():
    """What the limit allows follows from left-out trajectories, not from those that were fitted."""
    alike = gaussians(500)
    moved = np.random.default_rng(5).normal(0, 5, (4, 1))[alike.runs]
    varied = Database(**{**vars(alike), "features": (alike.features + moved).astype(np.float32)})
    limits = [TrainingDistribution.of(data, ["a", "b", "c"]).limits for data in (alike, varied)]
    assert limits[1].max() > 1.5 * limits[0].max()


def test_a_feature_without_variation_does_not_blow_up():
    found = TrainingDistribution.of(gaussians(500, widths=WIDTHS * [1, 1, 0]), ["a", "b", "c"])
    strange = found.strangeness(CENTRES + [0.0, 0.0, 1e-4])
    assert np.isfinite(strange).all() and (strange < 0.1).all()


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
    with pytest.raises(InputError, match="needs at least two"):
        TrainingDistribution.of(gaussians(50, (1, 2)), ["a"])
