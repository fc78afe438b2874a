"""Lability of ligand sites against planted rates, symmetry and rings of the crystals."""

import gemmi
import numpy as np
import pytest

from fake_runs import crystal_atoms
from structure_cifs import ZIF_4, asymmetric_unit, write_cif
from zifmelt.environments.neighbours import find_neighbours
from zifmelt.errors import InputError
from zifmelt.mechanism.lability import fold, rate_groups, site_intervals
from zifmelt.mechanism.sites import describe_sites, symmetry_orbits


def test_breaks_are_folded_onto_the_unit_cell():
    counts = fold(12, "1x1x3", "1x1x1").counts(np.array([0, 4, 4, 9, 11]))
    assert counts.tolist() == [[1, 0, 0, 0], [2, 0, 0, 0], [0, 1, 0, 1]]
    with pytest.raises(InputError, match="whole number"):
        fold(12, "1x1x5", "1x1x1")


def test_breaks_are_folded_onto_a_doubled_cell():
    # Cells in the order 000 001 002 003 (the last axis fastest), two ligands each.
    folding = fold(8, "1x1x4", "1x1x2")
    assert folding.sites.tolist() == [0, 1, 2, 3, 0, 1, 2, 3]
    assert folding.counts(np.array([0, 4, 4, 7])).tolist() == [[1, 0, 0, 0], [2, 0, 0, 1]]
    assert fold(16, "2x2x2", "1x2x1").sites.tolist() == [0, 1, 0, 1, 2, 3, 2, 3, 0, 1, 0, 1, 2, 3, 2, 3]
    assert fold(4, "1x1x1", "1x1x2").cell == (1, 1, 1)


def test_planted_rates_come_back_with_honest_errors():
    generator = np.random.default_rng(4)
    intervals, cells, durations = np.array([160.0, 250.0]), 64, [2000.0, 1000.0]
    pulls = []
    for _ in range(200):
        runs = [generator.poisson(duration / intervals, (cells, 2)) for duration in durations]
        table = site_intervals(runs, durations)
        pulls.append((table.ligand_interval_ps - intervals) / table.ligand_interval_stderr_ps)
    assert np.mean(pulls) == pytest.approx(0.0, abs=0.2)
    assert np.std(pulls) == pytest.approx(1.0, abs=0.15)
    assert table.site_interval_ps.to_numpy() == pytest.approx(table.ligand_interval_ps * 2 / 2048)
    assert table.dispersion.to_numpy() == pytest.approx(1.0, abs=0.4)


def test_bursts_widen_the_error():
    generator = np.random.default_rng(4)
    single = generator.poisson(4.0, (400, 1))
    table, bursts = site_intervals([single], [100.0]), site_intervals([5 * single], [500.0])
    assert bursts.ligand_interval_ps[0] == pytest.approx(table.ligand_interval_ps[0])
    assert bursts.ligand_interval_stderr_ps[0] == pytest.approx(table.ligand_interval_stderr_ps[0], rel=0.02)
    assert bursts.dispersion[0] == pytest.approx(5 * table.dispersion[0])


def test_sites_without_a_break_stay_undetermined():
    table = site_intervals([np.array([[0, 3]])], [10.0])
    assert np.isnan(table.ligand_interval_ps[0])
    assert table.ligand_interval_ps[1] == pytest.approx(10 / 3)
    assert table.ligand_interval_stderr_ps[1] == pytest.approx(10 / 3 / np.sqrt(3))


def test_groups_of_the_papers_size_are_found():
    generator = np.random.default_rng(7)
    rates = np.repeat([1 / 2.5, 1 / 3.2, 1 / 4.0], [8, 16, 8])
    groups = rate_groups(generator.poisson(rates * 5000))
    assert groups.tolist() == [0] * 8 + [1] * 16 + [2] * 8
    assert set(rate_groups(generator.poisson(1000, 32))) == {0}
    assert set(rate_groups(np.zeros(32, dtype=int))) == {0}


def test_bursts_make_no_groups():
    bursts = 20 * np.random.default_rng(1).poisson(50, 32)
    assert len(set(rate_groups(bursts))) > 1
    assert set(rate_groups(bursts, dispersion=20.0)) == {0}


@pytest.mark.parametrize(
    ("framework", "multiplicity"), [("ZIF-4", [8, 8, 8, 8]), ("ZIF-zni", [16, 16, 16, 16])]
)
def test_symmetry_orbits_of_the_crystals(framework, multiplicity):
    """Pbca and I41cd have 8 and 16 general positions; the asymmetric units hold four ligands each."""
    path = f"config/structures/{framework}.cif"
    nitrogen, box, _ = crystal_atoms(path, (1, 1, 1), ("N",))
    pairs = find_neighbours(nitrogen, nitrogen, box, 2.4)
    once = pairs.centres < pairs.atoms
    centres = nitrogen[pairs.centres[once]] + pairs.vectors[once] / 2
    operations = gemmi.read_small_structure(path).spacegroup.operations()
    orbits = symmetry_orbits(centres @ np.linalg.inv(box), operations)
    assert np.bincount(orbits).tolist() == multiplicity
    with pytest.raises(InputError, match="space group"):
        symmetry_orbits((centres + np.eye(len(centres), 3)) @ np.linalg.inv(box), operations)


@pytest.mark.parametrize(("framework", "orbits"), [("ZIF-4", [8] * 4), ("ZIF-zni", [16] * 4)])
def test_rings_of_a_site_follow_its_orbit(framework, orbits):
    sites = describe_sites(f"config/structures/{framework}.cif", 6)
    assert np.bincount(sites.orbit).tolist() == orbits
    assert (sites.groupby("orbit")[["rings_of_4", "rings_of_6"]].nunique() == 1).all(axis=None)
    # Every ring of n Zn passes n ligands: 4 and 16 rings of 4 and 6 Zn in ZIF-4, 8 and 48 in zni.
    expected = {"ZIF-4": (4 * 4, 16 * 6), "ZIF-zni": (8 * 4, 48 * 6)}[framework]
    assert (sites.rings_of_4.sum(), sites.rings_of_6.sum()) == expected


@pytest.mark.parametrize("symmetry", ["_space_group_IT_number 61", "_space_group_name_Hall '-P 2ac 2ab'"])
def test_sites_have_the_symmetry_that_the_crystal_is_expanded_by(symmetry, tmp_path):
    path = write_cif(tmp_path / "numbered.cif", *asymmetric_unit(ZIF_4), symmetry)
    assert np.bincount(describe_sites(path, 4).orbit).tolist() == [8] * 4
