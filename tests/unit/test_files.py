"""Reading files: what is missing, foreign, cut short or ambiguous is named in one sentence."""

import errno

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zifmelt.environments.classify import Classification
from zifmelt.environments.database import Database
from zifmelt.environments.predictions import load_predictions
from zifmelt.errors import InputError
from zifmelt.files import (
    read_arrays,
    read_json,
    read_table,
    read_yaml,
    write_table,
    write_text,
    written_whole,
)
from zifmelt.mechanism.bonds import load_bonds
from zifmelt.scripting import logged

READERS = {
    "classified trajectory": Classification.load,
    "database": Database.load,
    "bonds": load_bonds,
    "predictions": load_predictions,
}


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.npz"
    np.savez(path, a=np.arange(1000.0), b=np.array(["x", "y"]))
    return path


def test_arrays_come_back(good):
    arrays = read_arrays(good, ("b", "a"), "a test")
    np.testing.assert_array_equal(arrays["a"], np.arange(1000.0))
    assert arrays["b"].tolist() == ["x", "y"]


@pytest.mark.parametrize("kind", READERS)
def test_foreign_arrays_are_refused(good, kind):
    with pytest.raises(InputError, match=rf"good\.npz: not .*{kind}.* has no array"):
        READERS[kind](good)


@pytest.mark.parametrize("kind", READERS)
@pytest.mark.parametrize("damage", ["cut", "empty", "text", "npy", "flipped"])
def test_damaged_files_are_refused(good, kind, damage):
    whole = good.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    broken = {"cut": whole[:2000], "empty": b"", "text": b"time_ps,value\n0,1\n", "flipped": bytes(flipped)}
    if damage == "npy":
        with good.open("wb") as stream:
            np.save(stream, np.ones(3))
    else:
        good.write_bytes(broken[damage])
    with pytest.raises(InputError, match=rf"good\.npz: not .*{kind}") as caught:
        READERS[kind](good)
    assert str(caught.value).count(".") <= 3


def test_flipped_bits_in_the_array_wanted_are_noticed(good):
    flipped = bytearray(good.read_bytes())
    flipped[len(flipped) // 2] ^= 0xFF
    good.write_bytes(flipped)
    with pytest.raises(InputError, match="not a test, or damaged"):
        read_arrays(good, ("a",), "a test")


def test_missing_file_is_named(tmp_path):
    for reader in READERS.values():
        with pytest.raises(InputError, match="there is no such file"):
            reader(tmp_path / "none.npz")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a: 1\nb: {c: 1, c: 2}\n", "the key 'c' is there twice.* line 2"),
        (b"a: 1\na: 2\n", "the key 'a' is there twice"),
        (b"name: caf\xe9\n", r"not text in UTF-8 \(byte 10\)"),
        (b"a: [1\n", "not valid YAML"),
    ],
)
def test_ambiguous_or_unreadable_yaml_is_refused(content, sentence, tmp_path):
    path = tmp_path / "some.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=rf"some\.yaml: .*{sentence}") as caught:
        read_yaml(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[1]", "not a JSON object"),
        (b"{}", "the key 'frames' is missing"),
        (b'{"frames": ', "not valid JSON"),
        (b"\xff", "not text in UTF-8"),
    ],
)
def test_json_without_what_is_needed_is_refused(content, sentence, tmp_path):
    path = tmp_path / "some.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=rf"some\.json: {sentence}"):
        read_json(path, ("frames",))


def test_a_full_disk_names_the_output_and_leaves_the_old_one(tmp_path, capsys):
    path = tmp_path / "table.csv"
    write_text(path, "old")
    with pytest.raises(SystemExit) as ended, logged(tmp_path / "log"), written_whole(path):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert ended.value.code == 1
    assert f"Error: {path}: No space left on device.\n" in capsys.readouterr().err
    assert path.read_text() == "old" and sorted(tmp_path.iterdir()) == [tmp_path / "log", path]


def test_a_log_that_cannot_be_written_is_one_sentence(tmp_path, capsys):
    (tmp_path / "logs").write_text("a file where a folder is needed")
    with pytest.raises(SystemExit) as ended, logged(tmp_path / "logs" / "rule.log"):
        pass
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith(f"Error: {tmp_path / 'logs'}")


@pytest.mark.parametrize(("digits", "third"), [(None, "0.3333333333333333"), (4, "0.3333")])
def test_a_table_has_as_many_digits_as_asked_for(tmp_path, digits, third):
    table = pd.DataFrame({"whole": [123456789], "third": [1 / 3], "large": [2e20], "none": [np.nan]})
    write_table(tmp_path / "table.csv", table, digits)
    assert (tmp_path / "table.csv").read_text().splitlines()[1] == f"123456789,{third},2e+20,"


@pytest.mark.parametrize("read", [read_json, read_yaml, read_table])
@given(content=st.binary(max_size=60) | st.text("a1,.:[]{}-'\"!&*\n\t ", max_size=40).map(str.encode))
@example(content=b"a: *x")
@example(content=b"[" * 3000)
@example(content=b"? {}\n: 1")
@example(content=b"2024-13-45")
@example(content=b"!!int x")
@example(content=b'"a","b\n1')
def test_any_bytes_are_read_or_refused_in_one_sentence(tmp_path_factory, read, content):
    path = tmp_path_factory.getbasetemp() / "any"
    path.write_bytes(content)
    try:
        read(path)
    except InputError as error:
        assert str(path) in str(error) and "\n" not in str(error)
