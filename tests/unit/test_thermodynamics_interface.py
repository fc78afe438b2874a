import numpy as np
import pytest

from zifmelt.errors import InputError
from zifmelt.thermodynamics.interface import Slab, check_slab, closest_pairs, fit_slab

SMALLEST = {"Zn-Zn": 3.0, "Zn-N": 1.4, "N-N": 1.8}
GOOD = Slab(0.5, 20.0, 60.0, 3.0, 0.05, 0.95)


def planted(centre, half, width, low, high, rng, count=4000):
    heights = rng.random(count)
    distance = np.abs((heights - centre + 0.5) % 1 - 0.5)
    share = low + (high - low) * 0.5 * (1 + np.tanh((half - distance) / width))
    return heights, (rng.random(count) < share).astype(float)


@pytest.mark.parametrize("centre", [0.5, 0.75, 0.02])
def test_a_planted_slab_is_found(centre):
    heights, disordered = planted(centre, 0.22, 0.03, 0.06, 0.93, np.random.default_rng(2))
    slab = fit_slab(heights, disordered, 80.0)
    assert slab.fraction == pytest.approx(disordered.mean())
    for position, expected in ((slab.lower_A, centre - 0.22), (slab.upper_A, centre + 0.22)):
        assert abs((position / 80 - expected + 0.5) % 1 - 0.5) < 0.01
    assert slab.width_A == pytest.approx(0.03 * 80, rel=0.3)
    assert slab.crystal_level == pytest.approx(0.06, abs=0.03)
    assert slab.disordered_level == pytest.approx(0.93, abs=0.03)


def test_the_slab_does_not_depend_on_the_lattice_vector_an_atom_is_in():
    heights, disordered = planted(0.5, 0.25, 0.05, 0.0, 1.0, np.random.default_rng(3), 500)
    one, other = fit_slab(heights, disordered, 50.0), fit_slab(heights - 3, disordered, 50.0)
    assert one.lower_A == pytest.approx(other.lower_A, abs=1e-3)


def test_a_box_of_sixteen_zn_can_be_fitted():
    heights = np.repeat(np.arange(8) / 8, 2)
    slab = fit_slab(heights, heights >= 0.5, 36.0)
    assert slab.fraction == 0.5 and slab.disordered_level - slab.crystal_level > 0.9


def test_closest_pairs_are_those_of_the_naive_loop_in_a_triclinic_box():
    rng = np.random.default_rng(5)
    box = np.array([[9.0, 0, 0], [2.0, 8.0, 0], [-1.0, 1.5, 10.0]])
    positions = rng.random((12, 3)) @ box
    elements = np.array(["Zn"] * 4 + ["N"] * 8)
    naive = {}
    shifts = np.array([s for s in np.ndindex(3, 3, 3)]) - 1
    for i in range(12):
        for j in range(i + 1, 12):
            distance = np.linalg.norm(positions[j] + shifts @ box - positions[i], axis=1).min()
            pair = f"{elements[i]}-{elements[j]}"
            naive[pair] = min(naive.get(pair, np.inf), distance)
    found = closest_pairs(positions, elements, box)
    for pair, distance in naive.items():
        assert found[pair] == pytest.approx(distance), pair


def test_closest_pairs_far_apart_are_infinite():
    found = closest_pairs(np.array([[0.0, 0, 0], [10, 10, 10]]), np.array(["Zn", "N"]), 20 * np.eye(3))
    assert found["Zn-N"] == np.inf


def check(slab=GOOD, closest=None):
    check_slab(slab, closest or {"Zn-N": 1.8}, (0.2, 0.8), 0.5, SMALLEST, "interface/ZIF-4/r1")


def test_a_good_box_passes():
    check()


@pytest.mark.parametrize(
    ("slab", "words"),
    [
        (Slab(0.95, 0, 0, 1, 0.9, 1.0), "crystal is gone"),
        (Slab(0.02, 0, 0, 1, 0.0, 0.1), "nothing has melted"),
        (Slab(0.5, 0, 0, 1, 0.4, 0.6), "no two phases"),
    ],
)
def test_a_bad_box_is_refused_in_one_sentence(slab, words):
    with pytest.raises(InputError, match=words) as error:
        check(slab)
    assert str(error.value).startswith("interface/ZIF-4/r1: ") and str(error.value).endswith(".")


def test_overlapping_atoms_are_refused():
    with pytest.raises(InputError, match="Zn-N comes to 0.90 A"):
        check(closest={"Zn-N": 0.9, "Zn-Zn": 5.8})
