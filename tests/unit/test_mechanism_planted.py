"""The mechanism's numbers from trajectories and tables in which the answer was planted."""

import mdtraj
import numpy as np
import pandas as pd
import pytest

from fake_runs import write_fake_run
from zifmelt.files import write_table
from zifmelt.mechanism.analysis import bonds_of_run
from zifmelt.mechanism.bonds import Bonds, save_bonds
from zifmelt.mechanism.event_kinetics import WatchedRun, lifetime_of, load_watched_run, mechanism_rows
from zifmelt.mechanism.events import COLUMNS as EVENT_COLUMNS
from zifmelt.mechanism.events import find_events
from zifmelt.mechanism.lability import site_intervals
from zifmelt.mechanism.lifetimes import defect_lifetimes, kaplan_meier, mean_lifetime
from zifmelt.mechanism.passages import Thresholds
from zifmelt.mechanism.sequence import sequence_rows

FRAMES, DT = 410, 0.1
LIGANDS = 6
TRICLINIC = np.array([[14.0, 0, 0], [4.0, 14.0, 0], [-3.5, 5.0, 14.0]])
SEATS = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1], [1, 0, 0], [0, 1, 0]], dtype=float)
ALWAYS = [(0, FRAMES)]
NO_EVENTS = pd.DataFrame(columns=list(EVENT_COLUMNS))


def planted_run(folder, histories):
    """Zn in a row of triclinic cells, every atom in any periodic image; per Zn: N and when it is bonded."""
    n_zinc = len(histories)
    box = TRICLINIC * np.array([n_zinc, 1, 1])[:, None]
    topology = mdtraj.Topology()
    chain = topology.add_chain()
    for _ in histories:
        topology.add_atom("ZN", mdtraj.element.zinc, topology.add_residue("ZN", chain))
    for _ in range(n_zinc * LIGANDS):
        residue = topology.add_residue("IM", chain)
        for name in ("N1", "N3"):
            topology.add_atom(name, mdtraj.element.nitrogen, residue)
    zinc = np.outer(np.arange(n_zinc), TRICLINIC[0])
    nitrogen = np.repeat(zinc, 2 * LIGANDS, axis=0) + TRICLINIC.sum(axis=0) / 2
    positions = np.tile(np.concatenate([zinc, nitrogen]), (FRAMES, 1, 1))
    for index, history in enumerate(histories):
        for seat, (own, stretches) in zip(SEATS, history.items(), strict=False):
            # A bond that lets go stops short of breaking once, at 3.1 A, and after that leaves.
            distance = np.full(FRAMES, 4.0)
            for start, end in stretches:
                distance[start:end] = 2.0
                distance[start + 2 : end - 2 : 20] = 3.1
            offset = np.outer(distance, seat / np.linalg.norm(seat))
            positions[:, n_zinc + 2 * LIGANDS * index + own] = zinc[index] + offset
    generator = np.random.default_rng(6)
    positions += generator.integers(-3, 4, (positions.shape[1], 3)) @ box
    positions += np.outer(np.linspace(0, 1, FRAMES), box.sum(axis=0))[:, None]
    elements = ["Zn"] * n_zinc + ["N"] * len(nitrogen)
    write_fake_run(folder, positions, box, elements, DT, topology=topology)


def watch(folder, run):
    """What the rules do with a run, files included."""
    bonds = bonds_of_run(run, 2.5, 3.2, 0.0)
    save_bonds(folder / "bonds.npz", bonds)
    write_table(folder / "bond_events.csv", find_events(bonds))
    write_table(folder / "defect_lifetimes.csv", defect_lifetimes(bonds))
    return load_watched_run(folder)


def test_planted_events_reach_the_table(tmp_path):
    whole = {2: ALWAYS, 4: ALWAYS, 6: ALWAYS}
    planted_run(
        tmp_path / "run",
        [
            {0: [(0, 199), (201, FRAMES)], **whole},  # (i) across two pieces of the trajectory
            {0: [(0, 200)], 1: [(230, FRAMES)], **whole},  # (ii) from the first frame of a piece
            {0: [(0, 50), (120, FRAMES)], 8: [(80, 110)], **whole},  # (iii) and back
            {0: [(0, 100)], 8: [(90, FRAMES)], **whole},  # (iii), associative, stays
            {0: [(0, FRAMES - 1)], **whole},  # a break in the last frame
            {0: [(0, 50), (70, FRAMES)], **whole, 2: [(0, 50), (60, FRAMES)]},  # two at once
            {8: [(30, 60)], 0: ALWAYS, **whole},  # a fifth N
            {0: ALWAYS, **whole},
        ],
    )
    run = watch(tmp_path, tmp_path / "run")
    rows = {row["quantity"][3:]: row for row in mechanism_rows([run], "x", "ZIF-4", True, {})}
    scale = (FRAMES - 1) * DT * 8 / 1024
    # Breaks: one each of the first two, two of the third, and 1, 1, 2 of the others.
    for name, number in {
        "time between breaks": 8,
        "time between recoveries (i)": 3,
        "time between recoveries (ii)": 1,
        "time between exchanges (iii)": 2,
    }.items():
        assert rows[f"{name} per 1024 Zn"]["value"] == pytest.approx(scale / number, rel=1e-5)
    assert rows["time to the first exchange (iii) per 1024 Zn"]["value"] == pytest.approx(80 * DT * 8 / 1024)
    assert rows["exchanges (iii) per run"]["value"] == 2
    assert rows["reverted share of the exchanges (iii)"]["value"] == 0.5
    assert rows["associative share of the breaks"]["value"] == 1 / 8
    lives = run.lives.lifetime_ps.to_numpy() / DT
    assert sorted(zip(lives.round(3), run.lives.censored, strict=True)) == [
        (0, True),
        (2, False),
        (10, False),
        (20, False),
        (30, False),
        (30, False),
    ]
    three = 2 + 30 + 30 + 10 + 1 + 10  # one of the two breaks at once makes it two-coordinated for 10 frames
    assert rows["share of three-coordinated Zn"]["value"] == pytest.approx(three / 8 / FRAMES)
    assert rows["share of five-coordinated Zn"]["value"] == pytest.approx((10 + 30) / 8 / FRAMES)


def runs_with_lives(generator, tau, duration, lives, runs=4):
    """Runs in which defects begin at random times, with exponential lives cut off at the end."""
    times = np.arange(round(duration / DT) + 1) * DT
    empty = np.array([], dtype=int)
    bonds = Bonds(empty, empty, empty, empty, times, empty, 1)
    found = []
    for _ in range(runs):
        start = generator.uniform(0, duration, lives)
        end = np.ceil((start + generator.exponential(tau, lives)) / DT)
        start = np.ceil(start / DT)
        censored = end > len(times) - 1
        length = (np.minimum(end, len(times) - 1) - start) * DT
        table = pd.DataFrame({"zinc": 0, "start_ps": start * DT, "lifetime_ps": length, "censored": censored})
        seen = table[end > start]
        found.append(WatchedRun(bonds, NO_EVENTS, seen))
    return found


def test_lifetime_of_a_few_censored_lives_has_honest_errors():
    """Lives as long as the runs: a run may have no recovery at all, and most longest lives are cut off."""
    tau, duration, lives = 10.0, 10.0, 12
    generator = np.random.default_rng(12)
    estimates = [lifetime_of(runs_with_lives(generator, tau, duration, lives)) for _ in range(50)]
    for method in ("exponential", "kaplan_meier"):
        value, error = np.array([[e[method].value, e[method].stderr] for e in estimates]).T
        assert np.median(value) == pytest.approx(tau, rel=0.2)
        assert np.mean(np.abs(value - tau) < 2 * error) > 0.85
        assert error.mean() == pytest.approx(value.std(), rel=0.4)


def test_run_without_recovery_is_time_waited_in_vain():
    lives = pd.DataFrame({"zinc": 0, "start_ps": 0.0, "lifetime_ps": [4.0, 4.0], "censored": [True, True]})
    quiet, _ = runs_with_lives(np.random.default_rng(1), 1.0, 10.0, 2, runs=2)
    quiet = WatchedRun(quiet.bonds, NO_EVENTS, lives)
    other = WatchedRun(quiet.bonds, NO_EVENTS, lives.assign(censored=False))
    estimate = lifetime_of([quiet, other])["exponential"]
    assert estimate.value == pytest.approx(8.0, rel=0.01)  # 16 ps for two recoveries
    assert estimate.n == 2
    assert lifetime_of([quiet])["kaplan_meier"].n == 0


def test_kaplan_meier_mean_is_completed_where_the_curve_ends():
    # S = 1/2 from 1 ps on, cut off at 3 ps: area 2, and 1/2 exp(-(t - 3) ln 2 / 3) beyond it.
    survival = kaplan_meier(np.array([1.0, 3.0]), np.array([False, True]))
    assert mean_lifetime(survival) == pytest.approx(1 + 0.5 * 2 + 0.5 * 3 / np.log(2))
    assert mean_lifetime(kaplan_meier(np.array([1.0, 3.0]), np.zeros(2, dtype=bool))) == 2.0
    assert np.isnan(mean_lifetime(kaplan_meier(np.array([3.0]), np.ones(1, dtype=bool))))


def test_a_single_frame_has_no_rate_of_a_site():
    with np.errstate(invalid="raise"):
        table = site_intervals([np.zeros((2, 3))], [0.0])
    assert table.site_interval_ps.isna().all() and table.breaks.sum() == 0


def test_run_that_is_still_growing_does_not_delay_the_completion():
    """Onsets at 100, 200, 300 and 400 ps, growth in 800 ps; the runs end after 1150 ps."""
    times = np.arange(0, 1151.0)
    runs = []
    for onset in (100, 200, 300, 400):
        liquid = np.where(times < onset, 0.0, np.clip(0.1 + (times - onset) / 1000, 0, 1))
        runs.append(pd.DataFrame({"time_ps": times, "ZIF-4": 1 - liquid, "ZIF_a": 0.0, "ZIF_liq": liquid}))
    thresholds = Thresholds(onset=0.1, completion=0.9, class_onset=0.2)
    rows = {r["quantity"][3:]: r for r in sequence_rows(runs, "x", "ZIF-4", ["ZIF-4"], thresholds, {})}
    assert rows["onset of disorder"]["value"] == 250
    assert rows["growth from onset to completion"]["value"] == pytest.approx(800, abs=1)
    assert rows["completion"]["value"] == pytest.approx(1050, abs=1)
    assert rows["completion"]["stderr"] == pytest.approx(125, abs=1)
    assert rows["completion"]["n"] == 3
    never = sequence_rows([run.iloc[:500] for run in runs], "x", "ZIF-4", ["ZIF-4"], thresholds, {})
    assert never[1]["n"] == 0 and np.isnan(never[1]["value"])
