"""Clusters, profiles, surroundings and the order of events against planted answers."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from fake_runs import crystal_atoms, simulation
from zifmelt.environments.classify import thermal_rows
from zifmelt.errors import InputError
from zifmelt.files import read_table, write_table
from zifmelt.mechanism.cluster_growth import single_cluster_rows
from zifmelt.mechanism.clusters import find_clusters, follow_clusters, mean_extents
from zifmelt.mechanism.local_surroundings import describe_classes, neighbour_counts, voronoi_volumes
from zifmelt.mechanism.passages import (
    Thresholds,
    first_passage,
    mean_waiting_time,
    passage,
    passages,
    waiting_limits,
    waiting_times,
)
from zifmelt.mechanism.profiles import density_profiles
from zifmelt.mechanism.sequence import order_of

BOX = np.diag([30.0, 40.0, 50.0])


def grid(box, spacing):
    axes = [np.arange(0, length, spacing) for length in np.diag(box)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)


def test_cluster_over_the_boundary_has_its_true_extent():
    positions = np.array([[28.0, 38, 1], [1, 38, 1], [4, 38, 1], [4, 1, 1], [15, 20, 25], [18, 20, 25]])
    found = find_clusters(positions, BOX, np.ones(6, dtype=bool), 3.5)
    assert found.sizes.tolist() == [4, 2]
    assert found.labels.tolist() == [0, 0, 0, 0, 1, 1]
    assert found.extents == pytest.approx([6.0, 3.0, 0.0], abs=1e-9)
    assert not found.percolates.any()


@pytest.mark.parametrize("seed", range(5))
def test_extents_do_not_depend_on_where_the_boundary_is(seed):
    generator = np.random.default_rng(seed)
    cluster = np.cumsum(generator.normal(0, 1.2, (40, 3)), axis=0)
    expected = np.ptp(cluster, axis=0)
    assert expected.max() < 25
    moved = cluster + generator.uniform(0, 50, 3)
    thrown = moved + generator.integers(-1, 2, moved.shape) @ BOX
    found = find_clusters(thrown, BOX, np.ones(40, dtype=bool), 6.0)
    assert found.sizes.tolist() == [40]
    assert found.extents == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(5))
def test_extents_in_a_tilted_box_are_along_the_cartesian_axes(seed):
    box = np.array([[30.0, 0, 0], [14.0, 32, 0], [-12.0, 15, 35]])
    generator = np.random.default_rng(seed)
    cluster = np.cumsum(generator.normal(0, [0.7, 1.0, 0.3], (40, 3)), axis=0)
    moved = cluster + generator.uniform(0, 50, 3) + generator.integers(-2, 3, cluster.shape) @ box
    found = find_clusters(moved, box, np.ones(40, dtype=bool), 4.0)
    assert found.sizes.tolist() == [40]
    assert found.extents == pytest.approx(np.ptp(cluster, axis=0))


def test_cluster_nearly_as_long_as_the_box_has_its_true_extent():
    # Seen along x, its own steps are wider than what it leaves free of the box.
    chain = np.array([[6.0 * step, 2.0 * step, 0] for step in range(5)] + [[27.0, 10.0, 0]])
    found = find_clusters(chain + [17.0, 35.0, 5.0], BOX, np.ones(6, dtype=bool), 7.5)
    assert not found.percolates.any()
    assert found.extents == pytest.approx([27.0, 10.0, 0.0])


def test_coil_longer_than_the_box_has_the_width_of_the_box():
    coil = np.array([[3.0 * step, 1.5 * step, 0] for step in range(14)])
    found = find_clusters(coil, BOX, np.ones(14, dtype=bool), 4.0)
    assert not found.percolates.any()
    assert found.extents == pytest.approx([30.0, 19.5, 0])


def test_slab_in_a_tilted_box_is_as_thick_as_it_is():
    box = np.array([[30.0, 0, 0], [6.0, 30, 0], [0, 0, 30]])
    slab = np.array(
        [[a, b, c] for a in (0.0, 0.1, 0.2) for b in np.arange(0, 1, 0.1) for c in np.arange(0, 1, 0.1)]
    )
    found = find_clusters((slab + [0.9, 0, 0]) @ box, box, np.ones(len(slab), dtype=bool), 3.2)
    assert found.percolates.tolist() == [False, True, True]
    assert found.extents == pytest.approx([6.0, 30.0, 30.0])


def test_percolating_cluster_fills_the_box_along_its_direction_only():
    positions = np.array([[x, 20.0, 25.0] for x in np.arange(0, 30, 3.0)])
    found = find_clusters(positions, BOX, np.ones(10, dtype=bool), 3.5)
    assert found.percolates.tolist() == [True, False, False]
    assert found.extents == pytest.approx([30.0, 0, 0], abs=1e-9)
    cut = find_clusters(positions, BOX, np.arange(10) != 4, 3.5)
    assert not cut.percolates.any()
    assert cut.extents[0] == pytest.approx(24.0)


def test_one_point_next_to_its_own_image_percolates():
    found = find_clusters(np.zeros((1, 3)), np.diag([5.0, 20, 20]), np.array([True]), 7.0)
    assert found.percolates.tolist() == [True, False, False]


def test_no_disordered_zinc():
    found = find_clusters(np.zeros((3, 3)), BOX, np.zeros(3, dtype=bool), 7.0)
    assert len(found.sizes) == 0
    assert found.labels.tolist() == [-1, -1, -1]
    nobody = np.zeros((1, 3), dtype=bool)
    rng = np.random.default_rng(1)
    table = follow_clusters(np.zeros((1, 3, 3)), BOX[None], np.zeros(1), nobody, 7.0, rng)
    assert (table.clusters[0], table.largest_zinc[0]) == (0, 0)
    assert np.isnan(table.share_in_largest[0])
    assert len(mean_extents([table], 5)) == 0


def test_clusters_agree_with_a_naive_merge():
    generator = np.random.default_rng(5)
    box = np.array([[12.0, 0, 0], [4, 13, 0], [-2, 3, 11]])
    positions, member = generator.random((60, 3)) @ box, generator.random(60) < 0.5
    found = find_clusters(positions, box, member, 2.6)
    images = np.array([cell for cell in np.ndindex(3, 3, 3)]) - 1
    group = {index: index for index in np.flatnonzero(member)}
    for a in group:
        for b in group:
            nearest = np.linalg.norm(positions[b] + images @ box - positions[a], axis=1).min()
            if nearest < 2.6:
                old, new = group[a], group[b]
                group.update({key: new for key, value in group.items() if value == old})
    naive = sorted(pd.Series(group).value_counts().tolist(), reverse=True)
    assert found.sizes.tolist() == naive


def test_extents_are_averaged_over_runs_not_frames():
    def run(extents):
        table = pd.DataFrame({"largest_zinc": [10] * len(extents)})
        return table.assign(extent_x_A=extents, extent_y_A=extents, extent_z_A=extents)

    mean = mean_extents([run([4.0, 4.0, 4.0]), run([8.0])], 1)
    assert mean.extent_x_A[0] == 6.0
    assert mean.extent_x_stderr_A[0] == pytest.approx(2.0)
    assert mean.runs[0] == 2


def test_density_profile_finds_planes_and_keeps_the_mean():
    box, generator = np.diag([20.0, 24.0, 28.0]), np.random.default_rng(2)
    fractional = generator.random((500, 3))
    fractional[:, 0] = np.round(fractional[:, 0] * 2) / 2 + 0.12
    drift = np.linspace(0, 3.0, 10)[:, None, None]
    positions = fractional @ box + drift * np.array([1.0, 0.5, 0])
    profile = density_profiles(positions, np.tile(box, (10, 1, 1)), (2, 1, 1), 10)
    along_x = profile[profile.axis == "x"]
    assert along_x.position_A.to_numpy() == pytest.approx(np.arange(0.5, 10))
    density = 500 / (20 * 24 * 28)
    for _, part in profile.groupby("axis"):
        assert part.density_per_A3.mean() == pytest.approx(density)
    assert along_x.density_per_A3.argmax() == 2
    assert along_x.density_per_A3.max() == pytest.approx(10 * density)
    with pytest.raises(InputError, match="profile_bins"):
        density_profiles(positions, np.tile(box, (10, 1, 1)), (2, 1, 1), 0)


def test_density_profile_is_the_same_from_wrapped_positions():
    box, generator = np.array([[20.0, 0, 0], [3, 24, 0], [-2, 4, 28]]), np.random.default_rng(2)
    fractional = generator.random((300, 3))
    fractional[:, 0] = np.round(fractional[:, 0] * 4) / 4 + 0.03
    drift = np.linspace(0, 1.4, 30)[:, None, None] * np.array([1.0, 0.5, -0.8])
    boxes = np.tile(box, (30, 1, 1))
    continuous = density_profiles((fractional + drift) @ box, boxes, (2, 1, 1), 20)
    wrapped = density_profiles(((fractional + drift) % 1.0) @ box, boxes, (2, 1, 1), 20)
    assert wrapped.density_per_A3.to_numpy() == pytest.approx(continuous.density_per_A3.to_numpy(), abs=1e-6)
    # Two planes per unit cell, each in one of its twenty bins.
    assert sorted(wrapped.density_per_A3[wrapped.axis == "x"] > 0) == [False] * 18 + [True] * 2


def test_voronoi_volumes_of_a_lattice_and_of_any_points():
    box = np.diag([12.0, 16.0, 20.0])
    assert voronoi_volumes(grid(box, 4.0), box) == pytest.approx(64.0)
    tilted = np.array([[9.0, 0, 0], [4, 8, 0], [-3, 2, 10]])
    points = np.random.default_rng(0).random((6, 3)) @ tilted
    assert voronoi_volumes(points, tilted).sum() == pytest.approx(np.linalg.det(tilted))


def test_classes_are_described_by_their_own_zinc():
    box = np.diag([12.0, 16.0, 20.0])
    positions = np.tile(grid(box, 4.0), (3, 1, 1))
    chosen = np.zeros((3, 60), dtype=int)
    chosen[1:, :20] = 1
    coordination = np.where(chosen == 1, 3, 4)
    table = describe_classes(
        positions, np.tile(box, (3, 1, 1)), coordination, chosen, ["crystal", "ZIF_a", "ZIF_liq"], 4.5
    )
    values = table.set_index(["class", "quantity"]).value
    assert values["crystal", "nitrogen"] == 4
    assert values["ZIF_a", "nitrogen"] == 3
    assert values["ZIF_a", "neighbours"] == 6
    assert values["ZIF_a", "voronoi_volume"] == pytest.approx(64)
    assert np.isnan(values["ZIF_liq", "nitrogen"])
    assert table[table["class"] == "ZIF_liq"].n.tolist() == [0, 0, 0]


def test_neighbours_of_the_crystal_are_the_four_across_ligands():
    positions, box, _ = crystal_atoms("config/structures/ZIF-4.cif")
    assert set(neighbour_counts(positions, box, 6.6)) == {4}


def test_passage_ignores_fluctuations_that_die_away():
    times = np.arange(101.0)
    fraction = np.where(times < 50, 0.02, np.minimum(0.1 + 0.02 * (times - 50), 1.0))
    fraction[20:25] = 0.3
    found = passage(times, fraction, 0.1, 0.9)
    assert (found.onset_ps, found.completion_ps, found.duration_ps) == (50.0, 90.0, 100.0)
    assert found.growth_per_ps == pytest.approx(0.02)


def test_passage_of_a_run_without_transition():
    found = passage(np.arange(50.0), np.full(50, 0.03), 0.1, 0.9)
    assert np.isnan([found.onset_ps, found.completion_ps, found.growth_per_ps]).all()
    grown_halfway = passage(np.arange(50.0), np.linspace(0, 0.5, 50), 0.1, 0.9)
    assert grown_halfway.onset_ps == 10.0
    assert np.isnan(grown_halfway.completion_ps)
    with pytest.raises(InputError, match="mechanism.thresholds: onset is"):
        passage(np.arange(3.0), np.zeros(3), 0.9, 0.1)


def test_times_to_onset_of_several_runs_are_averaged_by_temperature_and_size():
    times, runs = np.arange(0.0, 11.0), []
    for supercell, temperature, replica, onset in (
        ("2x2x1", 700, 1, 4.0),
        ("2x2x1", 700, 2, np.inf),
        ("2x2x2", 700, 1, 2.0),
        ("2x2x1", 540, 1, np.inf),
    ):
        disordered = np.where(times >= onset, 0.2 * (times - onset + 1), 0.0).clip(0, 1)
        record = simulation(supercell=supercell, temperature_K=temperature, replica=replica)
        runs.append((record, pd.DataFrame({"time_ps": times, "ZIF-4": 1 - disordered, "glass": disordered})))
    table = passages(runs, "ZIF-4", ["ZIF-4"], Thresholds(onset=0.1, completion=0.9, class_onset=0.1))
    assert table["onset_ps"].tolist()[::2] == [4.0, 2.0] and table["onset_ps"][1::2].isna().all()
    assert table["completion_ps"].tolist()[::2] == [8.0, 6.0] and set(table["watched_ps"]) == {10.0}
    means = waiting_times(table).set_index(["supercell", "temperature_K"])
    # One onset within 4 + 10 ps; none within 10 ps.
    assert means.loc[("2x2x1", 700), ["runs", "onsets", "onset_ps"]].tolist() == [2, 1, 14.0]
    assert means.loc[("2x2x1", 540), "onsets"] == 0 and np.isnan(means.loc[("2x2x1", 540), "onset_ps"])
    # exp(-10 / low) = 0.16: none in 10 ps is as unlikely as the interval allows.
    assert means.loc[("2x2x1", 540), "low_ps"] == pytest.approx(10 / -np.log(0.16))
    assert means.loc[("2x2x1", 540), "high_ps"] == np.inf


def test_limits_of_a_mean_waiting_time_cover_it():
    rng, covered = np.random.default_rng(2), []
    for watched in (0.5, 3.0):
        first = rng.exponential(1.0, (1000, 4))
        events, waited = (first < watched).sum(axis=1), first.clip(max=watched).sum(axis=1)
        limits = np.array([waiting_limits(int(n), t) for n, t in zip(events, waited, strict=True)])
        covered.append(np.mean((limits[:, 0] < 1.0) & (limits[:, 1] > 1.0)))
    # 0.68 is promised; more comes of the whole numbers of events.
    assert min(covered) > 0.67 and max(covered) < 0.88


def test_first_passage():
    assert first_passage(np.arange(4.0), np.array([0, 0.1, 0.3, 0.1]), 0.2) == 2.0
    assert np.isnan(first_passage(np.arange(4.0), np.zeros(4), 0.2))


def test_waiting_time_counts_the_runs_that_waited_in_vain():
    assert mean_waiting_time([100.0, 300.0], [1000, 1000]).value == 200.0
    estimate = mean_waiting_time([100.0, np.nan, 300.0], [1000, 600, 1000])
    assert (estimate.value, estimate.n) == (500.0, 2)
    assert estimate.stderr == pytest.approx(500 / np.sqrt(2))
    assert mean_waiting_time([np.nan], [10.0]).n == 0


def test_order_of_two_classes():
    order = order_of([1.0, 2.0, 3.0, 9.0, 5.0], [4.0, 4.0, 7.0, 8.0, np.nan])
    assert order.delay.value == pytest.approx((3 + 2 + 4 - 1) / 4)
    assert (order.first_before_second, order.second_before_first) == (4, 1)
    assert order.p_value == pytest.approx(stats.binomtest(4, 5).pvalue)
    assert order_of([np.nan], [np.nan]).delay.n == 0


def growth(nuclei):
    """Clusters of a cubic lattice of 1000 Zn in which balls grow around nuclei, 5 to 60 % of the Zn."""
    lattice = grid(np.diag([60.0, 60, 60]), 6.0)
    apart = lattice[:, None] - np.array(nuclei)
    apart -= 60 * np.round(apart / 60)
    order = np.argsort(np.linalg.norm(apart, axis=-1).min(axis=1), kind="stable")
    member = np.zeros((12, 1000), dtype=bool)
    for frame in range(12):
        member[frame, order[: 50 * (frame + 1)]] = True
    frames = np.repeat(lattice[None], 12, axis=0)
    boxes = np.repeat(np.diag([60.0, 60, 60])[None], 12, axis=0)
    return follow_clusters(frames, boxes, np.arange(12.0), member, 6.5, np.random.default_rng(3))


def test_growth_from_one_nucleus_is_told_from_growth_from_four():
    corners = [[0.0, 0, 0], [30, 30, 0], [30, 0, 30], [0, 30, 30]]
    one, four = (growth(corners[:count]) for count in (1, 4))
    assert (one["zinc"] == 1000).all()
    # At 5 % there is one ball, or four of about a quarter each; balls of a half touch.
    assert one["share_in_largest"][0] == 1
    assert four["share_in_largest"][0] == pytest.approx(0.25, abs=0.05)
    single, scattered = (
        {row["quantity"]: row for row in single_cluster_rows([table, table], "x", 0.1, {})}
        for table in (one, four)
    )
    share = "x: share of the disordered Zn in the largest cluster"
    chance = "x: the same for as many Zn at random"
    assert (single[share]["value"], single[share]["n"]) == (1, 2)
    # Frames of 10 to 50 %, averaged.
    between = four.loc[1:9, "share_in_largest"].mean()
    assert scattered[share]["value"] == pytest.approx(between) and between < 0.8
    assert single[chance]["value"] == pytest.approx(one.loc[1:9, "share_if_random"].mean())


def test_zinc_at_random_places_make_one_cluster_only_above_the_percolation_threshold():
    chance = growth([[0.0, 0, 0]]).set_index("disordered_zinc")["share_if_random"]
    # Site percolation on the simple cubic lattice sets in at 0.3116.
    assert chance[100] < 0.2 and chance[150] < 0.3
    assert chance[500] > 0.9


def test_runs_that_never_grow_leave_the_share_open():
    rows = single_cluster_rows([growth([[0.0, 0, 0]]).iloc[:1]], "x", 0.1, {})
    assert [row["n"] for row in rows] == [0, 0]


def test_clusters_of_the_structure_at_rest_are_left_out(tmp_path):
    table = growth([[0.0, 0, 0]])
    write_table(tmp_path / "clusters.csv", table)
    thermal = thermal_rows(read_table(tmp_path / "clusters.csv"))
    assert thermal["time_ps"].tolist() == list(range(1, 12))
    assert thermal["disordered_zinc"].tolist() == table["disordered_zinc"].tolist()[1:]
