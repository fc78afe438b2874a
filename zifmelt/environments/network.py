"""Feed-forward classifiers: the paper's 12-6-4 network, and larger ones averaged over several members."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..configuration import Network as NetworkSection
from ..errors import InputError
from ..files import read_arrays, read_json, sha256_of, write_json, written_whole

CLASS_WEIGHTS = ("as_sampled", "balanced")
INFERENCE_ROWS = 1 << 14
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
        section = NetworkSection.from_plain(settings, f"classifiers.{name}").plain()
        return cls(**{**section, "hidden": tuple(section["hidden"])})


@dataclass(frozen=True)
class Network:
    """Standardisation of the features, then the mean of the members' softmax outputs.

    Attributes
    ----------
    mean, scale
        Shape (inputs,), subtracted from the features and divided by.
    weights, biases
        Of each layer, shapes (members, inputs, outputs) and (members, 1, outputs); between layers stands the
        hyperbolic tangent.
    """

    mean: np.ndarray
    scale: np.ndarray
    weights: Sequence[np.ndarray]
    biases: Sequence[np.ndarray]

    def probabilities(self, features: np.ndarray) -> np.ndarray:
        """Return the probabilities of the classes, shape (rows, classes), in the precision of the weights."""
        parts = np.split(features, range(INFERENCE_ROWS, len(features), INFERENCE_ROWS))
        return np.concatenate([self._probabilities(part) for part in parts])

    def _probabilities(self, features: np.ndarray) -> np.ndarray:
        values = (features.astype(self.mean.dtype) - self.mean) / self.scale
        for number, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            values = (np.tanh(values) if number else values) @ weight + bias
        shares = np.exp(values - values.max(axis=-1, keepdims=True))
        return (shares / shares.sum(axis=-1, keepdims=True)).mean(axis=0)

    def save(self, path: str | Path) -> None:
        """Write ``mean``, ``scale``, ``weight_0``, ``bias_0``, ... as npz, whole or not at all."""
        arrays: dict[str, Any] = {"mean": self.mean, "scale": self.scale}
        arrays |= {f"weight_{number}": weight for number, weight in enumerate(self.weights)}
        arrays |= {f"bias_{number}": bias for number, bias in enumerate(self.biases)}
        with written_whole(path) as scratch:
            np.savez(scratch, **arrays)

    @classmethod
    def load(cls, path: str | Path, layers: int) -> "Network":
        """Read a network of so many layers.

        Raises
        ------
        InputError
            The file is missing or holds something else.
        """
        weights, biases = ([f"{name}_{number}" for number in range(layers)] for name in ("weight", "bias"))
        arrays = read_arrays(path, ["mean", "scale", *weights, *biases], "the weights of a network")
        layers_of = [[arrays[name] for name in names] for names in (weights, biases)]
        return cls(arrays["mean"], arrays["scale"], *layers_of)


@dataclass(frozen=True)
class TrainedClassifier:
    """A network with what is needed to use it.

    Attributes
    ----------
    network
        Its weights.
    settings
        How it was built and trained.
    classes
        Names of the phases, in the order of its outputs.
    features
        Names of its inputs.
    """

    network: Network
    settings: NetworkSettings
    classes: list[str]
    features: list[str]

    def save(self, model_path: str | Path, metadata_path: str | Path, provenance: Mapping[str, Any]) -> None:
        """Write the weights, and the rest as JSON with `provenance` and the weights' checksum."""
        self.network.save(model_path)
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
        network = Network.load(model_path, len(settings.hidden) + 1)
        return cls(network, settings, metadata["classes"], metadata["features"])
