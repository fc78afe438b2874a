"""Damaged files of every kind: each reader reads them or refuses them in one sentence, and none hangs.

Good files are changed where it hurts: numbers, words, lines, bytes. A long search with other examples than
those of every test run is ``pytest tests/fuzz --hypothesis-profile fuzz``.
"""

import json
import re
import signal
import warnings
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkout import ROOT
from fake_runs import write_fake_run
from zifmelt.checksums import checksums_of
from zifmelt.configuration import load_configuration
from zifmelt.dynamics.checkpoint import CheckpointFolder
from zifmelt.environments.database import Database
from zifmelt.errors import InputError
from zifmelt.forcefield.data_file import read_data_file
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.mechanism.bonds import load_bonds
from zifmelt.properties.scattering import read_measured
from zifmelt.structures.crystal import read_crystal
from zifmelt.structures.external import read_structure
from zifmelt.structures.ligands import recognise_framework
from zifmelt.structures.system import build_system
from zifmelt.structures.writers import write_data_file, write_topology
from zifmelt.tables.rows import read_paper_values
from zifmelt.trajectory import read_frames, read_segment, read_thermo

LONGEST_S = 60
"""No reader takes longer for one of these small files."""

EXAMPLES = 15 if settings().max_examples == 100 else settings().max_examples
"""15 in every test run, as many as the profile says in a long search."""

PIECES = [
    *(b"nan", b"inf", b"-inf", b"-1", b"0", b"1", b"-90", b"1e308", b"1e-308", b"9" * 30, b"1.5", b"1(2)"),
    *(b"?", b".", b'"', b"'", b"\n", b"\n\n", b" ", b"\t", b"#", b":", b"[", b"]", b"{", b"}", b"&a ", b"*a"),
    *(b"null", b"true", b"[]", b"{}", b"\xff", b"\xfe\xff", b"\xef\xbb\xbf", b"\0", "Å".encode(), b"loop_"),
    *(b"data_x", b"MODEL\n", b"-x,y,z", b"<<: ", b"!!python/none ", b"Zn", b"H", b"D", b"X", b"C"),
]
NUMBER = re.compile(rb"-?\d+\.?\d*(?:[eE][+-]?\d+)?")


@st.composite
def changes(draw, content):
    """Change a good file's content in one to four places."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        end = min(len(content), at + draw(st.integers(0, 120)))
        piece = draw(st.sampled_from(PIECES) | st.binary(min_size=1, max_size=4))
        match draw(st.sampled_from(["number", "number", "insert", "replace", "repeat", "line", "cut"])):
            case "number":
                found = NUMBER.search(content, at)
                at, end = found.span() if found else (at, at)
                content = content[:at] + piece + content[end:]
            case "insert":
                content = content[:at] + piece + content[at:]
            case "replace":
                content = content[:at] + piece + content[end:]
            case "repeat":
                content = content[:end] + content[at:]
            case "line":
                lines = content.splitlines(keepends=True)
                chosen = draw(st.integers(0, max(0, len(lines) - 1)))
                content = b"".join(lines[:chosen] + lines[chosen + 1 :])
            case "cut":
                content = content[:at]
    return content


@contextmanager
def one_sentence():
    """Let an `InputError` of one line pass, and nothing else; end a reader that hangs."""

    def too_long(*_):
        raise AssertionError("the reader hangs")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(LONGEST_S)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except InputError as error:
        assert "\n" not in str(error) and len(str(error)) < 1500
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def structure(path):
    frames = read_structure(path)
    assert np.all(np.isfinite(frames.positions))
    assert np.linalg.det(frames.boxes[0]) > 1


def framework(path):
    found = recognise_framework(read_crystal(path))
    assert np.linalg.det(found.crystal.cell) > 1 and len(found.ligands) == 2 * len(found.zinc)


def trajectory(path):
    frames = read_frames(path.parent, ("Zn", "N"))
    assert len(frames) == len(frames.positions) == len(frames.boxes)


def thermo(path):
    assert np.all(np.isfinite(read_thermo(path.parent)["time_ps"]))
    read_segment(path.parent, "production")


def checkpoint(path):
    store = CheckpointFolder(path.parent)
    store.last_whole()
    store.begin_piece({"seed": 1})


XYZ = b"""6
Lattice="9 0 0 0 9 0 0 0 9" Properties=species:S:1:pos:R:3:charge:R:1 pbc="T T T" note='a b'
Zn 1 2 3 0.5
N 4 5 6 0.5
C 5 5 6 0.5
N 5.5 6 6 0.5
C 5 7 6 0.5
C 4 6.4 6 0.5
"""


def make_files(folder):
    """Write good files of every kind, each in a folder of its own with what belongs to it."""
    forcefield = ROOT / "config/forcefields/nb-zif-ff.yaml"
    system = build_system(ROOT / "config/structures/ZIF-4.cif", load_forcefield(forcefield), (1, 1, 1))
    write_data_file(system, folder / "data/system.data")
    write_topology(system, folder / "pdb/system.pdb")
    for name, content in {
        "xyz/glass.xyz": XYZ,
        "cif/zni.cif": (ROOT / "config/structures/ZIF-zni.cif").read_bytes(),
        "forcefield/nb-zif-ff.yaml": forcefield.read_bytes(),
        "variant/nb-zif-ff-D0-0.025eV.yaml": forcefield.with_stem("nb-zif-ff-D0-0.025eV").read_bytes(),
        "config/config.yaml": (ROOT / "config/config.yaml").read_bytes(),
        "measured/measured.csv": b"# Q, S\n0.5,0.1\n1.0,1.2\n1.5,0.9\n",
        "columns/measured.dat": b"# Q S\n0.5 0.1\n1.0 1.2\n",
        "paper/values.yaml": (ROOT / "config/paper_values.yaml").read_bytes(),
    }.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    rng = np.random.default_rng(1)
    run = write_fake_run(folder / "run", 10 * rng.random((6, 20, 3)), 10 * np.eye(3), ["Zn", "N"] * 10, 0.5)
    (folder / "guarded").mkdir()
    for path in run.iterdir():
        (folder / "guarded" / path.name).write_bytes(path.read_bytes())
    record = json.loads((run / "provenance.json").read_text())
    (folder / "guarded/provenance.json").write_text(json.dumps({**record, "sha256": checksums_of(run)}))
    store = CheckpointFolder(folder / "checkpoint")
    store.path.mkdir()
    store.begin_piece({"seed": 1})
    for part in ("xtc", "csv", "restart"):
        store.running(0, part).write_bytes(b"content")
    store.publish(0, {"low": [0, 0, 0], "high": [1, 1, 1], "tilted": False})
    (folder / "arrays").mkdir()
    rows = {name: np.arange(4) for name in ("labels", "origins", "runs", "times_ps", "temperatures_K")}
    names = {name: np.array(list("abcd")) for name in ("classes", "origin_names", "run_names", "names")}
    np.savez(
        folder / "arrays/database.npz", features=np.ones((4, 4)), configurations=np.arange(4), **rows, **names
    )


READERS = {
    "xyz": ("xyz/glass.xyz", structure),
    "pdb": ("pdb/system.pdb", structure),
    "cif": ("cif/zni.cif", structure),
    "framework": ("cif/zni.cif", framework),
    "force field": ("forcefield/nb-zif-ff.yaml", load_forcefield),
    "variant of a force field": ("variant/nb-zif-ff-D0-0.025eV.yaml", load_forcefield),
    "configuration": ("config/config.yaml", load_configuration),
    "LAMMPS data": ("data/system.data", read_data_file),
    "measured curve": ("measured/measured.csv", read_measured),
    "measured columns": ("columns/measured.dat", read_measured),
    "paper's values": ("paper/values.yaml", read_paper_values),
    # Only with its checksum: the C library that decodes a frame does not survive every damage.
    "trajectory": ("guarded/trajectory.xtc", trajectory),
    "topology of a run": ("run/topology.pdb", trajectory),
    "provenance": ("guarded/provenance.json", trajectory),
    "provenance of thermo": ("run/provenance.json", thermo),
    "thermo": ("run/thermo.csv", thermo),
    "manifest of a checkpoint": ("checkpoint/chunk-000000.json", checkpoint),
    "identity of a checkpoint": ("checkpoint/identity.json", checkpoint),
    "database": ("arrays/database.npz", Database.load),
    "bonds": ("arrays/database.npz", load_bonds),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    make_files(folder)
    return folder


@pytest.mark.parametrize("kind", READERS)
def test_good_files_are_read(files, kind):
    name, read = READERS[kind]
    if kind not in ("bonds",):
        read(files / name)


@pytest.mark.slow
@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_damaged_files_are_read_or_refused_in_one_sentence(files, kind, data):
    name, read = READERS[kind]
    path = files / name
    others = {other: other.read_bytes() for other in path.parent.iterdir()}
    try:
        path.write_bytes(data.draw(changes(others[path])))
        with one_sentence():
            read(path)
    finally:
        for left in set(path.parent.iterdir()) - set(others):
            left.unlink()
        for other, content in others.items():
            other.write_bytes(content)
