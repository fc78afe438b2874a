"""Classes, bonds, events and rings of the zinc in anyone's trajectory."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..environments.classify import Classification
from ..environments.database import Database
from ..environments.features import FeatureSettings, frames_apart
from ..environments.network import TrainedClassifier
from ..environments.out_of_distribution import TrainingDistribution
from ..environments.trajectory_classifier import FRAMES_AT_ONCE, columns_of, featured
from ..errors import InputError
from ..files import read_json, read_yaml
from ..mechanism.bonds import Bonds, atoms_of, find_bonds
from ..mechanism.events import find_events
from ..mechanism.net import zinc_net
from ..mechanism.rings import SMALLEST, ring_counts
from ..shipped import shipped
from .reading import ExternalTrajectory, open_trajectory

PUBLISHED_STUDY = shipped("results/workstation")
"""Folder of the campaign whose networks classify where no other is named."""

INTERVAL_TOLERANCE = 0.1
"""Relative difference of frame intervals that matters nothing to averages over a few frames."""


@dataclass(frozen=True)
class CampaignClassifier:
    """A network of a campaign with all that is needed to use it on other trajectories.

    Attributes
    ----------
    name
        Its name in the campaign.
    classifier
        The network.
    settings
        How its features are computed.
    training
        Where the environments of its training lie, by the features that are averages over the shell,
        whatever features the network itself uses.
    """

    name: str
    classifier: TrainedClassifier
    settings: FeatureSettings
    training: TrainingDistribution

    @classmethod
    def of(cls, campaign: str | Path, name: str) -> "CampaignClassifier":
        """Read a network from the folder of a campaign.

        Parameters
        ----------
        campaign
            Folder of results, e.g. ``results/paper``.
        name
            ``paper`` or ``extended``.

        Raises
        ------
        InputError
            The folder has no such network, or neither ``classifier/training.npz`` nor the database.
        """
        folder = Path(campaign) / "classifier" / name
        if not (folder / "model.json").is_file():
            raise InputError(f"{folder}: there is no network; name a campaign's folder that has trained one.")
        classifier = TrainedClassifier.load(folder / "model.npz", folder / "model.json")
        default = read_yaml(shipped("config/config.yaml"))["environments"]
        environments = read_json(folder / "model.json").get("feature_settings", default)
        settings = FeatureSettings.from_config(environments)
        return cls(name, classifier, settings, _training_of(Path(campaign), settings))


def _training_of(campaign: Path, settings: FeatureSettings) -> TrainingDistribution:
    stored = campaign / "classifier/training.npz"
    if stored.is_file():
        return TrainingDistribution.load(stored)
    return TrainingDistribution.of(
        Database.load(campaign / "database/environments.npz"), settings.shell_names
    )


@dataclass(frozen=True)
class ClassifiedTrajectory:
    """What `classify_trajectory` found; `zifmelt.external.output.write_results` writes it.

    Attributes
    ----------
    trajectory
        The trajectory; ``trajectory.atoms`` maps its Zn and N to the atoms of the file.
    classification
        Probabilities of the phases, shape (frames, Zn, phases), of the frames looked at.
    strangeness
        Shape (frames, Zn): how unlike the training database an environment is; above 1 beyond 99 % of those
        in left-out trajectories.
    usual_share
        Largest share of the Zn beyond 1 in a left-out trajectory.
    bonds
        Zn-N bonds in every frame of the file.
    events
        Breaks of bonds and recoveries, see `zifmelt.mechanism.events.find_events`.
    rings
        Primitive rings of Zn: time_ps, zinc, rings_of_3, ...
    """

    trajectory: ExternalTrajectory
    classification: Classification
    strangeness: np.ndarray
    usual_share: float
    bonds: Bonds
    events: pd.DataFrame
    rings: pd.DataFrame

    @property
    def strange_share(self) -> float:
        """Share of the Zn, over all frames, whose strangeness is above 1."""
        return float((self.strangeness > 1).mean())

    @property
    def out_of_distribution(self) -> bool:
        """Whether more Zn are unlike the training database than in any trajectory left out of it."""
        return self.strange_share > self.usual_share


def classify_trajectory(
    trajectory: str | Path,
    campaign: str | Path = PUBLISHED_STUDY,
    topology: str | Path | None = None,
    interval_ps: float | None = None,
    classifier: str = "extended",
) -> ClassifiedTrajectory:
    """Classify every Zn of a trajectory with a network of a campaign, and follow its bonds and rings.

    Parameters
    ----------
    trajectory
        Trajectory or structure of Zn and imidazolates in a format of MDTraj or ASE, wrapped or not.
    campaign
        Folder of a campaign's results; by default the published study, whose networks come with the package.
    topology
        File that names the atoms, where the trajectory does not.
    interval_ps
        Time between frames, ps, where the trajectory does not store times.
    classifier
        ``extended`` averages over neighbours and over frames, which must be as far apart as those that it was
        trained on (in the published study 0.25 ps); ``paper`` looks at one frame at a time.

    Returns
    -------
    ClassifiedTrajectory
        Criteria of bonds and rings are those of ``config/config.yaml``.

    Raises
    ------
    InputError
        The trajectory or the network cannot be read.

    Warns
    -----
    UserWarning
        More Zn are unlike the training database than in any left-out trajectory, or the frames are farther
        apart than those that the network was trained on.
    """
    tool = CampaignClassifier.of(campaign, classifier)
    source = open_trajectory(trajectory, topology, interval_ps)
    mechanism = read_yaml(shipped("config/config.yaml"))["mechanism"]
    distances = (mechanism["bond_form_A"], mechanism["bond_break_A"], mechanism["bond_persistence_ps"])
    bonds = find_bonds(source.pieces(), *distances)
    classification, strangeness = _classified(source, tool)
    result = ClassifiedTrajectory(
        source,
        classification,
        strangeness,
        tool.training.usual_share,
        bonds,
        find_events(bonds),
        _rings(source, bonds, mechanism),
    )
    for sentence in _doubts(result, tool):
        warnings.warn(sentence, stacklevel=2)
    return result


def _classified(source: ExternalTrajectory, tool: CampaignClassifier) -> tuple[Classification, np.ndarray]:
    """Probabilities and strangeness of frames as far apart as in the campaign, or all if they are farther."""
    columns = columns_of(tool.name, tool.classifier, tool.settings)
    shell = len(tool.settings.shell_names)  # the last columns
    probabilities, strangeness, times = [], [], []
    for moments, features in featured(source.pieces(_stride(source, tool), FRAMES_AT_ONCE), tool.settings):
        rows, shape = features.reshape(-1, features.shape[-1]), features.shape[:2]
        chances = tool.classifier.network.probabilities(rows[:, columns])
        probabilities.append(chances.reshape(*shape, -1))
        strangeness.append(tool.training.strangeness(rows[:, -shell:]).reshape(shape))
        times.append(moments)
    classification = Classification(
        np.concatenate(probabilities), np.concatenate(times), tool.classifier.classes
    )
    return classification, np.concatenate(strangeness)


def _stride(source: ExternalTrajectory, tool: CampaignClassifier) -> int:
    return frames_apart(source.interval_ps, tool.settings.interval_ps) if source.interval_ps else 1


def _rings(source: ExternalTrajectory, bonds: Bonds, mechanism: Mapping[str, Any]) -> pd.DataFrame:
    wanted, rows, frame = mechanism["structure_interval_ps"], [], 0
    stride = frames_apart(source.interval_ps, wanted) if source.interval_ps else 1
    atoms, largest = atoms_of(source.topology), mechanism["ring_max_size"]
    for piece in source.pieces(stride):
        for positions, box in zip(piece.positions, piece.boxes, strict=True):
            counts = ring_counts(zinc_net(atoms, positions, box, bonds.at(frame)), largest)
            rows.append((bonds.times[frame], bonds.n_zinc, *counts))
            frame += stride
    sizes = [f"rings_of_{size}" for size in range(SMALLEST, largest + 1)]
    return pd.DataFrame(rows, columns=["time_ps", "zinc", *sizes])


def _doubts(result: ClassifiedTrajectory, tool: CampaignClassifier) -> list[str]:
    """Say what a reader of the classes must know."""
    doubts, path = [], result.trajectory.path
    if result.out_of_distribution:
        doubts.append(
            f"{path}: {result.strange_share:.0%} of the zinc environments are unlike those that the"
            f" network was trained on (at most {result.usual_share:.0%} in a trajectory left out of the"
            " training): this may be another phase, another temperature or a structure at rest; what it is"
            " called here is no evidence for a phase."
        )
    wanted, spacing = tool.settings.interval_ps, result.trajectory.interval_ps
    spacing *= _stride(result.trajectory, tool)
    averages = any(name not in tool.settings.functions.names for name in tool.classifier.features)
    if averages and abs(spacing - wanted) > INTERVAL_TOLERANCE * wanted:
        here = f"these are {spacing:g} ps apart" if spacing else "this is a single one"
        doubts.append(
            f"{path}: the network averages over {tool.settings.window_frames} frames {wanted:g} ps apart, and"
            f" {here}; the classifier 'paper' does not average."
        )
    return doubts
