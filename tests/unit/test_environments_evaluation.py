"""Splits, scores and their errors."""

import dataclasses

import numpy as np
import pytest
import torch

from zifmelt.environments.database import Database
from zifmelt.environments.evaluation import reliability, resampled_origins, score
from zifmelt.environments.held_out import (
    learning_curve,
    origin_folds,
    predict_held_out,
    random_test_rows,
    thinned_rows,
)
from zifmelt.environments.network import NetworkSettings
from zifmelt.environments.predictions import Predictions, load_predictions, save_predictions
from zifmelt.errors import InputError

torch.set_num_threads(1)
SETTINGS = NetworkSettings("symmetry_functions", (6,), 1, "as_sampled", 0.02, 0.01, 128, 300)


def made_database(origins_per_phase=(2, 3), rows_per_origin=60, shift=0.0, seed=0):
    """Two phases one unit apart; every origin has an offset of its own, of the size of `shift`."""
    generator = np.random.default_rng(seed)
    labels, origins = [], []
    for phase, count in enumerate(origins_per_phase):
        for _ in range(count):
            labels += [phase] * rows_per_origin
            origins += [origins[-1] + 1 if origins else 0] * rows_per_origin
    labels, origins = np.array(labels), np.array(origins)
    offsets = shift * generator.normal(size=(origins.max() + 1, 1))
    features = labels[:, None] + 0.1 * generator.normal(size=(len(labels), 1)) + offsets[origins]
    rows = np.arange(len(labels))
    return Database(
        features=features.astype(np.float32),
        names=np.array(["x"]),
        labels=labels.astype(np.int8),
        classes=np.array(["a", "b"]),
        origins=origins,
        origin_names=np.array([f"o{i}" for i in range(origins.max() + 1)]),
        runs=origins,
        run_names=np.array([f"o{i}" for i in range(origins.max() + 1)]),
        temperatures_K=np.full(len(rows), 300.0),
        times_ps=rows.astype(float),
        configurations=rows // 6,
    )


def test_folds_keep_origins_whole_and_hold_every_phase():
    database = made_database((2, 5))
    folds = origin_folds(database)
    assert set(folds) == {0, 1}
    for origin in range(7):
        assert len(set(folds[database.origins == origin])) == 1
    for fold in (0, 1):
        assert set(database.labels[folds == fold]) == {0, 1}


def test_phase_with_one_trajectory_is_refused():
    with pytest.raises(InputError, match="the phase a has 1 independent trajectory"):
        origin_folds(made_database((1, 3)))


def test_random_split_is_a_fifth():
    rows = random_test_rows(1000, np.random.default_rng(1))
    assert len(rows) == len(set(rows.tolist())) == 200


def test_every_row_of_the_trajectory_split_is_tested_once():
    database = made_database()
    found = predict_held_out(database, ["x"], SETTINGS, "trajectory", seed=1)
    np.testing.assert_array_equal(found.labels, database.labels)
    assert np.isfinite(found.probabilities).all()
    assert (found.probabilities.argmax(axis=1) == database.labels).mean() > 0.99


def test_random_split_flatters_what_trajectories_share():
    # Features that tell the run but not the phase: a network can learn the runs by heart, which the random
    # split takes for knowledge of the phases.
    generator = np.random.default_rng(7)
    labels = np.repeat([0, 1], 5 * 80)
    origins = np.repeat(np.arange(10), 80)
    features = generator.normal(size=(10, 8))[origins] + 0.05 * generator.normal(size=(800, 8))
    base = made_database((5, 5), 80)
    names = np.array([f"x{i}" for i in range(8)])
    changes = {"features": features.astype(np.float32), "names": names, "labels": labels}
    database = dataclasses.replace(base, **changes)
    accuracy = {
        split: score(
            predict_held_out(database, names.tolist(), SETTINGS, split, 1), np.random.default_rng(0)
        ).accuracy.value
        for split in ("random", "trajectory")
    }
    assert accuracy["random"] > 0.97
    assert accuracy["trajectory"] < 0.8


def test_confusion_by_hand():
    labels = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 1])
    called = np.array([0, 0, 0, 1, 1, 1, 1, 1, 0, 0])
    result = score(
        Predictions(np.eye(2)[called], labels, np.array([0, 0, 1, 1, 2, 2, 2, 3, 3, 3])),
        np.random.default_rng(0),
    )
    np.testing.assert_allclose(result.fractions, [[3 / 4, 1 / 4], [1 / 3, 2 / 3]])
    assert result.accuracy.value == pytest.approx(7 / 10)
    np.testing.assert_array_equal(result.n, [2, 2])
    # Shares of the origins of phase 0 are 1 and 1/2, of phase 1 are 1 and 1/3: s / sqrt 2 is half the gap.
    np.testing.assert_allclose(result.stderr[:, 0], [0.25, 1 / 3], rtol=0.05)
    assert result.accuracy.stderr == pytest.approx(np.hypot(0.4 * 0.25, 0.6 / 3), rel=0.05)


def test_standard_error_agrees_with_the_spread_of_the_mean():
    # Trajectories of equal length with shares drawn around 0.7: the error is s / sqrt(n) of the shares.
    generator = np.random.default_rng(2)
    shares = generator.uniform(0.5, 0.9, 12)
    right = np.concatenate([np.arange(200) < round(200 * share) for share in shares])
    origins = np.repeat(np.arange(12), 200)
    labels = np.concatenate([np.zeros(2400, int), np.ones(400, int)])
    called = np.concatenate([np.where(right, 0, 1), np.ones(400, int)])
    origins = np.concatenate([origins, np.repeat([12, 13], 200)])
    result = score(Predictions(np.eye(2)[called], labels, origins), np.random.default_rng(0))
    expected = np.array([right[i * 200 : (i + 1) * 200].mean() for i in range(12)]).std(ddof=1) / np.sqrt(12)
    assert result.stderr[0, 0] == pytest.approx(expected, rel=0.06)


def test_one_trajectory_gives_no_error():
    labels = np.array([0, 0, 1, 1])
    result = score(Predictions(np.eye(2)[labels], labels, np.array([0, 0, 1, 2])), np.random.default_rng(0))
    assert np.isnan(result.stderr[0, 0]) and result.stderr[1, 1] == 0.0


def test_resampling_draws_one_fewer_of_every_phase():
    drawn = resampled_origins(np.array([0, 0, 0, 1, 1]), np.random.default_rng(0), draws=50)
    np.testing.assert_array_equal(drawn[:, :3].sum(axis=1), 2)
    np.testing.assert_array_equal(drawn[:, 3:].sum(axis=1), 1)


def test_honest_probabilities_lie_on_the_diagonal():
    generator = np.random.default_rng(3)
    confidence = generator.uniform(0.5, 1.0, 40000)
    labels = (generator.random(40000) > confidence).astype(int)
    probabilities = np.column_stack([confidence, 1.0 - confidence])
    table = reliability(
        Predictions(probabilities, labels, 2 * generator.integers(0, 8, 40000) + labels), generator
    )
    np.testing.assert_allclose(table.accuracy, table.confidence, atol=0.03)
    assert table.share.sum() == pytest.approx(1.0)
    boastful = np.column_stack([0.5 + confidence / 2, 0.5 - confidence / 2])
    table = reliability(
        Predictions(boastful, labels, 2 * generator.integers(0, 8, 40000) + labels), generator
    )
    assert (table.share * (table.confidence - table.accuracy)).sum() > 0.1


def test_thinning_keeps_whole_configurations_of_every_run():
    database = made_database()
    kept = thinned_rows(database, 0.5)
    np.testing.assert_array_equal(np.bincount(database.runs[kept]), np.bincount(database.runs) // 2)
    assert set(np.unique(database.configurations[kept], return_counts=True)[1].tolist()) == {6}
    assert len(np.unique(database.runs[thinned_rows(database, 1e-6)])) == 5


def test_learning_curve_has_one_row_per_share():
    curve = learning_curve(made_database(), ["x"], SETTINGS, [0.1, 1.0], seed=1)
    assert curve.environments.tolist() == [30, 300]
    assert curve.accuracy.iloc[-1] > 0.99


def test_learning_curve_is_tested_on_all_left_out_environments():
    """A share of the configurations is trained on; a mislabelled one that thinning drops is tested on."""
    database = made_database()
    dropped = ~thinned_rows(database, 0.5)
    features = np.where(dropped[:, None], 1.0 - database.labels[:, None], database.features)
    planted = dataclasses.replace(database, features=features.astype(np.float32))
    found = predict_held_out(planted, ["x"], SETTINGS, "trajectory", 1, share=0.5)
    np.testing.assert_array_equal(found.labels, database.labels)
    right = found.probabilities.argmax(axis=1) == found.labels
    assert (right[~dropped].mean(), right[dropped].mean()) == pytest.approx((1.0, 0.0), abs=0.02)
    curve = learning_curve(planted, ["x"], SETTINGS, [0.5], seed=1)
    assert curve.accuracy.tolist() == pytest.approx([0.5], abs=0.02)


def test_predictions_saved_and_loaded(tmp_path):
    parts = {
        name: Predictions(np.eye(2, dtype=np.float32), np.arange(2), np.arange(2))
        for name in ("random", "trajectory")
    }
    save_predictions(tmp_path / "p.npz", parts, ["a", "b"])
    loaded, classes = load_predictions(tmp_path / "p.npz")
    assert classes == ["a", "b"]
    np.testing.assert_array_equal(loaded["random"].probabilities, np.eye(2))
    with pytest.raises(InputError, match="no such file"):
        load_predictions(tmp_path / "none.npz")
