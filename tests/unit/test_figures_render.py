"""The drawing of structures: what is in front is seen, shapes have their sizes."""

import numpy as np
from matplotlib.figure import Figure

from zifmelt.figures.render import bonds_of, draw_structure, view_rotation, wrapped_molecules

ALONG_Z = np.eye(3)


def image_of(positions, colours, radii, bonds=(), **options):
    axes = Figure().subplots()
    draw_structure(axes, np.array(positions, float), colours, np.array(radii), np.array(bonds), **options)
    image = axes.get_images()[0]
    return np.array(image.get_array()), image.get_extent()


def test_the_nearer_ball_hides_the_farther():
    """Seen along z, the ball with the larger z is the one in the middle of the picture."""
    for upper, channel in (("red", 0), ("blue", 2)):
        lower = "blue" if upper == "red" else "red"
        positions = [[0, 0, 0], [0, 0, 3]]
        image, _ = image_of(positions, [lower, upper], [1.0, 1.0], rotation=ALONG_Z, pixels=60)
        assert np.argmax(image[30, 30]) == channel


def test_a_ball_covers_its_disc():
    """The covered area is pi r^2, and the corners stay white."""
    image, (left, right, bottom, top) = image_of([[1, 2, 3]], ["black"], [1.0], rotation=ALONG_Z, pixels=200)
    covered = np.mean(np.any(image < 1.0, axis=-1)) * (right - left) * (top - bottom)
    assert abs(covered - np.pi) < 0.05
    np.testing.assert_allclose(image[0, 0], 1.0)


def test_a_stick_covers_its_rectangle_at_any_tilt():
    """Two ends of radius 0: the stick's silhouette is 2 r times its projected length."""
    for rise in (0.0, 3.0):
        positions = [[0, 0, 0], [4, 0, rise]]
        image, (left, right, bottom, top) = image_of(
            positions, ["black", "black"], [0, 0], [[0, 1]], rotation=ALONG_Z, bond_radius=0.2, pixels=600
        )
        covered = np.mean(np.any(image < 1.0, axis=-1)) * (right - left) * (top - bottom)
        assert abs(covered - 0.4 * 4) < 0.1


def test_views_are_proper_rotations_with_z_up():
    rotation = view_rotation(-80.0, 12.0)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(rotation) > 0
    assert rotation[1, 2] > 0.9


def test_bonds_by_element():
    """Zn-N within 2.5 and C-N within 1.65 angstrom are bonds, Zn-Zn never."""
    positions = np.array([[0, 0, 0], [2.0, 0, 0], [3.4, 0, 0], [0, 2.0, 0]])
    bonds = {tuple(sorted(bond)) for bond in bonds_of(positions, ["Zn", "N", "C", "Zn"])}
    assert bonds == {(0, 1), (1, 2)}


def test_molecules_stay_whole_when_wrapped():
    """A pair cut by the boundary comes back with its bond length, its centre in the triclinic box."""
    box = np.array([[10.0, 0, 0], [3.0, 9.0, 0], [0, 0, 8.0]])
    positions = np.array([[0.2, 0.1, 4.0], [-0.9, 0.1, 4.0], [25.0, 30.0, -9.0]])
    positions[1] += [0, 0, 16.0]
    moved = wrapped_molecules(positions, box, np.array([0, 0, 1]))
    assert abs(np.linalg.norm(moved[0] - moved[1]) - 1.1) < 1e-9
    for centre in (moved[:2].mean(axis=0), moved[2]):
        fractional = centre @ np.linalg.inv(box)
        assert np.all((fractional >= 0) & (fractional < 1))
