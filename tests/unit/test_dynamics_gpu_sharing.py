import os
import socket

import pytest

from zifmelt.dynamics.gpu_sharing import mps_runs, shared_in_turns


@pytest.fixture
def nvidia_smi(tmp_path, monkeypatch):
    """Put a program in the place of ``nvidia-smi`` that lists processes, and MPS's folder below tmp_path."""
    monkeypatch.setenv("CUDA_MPS_PIPE_DIRECTORY", str(tmp_path))
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    def listing(*rows):
        program = tmp_path / "nvidia-smi"
        lines = "\n".join(f"{gpu}, {pid}" for gpu, pid in rows)
        program.write_text(f"#!/bin/sh\ncat <<'END'\n{lines}\nEND\n")
        program.chmod(0o755)

    return listing


def test_only_processes_on_the_own_gpu_count(nvidia_smi):
    mine = os.getpid()
    nvidia_smi(("GPU-a", mine), ("GPU-b", 1), ("GPU-b", 2))
    assert not shared_in_turns()
    nvidia_smi(("GPU-a", mine), ("GPU-a", 1))
    assert shared_in_turns()


def test_processes_that_a_container_numbers_otherwise(nvidia_smi):
    nvidia_smi(("GPU-a", 1), ("GPU-a", 2))
    assert shared_in_turns()
    nvidia_smi(("GPU-a", 1), ("GPU-b", 2))
    assert not shared_in_turns()
    nvidia_smi()
    assert not shared_in_turns()


def test_no_nvidia_smi(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not shared_in_turns()


def test_with_mps_nothing_is_amiss_until_its_daemon_ends(nvidia_smi, tmp_path):
    nvidia_smi(("GPU-a", 1), ("GPU-a", 2))
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as daemon:
        daemon.bind(str(tmp_path / "control"))
        daemon.listen()
        assert mps_runs() and not shared_in_turns()
    assert (tmp_path / "control").exists()
    assert not mps_runs() and shared_in_turns()
