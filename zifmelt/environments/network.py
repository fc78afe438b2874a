"""Feed-forward classifiers: the paper's 12-6-4 network, and larger ones averaged over several members."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from ..configuration import Network
from ..errors import InputError
from ..files import read_json, sha256_of, write_json, written_whole
from .database import Database

CLASS_WEIGHTS = ("as_sampled", "balanced")
INFERENCE_ROWS = 1 << 16
"""Rows classified at once, so that memory stays bounded."""


@dataclass(frozen=True)
class NetworkSettings:
    """Architecture and training of a classifier.

    Attributes
    ----------
    features
        Kind of features, ``symmetry_functions`` (the paper's twelve) or ``extended``.
    hidden
        Sizes of the hidden layers; the paper's is (6,).
    members
        Networks trained from different seeds whose probabilities are averaged.
    class_weights
        ``as_sampled``: every environment counts the same, so phases count by their share of the database, as
        in the paper; ``balanced``: every phase counts the same.
    learning_rate, weight_decay
        Of the AdamW optimiser at the start; the rate falls to zero along a cosine.
    batch_rows
        Environments per optimisation step.
    steps
        Optimisation steps.
    """

    features: str
    hidden: tuple[int, ...]
    members: int
    class_weights: str
    learning_rate: float
    weight_decay: float
    batch_rows: int
    steps: int

    @classmethod
    def from_config(cls, name: str, settings: Mapping[str, Any]) -> "NetworkSettings":
        """Read one entry of the ``classifiers`` section of the configuration.

        Raises
        ------
        InputError
            A key is missing, unknown or out of range.
        """
        section = Network.from_plain(settings, f"classifiers.{name}").plain()
        return cls(**{**section, "hidden": tuple(section["hidden"])})


class ParallelLinear(nn.Module):
    """Linear layers of several networks at once: (members, rows, inputs) to (members, rows, outputs)."""

    def __init__(self, members: int, inputs: int, outputs: int) -> None:
        super().__init__()
        bound = inputs**-0.5
        self.weight = nn.Parameter(torch.empty(members, inputs, outputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(members, 1, outputs).uniform_(-bound, bound))

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Apply every member's layer to its own rows."""
        return torch.baddbmm(self.bias, values, self.weight)


class Classifier(nn.Module):
    """Standardisation of the features, then the mean of the members' softmax outputs.

    Parameters
    ----------
    inputs
        Number of features.
    hidden
        Sizes of the hidden layers.
    outputs
        Number of classes.
    members
        Number of networks averaged.
    """

    mean: torch.Tensor
    scale: torch.Tensor

    def __init__(self, inputs: int, hidden: Sequence[int], outputs: int, members: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(inputs))
        self.register_buffer("scale", torch.ones(inputs))
        self.members = members
        sizes = [inputs, *hidden, outputs]
        layers: list[nn.Module] = []
        for size, following in zip(sizes, sizes[1:], strict=False):
            layers += [ParallelLinear(members, size, following), nn.Tanh()]
        self.layers = nn.Sequential(*layers[:-1])

    def logits(self, standard: torch.Tensor) -> torch.Tensor:
        """Return every member's scores from standardised features, shape (members, rows, classes)."""
        return self.layers(standard.expand(self.members, -1, -1))

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return the probabilities of the classes, shape (rows, classes)."""
        return self.logits((features - self.mean) / self.scale).softmax(dim=-1).mean(dim=0)


def train_network(
    features: np.ndarray, labels: np.ndarray, classes: int, settings: NetworkSettings, seed: int
) -> Classifier:
    """Train a classifier by minimising the cross entropy.

    The number of optimisation steps is fixed, so training takes the same time on any database; on a small one
    the weight decay and the average over members keep it from learning single environments by heart.

    Parameters
    ----------
    features
        Shape (rows, columns), finite.
    labels
        Shape (rows,), from 0 to `classes` - 1.
    classes
        Number of classes.
    settings
        Architecture and training.
    seed
        Of the initial weights and the order of the batches.

    Returns
    -------
    Classifier
        In evaluation mode.

    Raises
    ------
    InputError
        A class has no environment, or a feature is not finite.
    """
    counts = np.bincount(labels, minlength=classes)
    if counts.min() == 0:
        raise InputError(f"database: class {int(counts.argmin())} has no environment to train on.")
    if not np.isfinite(features).all():
        raise InputError("database: a feature is not a finite number; sample the database again.")
    weights = counts.sum() / (classes * counts) if settings.class_weights == "balanced" else np.ones(classes)
    torch.manual_seed(seed)
    model = Classifier(features.shape[1], settings.hidden, classes, settings.members)
    spread = features.std(axis=0, dtype=float)
    model.mean.copy_(torch.from_numpy(features.mean(axis=0, dtype=float)))
    model.scale.copy_(torch.from_numpy(np.where(spread > 0, spread, 1.0)))
    inputs = (torch.as_tensor(features, dtype=torch.float32) - model.mean) / model.scale
    targets = torch.as_tensor(labels, dtype=torch.long)
    _minimise(model, inputs, targets, torch.as_tensor(weights, dtype=torch.float32), settings)
    return model.eval()


def _minimise(
    model: Classifier,
    inputs: torch.Tensor,
    targets: torch.Tensor,
    weights: torch.Tensor,
    settings: NetworkSettings,
) -> None:
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=True
    )
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, settings.steps)
    for _ in range(settings.steps):
        rows = torch.randint(len(inputs), (min(settings.batch_rows, len(inputs)),))
        logits = model.logits(inputs[rows]).flatten(0, 1)
        loss = nn.functional.cross_entropy(logits, targets[rows].repeat(settings.members), weights)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()


def predict_probabilities(model: Classifier, features: np.ndarray) -> np.ndarray:
    """Return the probabilities of the classes, shape (rows, classes), float32."""
    with torch.inference_mode():
        parts = [
            model(torch.as_tensor(features[start : start + INFERENCE_ROWS], dtype=torch.float32)).numpy()
            for start in range(0, len(features), INFERENCE_ROWS)
        ]
    return np.concatenate(parts)


@dataclass(frozen=True)
class TrainedClassifier:
    """A network with what is needed to use it.

    Attributes
    ----------
    model
        The network.
    settings
        How it was built and trained.
    classes
        Names of the phases, in the order of its outputs.
    features
        Names of its inputs.
    """

    model: Classifier
    settings: NetworkSettings
    classes: list[str]
    features: list[str]

    def save(self, model_path: str | Path, metadata_path: str | Path, provenance: Mapping[str, Any]) -> None:
        """Write the weights, and the rest as JSON with `provenance` and the weights' checksum."""
        with written_whole(model_path) as scratch:
            torch.save(self.model.state_dict(), scratch)
        metadata = {
            "classes": self.classes,
            "features": self.features,
            "settings": asdict(self.settings),
            "sha256": sha256_of(model_path),
            **provenance,
        }
        write_json(metadata_path, metadata)

    @classmethod
    def load(cls, model_path: str | Path, metadata_path: str | Path) -> "TrainedClassifier":
        """Read a classifier.

        Raises
        ------
        InputError
            A file is missing, or the weights do not belong to the metadata.
        """
        metadata = read_json(metadata_path, ("sha256", "settings", "classes", "features"))
        if not Path(model_path).is_file():
            raise InputError(f"{model_path}: there is no such file.")
        if sha256_of(model_path) != metadata["sha256"]:
            raise InputError(f"{model_path}: not the weights that {metadata_path} describes; train again.")
        settings = NetworkSettings.from_config("saved", metadata["settings"])
        classes, features = metadata["classes"], metadata["features"]
        model = Classifier(len(features), settings.hidden, len(classes), settings.members)
        model.load_state_dict(torch.load(model_path, weights_only=True))
        return cls(model.eval(), settings, classes, features)


def train_classifier(
    database: Database, features: Sequence[str], settings: NetworkSettings, seed: int
) -> TrainedClassifier:
    """Train a classifier on all environments of a database.

    Parameters
    ----------
    database
        Labelled environments.
    features
        Names of the columns to use.
    settings
        Architecture and training.
    seed
        Of the initial weights and the order of the batches.

    Raises
    ------
    InputError
        See `train_network`, or a feature is not in the database.
    """
    classes = database.classes.tolist()
    model = train_network(database.columns(features), database.labels, len(classes), settings, seed)
    return TrainedClassifier(model, settings, classes, list(features))
