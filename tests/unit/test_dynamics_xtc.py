import mdtraj
import numpy as np
import pytest

from zifmelt.dynamics import xtc
from zifmelt.errors import InputError


def write(path, atoms, frames=5):
    rng = np.random.default_rng(atoms)
    positions = rng.normal(size=(frames, atoms, 3)).astype(np.float32)
    boxes = np.array([np.eye(3, dtype=np.float32) * (2 + i) for i in range(frames)])
    with mdtraj.formats.XTCTrajectoryFile(str(path), "w") as stream:
        stream.write(positions, time=np.arange(frames) * 0.5, step=np.arange(frames) * 10, box=boxes)


@pytest.mark.parametrize("atoms", [3, 9, 10, 57])
def test_relabelled_frames_read_back_by_another_library(tmp_path, atoms):
    source, target = tmp_path / "a.xtc", tmp_path / "b.xtc"
    write(source, atoms)
    steps = xtc.relabel(source, target, lambda step: (step + 1000, step / 4) if step > 0 else None)
    assert steps == [1010, 1020, 1030, 1040]
    with mdtraj.formats.XTCTrajectoryFile(str(source)) as one:
        before, _, _, boxes_before = one.read()
    with mdtraj.formats.XTCTrajectoryFile(str(target)) as two:
        after, times, read_steps, boxes = two.read()
    assert list(read_steps) == steps
    assert list(times) == [2.5, 5.0, 7.5, 10.0]
    assert np.array_equal(after, before[1:])
    assert np.array_equal(boxes, boxes_before[1:])


@pytest.mark.parametrize("atoms", [3, 10, 57])
def test_written_frames_keep_a_thousandth_of_an_angstrom(tmp_path, atoms):
    path, rng = tmp_path / "a.xtc", np.random.default_rng(atoms)
    positions = rng.normal(0, 200, (2, atoms, 3))
    cell = np.array([[30.0, 0, 0], [2, 25, 0], [-3, 4, 28]])
    xtc.write(path, positions, [cell, 1.1 * cell], [5, 15])
    with mdtraj.formats.XTCTrajectoryFile(str(path)) as stream:
        found, _, steps, boxes = stream.read()
    assert list(steps) == [5, 15]
    # Half a digit, and the rounding of single precision beyond 100 A.
    assert 10 * found == pytest.approx(positions, abs=0.0007)
    assert 10 * boxes == pytest.approx(np.array([cell, 1.1 * cell]), abs=1e-5)
    assert not list(tmp_path.glob("*.magnified"))


def test_pieces_put_one_after_another_are_one_trajectory(tmp_path):
    write(tmp_path / "a.xtc", 20)
    write(tmp_path / "b.xtc", 20)
    joined = tmp_path / "c.xtc"
    joined.write_bytes((tmp_path / "a.xtc").read_bytes() + (tmp_path / "b.xtc").read_bytes())
    with mdtraj.formats.XTCTrajectoryFile(str(joined)) as stream:
        assert len(stream) == 10
    assert len(list(xtc.frames(joined))) == 10


@pytest.mark.parametrize("cut", [1, 30, 60, 200])
def test_truncated_files_are_refused(tmp_path, cut):
    path = tmp_path / "a.xtc"
    write(path, 57)
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(InputError, match="ends within a frame"):
        list(xtc.frames(path))


def test_another_format_is_refused(tmp_path):
    path = tmp_path / "a.xtc"
    path.write_bytes(b"LAMMPS data file, not a trajectory" * 10)
    with pytest.raises(InputError, match="not an XTC trajectory"):
        list(xtc.frames(path))
