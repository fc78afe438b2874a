"""Small copies of run folders read as run folders do."""

import numpy as np
import pytest

from fake_runs import write_fake_run
from zifmelt.archive import PRECISION_A, archive_run
from zifmelt.errors import InputError
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
