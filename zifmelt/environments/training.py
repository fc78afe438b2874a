"""Training of the classifiers with PyTorch, which nothing else needs: it takes seconds to load."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from ..errors import InputError
from .database import Database
from .network import Network, NetworkSettings, TrainedClassifier


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

    def network(self) -> Network:
        """Return the weights without PyTorch."""
        layers = [layer for layer in self.layers if isinstance(layer, ParallelLinear)]
        return Network(
            self.mean.numpy(),
            self.scale.numpy(),
            [layer.weight.detach().numpy() for layer in layers],
            [layer.bias.detach().numpy() for layer in layers],
        )


def train_network(
    features: np.ndarray, labels: np.ndarray, classes: int, settings: NetworkSettings, seed: int
) -> Network:
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
    Network
        The trained weights.

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
    return model.network()


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
    network = train_network(database.columns(features), database.labels, len(classes), settings, seed)
    return TrainedClassifier(network, settings, classes, list(features))
