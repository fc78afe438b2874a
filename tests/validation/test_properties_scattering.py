"""Scattering against explicit sums over atoms, analytic transforms and published lengths."""

import numpy as np
import pandas as pd
import pytest

from fake_runs import one_residue_per_atom
from zifmelt.errors import InputError
from zifmelt.properties.rdf import element_pairs, radial_distribution
from zifmelt.properties.scattering import (
    differential_correlation,
    lorch_window,
    neutron_length,
    partial_structure_factor,
    read_measured,
    scattering_functions,
    scattering_lengths,
    total_structure_factor,
)
from zifmelt.trajectory import Frames

LENGTH = 16.0


def hard_spheres(rng, frames, counts, diameter):
    """Random moves in a periodic cube that never let two atoms come closer than `diameter`."""
    atoms = sum(counts.values())
    side = int(np.ceil(atoms ** (1 / 3)))
    sites = np.array(list(np.ndindex(side, side, side)))[:atoms] * LENGTH / side
    positions = rng.permutation(sites)
    stored = []
    for sweep in range(20 + 4 * frames):
        for atom in rng.permutation(atoms):
            trial = positions[atom] + rng.uniform(-0.9, 0.9, 3)
            apart = positions - trial
            apart -= LENGTH * np.round(apart / LENGTH)
            squared = np.sum(apart**2, axis=1)
            squared[atom] = np.inf
            if squared.min() >= diameter**2:
                positions[atom] = trial
        if sweep >= 20 and sweep % 4 == 0:
            stored.append(positions.copy())
    elements = [symbol for symbol, count in counts.items() for _ in range(count)]
    boxes = np.broadcast_to(LENGTH * np.eye(3), (len(stored), 3, 3))
    topology = one_residue_per_atom(elements, elements)
    return Frames(np.array(stored), boxes, np.arange(len(stored)), topology), elements


def explicit_structure_factor(frames, elements, radiation, q_max):
    """1 + (<|sum_j b_j exp(iQr_j)|^2>/N - <b^2>) / <b>^2 at the wave vectors that the box allows."""
    indices = np.array([n for n in np.ndindex(15, 15, 15)]) - 7
    vectors = 2 * np.pi / LENGTH * indices[np.any(indices != 0, axis=1)]
    q = np.linalg.norm(vectors, axis=1)
    vectors, q = vectors[q < q_max], q[q < q_max]
    lengths = np.array([scattering_lengths(symbol, q, radiation) for symbol in elements])
    total = np.zeros(len(q))
    for positions in frames.positions:
        total += np.abs(np.sum(lengths * np.exp(1j * positions @ vectors.T), axis=0)) ** 2
    mean_square, mean = np.mean(lengths**2, axis=0), np.mean(lengths, axis=0)
    return q, 1 + (total / len(frames) / len(elements) - mean_square) / mean**2


@pytest.mark.parametrize("radiation", ["neutron", "xray"])
def test_against_explicit_sums_over_atoms(radiation):
    """S(Q) of a fluid of two kinds, one scattering negatively, equals the sum over wave vectors."""
    rng = np.random.default_rng(1)
    frames, elements = hard_spheres(rng, 12, {"N": 60, "H": 40}, 2.6)
    rdf = pd.concat(
        [radial_distribution(frames, pair, 8.0, 0.05) for pair in element_pairs(frames.topology)],
        ignore_index=True,
    )
    bins = np.arange(1.2, 2.7, 0.3)
    q, explicit = explicit_structure_factor(frames, elements, radiation, bins[-1])
    shares = {"N": 0.6, "H": 0.4}
    factors, _ = scattering_functions(rdf, shares, 100 / LENGTH**3, np.sort(np.unique(q.round(6))))
    ours = factors[factors["radiation"] == radiation]
    for low, high in zip(bins[:-1], bins[1:], strict=True):
        inside = (q >= low) & (q < high)
        expected, error = explicit[inside].mean(), explicit[inside].std() / np.sqrt(inside.sum() / 2)
        value = np.interp(q[inside], ours["q_per_A"], ours["s"]).mean()
        assert value == pytest.approx(expected, abs=4 * error + 0.05)


def test_debye_formula_of_a_shell():
    """A shell of n neighbours at d contributes n sin(Qd)/(Qd), times the window at d (Debye 1915)."""
    r = np.arange(0.005, 12, 0.01)
    density, neighbours, distance = 0.08, 4, 2.005
    shell = np.zeros(len(r))
    shell[np.argmin(np.abs(r - distance))] = neighbours / (4 * np.pi * density * distance**2 * 0.01)
    q = np.linspace(0.5, 20, 50)
    difference = partial_structure_factor(r, shell, density, q) - partial_structure_factor(
        r, 0 * r, density, q
    )
    expected = neighbours * np.sin(q * distance) / (q * distance) * lorch_window(distance, 12.0)
    np.testing.assert_allclose(difference, expected, rtol=1e-9)


def test_there_and_back():
    """D(r) from S(Q) is 4 pi r rho (g - 1), where g is smooth compared with the windows."""
    r, density = np.arange(0.01, 20, 0.02), 0.07
    g = 1 + 0.8 * np.exp(-((r - 6.0) ** 2) / 0.8) - 0.4 * np.exp(-((r - 9.0) ** 2) / 1.5)
    q = np.arange(0.02, 25, 0.02)
    partial = partial_structure_factor(r, (g - 1) / lorch_window(r, 20.0) + 1, density, q)
    d = differential_correlation(q, partial, r)
    np.testing.assert_allclose(d, 4 * np.pi * r * density * (g - 1), atol=0.06 * np.abs(d).max())


def test_correlation_is_that_of_the_pairs_up_to_the_range():
    """D(r) of a liquid's g(r) is 4 pi r rho (g - 1), undamped: peaks far out keep their height."""
    r, density, q = np.arange(0.01, 12, 0.02), 0.07, np.arange(0.02, 20, 0.02)
    g = 1 + sum(h * np.exp(-((r - p) ** 2) / 0.5) for h, p in ((1.0, 3.0), (0.8, 6.0), (0.6, 10.0)))
    rdf = pd.DataFrame({"pair": "C-C", "r_A": r, "g": g})
    _, correlations = scattering_functions(rdf, {"C": 1.0}, density, q)
    for _, curve in correlations.groupby("radiation"):
        assert 11.5 < curve["r_A"].max() < 12 - 5.4 / 20
        expected = 4 * np.pi * density * (r * (g - 1))[: len(curve)]
        for low, high in ((2, 4), (5, 7), (9, 11)):
            peak = curve["r_A"].between(low, high).to_numpy()
            area = curve["d_per_A2"].to_numpy()[peak].sum() / expected[peak].sum()
            assert area == pytest.approx(1.0, abs=0.02)


def test_limits():
    """An ideal gas scatters S = 1; at Q = 0 an X-ray form factor is the number of electrons."""
    r, q = np.arange(0.05, 10, 0.1), np.linspace(0.3, 10, 20)
    partial = partial_structure_factor(r, np.ones(len(r)), 0.05, q)
    np.testing.assert_allclose(total_structure_factor({("C", "C"): partial}, {"C": 1.0}, q, "xray"), 1.0)
    for symbol, electrons in (("H", 1), ("C", 6), ("N", 7), ("Zn", 30)):
        assert scattering_lengths(symbol, np.zeros(1), "xray")[0] == pytest.approx(electrons, rel=1e-3)


def test_published_neutron_lengths():
    """Sears, Neutron News 3 (3), 26 (1992), fm: hydrogen scatters with the opposite sign."""
    published = {"Zn": 5.680, "N": 9.36, "C": 6.646, "H": -3.739}
    assert {symbol: neutron_length(symbol) for symbol in published} == pytest.approx(published, rel=1e-3)


def test_bad_input(tmp_path):
    with pytest.raises(InputError, match="muon"):
        scattering_lengths("C", np.ones(1), "muon")
    with pytest.raises(InputError, match="C-H"):
        total_structure_factor({("C", "C"): np.ones(1)}, {"C": 0.5, "H": 0.5}, np.ones(1), "neutron")
    path = tmp_path / "measured.txt"
    with pytest.raises(InputError, match="no such file"):
        read_measured(path)
    path.write_text("# Q S\n1.0 0.9\n2.0 1.1\n")
    np.testing.assert_allclose(read_measured(path), [[1.0, 0.9], [2.0, 1.1]])
    path.write_text("1.0\n2.0\n")
    with pytest.raises(InputError, match="two columns"):
        read_measured(path)
    path.write_text("one two\n")
    with pytest.raises(InputError, match="numbers"):
        read_measured(path)
