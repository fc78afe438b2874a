"""Neighbour distances, coordination and angles on geometries known by heart."""

from pathlib import Path

import numpy as np
import pytest

from fake_runs import crystal_atoms, one_residue_per_atom
from zifmelt.properties.angles import (
    angle_distribution,
    angles_between,
    n_zn_n_angles,
    zn_im_zn_angles,
    zn_zn_zn_angles,
)
from zifmelt.properties.first_neighbours import RING, coordination_numbers, ligand_bridges, nearest_distances
from zifmelt.trajectory import Frames

STRUCTURES = Path(__file__).parents[2] / "config" / "structures"
TETRAHEDRON = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / np.sqrt(3)


def frames_of(positions, box, elements, names=None):
    positions = np.asarray(positions, dtype=float).reshape(-1, len(elements), 3)
    boxes = np.broadcast_to(box, (len(positions), 3, 3))
    topology = one_residue_per_atom(elements, names or elements)
    return Frames(positions, boxes, np.arange(len(positions)), topology)


def one_bridge(zn_n: float = 2.0):
    """Two Zn on the lines from the centre of a regular ring through its two N."""
    angle = np.radians(90 + 72 * np.arange(5))
    ring = 1.1 * np.stack([np.cos(angle), np.sin(angle), 0 * angle], axis=1)
    directions = [ring[0] / 1.1, ring[2] / 1.1]
    zn = [ring[0] + zn_n * directions[0], ring[2] + zn_n * directions[1]]
    return np.concatenate([zn, ring]), ["Zn", "Zn", "N", "C", "N", "C", "C"], ["Zn", "Zn", *RING]


def test_tetrahedron_across_the_boundary():
    """Six angles of arccos(-1/3) around a Zn at the corner of a triclinic box; three once it lost an N."""
    box = np.array([[9.0, 0, 0], [2.0, 8.0, 0], [0, -1.0, 10.0]])
    positions = np.concatenate([[[0, 0, 0]], 2.0 * TETRAHEDRON + [5, -3, 1] @ box])
    elements = ["Zn", "N", "N", "N", "N"]
    (angles,) = n_zn_n_angles(frames_of(positions, box, elements), 2.5)
    np.testing.assert_allclose(angles, np.full(6, np.degrees(np.arccos(-1 / 3))), rtol=1e-10)
    positions[1] *= 1.5
    (angles,) = n_zn_n_angles(frames_of(positions, box, elements), 2.5)
    assert len(angles) == 3


def test_coordination_and_nearest_distances():
    """Four at 2.0, then three when one N moves away; the four nearest still include it."""
    box = 12.0 * np.eye(3)
    positions = np.concatenate([[[0, 0, 0]], 2.0 * TETRAHEDRON])
    moved = positions.copy()
    moved[4] *= 1.75
    frames = frames_of([positions, moved], box, ["Zn", "N", "N", "N", "N"])
    np.testing.assert_array_equal(coordination_numbers(frames, ("Zn", "N"), 2.5), [[4], [3]])
    np.testing.assert_allclose(
        nearest_distances(frames, ("Zn", "N"), 4)[:, 0], [[2, 2, 2, 2], [2, 2, 2, 3.5]]
    )


def test_nearest_neighbours_are_images_in_a_small_box():
    """One Zn in a cube: its six nearest Zn are its own images."""
    frames = frames_of([[1.0, 2.0, 3.0]], 4.0 * np.eye(3), ["Zn"])
    np.testing.assert_allclose(nearest_distances(frames, ("Zn", "Zn"), 6), np.full((1, 1, 6), 4.0))


def test_angle_across_the_ligand():
    """Zn on the lines from the ring's centre through N1 and N3: 144 degrees, wherever the ring is wrapped."""
    positions, elements, names = one_bridge()
    box = 20.0 * np.eye(3)
    (angle,) = zn_im_zn_angles(frames_of(positions, box, elements, names), 2.5)
    np.testing.assert_allclose(angle, [144.0])
    scattered = positions + 20 * np.array(
        [[1, 0, 0], [0] * 3, [0, -1, 0], [0, 0, 2], [0] * 3, [1, 0, 0], [0] * 3]
    )
    (angle,) = zn_im_zn_angles(frames_of(scattered, box, elements, names), 2.5)
    np.testing.assert_allclose(angle, [144.0])
    (bridges,) = ligand_bridges(frames_of(positions, box, elements, names), 2.5)
    np.testing.assert_array_equal(bridges.zn, [[0, 1]])
    (bridges,) = ligand_bridges(frames_of(positions, box, elements, names), 1.9)
    np.testing.assert_array_equal(bridges.zn, [[-1, -1]])


def test_crystal_angles():
    """ZIF-4: N-Zn-N around 109.5 with 6 per Zn."""
    positions, box, elements = crystal_atoms(STRUCTURES / "ZIF-4.cif", elements=("Zn", "N"))
    (angles,) = n_zn_n_angles(frames_of(positions, box, elements), 2.5)
    assert len(angles) == 6 * elements.count("Zn")
    assert angles.mean() == pytest.approx(109.4, abs=0.3)


def test_zn_zn_zn_needs_two_ligands():
    """A single bridge has no such angle."""
    positions, elements, names = one_bridge()
    (angles,) = zn_zn_zn_angles(frames_of(positions, 20.0 * np.eye(3), elements, names), 2.5)
    assert len(angles) == 0


def test_angles_between_against_loops():
    """All pairs within a group, each once."""
    rng = np.random.default_rng(1)
    centres, vectors = rng.integers(0, 6, 30), rng.normal(size=(30, 3))
    expected = []
    for i in range(30):
        for j in range(i):
            if centres[i] == centres[j]:
                cosine = vectors[i] @ vectors[j] / np.linalg.norm(vectors[i]) / np.linalg.norm(vectors[j])
                expected.append(np.degrees(np.arccos(cosine)))
    np.testing.assert_allclose(np.sort(angles_between(centres, vectors)), np.sort(expected), rtol=1e-9)
    assert len(angles_between(np.array([], int), np.empty((0, 3)))) == 0


def test_distribution_integrates_to_one():
    table = angle_distribution("N-Zn-N", [np.array([100.0, 110.0]), np.array([110.5])], 2.0)
    assert (table["density_per_degree"] * 2.0).sum() == pytest.approx(1.0)
    assert table["density_per_degree"].max() == pytest.approx(2 / 3 / 2)
    assert angle_distribution("N-Zn-N", [np.array([])], 2.0)["density_per_degree"].sum() == 0
