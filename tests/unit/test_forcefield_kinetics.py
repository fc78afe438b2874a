"""Kinetics of bonds against planted events, other code, and counts by hand."""

import mdtraj
import numpy as np
import pandas as pd
import pytest

from fake_runs import write_fake_run
from zifmelt.errors import InputError
from zifmelt.forcefield.kinetics import (
    Watch,
    event_rate,
    interval,
    kinetics_of_bonds,
    kinetics_of_run,
    unconnected,
)
from zifmelt.mechanism.bonds import Bonds, find_bonds
from zifmelt.mechanism.close_pairs import BondDefinition, ClosePairs, bonds_among, find_close_pairs
from zifmelt.trajectory import Frames, read_frames

DEFINITIONS = [
    BondDefinition(2.5, 3.2),
    BondDefinition(2.4, 2.4),
    BondDefinition(2.3, 2.8, 0.3),
    BondDefinition(2.5, 3.2, 0.0, 0.4),
    BondDefinition(2.3, 2.6, 0.4, 0.2),
]


@pytest.fixture(scope="module")
def shaken_run(cell, tmp_path_factory):
    """120 frames of ZIF-4 whose atoms move so far that hundreds of bonds come and go."""
    whole = mdtraj.load(str(cell / "topology.pdb"))
    network = whole.atom_slice([a.index for a in whole.topology.atoms if a.element.symbol in ("Zn", "N")])
    generator = np.random.default_rng(5)
    steps = 0.25 * generator.standard_normal((120, network.n_atoms, 3))
    for frame in range(1, 120):
        steps[frame] += 0.8 * steps[frame - 1]
    positions = 10 * network.xyz[0].astype(float) + steps
    boxes = np.repeat(10 * network.unitcell_vectors[:1].astype(float), 120, axis=0)
    return Frames(positions, boxes, 0.1 * np.arange(120), network.topology)


def thinned(frames, stride):
    return Frames(frames.positions[::stride], frames.boxes[::stride], frames.times[::stride], frames.topology)


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_bonds_are_those_that_frame_by_frame_tracking_finds(shaken_run, definition):
    pairs = find_close_pairs([shaken_run], 3.3)
    bonds = bonds_among(pairs, definition)
    stride = round((definition.interval_ps or 0.1) / 0.1)
    known = find_bonds(
        [thinned(shaken_run, stride)], definition.form_A, definition.break_A, definition.persistence_ps
    )
    assert len(known.zinc) > 100
    for name in ("zinc", "nitrogen", "start", "end", "ligand"):
        np.testing.assert_array_equal(getattr(bonds, name), getattr(known, name), err_msg=name)
    np.testing.assert_allclose(bonds.times, known.times, atol=1e-9)


def test_pieces_of_a_trajectory_give_the_same_pairs(shaken_run):
    whole = find_close_pairs([shaken_run], 3.0)
    parts = [
        Frames(
            shaken_run.positions[part], shaken_run.boxes[part], shaken_run.times[part], shaken_run.topology
        )
        for part in (slice(0, 50), slice(50, 120))
    ]
    pieces = find_close_pairs(parts, 3.0)
    np.testing.assert_array_equal(whole.pair, pieces.pair)
    np.testing.assert_array_equal(whole.distance, pieces.distance)


def test_definitions_that_make_no_sense_are_refused(shaken_run):
    with pytest.raises(InputError, match="at most break_A"):
        BondDefinition(3.0, 2.5)
    pairs = find_close_pairs([thinned(shaken_run, 20)], 3.0)
    with pytest.raises(InputError, match="pairs up to"):
        bonds_among(pairs, BondDefinition(2.5, 3.2))
    with pytest.raises(InputError, match=r"every 3 ps .* every 2 ps"):
        bonds_among(pairs, BondDefinition(2.5, 3.0, 0.0, 3.0))
    with pytest.raises(InputError, match="no frames"):
        find_close_pairs([], 3.0)


def test_a_trajectory_without_close_pairs_has_no_bonds():
    nothing = ClosePairs(
        *(np.array([], dtype=int),) * 2, np.array([]), 3.2, np.arange(5.0), np.zeros(2, int), 1
    )
    assert len(bonds_among(nothing, BondDefinition(2.5, 3.2)).zinc) == 0


def test_error_of_a_rate_covers_independent_and_bursting_events():
    """Poisson events: 68 % of the runs within one error. Bursts of ten: larger errors, which cover too."""
    generator = np.random.default_rng(11)
    watch = Watch(10.0, 410.0, 64, 4000)
    for size in (1, 10):
        truth, within, ratios = 400 / 400 / 64, [], []
        for _ in range(400):
            times = np.repeat(generator.uniform(0, 420, generator.poisson(420 / size)), size)
            rate = event_rate(np.ceil(10 * times) / 10, watch)
            within.append(abs(rate.value - truth) < rate.stderr)
            ratios.append(rate.stderr * watch.exposure / np.sqrt(rate.n))
        assert 0.60 < np.mean(within) < 0.82
        assert np.mean(ratios) == pytest.approx(np.sqrt(size), rel=0.15)


def test_coarse_frames_do_not_look_like_bursts():
    """Poisson events that are seen at ten frames, or at 33, or at one: still the error of a Poisson count."""
    generator = np.random.default_rng(13)
    for frames in (1, 10, 33):
        ratios = []
        for _ in range(100):
            rate = event_rate(
                20 * np.ceil(frames * generator.uniform(0, 1, 200)) / frames, Watch(0, 20, 1, frames)
            )
            assert rate.n == 200
            ratios.append(rate.stderr * 20 / np.sqrt(200))
        assert np.mean(ratios) == pytest.approx(1.0, abs=0.2)
        assert min(ratios) >= 1 - 1e-9


def test_rates_and_intervals_by_hand():
    """Five of seven events lie in 32 Zn x 8 ps; that at the start is before it, that at the end within."""
    watch = Watch(2.0, 10.0, 32, 80)
    rate = event_rate(np.array([1.0, 2.0, 2.1, 3.0, 3.0, 9.0, 10.0]), watch)
    assert (rate.n, rate.value) == (5, pytest.approx(5 / 256))
    assert rate.stderr >= np.sqrt(5) / 256
    between = interval(rate, watch)
    # 256 Zn ps for 5 events: in 1024 Zn that is one every 0.05 ps.
    assert between.value == pytest.approx(0.05)
    assert between.stderr / between.value == pytest.approx(rate.stderr / rate.value)
    nothing = interval(event_rate(np.array([]), watch), watch)
    assert (nothing.value, nothing.n) == (pytest.approx(256 / 1024 / 0.5), 0)
    assert nothing.stderr == pytest.approx(nothing.value * np.sqrt(2))


def test_exchanges_at_a_known_place_are_not_first_ones():
    rows = [
        (0, 1, 2, 5.0),
        (0, 3, 4, 7.0),
        (9, 2, 8, 6.0),
        (5, 11, 12, 4.0),
        (6, 8, 20, 9.0),
        (7, 30, 31, 8.0),
    ]
    table = pd.DataFrame(rows, columns=["zinc", "ligand_broken", "ligand_formed", "recovery_time_ps"])
    table["break_time_ps"] = table["recovery_time_ps"] - 1
    assert list(unconnected(table)) == [4.0, 5.0, 8.0]


def planted_bonds():
    """Four Zn, 16 N on 8 ligands (N 2k and 2k+1), 20 ps in steps of 0.5 ps.

    Zn 0 loses N 0 at 4 ps and gets it back at 6 ps; Zn 1 turns (N 4 to N 5, 8 to 9 ps); Zn 2 exchanges N 8 of
    ligand 4 for N 3 of ligand 1 at 12 ps and keeps it; Zn 3 breaks for good at 18 ps.
    """
    frames = 41
    stretches = []
    for zinc, own in enumerate(([0, 1, 2, 6], [4, 7, 9, 10], [8, 11, 12, 13], [14, 15, 7, 10])):
        stretches += [(zinc, nitrogen, 0, frames) for nitrogen in own]
    changed = {(0, 0): [(0, 8), (12, frames)], (1, 4): [(0, 16)], (2, 8): [(0, 20)], (3, 14): [(0, 36)]}
    bonds = []
    for zinc, nitrogen, start, end in stretches:
        bonds += [(zinc, nitrogen, *piece) for piece in changed.get((zinc, nitrogen), [(start, end)])]
    bonds += [(1, 5, 18, frames), (2, 3, 24, frames)]
    columns = np.array(sorted(bonds)).T
    return Bonds(*columns, 0.5 * np.arange(frames), np.arange(16) // 2, 4)


def test_planted_kinetics():
    rows = {name: estimate for name, _, estimate in kinetics_of_bonds(planted_bonds(), 0.0)}
    box = "per 1024 Zn"
    assert rows["rate of breaks"].n == 4
    assert rows["rate of breaks"].value == pytest.approx(4 / 80)
    assert rows[f"time between breaks {box}"].value == pytest.approx(80 / 4 / 1024)
    assert rows["rate of turns (ii)"].n == 1
    assert rows["rate of exchanges (iii)"].n == rows["rate of unconnected exchanges (iii)"].n == 1
    assert rows[f"time to the first exchange (iii) {box}"].value == pytest.approx(12 * 4 / 1024)
    # Lives of 2, 1 and 2 ps, and one cut off after 2 ps.
    assert rows["lifetime of three-coordinated Zn, mean of those seen"].value == pytest.approx(5 / 3)
    assert rows["share of three-coordinated Zn"].value == pytest.approx((4 + 2 + 4 + 5) / (40 * 4))
    assert rows["exchanges (iii) that stand at the end"].value == 1
    assert rows["reverted share of the exchanges (iii)"].value == 0
    # 15 different first links: Zn 3 and the exchange lost one each; two N of ligand 0 are one link of Zn 0.
    initial = {
        (0, 0),
        (0, 1),
        (0, 3),
        (1, 2),
        (1, 3),
        (1, 4),
        (1, 5),
        (2, 4),
        (2, 5),
        (2, 6),
        (3, 7),
        (3, 3),
        (3, 5),
    }
    left = len(initial) - 1
    assert rows["share of initial Zn-ligand links seen in the last tenth"].value == pytest.approx(
        left / len(initial)
    )


def test_a_production_without_frames_is_refused():
    with pytest.raises(InputError, match="no frame after 20 ps"):
        kinetics_of_bonds(planted_bonds(), 20.0)


def test_events_before_the_production_do_not_count():
    rows = {name: estimate for name, _, estimate in kinetics_of_bonds(planted_bonds(), 10.0)}
    # The break of Zn 2 is seen at 10 ps, which is the last moment of what came before.
    assert rows["rate of breaks"].n == 1
    assert rows["rate of turns (ii)"].n == 0
    assert rows["rate of exchanges (iii)"].value == pytest.approx(1 / 40)


def test_table_of_a_run_folder(shaken_run, tmp_path):
    """As from the bonds of the frames read back, by each definition; the second segment is the production."""
    run = write_fake_run(
        tmp_path,
        shaken_run.positions,
        shaken_run.boxes,
        [atom.element.symbol for atom in shaken_run.topology.atoms],
        0.1,
        topology=shaken_run.topology,
        segments=[
            {"name": "equilibration", "kind": "hold", "duration_ps": 3.0},
            {"name": "production", "kind": "hold", "duration_ps": 8.9},
        ],
    )
    table = kinetics_of_run(run, {"every frame": DEFINITIONS[0], "every fourth": DEFINITIONS[3]})
    for name, stride in (("every frame", 1), ("every fourth", 4)):
        known = kinetics_of_bonds(find_bonds([read_frames(run, ("Zn", "N"), stride)], 2.5, 3.2), 3.0)
        part = table[table["definition"] == name]
        assert list(part["quantity"]) == [quantity for quantity, _, _ in known]
        np.testing.assert_allclose(part["value"], [estimate.value for _, _, estimate in known])
        np.testing.assert_allclose(part["stderr"], [estimate.stderr for _, _, estimate in known])
    rates = table[table["quantity"] == "rate of breaks"]["n"].to_list()
    assert rates[0] > rates[1] > 20
