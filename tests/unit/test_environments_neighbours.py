"""Neighbours in periodic boxes."""

import numpy as np

from zifmelt.environments.neighbours import find_neighbours, periodic_images, wrapped

BOX = np.array([[4.0, 0.0, 0.0], [1.0, 5.0, 0.0], [-1.5, 2.0, 6.0]])


def test_lone_atom_is_its_own_neighbour_through_the_boundary():
    # Simple cubic lattice of edge 4: 6 images at 4, 12 at 4 sqrt 2, 8 at 4 sqrt 3.
    found = find_neighbours(np.ones((1, 3)), np.ones((1, 3)), np.eye(3) * 4.0, 7.0)
    np.testing.assert_allclose(
        np.sort(found.distances), [4.0] * 6 + [4.0 * np.sqrt(2.0)] * 12 + [4.0 * np.sqrt(3.0)] * 8
    )


def test_number_of_neighbours_agrees_with_explicit_images():
    generator = np.random.default_rng(1)
    centres, atoms = generator.random((3, 3)) @ BOX, generator.random((5, 3)) @ BOX + 20.0
    found = find_neighbours(centres, atoms, BOX, 9.0)
    shifts = (np.stack(np.meshgrid(*[np.arange(-15, 16)] * 3), axis=-1).reshape(-1, 3)) @ BOX
    vectors = atoms[None, :, None] + shifts - centres[:, None, None]
    expected = (np.linalg.norm(vectors, axis=-1) < 9.0).sum(axis=(1, 2))
    np.testing.assert_array_equal(np.bincount(found.centres, minlength=3), expected)
    np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), found.distances)
    offsets = (found.vectors + centres[found.centres] - atoms[found.atoms]) @ np.linalg.inv(BOX)
    np.testing.assert_allclose(offsets, np.round(offsets), atol=1e-9)


def test_wrapping_keeps_atoms_on_the_lattice():
    positions = np.array([[100.0, -50.0, 3.0], [0.0, 0.0, 0.0]])
    inside = wrapped(positions, BOX) @ np.linalg.inv(BOX)
    assert inside.min() >= 0.0 and inside.max() < 1.0
    moved = (wrapped(positions, BOX) - positions) @ np.linalg.inv(BOX)
    np.testing.assert_allclose(moved, np.round(moved), atol=1e-9)


def test_images_of_a_zero_margin_are_the_atoms():
    positions = np.array([[1.0, 2.0, 3.0]])
    images, atoms = periodic_images(positions, BOX, 0.0)
    np.testing.assert_allclose(images, positions)
    np.testing.assert_array_equal(atoms, [0])
