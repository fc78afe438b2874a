"""Symmetry functions against loops, hand calculation, invariances and another program."""

import json
from itertools import combinations, product
from math import cos, exp, pi, sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from zifmelt.environments.symmetry_functions import (
    Angular,
    Radial,
    SymmetryFunctions,
    compute_symmetry_functions,
)

FUNCTIONS = SymmetryFunctions(
    cutoff=9.0,
    radial=(Radial(0.05, 0.0), Radial(0.5, 6.0), Radial(1.0, 8.0), Radial(0.1, 4.0)),
    angular=tuple(Angular(eta, lam, zeta) for eta, lam, zeta in product((0.002, 0.02), (-1, 1), (1.0, 4.0))),
)
CUBE = np.diag([11.0, 12.0, 13.0])
TRICLINIC = np.array([[11.0, 0.0, 0.0], [-4.0, 10.5, 0.0], [3.0, -5.0, 12.0]])
SHORT = np.array([[5.0, 0.0, 0.0], [1.5, 6.5, 0.0], [-2.0, 2.5, 7.0]])


def naive(positions, box, functions):
    """Plain loops over explicit images; nothing shared with the library."""
    cutoff = functions.cutoff
    fade = lambda r: 0.5 * (cos(pi * r / cutoff) + 1.0) if r < cutoff else 0.0  # noqa: E731
    reach = range(-5, 6)
    shifts = [np.array(step) @ box for step in product(reach, reach, reach)]
    rows = []
    for centre in positions:
        around = [v for p in positions for s in shifts if 1e-9 < np.linalg.norm(v := p + s - centre) < cutoff]
        row = [
            sum(exp(-g.eta * (np.linalg.norm(v) - g.r_s) ** 2) * fade(np.linalg.norm(v)) for v in around)
            for g in functions.radial
        ]
        for g in functions.angular:
            total = 0.0
            for a, b in combinations(around, 2):
                rij, rik, rjk = np.linalg.norm(a), np.linalg.norm(b), np.linalg.norm(a - b)
                angle = 1.0 - g.lam * float(a @ b) / (rij * rik)
                total += (
                    angle**g.zeta
                    * exp(-g.eta * (rij**2 + rik**2 + rjk**2))
                    * fade(rij)
                    * fade(rik)
                    * fade(rjk)
                )
            row.append(2.0 ** (1.0 - g.zeta) * total)
        rows.append(row)
    return np.array(rows)


def compute(positions, box, functions=FUNCTIONS):
    return compute_symmetry_functions(np.asarray(positions)[None], np.asarray(box)[None], functions)[0]


def random_atoms(count, box, seed):
    """Atoms at least 1.5 angstrom apart would be physical; the functions must be right for any."""
    return np.random.default_rng(seed).random((count, 3)) @ box


@pytest.mark.parametrize("box", [CUBE, TRICLINIC, SHORT], ids=["orthorhombic", "triclinic", "short"])
def test_agrees_with_naive_loops(box):
    # SHORT has edges far below the cutoff: an atom is its own neighbour and others count several times.
    positions = random_atoms(4, box, seed=3)
    np.testing.assert_allclose(
        compute(positions, box), naive(positions, box, FUNCTIONS), rtol=1e-9, atol=1e-12
    )


def test_dimer_by_hand():
    distance = 6.0
    values = compute([[20.0, 20.0, 20.0], [20.0, 20.0, 26.0]], np.eye(3) * 50.0)
    fade = 0.5 * (cos(pi * distance / 9.0) + 1.0)  # = 0.25
    assert fade == pytest.approx(0.25)
    expected = [exp(-0.05 * 36) * fade, fade, exp(-4.0) * fade, exp(-0.4) * fade]
    np.testing.assert_allclose(values[:, :4], [expected, expected], rtol=1e-12)
    assert np.all(values[:, 4:] == 0.0)


def test_equilateral_trimer_by_hand():
    # Side 6: every angle 60 degrees, so 1 - lambda cos = 0.5 (lambda 1) or 1.5 (lambda -1); fc = 1/4 each.
    side = 6.0
    corners = np.array([[0, 0, 0], [side, 0, 0], [side / 2, side * sqrt(3) / 2, 0]]) + 20.0
    values = compute(corners, np.eye(3) * 50.0)
    expected = [
        2.0 ** (1 - g.zeta) * (1.5 if g.lam == -1 else 0.5) ** g.zeta * exp(-g.eta * 3 * side**2) / 64
        for g in FUNCTIONS.angular
    ]
    np.testing.assert_allclose(values[:, 4:], [expected] * 3, rtol=1e-12)


def test_lambda_one_favours_straight_angles():
    functions = SymmetryFunctions(9.0, (), (Angular(0.0, 1, 4.0), Angular(0.0, -1, 4.0)))
    straight = compute([[20, 20, 20], [24, 20, 20], [16, 20, 20]], np.eye(3) * 50.0, functions)[0]
    assert straight[0] > 0.0
    assert straight[1] == pytest.approx(0.0, abs=1e-12)


def test_invariant_under_rotation_translation_permutation_and_wrapping():
    generator = np.random.default_rng(5)
    positions = random_atoms(6, TRICLINIC, seed=6)
    reference = compute(positions, TRICLINIC)
    rotation = Rotation.random(random_state=7).as_matrix()
    np.testing.assert_allclose(
        compute(positions @ rotation, TRICLINIC @ rotation), reference, rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(
        compute(positions + [3.0, -40.0, 7.7], TRICLINIC), reference, rtol=1e-9, atol=1e-12
    )
    order = generator.permutation(6)
    np.testing.assert_allclose(compute(positions[order], TRICLINIC), reference[order], rtol=1e-9, atol=1e-12)
    images = positions + generator.integers(-3, 4, (6, 3)) @ TRICLINIC
    np.testing.assert_allclose(compute(images, TRICLINIC), reference, rtol=1e-9, atol=1e-12)


def test_supercell_repeats_the_values():
    positions = random_atoms(3, SHORT, seed=8)
    shifts = np.array(list(np.ndindex(2, 3, 2))) @ SHORT
    large = compute((positions[None] + shifts[:, None]).reshape(-1, 3), SHORT * np.array([[2], [3], [2]]))
    np.testing.assert_allclose(large, np.tile(compute(positions, SHORT), (12, 1)), rtol=1e-9, atol=1e-12)


def test_smooth_at_the_cutoff():
    # Moving a third atom through the cutoff changes nothing by more than the square of the step.
    pair = [[20.0, 20.0, 20.0], [20.0, 20.0, 26.0]]
    values = [
        compute([*pair, [20.0, 20.0 + 9.0 + step, 20.0]], np.eye(3) * 60.0)[0] for step in (-1e-3, 0.0, 1e-3)
    ]
    assert np.abs(values[0] - values[1]).max() < 1e-6
    np.testing.assert_array_equal(values[1], values[2])


def test_frames_do_not_mix():
    frames = np.stack([random_atoms(5, TRICLINIC, seed) for seed in range(4)])
    boxes = TRICLINIC * np.array([1.0, 1.1, 0.9, 1.3])[:, None, None]
    together = compute_symmetry_functions(frames, boxes, FUNCTIONS)
    alone = [compute(positions, box) for positions, box in zip(frames, boxes, strict=True)]
    np.testing.assert_allclose(together, alone, rtol=1e-6, atol=1e-9)


def test_agrees_with_dscribe():
    """Values of DScribe's ACSF; ``tests/validation/files/dscribe_acsf.json`` says how they were made."""
    reference = json.loads((Path(__file__).parent / "files" / "dscribe_acsf.json").read_text())
    functions = SymmetryFunctions(
        reference["cutoff_A"],
        tuple(Radial(eta, r_s) for eta, r_s in reference["g2"]),
        # DScribe writes (1 + lambda cos), the paper (1 - lambda cos).
        tuple(Angular(eta, -int(lam), zeta) for eta, zeta, lam in reference["g4"]),
    )
    values = compute(reference["positions_A"], reference["box_A"], functions)
    np.testing.assert_allclose(values, reference["values"], rtol=1e-6, atol=1e-9)
