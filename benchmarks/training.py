"""Training the paper's network against scikit-learn's MLPClassifier, one thread each, at equal accuracy."""

import resource
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from zifmelt.environments.network import NetworkSettings
from zifmelt.environments.training import train_network
from zifmelt.files import read_yaml

from .boxes import ROOT
from .timing import agreeing, comparison, competitor, take_turns

ROWS, TEST_ROWS = 1_920_000, 100_000
FEATURES, CLASSES = 12, 4
PASSES = 2
"""Passes over the data in each round: far enough for both to have reached their accuracy."""
ROUNDS = 3
OVERLAP = 0.02
"""Least difference of the shares classified rightly that would matter."""


def main() -> list[dict[str, Any]]:
    """Compare the same number of optimisation steps with the same batches on 1.92 million rows."""
    scikit, version = competitor("sklearn.neural_network", "scikit-learn")
    limits, _ = competitor("threadpoolctl")
    section = read_yaml(ROOT / "config/config.yaml")["classifiers"]["paper"]
    settings = NetworkSettings.from_config(
        "paper", {**section, "steps": PASSES * ROWS // section["batch_rows"]}
    )
    features, labels = _made_up(ROWS, seed=1)
    test, expected = _made_up(TEST_ROWS, seed=2)

    def ours() -> np.ndarray:
        return train_network(features, labels, CLASSES, settings, seed=1).probabilities(test).argmax(axis=1)

    def theirs() -> np.ndarray:
        spread = features.std(axis=0)
        model = scikit.MLPClassifier(
            settings.hidden,
            activation="tanh",
            alpha=0.0,
            batch_size=settings.batch_rows,
            learning_rate_init=settings.learning_rate,
            max_iter=PASSES,
            random_state=1,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says that it stops at max_iter
            model.fit((features - features.mean(axis=0)) / spread, labels)
        return model.predict((test - features.mean(axis=0)) / spread)

    shares: dict[str, float] = {}
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    with limits.threadpool_limits(1):
        seconds = take_turns(
            {
                "ours": _graded(ours, expected, shares, "ours"),
                "theirs": _graded(theirs, expected, shares, "theirs"),
            },
            ROUNDS,
        )
    torch.set_num_threads(threads)
    said = agreeing("shares of the test rows right", abs(shares["ours"] - shares["theirs"]), OVERLAP)
    work = (settings.steps, settings.steps)
    what = "training, per step of 4096 environments"
    row = comparison(what, ROWS, seconds["ours"], seconds["theirs"], version, said, work)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return [row | {"shares_right": shares, "peak_memory_of_both_GB": peak}]


def _graded(
    train: Callable[[], np.ndarray], expected: np.ndarray, shares: dict[str, float], name: str
) -> Callable[[], None]:
    def trained() -> None:
        shares[name] = float((train() == expected).mean())

    return trained


def _made_up(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return features and labels of overlapping classes, as the environments of the phases overlap."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, CLASSES, rows)
    centres = np.random.default_rng(0).normal(size=(CLASSES, FEATURES))
    features = centres[labels] + rng.normal(size=(rows, FEATURES)) * 1.5
    return features.astype(np.float32), labels
