"""Anyone's trajectory: the same answer from every format, wrapped or not, and doubt about unknown phases."""

import warnings
from functools import cache

import ase.io
import mdtraj
import numpy as np
import pandas as pd
import pytest
import torch
from ase import Atoms

import zifmelt
from fake_runs import STRUCTURES, crystal_atoms, shaken, write_fake_run
from zifmelt.environments.database import SampledRun, sample_database
from zifmelt.environments.features import FeatureSettings
from zifmelt.environments.network import NetworkSettings
from zifmelt.environments.out_of_distribution import TrainingDistribution
from zifmelt.environments.training import train_classifier
from zifmelt.environments.trajectory_classifier import classify_run
from zifmelt.errors import InputError
from zifmelt.external.classify import PUBLISHED_STUDY, CampaignClassifier, _classified
from zifmelt.external.output import write_results
from zifmelt.external.reading import open_trajectory
from zifmelt.files import read_json, read_yaml
from zifmelt.mechanism.net import crystal_net
from zifmelt.mechanism.rings import ring_counts
from zifmelt.shipped import shipped
from zifmelt.structures.crystal import read_crystal
from zifmelt.structures.ligands import recognise_framework
from zifmelt.units import A_PER_NM

torch.set_num_threads(1)
PHASES = {
    "ZIF-4": ("ZIF-4", 0.15),
    "ZIF-zni": ("ZIF-zni", 0.15),
    "ZIF_a": ("ZIF-4", 0.5),
    "ZIF_liq": ("ZIF-4", 0.8),
}
ENVIRONMENTS = {**read_yaml(shipped("config/config.yaml"))["environments"], "interval_ps": 0.1}
SODALITE = shipped("config").parent / "tests/data/sodalite.cif"


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    """A campaign's folder with networks of crystals that shake a little or a lot."""
    root, settings = tmp_path_factory.mktemp("campaign"), FeatureSettings.from_config(ENVIRONMENTS)
    generator, runs = np.random.default_rng(3), []
    for phase, (crystal, amplitude) in PHASES.items():
        positions, box, symbols = crystal_atoms(STRUCTURES / f"{crystal}.cif", elements=("Zn", "N"))
        for replica in (1, 2, 3):
            folder = root / f"md/{phase}/r{replica}"
            write_fake_run(folder, shaken(positions, 31, amplitude, generator), box, symbols, 0.1)
            runs.append(SampledRun(folder, phase, f"{phase}/{replica}", 300.0, 30))
    database = sample_database(runs, list(PHASES), settings)
    database.save(root / "database/environments.npz")
    TrainingDistribution.of(database, settings.shell_names).save(root / "classifier/training.npz")
    for name, kind in (("paper", "symmetry_functions"), ("extended", "extended")):
        network = NetworkSettings(kind, (8,), 1, "balanced", 0.02, 0.01, 256, 400)
        trained = train_classifier(database, settings.names(kind), network, 1)
        folder = root / "classifier" / name
        trained.save(folder / "model.npz", folder / "model.json", {"feature_settings": ENVIRONMENTS})
    return root


@pytest.fixture(scope="module")
def crystal():
    """ZIF-zni with all atoms, shaken: positions (frames, atoms, 3), box, symbols."""
    atoms = crystal_atoms(STRUCTURES / "ZIF-zni.cif", elements=("Zn", "N", "C", "H"))
    generator = np.random.default_rng(11)
    still = np.repeat(atoms[0][None], 8, axis=0)
    still[1:] += 0.08 * generator.standard_normal((7, *atoms[0].shape))
    return still, atoms[1], atoms[2]


def wrapped_into(positions, box):
    return positions @ np.linalg.inv(box) % 1.0 @ box


def as_mdtraj(positions, box, symbols):
    topology = mdtraj.Topology()
    residue = topology.add_residue("ALL", topology.add_chain())
    for symbol in symbols:
        topology.add_atom(symbol, mdtraj.element.get_by_symbol(symbol), residue)
    made = mdtraj.Trajectory(positions / A_PER_NM, topology, time=0.1 * np.arange(len(positions)))
    made.unitcell_vectors = np.repeat(box[None] / A_PER_NM, len(positions), axis=0)
    return made


def written(folder, name, positions, box, symbols):
    """Write the frames in the format that `name` says; returns trajectory and topology."""
    path = folder / name
    if path.suffix in (".extxyz", ".traj"):
        frames = [Atoms(symbols, row, cell=box, pbc=True) for row in positions]
        ase.io.write(path, frames)
        return path, None
    made = as_mdtraj(positions, box, symbols)
    made.save(str(path))
    made[0].save_pdb(str(folder / "atoms.pdb"))
    return path, folder / "atoms.pdb"


@cache
def rings_of_the_crystal():
    """From the net of the structure file's symmetry, without a trajectory."""
    return ring_counts(crystal_net(recognise_framework(read_crystal(STRUCTURES / "ZIF-zni.cif")))[0], 12)


@pytest.mark.parametrize("name", ["a.xtc", "a.dcd", "a.trr", "a.nc", "a.extxyz", "a.traj"])
@pytest.mark.parametrize("wrap", [True, False])
def test_formats_and_wrapping_make_no_difference(tmp_path, campaign, crystal, name, wrap):
    positions, box, symbols = crystal
    drift = np.random.default_rng(1).integers(-2, 3, (positions.shape[1], 3)) @ box
    moved = wrapped_into(positions, box) if wrap else positions + drift
    path, topology = written(tmp_path, name, moved, box, symbols)
    found = zifmelt.classify_trajectory(path, campaign, topology, interval_ps=0.1)
    assert found.classification.probabilities.shape == (8, 32, 4)
    assert found.classification.thermal_fractions()["ZIF-zni"].mean() > 0.95
    assert (found.bonds.coordination() == 4).all()
    assert len(found.events) == 0
    assert found.rings.filter(like="rings_of_").iloc[0].tolist() == rings_of_the_crystal().tolist()
    assert found.trajectory.atoms[:32].tolist() == list(range(32))


def test_atoms_in_another_order_are_found(tmp_path, campaign, crystal):
    positions, box, symbols = crystal
    order = np.random.default_rng(2).permutation(len(symbols))
    path, _ = written(tmp_path, "a.extxyz", positions[:, order], box, [symbols[k] for k in order])
    found = zifmelt.classify_trajectory(path, campaign, interval_ps=0.1)
    zinc = [k for k, place in enumerate(order) if symbols[place] == "Zn"]
    assert found.trajectory.atoms[:32].tolist() == zinc
    ligand = found.bonds.ligand
    assert np.bincount(ligand).tolist() == [2] * 64
    nitrogen = positions[1][order][found.trajectory.atoms[32:]]
    pairs = nitrogen[np.argsort(ligand, kind="stable")].reshape(-1, 2, 3)
    steps = (pairs[:, 0] - pairs[:, 1]) @ np.linalg.inv(box)
    lengths = np.linalg.norm((steps - np.round(steps)) @ box, axis=1)
    assert lengths.max() < 2.7  # the two N of one ring, 2.2 angstrom apart


def test_classes_agree_with_those_of_the_campaign(tmp_path, campaign):
    """The same run read as a run folder and as somebody's trajectory."""
    folder = campaign / "md/ZIF_a/r1"
    tool = CampaignClassifier.of(campaign, "extended")
    own = classify_run(folder, {"extended": tool.classifier}, tool.settings)["extended"]
    positions = crystal_atoms(STRUCTURES / "ZIF-4.cif", elements=("Zn", "N"))
    topology = mdtraj.Topology()
    chain = topology.add_chain()
    for _ in range(16):
        topology.add_atom("Zn", mdtraj.element.zinc, topology.add_residue("ZN", chain))
    for _ in range(32):
        residue = topology.add_residue("IM", chain)
        for name in ("N1", "N3"):
            topology.add_atom(name, mdtraj.element.nitrogen, residue)
    named = mdtraj.Trajectory(positions[0][None] / A_PER_NM, topology)
    named.save_pdb(str(tmp_path / "named.pdb"))
    found = zifmelt.classify_trajectory(
        folder / "trajectory.xtc", campaign, tmp_path / "named.pdb", classifier="extended"
    )
    np.testing.assert_allclose(found.classification.probabilities, own.probabilities, atol=1e-5)


def test_left_out_crystals_pass_and_an_unknown_phase_does_not(tmp_path, campaign):
    generator = np.random.default_rng(8)
    for name, source, strange in (("zni", STRUCTURES / "ZIF-zni.cif", False), ("sod", SODALITE, True)):
        positions, box, symbols = crystal_atoms(source, elements=("Zn", "N", "C", "H"))
        frames = np.repeat(positions[None], 9, axis=0)
        frames[1:, np.array(symbols) != "H"] += 0.15 * generator.standard_normal(
            (8, sum(s != "H" for s in symbols), 3)
        )
        path, _ = written(tmp_path, f"{name}.extxyz", frames, box, symbols)
        tool = CampaignClassifier.of(campaign, "paper")
        source = open_trajectory(path, interval_ps=0.1)
        strangeness = _classified(source, tool)[1][1:]
        share = (strangeness > 1).mean()
        assert (share > 0.9) if strange else (share <= tool.training.usual_share), name


def test_the_warning_is_a_sentence(tmp_path, campaign):
    positions, box, symbols = crystal_atoms(SODALITE, elements=("Zn", "N", "C", "H"))
    path, _ = written(tmp_path, "sod.extxyz", positions[None], box, symbols)
    with pytest.warns(UserWarning, match="of the zinc environments are unlike those"):
        found = zifmelt.classify_trajectory(path, campaign)
    assert found.out_of_distribution


def test_the_published_networks_know_their_own_phases_and_doubt_another(tmp_path):
    """By default, and from what is committed: the network averages over frames 0.25 ps apart."""
    runs = PUBLISHED_STUDY / "md/sampling"
    for path, phase in (("ZIF-zni/600K/r1", "ZIF-zni"), ("ZIF_a/300K/r2", "ZIF_a")):
        folder = runs / path
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = zifmelt.classify_trajectory(folder / "trajectory.xtc", topology=folder / "topology.pdb")
        assert found.classification.fractions()[phase].mean() > 0.95, path
        assert found.strange_share < found.usual_share < 0.1, path
    positions, box, symbols = crystal_atoms(SODALITE, elements=("Zn", "N", "C", "H"))
    frames, heavy = np.repeat(positions[None], 9, axis=0), np.array(symbols) != "H"
    frames[1:, heavy] += 0.08 * np.random.default_rng(4).standard_normal((8, heavy.sum(), 3))
    path, _ = written(tmp_path, "sod.extxyz", frames, box, symbols)
    with pytest.warns(UserWarning, match="100% of the zinc environments are unlike those"):
        zifmelt.classify_trajectory(path, interval_ps=0.25)


def test_a_single_structure_is_told_to_be_no_average(tmp_path, campaign, crystal):
    positions, box, symbols = crystal
    path, _ = written(tmp_path, "a.extxyz", positions[:1], box, symbols)
    with pytest.warns(UserWarning, match="averages over 3 frames 0.1 ps apart, and this is a single one"):
        zifmelt.classify_trajectory(path, campaign)


def test_frames_at_another_distance_are_told(tmp_path, campaign, crystal):
    path, topology = written(tmp_path, "a.dcd", *crystal)
    with pytest.warns(UserWarning, match="averages over 3 frames 0.1 ps apart, and these are 0.7 ps apart"):
        zifmelt.classify_trajectory(path, campaign, topology, interval_ps=0.7, classifier="extended")


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_written_files(tmp_path, campaign, crystal):
    positions, box, symbols = crystal
    broken = positions.copy()
    nitrogen = positions[0][np.array(symbols) == "N"]
    steps = (nitrogen - positions[0, 0]) @ np.linalg.inv(box)
    steps = (steps - np.round(steps)) @ box
    leaving = -1.6 * steps[np.argmin(np.linalg.norm(steps, axis=1))]
    broken[4:, 0] += leaving  # one Zn leaves some of its four N
    own = steps[np.argsort(np.linalg.norm(steps, axis=1))[:4]]
    lost = int((np.linalg.norm(own - leaving, axis=1) > 3.2).sum())
    path, topology = written(tmp_path, "a.xtc", broken, box, symbols)
    found = zifmelt.classify_trajectory(path, campaign, topology)
    write_results(found, tmp_path / "out")
    table = pd.read_csv(tmp_path / "out/zinc.csv")
    assert len(table) == 8 * 32
    chances = table.filter(like="probability_")
    np.testing.assert_allclose(chances.sum(axis=1), 1.0, atol=3e-4)
    names = chances.columns.str.removeprefix("probability_").to_numpy()
    assert (table["class"] == names[chances.to_numpy().argmax(axis=1)]).all()
    bonds = pd.read_csv(tmp_path / "out/bonds.csv")
    assert 0 < lost < 4
    assert bonds["end_ps"].dropna().to_numpy() == pytest.approx([0.4] * lost)
    assert set(bonds.loc[bonds["end_ps"].notna(), "zinc"]) == {0}
    coordination = pd.read_csv(tmp_path / "out/coordination.csv")
    assert coordination["mean"].iloc[0] == 4 and coordination["mean"].iloc[-1] < 4
    summary = read_json(tmp_path / "out/summary.json")
    assert summary["events"]["open"] == bonds["end_ps"].notna().sum()
    frames = ase.io.read(tmp_path / "out/classified.xyz", index=":")
    assert len(frames) == 8 and frames[0].get_chemical_symbols() == ["Zn"] * 32
    np.testing.assert_allclose(frames[5].cell.array, box, atol=1e-3)
    assert frames[5].info["Time"] == pytest.approx(0.5)
    one = table[table["time_ps"].between(0.45, 0.55)]
    np.testing.assert_allclose(frames[5].arrays["strangeness"], one["strangeness"], atol=1e-3)
    assert (names[frames[5].arrays["class"]] == one["class"]).all()
    assert frames[5].arrays["coordination"].tolist() == one["coordination"].tolist()


def test_stored_distribution_takes_the_place_of_the_database(tmp_path, campaign):
    tool = CampaignClassifier.of(campaign, "paper")
    for name in ("model.npz", "model.json"):
        target = tmp_path / "classifier/paper" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((campaign / "classifier/paper" / name).read_bytes())
    with pytest.raises(InputError, match="environments.npz"):
        CampaignClassifier.of(tmp_path, "paper")
    (tmp_path / "database").mkdir()
    (tmp_path / "database/environments.npz").symlink_to(campaign / "database/environments.npz")
    computed = CampaignClassifier.of(tmp_path, "paper").training
    np.testing.assert_array_equal(computed.environments, tool.training.environments)
    tool.training.save(tmp_path / "classifier/training.npz")
    again = CampaignClassifier.of(tmp_path, "paper").training
    assert isinstance(again, TrainingDistribution)
    np.testing.assert_array_equal(again.environments, tool.training.environments)


def test_what_cannot_be_read_is_told_in_one_sentence(tmp_path, campaign, crystal):
    positions, box, symbols = crystal
    path, topology = written(tmp_path, "a.dcd", positions, box, symbols)
    with pytest.raises(InputError, match="stores no times"):
        open_trajectory(path, topology)
    with pytest.raises(InputError, match="does not name the atoms"):
        open_trajectory(path, interval_ps=1.0)
    with pytest.raises(InputError, match="there is no such file"):
        open_trajectory(tmp_path / "none.xtc", topology)
    with pytest.raises(InputError, match="must be positive"):
        open_trajectory(path, topology, interval_ps=-1.0)
    (tmp_path / "cut.dcd").write_bytes(path.read_bytes()[:100])
    with pytest.raises(InputError, match="cut.dcd"):
        open_trajectory(tmp_path / "cut.dcd", topology, 1.0)
    ase.io.write(tmp_path / "bare.extxyz", Atoms(symbols, positions[0]))
    with pytest.raises(InputError, match="no unit cell"):
        open_trajectory(tmp_path / "bare.extxyz")
    kept = [k for k, symbol in enumerate(symbols) if symbol != "Zn"]
    ase.io.write(
        tmp_path / "nozinc.extxyz",
        Atoms([symbols[k] for k in kept], positions[0][kept], cell=box, pbc=True),
    )
    with pytest.raises(InputError, match="no Zn atom"):
        open_trajectory(tmp_path / "nozinc.extxyz")
    (tmp_path / "strange.abc").write_text("nothing that anybody knows\n")
    with pytest.raises(InputError, match="strange.abc"):
        open_trajectory(tmp_path / "strange.abc")
    made = as_mdtraj(positions, box, symbols)
    made.time = 0.1 * np.arange(8) ** 2
    made.save(str(tmp_path / "uneven.xtc"))
    with pytest.raises(InputError, match="not equally spaced"):
        open_trajectory(tmp_path / "uneven.xtc", topology)
    with pytest.raises(InputError, match="there is no network"):
        CampaignClassifier.of(tmp_path, "paper")
