"""Small copies of run folders read as run folders do; an archive of them is complete and has checksums."""

import hashlib
import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from checkout import ROOT
from fake_runs import write_fake_run
from zifmelt.archive import PRECISION_A, archive_campaign, archive_run
from zifmelt.campaign import Campaign
from zifmelt.cli import app
from zifmelt.configuration import load_configuration
from zifmelt.errors import InputError
from zifmelt.files import read_json
from zifmelt.trajectory import read_frames, read_thermo, recorded


@pytest.fixture
def folder(tmp_path):
    positions = np.random.default_rng(1).uniform(-30, 50, (9, 12, 3))
    return write_fake_run(tmp_path / "run", positions, 20.0 * np.eye(3), ["Zn", "N", "C"] * 4, 0.5)


def test_every_second_frame_of_some_atoms_is_kept_where_it_was(folder, tmp_path):
    archive_run(folder, tmp_path / "small", 1.0, ("Zn", "N"))
    copy, whole = read_frames(tmp_path / "small", ("Zn", "N")), read_frames(folder, ("Zn", "N"), stride=2)
    np.testing.assert_allclose(copy.times, [0.0, 1.0, 2.0, 3.0, 4.0])
    assert np.abs(copy.positions - whole.positions).max() <= PRECISION_A / 2 + 1e-4
    assert copy.topology.n_atoms == 8
    assert recorded(tmp_path / "small", "frames") == 5
    assert recorded(tmp_path / "small", "frame_interval_ps") == 1.0
    assert len(read_thermo(tmp_path / "small")) == 9


def test_a_damaged_copy_is_found(folder, tmp_path):
    archive_run(folder, tmp_path / "small", 0.5)
    path = tmp_path / "small" / "trajectory.xtc"
    content = bytearray(path.read_bytes())
    content[-20] ^= 1
    path.write_bytes(content)
    with pytest.raises(InputError, match="damaged"):
        read_frames(tmp_path / "small")


def test_an_interval_between_the_frames_is_refused(folder, tmp_path):
    with pytest.raises(InputError, match=r"0\.5 ps apart"):
        archive_run(folder, tmp_path / "small", 0.75)


def test_a_run_is_not_replaced_by_its_copy(folder):
    before = (folder / "trajectory.xtc").read_bytes()
    with pytest.raises(InputError, match="would replace the run"):
        archive_run(folder, folder, 1.0)
    assert (folder / "trajectory.xtc").read_bytes() == before


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/scratch/md/campaign/md/liquid/ZIF-4/r1/final.data", "md/liquid/ZIF-4/r1/final.data"),
        ("results/x/structures/ff/ZIF-4/1x1x1/system.data", "structures/ff/ZIF-4/1x1x1/system.data"),
        ("elsewhere/system.data", "elsewhere/system.data"),
    ],
)
def test_a_copy_names_its_start_within_the_campaign(folder, tmp_path, before, after):
    provenance = read_json(folder / "provenance.json")
    provenance["data_file"] = {"path": before, "sha256": "0"}
    (folder / "provenance.json").write_text(json.dumps(provenance))
    archive_run(folder, tmp_path / "small", 0.5)
    assert read_json(tmp_path / "small/provenance.json")["data_file"] == {"path": after, "sha256": "0"}


@pytest.fixture(scope="module")
def campaign():
    return Campaign(load_configuration(ROOT / "config/config.yaml"), ROOT)


@pytest.fixture
def source(tmp_path, campaign):
    """A campaign's folder with one simulation in production and one that a phase is sampled by."""
    elements = ["Zn", "N", "C", "H"] * 3
    for path in finished(campaign):
        positions = np.random.default_rng(1).uniform(-30, 50, (9, 12, 3))
        write_fake_run(tmp_path / "source/md" / path, positions, 20.0 * np.eye(3), elements, 0.5)
    return tmp_path / "source"


def finished(campaign):
    sampled = campaign.reference("ZIF_a").paths[0]
    return sampled, campaign.production("ZIF-4").paths[0]


def test_an_archive_holds_what_is_finished(source, tmp_path, campaign):
    sampled, produced = finished(campaign)
    target = tmp_path / "target"
    assert archive_campaign(campaign, source, target, {"production": 1.0}) == [sampled, produced]
    assert len(read_frames(target / "md" / sampled, ("C",))) == 9
    assert len(read_frames(target / "md" / produced, ("Zn", "N"))) == 5
    with pytest.raises(InputError, match="no C atom"):
        read_frames(target / "md" / produced, ("C",))
    assert pd.read_csv(target / "runs.csv")["path"].tolist() == campaign.runs.paths


def test_checksums_are_those_of_all_files(source, tmp_path, campaign):
    target = tmp_path / "target"
    archive_campaign(campaign, source, target, {})
    listed = dict(line.split("  ")[::-1] for line in (target / "SHA256SUMS").read_text().splitlines())
    files = {path for path in target.rglob("*") if path.is_file() and path.name != "SHA256SUMS"}
    assert {target / name for name in listed} == files and len(files) == 2 * 4 + 1
    for name, digits in listed.items():
        assert hashlib.sha256((target / name).read_bytes()).hexdigest() == digits


def test_an_interrupted_archive_is_gone_on_with(source, tmp_path, campaign):
    target, (sampled, produced) = tmp_path / "target", finished(campaign)
    archive_campaign(campaign, source, target, {})
    sums = (target / "SHA256SUMS").read_text()
    (target / "md" / sampled / "provenance.json").unlink()  # as a copy is that was killed
    (source / "md" / produced / "trajectory.xtc").unlink()  # a copy that is whole asks for nothing
    archive_campaign(campaign, source, target, {})
    assert (target / "SHA256SUMS").read_text() == sums


def test_what_cannot_be_archived_is_one_sentence(source, tmp_path, campaign):
    with pytest.raises(InputError, match="no stage 'prodution'"):
        archive_campaign(campaign, source, tmp_path / "target", {"prodution": 1.0})
    with pytest.raises(InputError, match="no simulation of this campaign is finished"):
        archive_campaign(campaign, tmp_path / "empty", tmp_path / "target", {})
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize("given", ["production", "production=", "production=-1", "production=nan", "=x"])
def test_a_mistyped_interval_is_one_sentence(source, tmp_path, given):
    ended = CliRunner().invoke(app, ["archive", str(source), str(tmp_path / "target"), "--interval", given])
    assert isinstance(ended.exception, InputError) and given in str(ended.exception)


def test_the_command_archives(source, tmp_path):
    target = tmp_path / "target"
    ended = CliRunner().invoke(app, ["archive", str(source), str(target), "--interval", "production=2"])
    assert ended.exit_code == 0, ended.output
    assert "2 simulations" in ended.output
    assert sorted(recorded(path.parent, "frames") for path in target.rglob("*.xtc")) == [3, 9]
