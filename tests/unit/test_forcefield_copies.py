"""Lattices of copies: the same periodic structure in a longer box."""

from itertools import product

import numpy as np
import pytest

from zifmelt.forcefield.copies import copies_for

HEIGHT = 27.3
TILTED = np.array([[24.0, 0, 0], [5.0, 23.0, 0], [-4.0, 9.0, 22.0]])


@pytest.mark.parametrize(
    ("cell", "turning", "count"),
    [
        (np.diag([24.9, 24.9, 24.9]), True, 2),
        (np.diag([24.9, 24.9, 24.9]), False, 8),
        (np.diag([23.5, 23.5, 25.0]), True, 3),
        (np.diag([30.8, 30.8, 18.4]), True, 2),
        (np.diag([30.8, 30.8, 18.4]), False, 2),
        (np.diag([47.0, 47.0, 100.0]), True, 1),
        (TILTED, False, 8),
    ],
)
def test_longer_box_holds_the_same_lattice(cell, turning, count):
    copies = copies_for(cell, HEIGHT, turning)
    shifts, box, rotation = copies.shifts, copies.box(cell), copies.rotation(cell)
    assert len(shifts) == count and not shifts[0].any()
    assert np.diag(box).min() >= HEIGHT
    assert np.linalg.det(box) == pytest.approx(count * np.linalg.det(cell), rel=1e-6)
    assert rotation @ rotation.T == pytest.approx(np.eye(3)) and np.linalg.det(rotation) == pytest.approx(1)
    # OpenMM's conditions, to the last bit and after any scaling.
    for scale in (1.0, 1.01234567, 0.987654321):
        a, b, c = box * scale
        assert a[0] >= 2 * abs(b[0]) and a[0] >= 2 * abs(c[0]) and b[1] >= 2 * abs(c[1])
    # Every point of the cell's lattice is one of the copies' in exactly one box of the longer lattice.
    fractions = np.array(list(product(range(-3, 4), repeat=3))) @ cell @ rotation @ np.linalg.inv(box)
    known = shifts @ cell @ rotation @ np.linalg.inv(box)
    away = fractions[:, None] - known
    matches = np.abs(away - np.round(away)).max(axis=2) < 1e-6
    assert np.array_equal(matches.sum(axis=1), np.ones(len(fractions)))
    assert np.array_equal(np.unique(matches.argmax(axis=1)), np.arange(count))
