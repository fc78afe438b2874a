import subprocess
import sys

import pytest

from zifmelt.dynamics.checkpoint import KEPT_STATES, PARTS, CheckpointFolder
from zifmelt.errors import InputError


def publish(store, number):
    store.path.mkdir(exist_ok=True)
    for part in PARTS:
        store.running(number, part).write_text(f"{part} of chunk {number}\n")
    store.publish(number, {"low": [0, 0, 0]})


@pytest.fixture
def store(tmp_path):
    store = CheckpointFolder.of(tmp_path / "r1")
    for number in range(4):
        publish(store, number)
    return store


def test_folder_is_a_sibling(tmp_path):
    assert CheckpointFolder.of(tmp_path / "r1").path == tmp_path / "r1.checkpoint"


def test_last_chunk_is_found_and_old_restarts_go(store):
    assert store.last_whole() == 3
    kept = [n for n in range(4) if store.part(n, "restart").exists()]
    assert kept == [2, 3] and len(kept) == KEPT_STATES
    assert store.manifest(3)["state"] == {"low": [0, 0, 0]}


def test_nothing_yet(tmp_path):
    store = CheckpointFolder.of(tmp_path / "r1")
    store.path.mkdir()
    assert store.last_whole() is None


@pytest.mark.parametrize("part", [*PARTS, "json"])
def test_damaged_last_chunk_falls_back_to_the_one_before(store, part):
    path = store.part(3, part)
    path.write_bytes(path.read_bytes()[:-3])
    assert store.last_whole() == 2
    assert not store.part(3, "json").exists() and not store.part(3, "xtc").exists()
    assert store.last_whole() == 2


def test_a_manifest_without_a_state_is_damaged(store):
    path = store.part(3, "json")
    path.write_text(path.read_text().replace('"state"', '"stote"'))
    assert store.last_whole() == 2


def test_unfinished_chunk_does_not_count_and_is_cleared_away(store):
    store.running(4, "xtc").write_text("half a fra")
    store.part(4, "xtc").write_text("whole, but without a manifest")
    assert store.last_whole() == 3
    assert not store.running(4, "xtc").exists() and not store.part(4, "xtc").exists()


@pytest.mark.parametrize("victims", [[(2, "restart"), (3, "restart")], [(0, "xtc")], [(1, "csv")]])
def test_no_way_to_go_on_is_one_sentence(store, victims):
    for number, part in victims:
        store.part(number, part).write_text("damaged")
    with pytest.raises(InputError, match="every checkpoint in this folder is damaged; delete the folder"):
        store.last_whole()


def test_join_keeps_order_and_appends(store, tmp_path):
    target = tmp_path / "thermo.csv"
    target.write_text("header\n")
    store.join("csv", 4, target)
    assert target.read_text() == "header\n" + "".join(f"csv of chunk {n}\n" for n in range(4))


def test_another_run_is_refused_and_pieces_are_counted(store):
    identity = {"protocol": [{"to_K": 300}], "seed": 1, "force_field": "abc"}
    store.begin_piece(identity)
    store.begin_piece(identity)
    assert len(store.pieces()) == 2
    with pytest.raises(InputError, match="made with another force field; delete this folder"):
        store.begin_piece({**identity, "force_field": "abd"})
    with pytest.raises(InputError, match="made with another protocol"):
        store.begin_piece({**identity, "protocol": [{"to_K": 301}]})
    assert len(store.pieces()) == 2


def test_without_a_chunk_another_run_may_begin(tmp_path):
    store = CheckpointFolder.of(tmp_path / "r1")
    store.path.mkdir()
    store.begin_piece({"seed": 1})
    store.begin_piece({"seed": 2})
    assert len(store.pieces()) == 1


def test_two_processes_cannot_work_on_one_run(store):
    code = (
        "import sys; from pathlib import Path; from zifmelt.dynamics.checkpoint import CheckpointFolder\n"
        f"with CheckpointFolder(Path({str(store.path)!r})).locked():\n"
        "    print('locked', flush=True); sys.stdin.read()"
    )
    search = [path for path in sys.path if path]
    other = subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {search!r}\n{code}"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert other.stdout.readline() == b"locked\n"
        with pytest.raises(InputError, match="another process is at work"), store.locked():
            pass
    finally:
        other.kill()
        other.wait()
    with store.locked():  # a killed process leaves no lock behind
        pass
