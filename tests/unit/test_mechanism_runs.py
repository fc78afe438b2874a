"""Whole analyses of synthetic runs with planted events: tables, and figures that say what they show."""

import json

import numpy as np
import pytest

from fake_runs import STRUCTURES, write_fake_run, zinc_and_nitrogen
from zifmelt.environments.classify import Classification
from zifmelt.environments.neighbours import find_neighbours
from zifmelt.errors import InputError
from zifmelt.figures.fig5_transition import snapshot_times
from zifmelt.figures.fig6_exchange import choose_exchange, plot_exchange
from zifmelt.figures.rings_distribution import tabulate_rings
from zifmelt.figures.viewer import write_viewer
from zifmelt.files import write_table
from zifmelt.mechanism import analysis
from zifmelt.mechanism.analysis import (
    bonds_of_run,
    clusters_of_run,
    density_profile_of_run,
    rings_of_run,
    surroundings_of_run,
)
from zifmelt.mechanism.bonds import save_bonds
from zifmelt.mechanism.event_kinetics import load_watched_run, mean_interval, mechanism_rows
from zifmelt.mechanism.events import find_events
from zifmelt.mechanism.lifetimes import defect_lifetimes
from zifmelt.trajectory import read_frames

FRAMES, DT = 20, 0.5
RNG = np.random.default_rng(1)


def crystal_run(folder, moves=()):
    """ZIF-4 at rest, except for `moves`: (frames, N, new position from those at rest and n_zinc)."""
    ordered, box, topology = zinc_and_nitrogen(STRUCTURES / "ZIF-4.cif")
    elements = [atom.element.symbol for atom in topology.atoms]
    n_zinc = elements.count("Zn")
    history = np.tile(ordered, (FRAMES, 1, 1))
    for frames, atom, place in moves:
        history[frames, n_zinc + atom] = place(ordered, n_zinc)
    write_fake_run(folder, history, box, elements, DT, topology=topology)
    return ordered, n_zinc, box


def test_planted_exchange_is_found_and_drawn(tmp_path):
    ordered, n_zinc, box = crystal_run(tmp_path / "rest")
    bonded = find_neighbours(ordered[:1], ordered[n_zinc:], box, 2.5)
    leaving = int(bonded.atoms[0])
    partner_ligand = leaving // 2
    stranger = next(
        n for n in range(len(ordered) - n_zinc) if n // 2 != partner_ligand and n not in bonded.atoms
    )
    seat = ordered[0] + bonded.vectors[0]
    crystal_run(
        tmp_path / "run",
        [
            (slice(5, None), leaving, lambda x, n: x[0] + 4.5 * bonded.vectors[0] / bonded.distances[0]),
            (slice(11, None), stranger, lambda x, n: seat),
        ],
    )
    bonds = bonds_of_run(tmp_path / "run", 2.5, 3.2, 0.0)
    events = find_events(bonds)
    own = events[events.zinc == 0]
    assert own.kind.tolist() == ["iii"]
    assert (own.nitrogen_broken.item(), own.nitrogen_formed.item()) == (leaving, stranger)
    assert (own.break_time_ps.item(), own.recovery_time_ps.item()) == pytest.approx((5 * DT, 11 * DT))
    exchange = choose_exchange(events, bonds)
    assert (exchange.zinc, exchange.frames) == (0, (4, 8, 11))
    plot = plot_exchange(tmp_path / "run", bonds, events, "a test")
    numbers = plot.numbers
    titles = [ax.get_title() for ax in plot.figure.axes]
    assert titles == ["before the break, 2.00 ps", "three-coordinated, 4.00 ps", "new ligand, 5.50 ps"]
    assert numbers.distance_to_leaving_A.round(1).tolist() == pytest.approx([1.9, 4.5, 4.5], abs=0.15)
    assert numbers.distance_to_coming_A.iloc[-1] == pytest.approx(bonded.distances[0], abs=0.05)


def test_figure_says_when_there_was_no_exchange(tmp_path):
    crystal_run(tmp_path / "run")
    bonds = bonds_of_run(tmp_path / "run", 2.5, 3.2, 0.0)
    assert choose_exchange(find_events(bonds), bonds) is None
    plot = plot_exchange(tmp_path / "run", bonds, find_events(bonds), "run 1")
    said = " ".join(text.get_text() for text in plot.figure.axes[0].texts)
    assert "No exchange of ligands" in said and "production.duration_ps" in said
    assert len(plot.numbers) == 0


def test_run_without_events_gives_empty_rows_not_errors(tmp_path):
    crystal_run(tmp_path / "run")
    bonds = bonds_of_run(tmp_path / "run", 2.5, 3.2, 0.0)
    assert set(bonds.coordination().ravel()) == {4}
    save_bonds(tmp_path / "bonds.npz", bonds)
    write_table(tmp_path / "bond_events.csv", find_events(bonds))
    write_table(tmp_path / "defect_lifetimes.csv", defect_lifetimes(bonds))
    watched = load_watched_run(tmp_path)
    rows = {row["quantity"]: row for row in mechanism_rows([watched], "x", "ZIF-4", True, {})}
    for name in ("time between breaks per 1024 Zn", "lifetime of three-coordinated Zn, exponential"):
        assert rows[f"x: {name}"]["n"] == 0
        assert np.isnan(rows[f"x: {name}"]["value"])
    assert rows["x: exchanges (iii) per run"]["value"] == 0
    rings = rings_of_run(tmp_path / "run", bonds, 8, 2.0)
    assert rings.time_ps.tolist() == [0.0, 2.0, 4.0, 6.0, 8.0]
    assert (rings.rings_of_4 == 4).all() and (rings.rings_of_6 == 16).all() and (rings.rings_of_3 == 0).all()
    table = tabulate_rings({"ZIF-4": [rings, rings]}, 2.0).set_index("ring_size")
    assert table.rings_per_zinc[6] == 1.0


def test_density_profile_of_a_long_run_leaves_frames_out(tmp_path, monkeypatch):
    crystal_run(tmp_path / "run")
    full = density_profile_of_run(tmp_path / "run", ("Zn", "N"), "1x1x1", 10)
    monkeypatch.setattr(analysis, "MOST_PROFILE_FRAMES", 6)
    read = []
    monkeypatch.setattr(
        analysis,
        "read_frames",
        lambda *settings, **more: read.append(read_frames(*settings, **more)) or read[0],
    )
    short = density_profile_of_run(tmp_path / "run", ("Zn", "N"), "1x1x1", 10)
    assert read[0].times.tolist() == [0.0, 2.0, 4.0, 6.0, 8.0]
    assert short.density_per_A3.to_numpy() == pytest.approx(full.density_per_A3.to_numpy())


def test_classes_are_matched_to_frames_by_time(tmp_path):
    _, _, _ = crystal_run(tmp_path / "run")
    classes = ["ZIF-4", "ZIF_a", "ZIF_liq"]
    probabilities = np.zeros((10, 16, 3), dtype=np.float32)
    probabilities[..., 0] = 0.5
    probabilities[6:, :5, 2] = 0.9
    classification = Classification(probabilities, np.arange(10) * 2 * DT, classes)
    clusters = clusters_of_run(tmp_path / "run", classification, ["ZIF-4"], 7.0, 2 * DT, RNG)
    assert clusters.time_ps.tolist() == pytest.approx((np.arange(10) * 2 * DT).tolist())
    assert clusters.disordered_zinc.tolist() == [0] * 6 + [5] * 4
    bonds = bonds_of_run(tmp_path / "run", 2.5, 3.2, 0.0)
    table = surroundings_of_run(tmp_path / "run", classification, bonds, 7.0, 2.0)
    assert table.set_index(["class", "quantity"]).value["ZIF_liq", "nitrogen"] == 4
    write_viewer(tmp_path / "run", classification, ["ZIF-4"], "a <run>", 6.6, 5, tmp_path / "view.html")
    page = (tmp_path / "view.html").read_text()
    assert "a &lt;run&gt;" in page and "__DATA__" not in page and "http" not in page
    shown = json.loads(page.split("const data = ")[1].split(";\n")[0])
    assert shown["frames"][0]["time_ps"] > 0, "the structure at rest is no frame of the run"
    assert shown["radii"][0] < shown["radii"][1] == shown["radii"][2]
    wrong = Classification(probabilities, np.arange(10) * 2 * DT + 0.4, classes)
    with pytest.raises(InputError, match="classify it again"):
        clusters_of_run(tmp_path / "run", wrong, ["ZIF-4"], 7.0, 2 * DT, RNG)


def test_growth_of_a_cluster_around_the_corner_of_a_tilted_box(tmp_path):
    box, cells = np.array([[48.0, 0, 0], [5, 42, 0], [-4, 3, 54]]), np.array([8, 7, 9])
    index = np.array(list(np.ndindex(*cells)))
    around_corner = np.where(index > cells // 2, index - cells, index)
    probabilities = np.zeros((4, len(index), 2))
    probabilities[..., 0] = 0.5
    expected = []
    for frame in range(4):
        member = np.all(np.abs(around_corner) <= [frame, frame // 2, frame // 3], axis=1)
        probabilities[frame, member, 1] = 1
        expected.append([member.sum(), *np.ptp((around_corner[member] / cells) @ box, axis=0)])
    positions = np.tile((index / cells) @ box, (4, 1, 1))
    write_fake_run(tmp_path / "run", positions, box, ["Zn"] * len(index), DT)
    classification = Classification(probabilities, np.arange(4) * DT, ["ZIF-4", "ZIF_a"])
    clusters = clusters_of_run(tmp_path / "run", classification, ["ZIF-4"], 7.2, DT, RNG)
    measured = clusters[["largest_zinc", "extent_x_A", "extent_y_A", "extent_z_A"]].to_numpy()
    assert measured == pytest.approx(np.array(expected), abs=0.03)
    assert (clusters.clusters == 1).all()


def test_snapshots_show_the_transition():
    probabilities = np.zeros((11, 10, 2))
    for frame in range(11):
        probabilities[frame, :frame, 1] = 1
    fractions = Classification(probabilities + [0.5, 0], np.arange(11.0), ["ZIF-4", "ZIF_a"]).fractions()
    assert snapshot_times(fractions, ["ZIF-4"]).tolist() == [0, 4, 7, 10]
    assert snapshot_times(fractions.iloc[:4], ["ZIF-4"]).tolist() == [0, 1, 2, 3]
    # What is called disordered for a moment at the start and again in the end has changed in the end.
    early = fractions.copy()
    early.loc[1, ["ZIF-4", "ZIF_a"]] = [0.0, 1.0]
    assert snapshot_times(early, ["ZIF-4"]).tolist() == [0, 4, 7, 10]


def test_mean_interval_has_the_error_of_counting_and_of_the_spread():
    assert mean_interval([25], [100.0]).value == 4.0
    assert mean_interval([25], [100.0]).stderr == pytest.approx(4 / 5)
    spread = mean_interval([10, 90], [100.0, 100.0])
    assert spread.value == 2.0
    assert spread.stderr == pytest.approx(2 * np.sqrt(2 * (40**2 + 40**2)) / 100)
    assert mean_interval([0, 0], [10.0, 10.0]).n == 0
