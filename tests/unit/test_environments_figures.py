"""Table II and the figures of the classifiers: the numbers behind them, and what is drawn of them."""

import numpy as np
import pandas as pd
import pytest
import torch
from test_environments_evaluation import made_database

from fake_runs import STRUCTURES, crystal_atoms, write_fake_run
from zifmelt.environments.classify import Classification
from zifmelt.environments.network import NetworkSettings, TrainedClassifier
from zifmelt.environments.predictions import Predictions, save_predictions
from zifmelt.environments.symmetry_functions import Angular, Radial, SymmetryFunctions
from zifmelt.environments.training import Classifier
from zifmelt.errors import InputError
from zifmelt.figures.classifier_quality import plot_learning_curves, plot_reliability
from zifmelt.figures.fig3_classifier import half_way_frame, plot_classifier
from zifmelt.figures.figS3_symmetry_functions import box_numbers, plot_symmetry_functions
from zifmelt.figures.figS4_liquid_fraction import (
    liquid_fraction,
    plot_liquid_fraction,
    tabulate_liquid_fraction,
)
from zifmelt.tables.rows import PaperValue
from zifmelt.tables.table2 import table2_rows

torch.set_num_threads(1)
CRYSTALS, DISORDERED, LIQUIDS = ["ZIF-4", "ZIF-zni"], ["ZIF_a", "ZIF_liq"], ["ZIF_liq"]
PHASES = CRYSTALS + DISORDERED
FUNCTIONS = SymmetryFunctions(9.0, (Radial(0.5, 6.0),), (Angular(0.002, 1, 1.0),))


def predictions(path):
    labels = np.repeat(np.arange(4), 10)
    called = labels.copy()
    called[:2] = 3
    part = Predictions(np.eye(4, dtype=np.float32)[called], labels, np.arange(40) // 5)
    save_predictions(path, {"random": part, "trajectory": part}, PHASES)
    return path


def classified(labels, times=None):
    """Probabilities one for the given labels, (frames, Zn)."""
    times = np.arange(len(labels), dtype=float) if times is None else times
    return Classification(np.eye(4, dtype=np.float32)[np.asarray(labels)], times, PHASES)


def test_table2_rows_stand_beside_the_papers(tmp_path):
    paper = {
        "classifier.accuracy": PaperValue(0.903, "1", "Sec. II C"),
        "table2.confusion.ZIF-4.ZIF_liq": PaperValue(0.045, "1", "Tab. II"),
    }
    files = {name: predictions(tmp_path / f"{name}.npz") for name in ("paper", "extended")}
    table = pd.DataFrame(table2_rows(files, paper, seed=1)).set_index("quantity")
    assert len(table) == 2 * 2 * (1 + 16)
    cell = table.loc["fraction of ZIF-4 classified as ZIF_liq; paper classifier, left-out trajectories"]
    assert cell.value == pytest.approx(0.2) and cell.paper == 0.045 and cell.n == 2
    # The two trajectories of ZIF-4 have shares 0.4 and 0: the error is half their gap.
    assert cell.stderr == pytest.approx(0.2, rel=0.05)
    assert table.loc["accuracy; paper classifier, random 80:20 split"].value == pytest.approx(0.95)
    assert table.loc["accuracy; paper classifier, random 80:20 split"].paper == 0.903
    assert np.isnan(table.loc["accuracy; extended classifier, random 80:20 split"].paper)


def test_box_numbers_are_percentiles():
    base = made_database()
    names = np.array(FUNCTIONS.names)
    values = np.column_stack([np.arange(300.0), -np.arange(300.0)]).astype(np.float32)
    database = type(base)(**{**vars(base), "features": values, "names": names})
    numbers = box_numbers(database, FUNCTIONS)
    first = numbers[(numbers.function == names[0]) & (numbers.phase == "a")].iloc[0]
    assert first.environments == 120 and first.p50 == pytest.approx(59.5) and first.p5 == pytest.approx(5.95)
    plot = plot_symmetry_functions(database, FUNCTIONS)
    pd.testing.assert_frame_equal(plot.numbers, numbers)
    # The white line of the first box is the median of the first phase.
    medians = [line for line in plot.figure.axes[0].lines if line.get_color() == "white"]
    assert medians[0].get_ydata().tolist() == pytest.approx([59.5, 59.5])


def test_liquid_fraction_counts_disordered_zinc_only():
    frames = [[0, 0, 2, 3], [2, 2, 3, 3], [3, 3, 3, 2], [0, 0, 1, 1]]
    np.testing.assert_allclose(liquid_fraction(classified(frames), 0.5, DISORDERED, LIQUIDS), [0.5, 0.75])
    other = Classification(np.ones((1, 1, 1)), np.zeros(1), ["ZIF-4"])
    with pytest.raises(InputError, match="its classes lack ZIF_a"):
        liquid_fraction(other, 0.0, DISORDERED, LIQUIDS)


def test_last_frame_of_the_equilibration_is_left_out():
    """Times come from the trajectory in single precision, where 0.1 ps is a little more."""
    times = np.array([0.0, 0.1, 0.2], dtype=np.float32).astype(float)
    frames = classified([[3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 3]], times)
    np.testing.assert_allclose(liquid_fraction(frames, 0.1, DISORDERED, LIQUIDS), [0.25])


def test_liquid_fraction_is_averaged_over_runs(tmp_path):
    runs = []
    for number, labels in enumerate(([2, 2, 2, 3], [2, 2, 3, 3])):
        path = tmp_path / f"{number}.npz"
        classified([labels] * 6).save(path)
        runs.append({"temperature_K": 300.0, "phase": "ZIF_a", "sampled": True, "files": {"paper": path}})
    table = tabulate_liquid_fraction(runs, 0.5, ["paper"], DISORDERED, LIQUIDS)
    assert table.fraction.tolist() == [0.375]
    assert table.stderr.iloc[0] == pytest.approx(0.125)
    (ax,) = plot_liquid_fraction(table).figure.axes
    drawn = next(line for line in ax.lines if line.get_marker() == "o" and len(line.get_xdata()))
    assert (drawn.get_xdata().item(), drawn.get_ydata().item()) == (300.0, 0.375)
    bar = next(entry for entry in ax.containers if entry.has_yerr and len(entry.lines[0].get_xdata()))
    low, high = bar.lines[2][0].get_segments()[0][:, 1]
    assert (low, high) == pytest.approx((0.25, 0.5))


def test_quality_figures_show_the_accuracies(tmp_path):
    plot = plot_reliability({"paper": predictions(tmp_path / "p.npz")}, seed=1)
    # All predictions are certain, two of forty wrong.
    assert plot.numbers.accuracy.tolist() == plot.figure.axes[0].lines[0].get_ydata().tolist() * 2
    assert plot.numbers.accuracy.tolist() == pytest.approx([0.95, 0.95])
    columns = ["share", "environments", "accuracy", "stderr"]
    curve = pd.DataFrame([(0.1, 10, 0.6, 0.1), (1.0, 100, 0.8, np.nan)], columns=columns)
    (ax,) = plot_learning_curves({"paper": curve, "extended": curve}).figure.axes
    assert ax.get_xscale() == "log"
    assert ax.lines[0].get_xdata().tolist() == [10, 100] and ax.lines[0].get_ydata().tolist() == [0.6, 0.8]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["paper", "extended"]


def test_fig3_shows_the_half_way_frame(tmp_path):
    positions, box, symbols = crystal_atoms(STRUCTURES / "ZIF-4.cif", elements=("Zn",))
    folder = write_fake_run(tmp_path / "run", np.stack([positions] * 3), box, symbols, 0.5)
    labels = np.zeros((3, 16), dtype=int)
    labels[1, :7] = 2
    labels[2] = 3
    result = classified(labels, np.arange(3) * 0.5)
    assert half_way_frame(result, CRYSTALS) == 1
    settings = NetworkSettings("symmetry_functions", (6,), 1, "as_sampled", 0.1, 0.1, 8, 8)
    names = [f"f{i}" for i in range(12)]
    classifier = TrainedClassifier(Classifier(12, (6,), 4, 1).network(), settings, PHASES, names)
    plot = plot_classifier(folder, result, classifier, CRYSTALS, 6.6)
    assert (plot.numbers.phase == "ZIF_a").sum() == 7
    before, network, _ = plot.figure.axes
    assert before.get_title() == "Zn at 0.5 ps"
    # Twelve inputs, six hidden and four outputs, all connected.
    assert [len(points.get_offsets()) for points in network.collections] == [12, 6, 4]
    assert len(network.lines) == 12 * 6 + 6 * 4


def test_structure_at_rest_is_left_out_of_thermal_fractions():
    result = classified([[3, 3], [0, 0], [0, 3]], np.array([0.0, 1.0, 2.0]))
    assert result.fractions()["ZIF_liq"].tolist() == [1.0, 0.0, 0.5]
    thermal = result.thermal_fractions()
    assert thermal["time_ps"].tolist() == [1.0, 2.0]
    assert thermal["ZIF_liq"].tolist() == [0.0, 0.5]
