"""Radial distribution functions against loops, mdtraj and lattices."""

from pathlib import Path

import mdtraj
import numpy as np
import pytest

from fake_runs import crystal_atoms, one_residue_per_atom
from zifmelt.errors import InputError
from zifmelt.properties.rdf import atoms_named, element_pairs, pair_counts, peak_position, radial_distribution
from zifmelt.trajectory import Frames

STRUCTURES = Path(__file__).parents[2] / "config" / "structures"
TRICLINIC = np.array([[7.0, 0.0, 0.0], [1.5, 6.5, 0.0], [-1.0, 2.0, 8.0]])


def frames_of(positions, box, elements):
    positions = np.asarray(positions, dtype=float).reshape(-1, len(elements), 3)
    boxes = np.broadcast_to(box, (len(positions), 3, 3))
    return Frames(positions, boxes, np.arange(len(positions)), one_residue_per_atom(elements, elements))


def naive_counts(first, second, box, radii):
    """Count by looping over a block of images that is larger than needed."""
    counts = np.zeros(len(radii), dtype=int)
    for a in first:
        for b in second:
            for shift in np.ndindex(7, 7, 7):
                distance = np.linalg.norm(b - a + (np.array(shift) - 3) @ box)
                counts += (distance <= radii) & (distance > 1e-6)
    return counts


def test_pair_counts_in_a_triclinic_box_shorter_than_the_range():
    """Every image counts once, the atom itself never, also beyond half the box."""
    rng = np.random.default_rng(1)
    first, second = (rng.uniform(-20, 20, (n, 3)) for n in (3, 4))
    radii = 0.47 * np.arange(20)
    home = np.linalg.inv(TRICLINIC)
    wrap = [x - np.floor(x @ home) @ TRICLINIC for x in (first, second)]
    np.testing.assert_array_equal(
        pair_counts(first, second, TRICLINIC, radii), naive_counts(*wrap, TRICLINIC, radii)
    )
    np.testing.assert_array_equal(
        pair_counts(first, first, TRICLINIC, radii), naive_counts(wrap[0], wrap[0], TRICLINIC, radii)
    )


@pytest.mark.parametrize("pair", [("Zn", "N"), ("N", "N")])
def test_against_mdtraj(pair):
    """The same g(r) within half the box, up to mdtraj's N (N - 1) for like pairs."""
    rng = np.random.default_rng(2)
    elements = ["Zn"] * 20 + ["N"] * 60
    frames = frames_of(rng.uniform(0, 12, (5, 80, 3)), 12 * np.eye(3), elements)
    ours = radial_distribution(frames, pair, 5.0, 0.25)
    trajectory = mdtraj.Trajectory(frames.positions / 10, frames.topology)
    trajectory.unitcell_vectors = np.array(frames.boxes) / 10
    pairs = frames.topology.select_pairs(*(f"element {symbol}" for symbol in pair))
    _, theirs = mdtraj.compute_rdf(trajectory, pairs, r_range=(0, 0.5), bin_width=0.025)
    factor = 59 / 60 if pair[0] == pair[1] else 1.0
    np.testing.assert_allclose(ours["g"], theirs * factor, rtol=1e-5, atol=1e-6)


def test_simple_cubic_shells():
    """A simple cubic lattice of one atom: 6 at a, 12 at sqrt(2) a, 8 at sqrt(3) a."""
    frames = frames_of([[0.3, 0.2, 0.1]], 3 * np.eye(3), ["Zn"])
    curve = radial_distribution(frames, ("Zn", "Zn"), 5.5, 0.1)
    within = dict(zip(curve["r_A"].round(2), curve["coordination"], strict=True))
    assert (within[2.95], within[3.05], within[4.35], within[5.25]) == (0, 6, 18, 26)
    density = 1 / 27
    inside = curve[curve["r_A"] < 5.3]
    integral = 4 * np.pi * density * np.sum((inside["r_A"] ** 2 + 0.05**2 / 3) * inside["g"] * 0.1)
    assert integral == pytest.approx(26, rel=1e-6)


def test_ideal_gas_is_one():
    """Uncorrelated atoms: g = 1, also for like pairs beyond half the box apart from the atom's own images."""
    rng = np.random.default_rng(3)
    frames = frames_of(rng.uniform(0, 9, (40, 100, 3)), 9 * np.eye(3), ["Zn"] * 50 + ["N"] * 50)
    g = radial_distribution(frames, ("Zn", "N"), 12.0, 1.0)["g"]
    np.testing.assert_allclose(g[1:], 1.0, atol=0.03)


@pytest.mark.parametrize("framework", ["ZIF-4", "ZIF-zni"])
def test_every_zn_of_a_crystal_has_four_nitrogen_within_2_3_angstrom(framework):
    """The paper's Fig. 2: the crystals reach four at 2.3 angstrom."""
    positions, box, elements = crystal_atoms(STRUCTURES / f"{framework}.cif", elements=("Zn", "N"))
    curve = radial_distribution(frames_of(positions, box, elements), ("Zn", "N"), 2.6, 0.02)
    assert curve["coordination"].iloc[np.searchsorted(curve["r_A"], 2.3)] == pytest.approx(4.0)
    assert 1.9 < peak_position(curve["r_A"].to_numpy(), curve["g"].to_numpy(), 1.5, 2.6) < 2.1


def test_peak_of_a_gaussian_between_bins():
    """The parabola finds the top to better than a tenth of a bin; empty or cut peaks have none."""
    r = np.arange(0.05, 4, 0.1)
    g = np.exp(-((r - 2.013) ** 2) / 0.1)
    assert peak_position(r, g, 1.5, 2.5) == pytest.approx(2.013, abs=0.01)
    assert np.isnan(peak_position(r, 0 * g, 1.5, 2.5))
    assert np.isnan(peak_position(r, g, 2.2, 3.0))
    assert np.isnan(peak_position(r, g, 8.0, 9.0))


def test_pairs_and_unknown_atoms():
    frames = frames_of([[0, 0, 0], [1, 1, 1], [2, 2, 2]], 9 * np.eye(3), ["N", "Zn", "H"])
    assert element_pairs(frames.topology)[:3] == [("Zn", "Zn"), ("Zn", "N"), ("Zn", "H")]
    assert len(element_pairs(frames.topology)) == 6
    with pytest.raises(InputError, match="Cl"):
        atoms_named(frames.topology, "Cl")
