"""Bonds, events and lifetimes against histories written by hand."""

import mdtraj
import numpy as np
import pytest

from zifmelt.errors import InputError
from zifmelt.mechanism.bonds import (
    Bonds,
    atoms_of,
    find_bonds,
    load_bonds,
    save_bonds,
    without_recrossings,
)
from zifmelt.mechanism.events import breaks_of, exchanges_of, find_events
from zifmelt.mechanism.lifetimes import (
    coordination_shares,
    defect_lifetimes,
    exponential_lifetime,
    kaplan_meier,
    restricted_mean,
)
from zifmelt.trajectory import Frames

LIGAND = np.arange(12) // 2


def bonds_from(history: dict[int, str], n_zinc: int = 1, ligand: np.ndarray = LIGAND) -> Bonds:
    """One Zn (index 0); per N a string with a character per frame, '#' where it is bonded."""
    rows = []
    for nitrogen, line in history.items():
        edges = np.flatnonzero(np.diff([0, *[character == "#" for character in line], 0]))
        rows += [(0, nitrogen, start, end) for start, end in edges.reshape(-1, 2)]
    columns = np.array(sorted(rows), dtype=int).reshape(-1, 4).T
    frames = len(next(iter(history.values())))
    return Bonds(*columns, np.arange(frames) * 0.5, ligand, n_zinc)


def kinds(events):
    return events["kind"].tolist()


def test_same_nitrogen_comes_back():
    events = find_events(bonds_from({0: "##..##", 2: "######", 4: "######", 6: "######"}))
    assert kinds(events) == ["i"]
    event = events.iloc[0]
    assert (event.break_time_ps, event.recovery_time_ps, event.time_to_recovery_ps) == (1.0, 2.0, 1.0)
    assert (event.nitrogen_broken, event.nitrogen_formed, event.ligand_broken) == (0, 0, 0)
    assert event.mechanism == "dissociative"


def test_other_nitrogen_of_the_ligand():
    events = find_events(bonds_from({0: "##....", 1: "...###", 2: "######", 4: "######", 6: "######"}))
    assert kinds(events) == ["ii"]
    assert events.time_to_recovery_ps[0] == 0.5


def test_another_ligand_and_its_reversion():
    bonds = bonds_from({0: "##.....###", 2: "##########", 4: "##########", 6: "##########", 8: "...##....."})
    events = find_events(bonds)
    assert kinds(events) == ["iii", "iii"]
    assert events.is_reversion.tolist() == [False, True]
    assert events.reverted_time_ps[0] == 3.5
    assert np.isnan(events.reverted_time_ps[1])
    assert len(exchanges_of(events)) == 1
    assert len(breaks_of(events)) == 2


def test_reversion_by_the_other_nitrogen_restores_the_connectivity():
    bonds = bonds_from({0: "##.....", 1: ".....##", 2: "#######", 4: "#######", 6: "#######", 8: "..##..."})
    assert find_events(bonds).reverted_time_ps[0] == 2.5


def reversions(events):
    """Per N that left: kind (marked if it is a reversion) and time of its own reversion."""
    marks = np.where(events.is_reversion, "*", "")
    rows = zip(events.nitrogen_broken, events.kind + marks, events.reverted_time_ps.fillna(-1), strict=True)
    return [(int(nitrogen), kind, time) for nitrogen, kind, time in rows]


def test_exchange_is_reverted_over_a_third_ligand():
    # N0 by N8, N8 by N10, N10 by N0: the Zn has its own ligands again, nothing of the exchanges is left.
    bonds = bonds_from(
        {0: "##......##", 2: "#" * 10, 4: "#" * 10, 6: "#" * 10, 8: "..##......", 10: ".....##..."}
    )
    assert reversions(find_events(bonds)) == [(0, "iii", 4.0), (8, "iii", 4.0), (10, "iii*", -1)]


def test_return_to_an_earlier_stranger_reverts_only_what_came_after_it():
    bonds = bonds_from(
        {0: "##........", 2: "#" * 10, 4: "#" * 10, 6: "#" * 10, 8: "..##....##", 10: ".....##..."}
    )
    assert reversions(find_events(bonds)) == [(0, "iii", -1), (8, "iii", 4.0), (10, "iii*", -1)]


@pytest.mark.parametrize("other", ["######..##", "####....##", "#####.####"])
def test_reversion_counts_while_another_bond_is_open(other):
    """N8 leaves in frame 5 and N0 is back in frame 7; N2 breaks after, before, or together with N8."""
    bonds = bonds_from({0: "##.....###", 2: other, 4: "#" * 10, 6: "#" * 10, 8: "..###....."})
    assert sorted(reversions(find_events(bonds))) == [(0, "iii", 3.5), (2, "i", -1), (8, "iii*", -1)]


def test_reversion_counts_while_a_fifth_nitrogen_visits():
    bonds = bonds_from(
        {0: "##...#####", 2: "#" * 10, 4: "#" * 10, 6: "#" * 10, 8: "..####....", 10: "....####.."}
    )
    events = find_events(bonds)
    assert kinds(exchanges_of(events)) == ["iii"]
    assert events.reverted_time_ps.notna().sum() == 1


@pytest.mark.parametrize("last", ["..........##", ".........###"])
def test_two_exchanges_at_one_zinc_revert_one_by_one(last):
    """N8 in place of N0 and N10 in place of N2; each comes back to its own place, whichever broke last."""
    bonds = bonds_from(
        {
            0: last.replace(".", "#", 2),
            2: "####......##",
            4: "#" * 12,
            6: "#" * 12,
            8: "..######....",
            10: "....###.....",
        }
    )
    events = find_events(bonds)
    assert kinds(events) == ["iii"] * 4
    assert len(exchanges_of(events)) == 2
    assert exchanges_of(events).reverted_time_ps.notna().all()


def test_of_several_extra_nitrogens_the_best_fit_takes_the_place():
    bonds = bonds_from({0: "####..", 1: "..####", 2: "######", 4: "######", 6: "######", 8: ".###.."})
    events = find_events(bonds).set_index("nitrogen_broken")
    assert (events.kind[0], events.nitrogen_formed[0]) == ("ii", 1)
    assert events.kind[8] == "transient"


def test_exchange_that_stays_is_not_reverted():
    events = find_events(bonds_from({0: "##....", 2: "######", 4: "######", 6: "######", 8: "...###"}))
    assert kinds(events) == ["iii"]
    assert events.reverted_time_ps.isna().all()


def test_two_vacancies_are_closed_by_what_fits():
    # N0 breaks, then N2; N2's partner N3 comes first, then a stranger closes what N0 left.
    bonds = bonds_from(
        {0: "##......", 2: "###.....", 3: ".....###", 4: "########", 6: "########", 8: "......##"}
    )
    events = find_events(bonds)
    assert dict(zip(events.nitrogen_broken, events.kind, strict=True)) == {0: "iii", 2: "ii"}
    assert dict(zip(events.nitrogen_broken, events.nitrogen_formed, strict=True)) == {0: 8, 2: 3}


def broken_to_formed(events):
    rows = zip(events.nitrogen_broken, events.nitrogen_formed, events.kind, strict=True)
    return sorted((int(broken), int(formed), kind) for broken, formed, kind in rows)


@pytest.mark.parametrize(("first", "second"), [(0, 2), (2, 0)])
def test_of_two_vacancies_the_net_change_counts(first, second):
    """Two N break, a stranger binds, one of the two comes back: one recovery (i) and one exchange (iii)."""
    bonds = bonds_from(
        {first: "##......", second: "###.....", 8: "....####", 4: "########", 6: "########"}
        | {0: "##....##" if first == 0 else "###...##"}
    )
    events = find_events(bonds)
    assert broken_to_formed(events) == [(0, 0, "i"), (2, 8, "iii")]
    assert len(exchanges_of(events)) == 1 and not events.reverted_time_ps.notna().any()
    assert events.set_index("nitrogen_broken").recovery_time_ps.to_dict() == {0: 3.0, 2: 2.0}
    # The Zn misses an N from the first break to the return.
    assert defect_lifetimes(bonds).lifetime_ps.tolist() == [2.0]


def test_a_stranger_that_leaves_while_another_vacancy_is_open_has_changed_nothing():
    bonds = bonds_from({0: "##.....##", 2: "###...###", 8: "...##....", 4: "#" * 9, 6: "#" * 9})
    assert broken_to_formed(find_events(bonds)) == [(0, 0, "i"), (2, 2, "i"), (8, 8, "transient")]
    assert len(breaks_of(find_events(bonds))) == 2


def test_a_stranger_may_stand_for_a_bond_that_breaks_after_it_came():
    # N0 and N2 leave, N8 comes, N4 leaves, N0 and N2 are back: N8 is in place of N4, and came before it left.
    bonds = bonds_from({0: "##...###", 2: "##....##", 8: "...#####", 4: "####....", 6: "#" * 8})
    events = find_events(bonds)
    assert broken_to_formed(events) == [(0, 0, "i"), (2, 2, "i"), (4, 8, "iii")]
    exchange = exchanges_of(events).iloc[0]
    assert (exchange.time_to_recovery_ps, exchange.mechanism) == (-0.5, "associative")


def test_vacancies_and_a_stranger_at_the_end_of_the_trajectory():
    events = find_events(bonds_from({0: "##......", 2: "###.....", 8: ".....###", 4: "#" * 8, 6: "#" * 8}))
    assert broken_to_formed(events) == [(0, 8, "iii"), (2, -1, "open")]


def test_exchanges_are_the_ligands_lost_in_whatever_order_things_happen():
    """Up to four N leave one after another and as many come, old ones and strangers, until there are four."""
    rng, ligand, compared = np.random.default_rng(4), np.arange(20) // 2, 0
    for _ in range(700):
        missing = int(rng.integers(1, 5))
        gone = rng.choice([0, 2, 4, 6], missing, replace=False)
        back = rng.permutation([*gone, *(gone + 1), *range(8, 20, 2)])
        _, once = np.unique(ligand[back], return_index=True)
        back = back[np.sort(once)][:missing]
        changes = rng.permutation([0] * len(gone) + [1] * len(back))
        leave, come = 2 + np.flatnonzero(changes == 0), 2 + np.flatnonzero(changes == 1)
        left = dict(zip(gone, leave, strict=True))
        came = {n: frame for n, frame in zip(back, come, strict=True)}
        legal = all(
            sum(leave <= frame) >= sum(come <= frame) and frame > left.get(n // 2 * 2, -1)
            for n, frame in came.items()
        )
        if len(back) < missing or not legal:
            continue
        history = {
            n: "".join(
                "#" if (n < 8 and n % 2 == 0 and f < left.get(n, 99)) or f >= came.get(n, 99) else "."
                for f in range(12)
            )
            for n in {0, 2, 4, 6, *back}
        }
        lost = set(ligand[gone]) - set(ligand[back])
        # The Zn may be complete for a while in between; then what it had become counts as well.
        complete = np.cumsum(np.where(changes == 0, -1, 1))[:-1] == 0
        if not complete.any():
            events = find_events(bonds_from(history, ligand=ligand))
            assert len(exchanges_of(events)) == len(lost), history
            assert len(breaks_of(events)) == missing
            compared += missing > 1
    assert compared > 50


def test_two_nitrogens_of_one_frame_are_matched_best_first():
    bonds = bonds_from({0: "#...", 2: "#...", 4: "####", 6: "####", 8: "..##", 10: "....", 3: "..##"})
    events = find_events(bonds)
    assert dict(zip(events.nitrogen_broken, events.kind, strict=True)) == {0: "iii", 2: "ii"}


def test_open_end_is_censored():
    events = find_events(bonds_from({0: "##....", 2: "######", 4: "######", 6: "######"}))
    assert kinds(events) == ["open"]
    assert np.isnan(events.recovery_time_ps[0])
    assert events.nitrogen_formed[0] == -1
    assert len(breaks_of(events)) == 1


def test_vacancy_from_before_the_start_is_no_break():
    events = find_events(bonds_from({2: "######", 4: "######", 6: "######", 8: "...###"}))
    assert kinds(events) == ["unknown"]
    assert len(breaks_of(events)) == 0


def test_associative_exchange_forms_before_it_breaks():
    events = find_events(bonds_from({0: "####..", 2: "######", 4: "######", 6: "######", 8: "..####"}))
    assert kinds(events) == ["iii"]
    assert events.mechanism[0] == "associative"
    assert events.time_to_recovery_ps[0] == -1.0


def test_five_coordinated_visitor_is_transient():
    events = find_events(bonds_from({0: "######", 2: "######", 4: "######", 6: "######", 8: "..##.."}))
    assert kinds(events) == ["transient"]
    assert len(breaks_of(events)) == 0


def test_exchange_within_one_frame_is_concerted():
    events = find_events(bonds_from({0: "###...", 2: "######", 4: "######", 6: "######", 8: "...###"}))
    assert (kinds(events), events.mechanism[0]) == (["iii"], "concerted")


def test_nothing_happens():
    bonds = bonds_from({0: "######", 2: "######", 4: "######", 6: "######"})
    events = find_events(bonds)
    assert len(events) == 0
    assert events.kind.dtype == object
    assert len(defect_lifetimes(bonds)) == 0


def test_recrossings_are_joined_and_short_visits_dropped():
    bonds = bonds_from({0: "##.###...####", 2: "#" * 13, 4: "#" * 13, 6: "#" * 13, 8: "......#......"})
    kept = without_recrossings(bonds, 1.0)
    assert kept.start[kept.nitrogen == 0].tolist() == [0, 9]
    assert kept.end[kept.nitrogen == 0].tolist() == [6, 13]
    assert 8 not in kept.nitrogen
    assert kinds(find_events(kept)) == ["i"]
    assert kinds(find_events(bonds)) == ["i", "iii", "iii"]


def test_hysteresis_needs_both_distances():
    distances = [2.0, 2.4, 2.7, 2.4, 2.9, 3.1, 2.7, 2.6, 2.4, 2.8, 2.0]
    topology = mdtraj.Topology()
    chain = topology.add_chain()
    residue = topology.add_residue("ZN", chain)
    topology.add_atom("ZN", mdtraj.element.zinc, residue)
    ligand = topology.add_residue("IM", chain)
    for name in ("N1", "N3"):
        topology.add_atom(name, mdtraj.element.nitrogen, ligand)
    positions = np.zeros((len(distances), 3, 3))
    # Just across the boundary, with the Zn stored in another cell: only periodic distances count.
    positions[:, 0] = [19.9, 5, 5]
    positions[:, 1] = np.stack([-0.1 + np.array(distances), *(np.full(len(distances), 5.0),) * 2], axis=1)
    positions[:, 2] = [12, 12, 12]
    frames = Frames(positions, np.tile(20 * np.eye(3), (11, 1, 1)), np.arange(11) * 0.1, topology)
    bonds = find_bonds([frames], 2.5, 3.0)
    assert list(zip(bonds.start, bonds.end, strict=True)) == [(0, 5), (8, 11)]
    split = find_bonds([_part(frames, slice(0, 6)), _part(frames, slice(6, 11))], 2.5, 3.0)
    assert np.array_equal(split.start, bonds.start) and np.array_equal(split.end, bonds.end)
    # Without hysteresis the same history has more breaks.
    assert len(find_bonds([frames], 2.5, 2.5).start) == 4


def _part(frames, part):
    return Frames(frames.positions[part], frames.boxes[part], frames.times[part], frames.topology)


def test_wrong_distances_are_refused():
    with pytest.raises(InputError, match="bond_form_A"):
        find_bonds([], 3.0, 2.5)


def test_ligand_with_one_nitrogen_is_refused():
    topology = mdtraj.Topology()
    residue = topology.add_residue("IM", topology.add_chain())
    topology.add_atom("N1", mdtraj.element.nitrogen, residue)
    with pytest.raises(InputError, match="two"):
        atoms_of(topology)


def test_bonds_survive_writing(tmp_path):
    bonds = bonds_from({0: "##..##", 2: "######"})
    save_bonds(tmp_path / "bonds.npz", bonds)
    read = load_bonds(tmp_path / "bonds.npz")
    assert all(np.array_equal(getattr(read, name), value) for name, value in vars(bonds).items())
    (tmp_path / "broken.npz").write_text("no")
    with pytest.raises(InputError, match="broken.npz"):
        load_bonds(tmp_path / "broken.npz")


def test_lifetime_runs_through_two_coordination_and_is_censored_at_the_end():
    bonds = bonds_from({0: "##....####..", 2: "###.########", 4: "#" * 12, 6: "#" * 12})
    lives = defect_lifetimes(bonds)
    assert lives.lifetime_ps.tolist() == [2.0, 0.5]
    assert lives.censored.tolist() == [False, True]
    shares = coordination_shares(bonds)
    assert shares[3].value == pytest.approx(5 / 12)
    assert shares[2].value == pytest.approx(1 / 12)
    assert sum(share.value for share in shares.values()) == pytest.approx(1.0)


def test_kaplan_meier_by_hand():
    # Deaths at 1, 3, 4; censored at 2 and 5: S = 4/5, then 4/5 * 2/3, then 4/5 * 2/3 * 1/2.
    survival = kaplan_meier(np.array([1.0, 2, 3, 4, 5]), np.array([0, 1, 0, 0, 1], dtype=bool))
    value = dict(zip(survival.times, survival.probability, strict=True))
    assert value[1.0] == pytest.approx(4 / 5)
    assert value[3.0] == pytest.approx(8 / 15)
    assert value[4.0] == pytest.approx(4 / 15)
    assert restricted_mean(survival) == pytest.approx(1 + 2 * 0.8 + 8 / 15 + 4 / 15)


def test_restricted_mean_without_censoring_is_the_mean():
    lifetimes = np.random.default_rng(3).exponential(3.0, 200)
    survival = kaplan_meier(lifetimes, np.zeros(200, dtype=bool))
    assert restricted_mean(survival) == pytest.approx(lifetimes.mean())


def test_exponential_lifetime_counts_what_frames_miss():
    generator = np.random.default_rng(8)
    lifetimes = generator.exponential(3.0, 20000)
    seen = np.floor(lifetimes + generator.random(20000)) * 1.0  # frames every 1 ps at a random phase
    seen, censored = seen[seen > 0], np.zeros((seen > 0).sum(), dtype=bool)
    estimate, low, high = exponential_lifetime(seen, censored, 1.0)
    assert estimate.value == pytest.approx(3.0, abs=4 * estimate.stderr)
    assert low < estimate.value < high
    assert seen.mean() - 3.0 > 10 * estimate.stderr  # the plain mean is off by half a frame


def test_exponential_lifetime_is_not_biased_by_censoring():
    generator = np.random.default_rng(9)
    true = generator.exponential(3.0, 20000)
    end = generator.uniform(0, 4.0, 20000)
    estimate, _, _ = exponential_lifetime(np.minimum(true, end), true > end, 1e-3)
    assert estimate.value == pytest.approx(3.0, abs=4 * estimate.stderr)
    assert exponential_lifetime(np.array([]), np.array([], dtype=bool), 0.1)[0].n == 0
