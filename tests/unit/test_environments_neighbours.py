"""Neighbours in periodic boxes."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from zifmelt.environments.neighbours import COINCIDENT_A, find_neighbours, periodic_images, wrapped

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


@st.composite
def crowds(draw):
    """Draw a box of any shape that is not flat, atoms in any cell, and a cutoff up to twice its edges."""
    edges = [draw(st.floats(2.0, 8.0)) for _ in range(3)]
    tilts = [draw(st.floats(-0.5, 0.5)) for _ in range(3)]
    box = np.diag(edges)
    box[1, 0], box[2, 0], box[2, 1] = tilts[0] * edges[0], tilts[1] * edges[0], tilts[2] * edges[1]
    number = draw(st.integers(1, 6))
    places = draw(st.lists(st.floats(-2.0, 2.0), min_size=3 * number, max_size=3 * number))
    return np.reshape(places, (number, 3)) @ box, box, draw(st.floats(0.5, 8.0))


def brute_force(positions, box, cutoff):
    """Distances of all pairs, images included, sorted; atoms in one place count as one, as is documented."""
    farthest = cutoff + np.linalg.norm(np.ptp(positions, axis=0))
    reach = np.ceil(farthest * np.linalg.norm(np.linalg.inv(box), axis=0))
    shifts = np.array(list(np.ndindex(*(2 * reach + 1).astype(int)))) - reach
    apart = positions[None, :] - positions[:, None]
    distances = np.linalg.norm(apart[..., None, :] + shifts @ box, axis=-1)
    return np.sort(distances[distances > COINCIDENT_A])


def is_near(positions, box, distance):
    """Whether two images are so nearly at a distance that rounding decides on which side of it they are."""
    distances = np.append(brute_force(positions, box, distance + 1e-3), np.inf)
    return np.abs(distances - distance).min() < min(1e-6, distance)


@given(crowds())
def test_any_crowd_in_any_box_agrees_with_brute_force(crowd):
    positions, box, cutoff = crowd
    assume(not is_near(positions, box, COINCIDENT_A))
    expected = brute_force(positions, box, cutoff)
    found = np.sort(find_neighbours(positions, positions, box, cutoff).distances)
    # A pair within rounding of the cutoff may be counted or not.
    certain, possible = (expected[expected < cutoff + slack] for slack in (-1e-9, 1e-9))
    assert len(certain) <= len(found) <= len(possible)
    np.testing.assert_allclose(found, possible[: len(found)], atol=1e-9)


@given(crowds())
def test_neighbours_are_mutual_and_do_not_depend_on_the_stored_images(crowd):
    positions, box, cutoff = crowd
    assume(not is_near(positions, box, COINCIDENT_A) and not is_near(positions, box, cutoff))
    found = find_neighbours(positions, positions, box, cutoff)
    number = np.zeros((len(positions), len(positions)), dtype=int)
    vectors = np.zeros((*number.shape, 3))
    np.add.at(number, (found.centres, found.atoms), 1)
    np.add.at(vectors, (found.centres, found.atoms), found.vectors)
    np.testing.assert_array_equal(number, number.T)
    np.testing.assert_allclose(vectors, -vectors.swapaxes(0, 1), atol=1e-6)
    elsewhere = wrapped(positions, box)
    moved = find_neighbours(elsewhere, elsewhere, box, cutoff)
    np.testing.assert_allclose(np.sort(moved.distances), np.sort(found.distances), atol=1e-9)
