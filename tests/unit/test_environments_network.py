"""The classifier network."""

import json

import numpy as np
import pytest
import torch

from zifmelt.environments.network import INFERENCE_ROWS, NetworkSettings, TrainedClassifier
from zifmelt.environments.training import Classifier, train_network
from zifmelt.errors import InputError

torch.set_num_threads(1)
PAPER = NetworkSettings("symmetry_functions", (6,), 1, "as_sampled", 0.02, 0.01, 128, 400)
SETTINGS = {**PAPER.__dict__, "hidden": [6]}


def blobs(rows=600, spread=0.5, seed=0):
    """Four Gaussian clouds in twelve dimensions on very different scales."""
    generator = np.random.default_rng(seed)
    labels = np.arange(rows) % 4
    centres = np.random.default_rng(99).normal(size=(4, 12))
    values = centres[labels] + spread * generator.normal(size=(rows, 12))
    return (values * 10.0 ** np.arange(-6, 6)).astype(np.float32), labels


def test_paper_architecture_has_twelve_six_four_nodes():
    shapes = [tuple(p.shape) for p in Classifier(12, (6,), 4, 1).parameters()]
    assert shapes == [(1, 12, 6), (1, 1, 6), (1, 6, 4), (1, 1, 4)]
    assert sum(p.numel() for p in Classifier(12, (6,), 4, 1).parameters()) == 12 * 6 + 6 + 6 * 4 + 4


def test_forward_pass_by_hand():
    model = Classifier(2, (2,), 2, 1)
    model.mean.copy_(torch.tensor([1.0, 2.0]))
    model.scale.copy_(torch.tensor([2.0, 4.0]))
    weights = ([[1.0, 0.0], [0.0, 1.0]], [0.1, 0.2], [[1.0, -1.0], [2.0, 0.5]], [0.0, 0.3])
    with torch.no_grad():
        for parameter, values in zip(model.parameters(), weights, strict=True):
            parameter.copy_(torch.tensor(values).reshape(parameter.shape))
    found = model.network().probabilities(np.array([[3.0, 4.0]]))
    hidden = np.tanh([1.0 + 0.1, 0.5 + 0.2])
    scores = np.array([hidden[0] + 2 * hidden[1], -hidden[0] + 0.5 * hidden[1] + 0.3])
    np.testing.assert_allclose(found[0], np.exp(scores) / np.exp(scores).sum(), rtol=1e-6)


@pytest.mark.parametrize(("hidden", "members"), [((6,), 1), ((64, 32), 4)])
def test_probabilities_without_pytorch_are_those_of_pytorch(hidden, members):
    """To rounding in double precision, over more rows than are taken at once."""
    torch.manual_seed(5)
    model = Classifier(12, hidden, 4, members).double()
    values = np.random.default_rng(6).normal(2.0, 30.0, (INFERENCE_ROWS + 100, 12))
    model.mean.copy_(torch.from_numpy(values.mean(axis=0)))
    model.scale.copy_(torch.from_numpy(values.std(axis=0)))
    with torch.inference_mode():
        expected = model(torch.from_numpy(values)).numpy()
    assert np.ptp(expected) > 0.1
    np.testing.assert_allclose(model.network().probabilities(values), expected, rtol=0, atol=1e-12)


def test_members_are_averaged_and_differ():
    model = Classifier(3, (4,), 2, 5)
    values = torch.randn(7, 3)
    each = model.logits(values).softmax(dim=-1)
    torch.testing.assert_close(model(values), each.mean(dim=0))
    assert each.std(dim=0).max() > 1e-3


def test_learns_and_gives_probabilities():
    network = train_network(*blobs(), 4, PAPER, seed=1)
    values, labels = blobs(seed=5)
    found = network.probabilities(values)
    np.testing.assert_allclose(found.sum(axis=1), 1.0, rtol=1e-5)
    assert (found.argmax(axis=1) == labels).mean() > 0.95


def test_labels_without_information_are_not_learnt():
    values, labels = blobs()
    shuffled = np.random.default_rng(3).permutation(labels)
    network = train_network(values[:300], shuffled[:300], 4, PAPER, seed=1)
    accuracy = (network.probabilities(values[300:]).argmax(axis=1) == shuffled[300:]).mean()
    assert accuracy < 0.4


def test_same_seed_same_network():
    one, two, other = (train_network(*blobs(), 4, PAPER, s).probabilities(blobs()[0]) for s in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert np.abs(one - other).max() > 1e-4


def test_balanced_weights_find_a_rare_class():
    # Two overlapping clouds, 50 to 1: unweighted training prefers the common one, balanced training does not.
    generator = np.random.default_rng(4)
    labels = (np.arange(2040) % 51 == 0).astype(int)
    values = (generator.normal(size=(2040, 1)) + 1.5 * labels[:, None]).astype(np.float32)
    recall = {}
    for weights in ("as_sampled", "balanced"):
        settings = NetworkSettings(**{**SETTINGS, "hidden": (6,), "class_weights": weights})
        called = train_network(values, labels, 2, settings, 1).probabilities(values).argmax(axis=1)
        recall[weights] = called[labels == 1].mean()
    assert recall["balanced"] > 0.6 > recall["as_sampled"]


def test_constant_feature_does_no_harm():
    values, labels = blobs()
    values[:, 3] = 7.0
    assert np.isfinite(train_network(values, labels, 4, PAPER, 1).probabilities(values)).all()


def test_empty_class_and_infinite_feature_are_refused():
    values, labels = blobs()
    with pytest.raises(InputError, match="class 4 has no environment"):
        train_network(values, labels, 5, PAPER, 1)
    values[0, 0] = np.nan
    with pytest.raises(InputError, match="not a finite number"):
        train_network(values, labels, 4, PAPER, 1)


def test_saved_and_loaded(tmp_path):
    values, labels = blobs()
    classes, names = ["a", "b", "c", "d"], [f"f{i}" for i in range(12)]
    trained = TrainedClassifier(train_network(values, labels, 4, PAPER, 1), PAPER, classes, names)
    model, metadata = tmp_path / "model.npz", tmp_path / "model.json"
    trained.save(model, metadata, {"seed": 1})
    loaded = TrainedClassifier.load(model, metadata)
    assert (loaded.classes, loaded.features, loaded.settings) == (classes, names, PAPER)
    np.testing.assert_array_equal(loaded.network.probabilities(values), trained.network.probabilities(values))
    assert json.loads(metadata.read_text())["seed"] == 1
    model.write_bytes(model.read_bytes() + b"x")
    with pytest.raises(InputError, match="not the weights"):
        TrainedClassifier.load(model, metadata)
    with pytest.raises(InputError, match="no such file"):
        TrainedClassifier.load(tmp_path / "none.npz", metadata)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"class_weights": "heavy"}, "classifiers.mine.class_weights .* must be one of"),
        ({"members": 0}, "classifiers.mine.members .* is 0, but must be at least 1"),
        ({"sizes": 3}, "unknown key 'sizes' in classifiers.mine"),
    ],
)
def test_wrong_settings_are_refused(change, message):
    with pytest.raises(InputError, match=message):
        NetworkSettings.from_config("mine", {**SETTINGS, **change})
