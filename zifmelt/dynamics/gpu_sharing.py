"""Whether simulations share a GPU in turns, because NVIDIA's Multi-Process Service (MPS) does not run."""

import os
import socket
import stat
import subprocess
from collections import Counter
from pathlib import Path

NOTE = (
    "several processes share the GPU without MPS, so they compute in turns; `nvidia-cuda-mps-control -d`, "
    "started before them, lets them compute at the same time (docs/cluster.md)"
)
"""What a log says of it."""


def shared_in_turns() -> bool:
    """Tell whether another process computes on this process's NVIDIA GPU and MPS does not run.

    ``nvidia-smi`` names the processes; where it does not know this one, as in a container that numbers its
    processes itself, any GPU with several processes counts. Without ``nvidia-smi`` the answer is no.
    """
    command = ["nvidia-smi", "--query-compute-apps=gpu_uuid,pid", "--format=csv,noheader"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return False
    rows = [line.split(", ") for line in listed.splitlines() if ", " in line]
    processes = Counter(gpu for gpu, _ in rows)
    mine = {gpu for gpu, pid in rows if pid == str(os.getpid())} or set(processes)
    return any(processes[gpu] > 1 for gpu in mine) and not mps_runs()


def mps_runs() -> bool:
    """Tell whether the control daemon of MPS answers where CUDA looks for it."""
    control = Path(os.environ.get("CUDA_MPS_PIPE_DIRECTORY", "/tmp/nvidia-mps")) / "control"
    try:
        if not stat.S_ISSOCK(control.stat().st_mode):
            return True
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.connect(str(control))
    except (FileNotFoundError, ConnectionRefusedError):  # a daemon that was killed leaves its socket behind
        return False
    except OSError:  # of another kind of socket, or another user's: there is a daemon
        return True
    return True
