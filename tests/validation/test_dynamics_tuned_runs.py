"""Tuning on 16 Zn: forces against the reference, what a run records, and what a resumed run keeps."""

from dataclasses import replace

import numpy as np
import pytest
import yaml

from dynamics_runs import FORCEFIELD, interrupted, run_cell, short_settings
from lammps_energies import Lammps
from zifmelt.dynamics import tuning
from zifmelt.dynamics.job import Job
from zifmelt.dynamics.protocol import hold
from zifmelt.files import read_json, sha256_of, write_json
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.trajectory import read_frames

pytestmark = pytest.mark.slow

SEGMENTS = [hold("hold", 300, 0.12)]
CHOSEN = {"coulomb_cutoff_A": 7.0, "skin_A": 1.5}


def job_of(cell, folder, forcefield=FORCEFIELD, **changes):
    data, topology = cell / "system.data", cell / "topology.pdb"
    return Job(data, topology, forcefield, tuple(SEGMENTS), short_settings(**changes), 7, folder)


@pytest.fixture
def planted(cell, tmp_path):
    """Folder with a measurement that chose `CHOSEN`, and its file."""
    path = tuning.measurement_path(job_of(cell, tmp_path / "r1"), tmp_path / "tuning")
    write_json(path, {"chosen": CHOSEN})
    return path


def test_all_candidates_have_the_forces_of_the_reference(cell, tmp_path):
    job = job_of(cell, tmp_path / "r1")
    rows = [{"settings": settings} for settings in tuning.length_candidates(job)]
    assert len(rows) == 6 and rows[0]["settings"] == {}
    tuning.add_force_errors(rows, job)
    assert max(row["force_error"] for row in rows) < tuning.FORCE_TOLERANCE
    assert len({row["force_error"] for row in rows}) > 2  # another cutoff is another mesh


def test_a_coarse_mesh_is_beyond_the_tolerance(cell, tmp_path):
    """The error of the forces, from another instance of LAMMPS."""
    coarse = tmp_path / "coarse.yaml"
    override = {"numerics": {"efficient": {"kspace_accuracy": 1e-3}}}
    content = {"name": "coarse", "base": "nb-zif-ff", "source": "test", "override": override}
    coarse.write_text(yaml.safe_dump(content))
    rows = [{"settings": {}}]
    tuning.add_force_errors(rows, job_of(cell, tmp_path / "r1", coarse))
    forces = {}
    for numerics in ("reference", "efficient"):
        lammps = Lammps(load_forcefield(coarse), cell / "system.data", numerics)
        lammps.do("displace_atoms all random 0.05 0.05 0.05 1")
        forces[numerics] = lammps.forces()
        lammps.close()
    off = np.linalg.norm(forces["efficient"] - forces["reference"]) / np.linalg.norm(forces["reference"])
    assert rows[0]["force_error"] == pytest.approx(off, rel=1e-3)
    assert off > tuning.FORCE_TOLERANCE


def test_a_run_uses_and_records_what_was_chosen(cell, tmp_path, planted):
    told = run_cell(cell, tmp_path / "r1", SEGMENTS, short_settings(), tuning=planted.parent)
    assert "coulomb_cutoff_A 7, skin_A 1.5" in told and "measuring" not in told
    provenance = read_json(tmp_path / "r1/provenance.json")
    assert {key: provenance["settings"][key] for key in CHOSEN} == CHOSEN
    record = {"path": str(planted), "sha256": sha256_of(planted), "settings": CHOSEN}
    assert provenance["tuning"] == [record]
    # The same as with the lengths in the settings, and another trajectory than without.
    run_cell(cell, tmp_path / "direct", SEGMENTS, short_settings(**CHOSEN))
    run_cell(cell, tmp_path / "plain", SEGMENTS, short_settings())
    tuned, direct, plain = (
        read_frames(tmp_path / name, ("N",)).positions for name in ("r1", "direct", "plain")
    )
    assert np.array_equal(tuned, direct) and not np.array_equal(tuned, plain)
    assert read_json(tmp_path / "plain/provenance.json")["tuning"] == []


def test_a_run_that_has_begun_keeps_its_lengths(cell, tmp_path, planted):
    run_cell(cell, tmp_path / "whole", SEGMENTS, short_settings(**CHOSEN))
    expected = read_frames(tmp_path / "whole", ("N",)).positions
    write_json(planted, {"chosen": {"coulomb_cutoff_A": 9.0, "skin_A": 1.0}})
    for name, folder in (("r1", planted.parent), ("r2", None)):
        store = interrupted(cell, tmp_path / name, SEGMENTS, short_settings(**CHOSEN), 2)
        assert "coul/long 7.0" in (store.path / "lammps.log").read_text()
        told = run_cell(cell, tmp_path / name, SEGMENTS, short_settings(), tuning=folder)
        assert "going on from the checkpoint" in told
        provenance = read_json(tmp_path / name / "provenance.json")
        assert {key: provenance["settings"][key] for key in CHOSEN} == CHOSEN
        assert np.array_equal(read_frames(tmp_path / name, ("N",)).positions, expected)
    # One that began without goes on without.
    interrupted(cell, tmp_path / "r3", SEGMENTS, short_settings(), 2)
    run_cell(cell, tmp_path / "r3", SEGMENTS, short_settings(), tuning=planted.parent)
    provenance = read_json(tmp_path / "r3/provenance.json")
    assert provenance["settings"]["coulomb_cutoff_A"] is None and provenance["tuning"][0]["settings"] == {}


def test_what_is_missing_is_measured_once(cell, tmp_path, monkeypatch):
    for name, value in {"TURNS": 2, "TURN_S": 0.01, "FEWEST_STEPS": 16, "SKINS_A": (0.0,)}.items():
        monkeypatch.setattr(tuning, name, value)
    folder = tmp_path / "tuning"
    assert "measuring" in run_cell(cell, tmp_path / "r1", SEGMENTS, short_settings(), tuning=folder)
    (path,) = folder.glob("*.json")
    measurement = read_json(path)
    assert len(measurement["lengths"]) == 3
    ran = [row for row in measurement["lengths"] if "trouble" not in row]
    assert all(0.1 < row["ms_per_step"] < 1e4 and row["force_error"] < 1e-4 for row in ran)
    assert measurement["chosen"] == tuning.fastest(measurement["lengths"])
    assert measurement["subject"]["cores"] > 0 and len(measurement["load"]) == 2
    before = path.read_bytes()
    assert "measuring" not in run_cell(cell, tmp_path / "r2", SEGMENTS, short_settings(), tuning=folder)
    assert path.read_bytes() == before
    # Another processor, force field or time step is another measurement.
    job = job_of(cell, tmp_path / "r3")
    assert tuning.measurement_path(job, folder) == path
    longer = replace(job, settings=replace(job.settings, timestep_fs=1.0))
    monkeypatch.setattr(tuning, "processor", lambda: "another")
    assert len({path, *(tuning.measurement_path(one, folder) for one in (job, longer))}) == 3
