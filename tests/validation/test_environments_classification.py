"""From run folders to classified trajectories: crystals that shake a little or a lot."""

import numpy as np
import pytest
import torch

from fake_runs import STRUCTURES, crystal_atoms, shaken, write_fake_run
from zifmelt.environments.classify import Classification, disagreement
from zifmelt.environments.database import SampledRun, sample_database
from zifmelt.environments.evaluation import score
from zifmelt.environments.features import FeatureSettings
from zifmelt.environments.held_out import predict_held_out
from zifmelt.environments.network import NetworkSettings
from zifmelt.environments.ranking import mutual_information, rank_candidates, rank_functions
from zifmelt.environments.symmetry_functions import Angular, Radial, SymmetryFunctions
from zifmelt.environments.training import train_classifier
from zifmelt.environments.trajectory_classifier import classify_run, with_margins
from zifmelt.errors import InputError
from zifmelt.trajectory import Frames

pytestmark = pytest.mark.slow

torch.set_num_threads(1)
PHASES = ["ZIF-4", "ZIF-zni", "ZIF_a", "ZIF_liq"]
FUNCTIONS = SymmetryFunctions(
    10.0,
    tuple(Radial(0.5, r_s) for r_s in (5.5, 6.5, 8.0, 9.0)),
    tuple(Angular(0.002, lam, zeta) for lam in (-1, 1) for zeta in (1.0, 2.0, 4.0, 8.0)),
)
FEATURES = FeatureSettings(FUNCTIONS, 7.5, 3, 0.1)
PAPER = NetworkSettings("symmetry_functions", (6,), 1, "as_sampled", 0.02, 0.01, 256, 500)
EXTENDED = NetworkSettings("extended", (16,), 2, "balanced", 0.01, 0.1, 256, 300)
AMPLITUDES = {
    "ZIF-4": ("ZIF-4", 0.25),
    "ZIF-zni": ("ZIF-zni", 0.25),
    "ZIF_a": ("ZIF-4", 0.8),
    "ZIF_liq": ("ZIF-4", 1.2),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs per phase, 21 frames each; the disordered phases are ZIF-4 shaken, a little or a lot."""
    generator, made = np.random.default_rng(3), []
    for phase, (crystal, amplitude) in AMPLITUDES.items():
        positions, box, symbols = crystal_atoms(STRUCTURES / f"{crystal}.cif", elements=("Zn", "N"))
        for replica in (1, 2):
            folder = tmp_path_factory.mktemp("runs") / f"{phase}-{replica}"
            write_fake_run(folder, shaken(positions, 21, amplitude, generator), box, symbols, 0.1)
            made.append(SampledRun(folder, phase, f"{phase}/{replica}", 300.0, 20))
    return made


@pytest.fixture(scope="module")
def database(runs):
    return sample_database(runs, PHASES, FEATURES)


@pytest.fixture(scope="module")
def classifiers(database):
    return {
        "paper": train_classifier(database, FEATURES.names("symmetry_functions"), PAPER, 1),
        "extended": train_classifier(database, FEATURES.names("extended"), EXTENDED, 1),
    }


def test_left_out_trajectories_are_recognised_and_extended_halves_the_error(database):
    accuracy = {}
    for name, settings in (("paper", PAPER), ("extended", EXTENDED)):
        found = predict_held_out(database, FEATURES.names(settings.features), settings, "trajectory", 1)
        accuracy[name] = score(found, np.random.default_rng(0)).accuracy.value
    assert accuracy["paper"] > 0.8
    assert 1.0 - accuracy["extended"] < 0.5 * (1.0 - accuracy["paper"])


def test_a_fresh_crystal_is_classified_as_itself(tmp_path, classifiers):
    positions, box, symbols = crystal_atoms(STRUCTURES / "ZIF-zni.cif", (1, 1, 2), ("Zn", "N"))
    frames = shaken(positions, 5, 0.25, np.random.default_rng(11))
    results = classify_run(write_fake_run(tmp_path, frames, box, symbols, 0.1), classifiers, FEATURES)
    for result in results.values():
        assert result.probabilities.shape == (5, 64, 4)
        np.testing.assert_allclose(result.probabilities.sum(axis=-1), 1.0, rtol=1e-5)
        assert result.fractions()["ZIF-zni"].mean() > 0.95
        np.testing.assert_allclose(result.times_ps, np.arange(5) * 0.1, atol=1e-6)


def test_pieces_of_a_trajectory_give_what_the_whole_gives(tmp_path, classifiers, monkeypatch):
    positions, box, symbols = crystal_atoms(STRUCTURES / "ZIF-4.cif", elements=("Zn", "N"))
    folder = write_fake_run(tmp_path, shaken(positions, 11, 0.5, np.random.default_rng(2)), box, symbols, 0.1)
    whole = classify_run(folder, classifiers, FEATURES)
    monkeypatch.setattr("zifmelt.environments.trajectory_classifier.FRAMES_AT_ONCE", 4)
    pieces = classify_run(folder, classifiers, FEATURES)
    for name in classifiers:
        np.testing.assert_allclose(pieces[name].probabilities, whole[name].probabilities, atol=1e-5)
        np.testing.assert_allclose(pieces[name].times_ps, whole[name].times_ps)


def test_margins_come_from_both_sides():
    every = np.arange(7.0)
    frames = [
        Frames(every[p, None, None], every[p], every[p], None)
        for p in (slice(0, 3), slice(3, 6), slice(6, 7))
    ]
    given = [(piece.times.tolist(), picks.tolist()) for piece, picks in with_margins(frames, 1)]
    assert given == [([0, 1, 2, 3], [0, 1, 2]), ([2, 3, 4, 5, 6], [1, 2, 3]), ([5, 6], [1])]
    assert [len(piece) for piece, _ in with_margins(frames, 0)] == [3, 3, 1]


def test_saved_as_promised(tmp_path, runs, classifiers):
    result = classify_run(runs[0].folder, classifiers, FEATURES)["paper"]
    result.save(tmp_path / "paper.npz")
    with np.load(tmp_path / "paper.npz", allow_pickle=False) as arrays:
        assert set(arrays) == {"probabilities", "times_ps", "classes"}
        assert arrays["probabilities"].dtype == np.float32
    np.testing.assert_array_equal(Classification.load(tmp_path / "paper.npz").assigned, result.assigned)


def test_classifier_of_other_features_is_refused(runs, classifiers):
    other = FeatureSettings(SymmetryFunctions(10.0, (Radial(9.0, 1.0),), ()), 7.5, 1, 0.1)
    with pytest.raises(InputError, match="classifier paper: it needs the feature"):
        classify_run(runs[0].folder, classifiers, other)


def test_disagreement_by_hand():
    times = np.array([0.0])
    one = Classification(np.eye(2)[[[0, 0, 1, 1]]], times, ["a", "b"])
    two = Classification(np.eye(2)[[[0, 1, 1, 1]]], times, ["a", "b"])
    assert disagreement(one, two).share.tolist() == [0.5, 0.0, 0.25]
    assert np.isnan(disagreement(two, Classification(two.probabilities, times, ["b", "a"])).share).sum() == 0


def test_mutual_information_limits():
    labels = np.arange(4000) % 4
    assert mutual_information(labels + 0.0, labels) == pytest.approx(2.0)
    assert mutual_information(np.random.default_rng(1).random(4000), labels) < 0.02


def test_ranking_takes_the_informative_and_not_its_copy():
    generator = np.random.default_rng(4)
    labels = np.arange(2000) % 2
    first = labels + 0.5 * generator.normal(size=2000)
    second = labels + 0.8 * generator.normal(size=2000)
    values = np.column_stack([generator.normal(size=2000), first, first + 1e-6, second])
    assert rank_functions(values, labels, list("abcd"), 2).function.tolist()[1] == "d"


def test_candidates_are_ranked_from_run_folders(runs):
    few = [SampledRun(run.folder, run.phase, run.origin, run.temperature_K, 2) for run in runs]
    table = rank_candidates(few, 9.0, radial=2, angular=2)
    assert table.function.str.startswith("radial").tolist() == [True, True, False, False]
    assert (table.separation.diff().dropna() > 0).all()
