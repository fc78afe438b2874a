"""The force-field scan against planted values and scores worked out by hand."""

from dataclasses import replace

import mdtraj
import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.spatial.distance import cdist

from checkout import ROOT
from fake_runs import plain_thermo, simulation, write_fake_run
from zifmelt.errors import InputError
from zifmelt.figures.forcefield_scan import plot_scan
from zifmelt.files import write_table
from zifmelt.forcefield.criteria import Criterion, limits, read_criteria, root_mean_square
from zifmelt.forcefield.crystal_run import CrystalSettings, measure_crystal, net_volume
from zifmelt.mechanism.bonds import find_bonds
from zifmelt.mechanism.close_pairs import BondDefinition
from zifmelt.mechanism.periodic import nearest_image
from zifmelt.statistics import UNDETERMINED, Estimate
from zifmelt.tables.forcefield_scores import (
    average_runs,
    best_readings,
    scan_rows,
    score_rows,
    summary_rows,
)
from zifmelt.tables.quantities import IDS
from zifmelt.tables.rows import read_paper_values
from zifmelt.trajectory import Frames

SETTINGS = CrystalSettings(
    bond_cutoff_A=2.5, bond=BondDefinition(2.5, 3.0), bin_width_A=0.02, pressure_bar=1000.0
)
ZIF_4 = (15.395, 15.307, 18.426, 90, 90, 90)
FRAMES, FIRST = 12, 4
"""Frames of a fake run, and the first of its last segment."""


@pytest.fixture(scope="module")
def crystal(cell):
    """Zn and N of one cell of ZIF-4: topology, positions and box in angstrom."""
    whole = mdtraj.load(str(cell / "topology.pdb"))
    network = whole.atom_slice([a.index for a in whole.topology.atoms if a.element.symbol in ("Zn", "N")])
    return network.topology, 10 * network.xyz[0].astype(float), 10 * network.unitcell_vectors[0].astype(float)


def fake_run(folder, topology, frames, boxes, thermo=None):
    elements = [atom.element.symbol for atom in topology.atoms]
    segments = [
        {"name": "equilibration", "kind": "hold", "duration_ps": 0.5 * (FIRST - 1)},
        {"name": "production", "kind": "hold", "duration_ps": 0.5 * (FRAMES - FIRST)},
    ]
    return write_fake_run(folder, frames, boxes, elements, 0.5, thermo, topology=topology, segments=segments)


def measured(folder, supercell="1x1x1", cell=ZIF_4):
    return measure_crystal(folder, SETTINGS, supercell, cell).set_index("quantity")


def hole(positions, box):
    """Point of the box that is farthest from all atoms, out of a grid."""
    grid = np.stack(np.meshgrid(*[np.arange(0.05, 1, 0.1)] * 3), axis=-1).reshape(-1, 3) @ box
    shifts = np.array(list(np.ndindex(3, 3, 3))) - 1
    images = (positions + (shifts @ box)[:, None]).reshape(-1, 3)
    return grid[cdist(grid, images).min(axis=1).argmax()]


def test_quantities_of_a_still_crystal(crystal, tmp_path):
    """Everything from the cell and the positions; energies and densities by hand."""
    topology, positions, box = crystal
    thermo = plain_thermo(np.broadcast_to(box, (FRAMES, 3, 3)), 0.5, 300.0)
    thermo["potential_energy_eV"] = 16 * -2.0
    thermo.loc[: FIRST - 1, "potential_energy_eV"] = 1e6
    table = measured(fake_run(tmp_path, topology, np.repeat(positions[None], FRAMES, 0), box, thermo))
    value = table["value"]

    volume = np.linalg.det(box)
    density = 16 * (65.38 + 6 * 12.011 + 6 * 1.008 + 4 * 14.007) / 0.602214076 / volume
    assert value["density"] == pytest.approx(density, rel=1e-5)
    assert value["density with the authors' masses"] == pytest.approx(1.01516 * density, rel=1e-4)
    # 1000 bar is 1e8 Pa, 1 A3 is 6.022e-7 m3/mol: 0.06022 kJ/mol; 1 eV is 96.485 kJ/mol.
    energy = -2.0 * 96.48533 + 0.0602214 * volume / 16
    assert value["potential energy and PV"] == pytest.approx(energy, rel=1e-6)

    assert value["cell length b"] == pytest.approx(box[1, 1])
    ratio = volume / (15.395 * 15.307 * 18.426)
    assert value["cell volume relative to experiment"] == pytest.approx(ratio)
    worst = max(abs(np.diag(box) / ZIF_4[:3] - 1))
    assert value["largest deviation of a cell length from experiment"] == pytest.approx(worst)

    zinc = [a.index for a in topology.atoms if a.element.symbol == "Zn"]
    nitrogen = [a.index for a in topology.atoms if a.element.symbol == "N"]
    vectors = positions[zinc][:, None] - positions[nitrogen]
    vectors -= np.round(vectors / np.diag(box)) * np.diag(box)
    nearest = np.sort(np.linalg.norm(vectors, axis=-1))[:, :4]
    assert value["Zn-N distance, mean of four nearest"] == pytest.approx(nearest.mean(), abs=2e-3)
    assert nearest.min() - 0.02 < value["Zn-N distance, peak of g(r)"] < nearest.max() + 0.02
    assert value["N-Zn-N angle"] == pytest.approx(109.4, abs=0.3)
    assert value["share of Zn with fewer than four N"] == 0
    assert value["share of initial Zn-N bonds kept"] == 1
    assert value["share of initial Zn-ligand links kept"] == 1
    assert value["drift of the volume"] == 0


def test_lost_atoms_and_a_turned_ligand(crystal, tmp_path):
    """One Zn of 16 loses its four bonds, one N its one; a ligand turns around: other bonds, same links."""
    topology, positions, box = crystal
    frames = np.repeat(positions[None], FRAMES, 0)
    zinc = [a.index for a in topology.atoms if a.element.symbol == "Zn"]
    frames[FIRST:, zinc[0]] = hole(positions, box)
    lost = measured(fake_run(tmp_path / "lost", topology, frames, box))["value"]
    assert lost["share of Zn with fewer than four N"] == pytest.approx(1 / 16)
    assert lost["share of initial Zn-N bonds kept"] == pytest.approx(60 / 64)
    assert lost["share of initial Zn-ligand links kept"] == pytest.approx(60 / 64)

    frames = np.repeat(positions[None], FRAMES, 0)
    nitrogen = next(a.index for a in topology.atoms if a.element.symbol == "N")
    frames[FIRST:, nitrogen] = hole(positions, box)
    three = measured(fake_run(tmp_path / "three", topology, frames, box))["value"]
    assert three["share of Zn with fewer than four N"] == pytest.approx(1 / 16)
    assert three["share of Zn with fewer than four bonds"] == pytest.approx(1 / 16)
    assert three["share of initial Zn-N bonds kept"] == pytest.approx(63 / 64)

    frames = np.repeat(positions[None], FRAMES, 0)
    near = zinc[np.argmin(np.linalg.norm(nearest_image(positions[zinc] - positions[nitrogen], box), axis=1))]
    away = nearest_image(positions[nitrogen] - positions[near], box)
    frames[FIRST:, nitrogen] = positions[near] + away * 2.8 / np.linalg.norm(away)
    stretched = measured(fake_run(tmp_path / "stretched", topology, frames, box))["value"]
    assert stretched["share of Zn with fewer than four N"] == pytest.approx(1 / 16)
    assert stretched["share of Zn with fewer than four bonds"] == 0

    frames = np.repeat(positions[None], FRAMES, 0)
    ligand = next(r for r in topology.residues if r.n_atoms == 2)
    one, other = (atom.index for atom in ligand.atoms)
    # Halfway through the production, so that the mean is over four frames before and four after.
    frames[FIRST + 4 :, [one, other]] = positions[[other, one]]
    turned = measured(fake_run(tmp_path / "turned", topology, frames, box))["value"]
    assert turned["share of initial Zn-N bonds kept"] == pytest.approx((1 + 62 / 64) / 2)
    # Each Zn now has the other N of the ligand: the ligand swaps its two Zn with itself.
    assert turned["share of Zn with fewer than four N"] == 0
    assert turned["share of initial Zn-ligand links kept"] == 1


def test_drift_and_lengths_of_a_tilted_supercell(crystal, tmp_path):
    """The volume grows by 2 % halfway; lengths are those of the lattice vectors, tilts included."""
    topology, positions, box = crystal
    boxes = np.repeat(np.array([[20.0, 0, 0], [3, 20, 0], [0, 4, 30]])[None], FRAMES, 0)
    boxes[FIRST + 4 :, 0] *= 1.02
    frames = np.repeat(positions[None], FRAMES, 0)
    table = measured(fake_run(tmp_path, topology, frames, boxes), "2x1x3", cell=None)["value"]
    assert table["drift of the volume"] == pytest.approx(0.02)
    assert table["cell length a"] == pytest.approx(10.1)
    assert table["cell length b"] == pytest.approx(np.hypot(3, 20))
    assert table["cell length c"] == pytest.approx(np.hypot(4, 30) / 3)
    assert "cell volume relative to experiment" not in table


def test_error_of_a_peak_follows_the_noise(crystal, tmp_path):
    """The breathing of the whole crystal moves the peak by a known amount; the jackknife sees its spread."""
    topology, positions, box = crystal
    rng = np.random.default_rng(3)
    scale = 1 + 0.01 * rng.standard_normal(FRAMES)
    frames, boxes = scale[:, None, None] * positions, scale[:, None, None] * box
    table = measured(fake_run(tmp_path, topology, frames, boxes))
    mean, peak = (table.loc[f"Zn-N distance, {name}"] for name in ("mean of four nearest", "peak of g(r)"))
    assert mean["stderr"] == pytest.approx(0.02 / np.sqrt(FRAMES - FIRST), rel=0.6)
    assert 0.2 * mean["stderr"] < peak["stderr"] < 5 * mean["stderr"]
    columns = ["value", "stderr"]
    ratio = table.loc["density with the authors' masses", columns] / table.loc["density", columns]
    assert ratio["stderr"] == pytest.approx(ratio["value"]) == pytest.approx(1.01516, rel=1e-4)


def test_a_run_without_bonds_is_refused(crystal, tmp_path):
    topology, positions, box = crystal
    run = fake_run(tmp_path, topology, np.repeat(3 * positions[None], FRAMES, 0), 3 * box)
    with pytest.raises(InputError, match="no Zn-N bond"):
        measure_crystal(run, SETTINGS, "1x1x1", ZIF_4)


def criterion(bound="equal", value=2.0, tolerance=0.5, **changes):
    fields = {"name": "x", "quantity": "q", "framework": "A", "temperature_K": 300, "why": "test"}
    return Criterion(bound=bound, value=value, tolerance=tolerance, **{**fields, **changes})


@pytest.mark.parametrize(
    ("bound", "value", "stderr", "deviation", "verdict"),
    [
        ("equal", 2.4, 0.01, 0.8, "pass"),
        ("equal", 1.4, 0.01, -1.2, "fail"),
        ("equal", 1.4, 0.06, -1.2, "undecided"),
        ("equal", 2.5, 0.0, 1.0, "pass"),
        ("at least", 9.0, 0.1, 0.0, "pass"),
        ("at least", 1.75, 0.01, -0.5, "pass"),
        ("at least", 1.25, 0.01, -1.5, "fail"),
        ("at most", -9.0, 0.1, 0.0, "pass"),
        ("at most", 3.0, 0.01, 2.0, "fail"),
        ("at most", 3.0, np.nan, 2.0, "fail"),
        ("at most", np.nan, np.nan, np.nan, "not measured"),
    ],
)
def test_scores_by_hand(bound, value, stderr, deviation, verdict):
    estimate = Estimate(value, stderr, 2)
    scored = criterion(bound).deviation(estimate)
    np.testing.assert_allclose([scored.value, scored.stderr], [deviation, stderr / 0.5])
    assert criterion(bound).verdict(estimate) == verdict


@pytest.mark.parametrize(
    ("bound", "value", "stderr", "deviation", "verdict"),
    [
        ("equal", 2.0, 0.01, 0.0, "pass"),
        ("equal", 6.0, 0.1, 1.0, "undecided"),
        ("equal", 18.0, 0.1, 2.0, "fail"),
        ("equal", 2 / 9, 0.01, -2.0, "fail"),
        ("equal", 6.0, 0.0, 1.0, "pass"),
        ("at least", 18.0, 0.1, 0.0, "pass"),
        ("at least", 0.5, 0.01, -1.26, "fail"),
        ("at most", 0.5, 0.01, 0.0, "pass"),
        ("equal", 0.0, 0.0, np.nan, "not measured"),
    ],
)
def test_scores_on_the_logarithmic_scale_by_hand(bound, value, stderr, deviation, verdict):
    """A factor of three is one tolerance; ln(4) / ln(3) = 1.26; the error is relative."""
    factor = criterion(bound, tolerance=3.0, scale="logarithmic")
    scored = factor.deviation(Estimate(value, stderr, 2))
    np.testing.assert_allclose(scored.value, deviation, atol=2e-3)
    if value:
        assert scored.stderr == pytest.approx(stderr / value / np.log(3))
    assert factor.verdict(Estimate(value, stderr, 2)) == verdict
    assert limits(2.0, 3.0, "logarithmic") == pytest.approx((2 / 3, 6.0))
    assert limits(2.0, 0.5, "linear") == (1.5, 2.5)


def test_root_mean_square_by_hand():
    """sqrt((0.25 + 1 + 4)/3), error sqrt((0.5*0.1)^2 + (1*0.2)^2)/(3 rms): an unknown error is left out."""
    deviations = [Estimate(0.5, 0.1, 2), Estimate(-1.0, 0.2, 2), Estimate(2.0, np.nan, 1), UNDETERMINED]
    result = root_mean_square(deviations)
    rms = np.sqrt(5.25 / 3)
    assert result.value == pytest.approx(rms)
    assert result.stderr == pytest.approx(np.sqrt(0.05**2 + 0.2**2) / 3 / rms)
    assert result.n == 3
    assert root_mean_square([UNDETERMINED]).n == 0


@pytest.fixture(scope="module")
def shipped():
    values = read_paper_values(ROOT / "config/paper_values.yaml")
    return values, *read_criteria(ROOT / "config/forcefield_criteria.yaml", values)


def test_shipped_criteria_are_of_measured_quantities(shipped, crystal, tmp_path):
    topology, positions, box = crystal
    quantities = measured(fake_run(tmp_path, topology, np.repeat(positions[None], FRAMES, 0), box)).index
    _, criteria, cells = shipped
    assert {c.quantity_name for c in criteria} <= set(quantities)
    by_name = {(c.name, c.quantity_name): c for c in criteria}
    assert by_name["Zn-N distance", "Zn-N distance, peak of g(r)"].value == 1.86
    assert by_name["enthalpy of ZIF-4 to ZIF-zni", "potential energy and PV"].subject == "ZIF-zni - ZIF-4"
    assert cells["ZIF-4"]["cell"] == list(ZIF_4)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bound": "near"}, "bound is 'near'"),
        ({"tolerance": 0}, "must be positive"),
        ({"value": "table9.nothing"}, "table9.nothing is not in"),
        ({"colour": "red"}, "incomplete"),
        ({"scale": "cubic"}, "scale is 'cubic'"),
        ({"scale": "logarithmic", "tolerance": 0.5}, "a factor above 1"),
    ],
)
def test_bad_criteria_are_refused(tmp_path, change, message):
    entry = {"name": "x", "quantity": "q", "framework": "A", "temperature_K": 300, "bound": "equal"}
    entry.update({"value": 1.0, "tolerance": 0.1, "why": "test", **change})
    path = tmp_path / "criteria.yaml"
    path.write_text(yaml.safe_dump({"cells": {}, "criteria": [entry]}))
    with pytest.raises(InputError, match=message):
        read_criteria(path, {})
    path.write_text("cells: {}\n")
    with pytest.raises(InputError, match="criteria"):
        read_criteria(path, {})


ENERGY, PEAK = "potential energy and PV", "Zn-N distance, peak of g(r)"
MEAN = "Zn-N distance, mean of four nearest"
PLANTED = {
    "good": {"ZIF-zni": {ENERGY: -12.0, PEAK: 1.88, MEAN: 1.95}, "ZIF-4": {ENERGY: 0.0}},
    "bad": {"ZIF-zni": {ENERGY: -20.0, PEAK: 2.00, MEAN: 2.10}, "ZIF-4": {ENERGY: 0.0}},
}


@pytest.fixture(scope="module")
def averages(tmp_path_factory):
    """Two force fields, two barostats, two replicas 0.2 apart in every energy and equal in every distance."""
    folder = tmp_path_factory.mktemp("scan")
    paths = {}
    for variant, frameworks in PLANTED.items():
        for framework, quantities in frameworks.items():
            for barostat in ("isotropic", "anisotropic"):
                for replica, sign in ((1, -1), (2, 1)):
                    rows = [
                        (
                            IDS[name],
                            name,
                            *(("kJ/mol", value + 0.1 * sign) if name == ENERGY else ("A", value)),
                            0.001,
                            9,
                        )
                        for name, value in quantities.items()
                    ]
                    table = pd.DataFrame(rows, columns=["id", "quantity", "unit", "value", "stderr", "n"])
                    run = simulation(variant=variant, phase=framework, barostat=barostat, replica=replica)
                    paths[run] = folder / f"{len(paths)}.csv"
                    write_table(paths[run], table)
    return average_runs(paths)


def test_table_of_a_planted_scan(averages, shipped):
    values, criteria, cells = shipped
    table = scan_rows(averages, criteria, cells, values)
    difference = table[(table.framework == "ZIF-zni - ZIF-4") & (table.variant == "good")]
    assert list(difference.barostat) == ["isotropic", "anisotropic"]
    # Two runs 0.2 apart have a standard error of 0.1; the difference has sqrt(2) times that.
    row = difference.iloc[0]
    assert (row.value, row.paper, row.reference, row.n) == (pytest.approx(-12.0), -12.4, -14.0, 2)
    assert row.stderr == pytest.approx(0.1 * np.sqrt(2))
    peak = table[(table.quantity == PEAK) & (table.variant == "bad")].iloc[0]
    assert (peak.paper, peak.unit, peak.temperature_K) == (1.86, "A", 300.0)


def test_summary_of_a_planted_scan(averages, shipped):
    """By hand: peak 1.88 is 0.5 tolerances off 1.86, the enthalpy 0.2; bad: 3.5 and -3.8 tolerances."""
    scores = score_rows(averages, shipped[1])
    summary = summary_rows(scores).set_index(["variant", "barostat"])
    good, bad = (summary.loc[variant, "isotropic"] for variant in ("good", "bad"))
    assert (good.measured, good.passed, good.failed) == (2, 2, 0)
    assert (bad.measured, bad.passed, bad.failed) == (2, 0, 2)
    assert good.rms_deviation == pytest.approx(np.sqrt((0.5**2 + 0.2**2) / 2))
    assert bad.rms_deviation == pytest.approx(np.sqrt((3.5**2 + 3.8**2) / 2))
    assert bad["Zn-N distance"] == pytest.approx(3.5)
    best = best_readings(scores)
    assert set(best[best.criterion == "Zn-N distance"].quantity) == {PEAK}
    assert (scores[scores.temperature_K == 540].verdict == "not measured").all()


def test_figure_shows_the_scores(averages, shipped):
    scores = score_rows(averages, shipped[1])
    summary = summary_rows(scores)
    plot = plot_scan(scores, summary)
    assert len(plot.numbers) == len(scores)
    overview = plot.figure.axes[0]
    labels = [label.get_text() for label in overview.get_yticklabels()]
    assert "good, isotropic (2 of 2)" in labels and "bad, anisotropic (0 of 2)" in labels
    # The last column is the root mean square of each line.
    shown = overview.images[0].get_array()[:, -1]
    np.testing.assert_allclose(shown.filled(np.nan), summary.rms_deviation.abs())


def test_volume_of_a_net_in_units_of_its_own_links(crystal):
    """All lengths 5 % shorter: the same number. One axis 10 % shorter: from the links, counted by hand."""
    topology, positions, box = crystal
    bonds = find_bonds([Frames(positions[None], box[None], np.zeros(1), topology)], 2.5, 3.2)
    squeezed = np.diag([0.9, 1.0, 1.0])
    scales = [np.eye(3), 0.95 * np.eye(3), squeezed]
    frames = Frames(
        np.array([positions @ scale for scale in scales]),
        np.array([box @ scale for scale in scales]),
        np.arange(3.0),
        topology,
    )
    volumes = net_volume(frames, replace(bonds, end=np.full_like(bonds.end, 3), times=np.arange(3.0)))
    assert volumes[1] / volumes[0] == pytest.approx(1.0)
    # ZIF-4 has 32 bridged pairs; their lengths in the squeezed cell from the fractional coordinates.
    zinc = [atom.index for atom in topology.atoms if atom.element.symbol == "Zn"]
    fractional = positions[zinc] @ np.linalg.inv(box)
    apart = fractional[:, None] - fractional
    apart -= np.round(apart)
    near = np.argwhere(np.triu(np.linalg.norm(apart @ box, axis=-1), 1) > 0)
    lengths = np.linalg.norm(apart[tuple(near.T)] @ box, axis=1)
    bridged = near[np.argsort(lengths)[:32]]
    means = [
        np.linalg.norm(apart[tuple(bridged.T)] @ box @ scale, axis=1).mean()
        for scale in (np.eye(3), squeezed)
    ]
    assert volumes[2] / volumes[0] == pytest.approx(0.9 * (means[0] / means[1]) ** 3, rel=1e-6)
