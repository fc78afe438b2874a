"""A SLURM of one node, as long as a ``with`` block: own key, own ports, own folder, stopped by process id."""

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue")
CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/completed.txt
MinJobAge=300
KillWait=5
ReturnToService=2
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory}
PartitionName=test Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def install() -> None:
    """Install Debian's SLURM and munge unless their programs are there."""
    if all(shutil.which(program) for program in PROGRAMS):
        return
    command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", "slurm-wlm", "munge"]
    if shutil.which("apt-get") is None:
        raise SystemExit(
            "SLURM is not installed, and there is no apt-get to install slurm-wlm and munge with."
        )
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for step in (["apt-get", "update", "--quiet"], command):
        done = subprocess.run(step, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"SLURM could not be installed: `{' '.join(step)}` failed:\n{done.stderr}")


@contextmanager
def local_slurm() -> Iterator[Path]:
    """
    Run SLURM on this machine; clients find it through ``SLURM_CONF`` of this process.

    Yields
    ------
    The file in which SLURM notes every job that ended.

    """
    if os.geteuid() != 0:
        raise SystemExit("Only root can start the SLURM of this test.")
    running = {process.info["name"] for process in psutil.process_iter(["name"])} & {"slurmctld", "slurmd"}
    if running:
        raise SystemExit(f"{' and '.join(sorted(running))} already run on this machine; stop them first.")
    install()
    folder = Path(tempfile.mkdtemp(prefix="slurm-test-"))
    daemons: list[subprocess.Popen] = []
    before = dict(os.environ)
    os.environ["SLURM_CONF"] = str(folder / "slurm.conf")
    os.environ["PATH"] = f"{folder / 'bin'}:{before['PATH']}"
    try:
        configure(folder)
        for command in commands(folder):
            with open(folder / f"{Path(command[0]).name}.out", "w") as output:
                daemons.append(
                    subprocess.Popen(
                        command,
                        stdin=subprocess.DEVNULL,
                        stdout=output,
                        stderr=output,
                        start_new_session=True,
                    )
                )
            wait_for(lambda: (folder / "munge.socket").exists(), "munged", folder)
        wait_for(lambda: ask("sinfo", "--noheader", "--format=%T").startswith("idle"), "SLURM", folder)
        yield folder / "completed.txt"
    finally:
        stop(daemons)
        end_orphans(folder / "slurm.conf")
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(folder)


def configure(folder: Path) -> None:
    """Write the configuration and a key of our own."""
    folder.chmod(0o755)  # munge wants its socket within everybody's reach
    (folder / "state").mkdir()
    (folder / "spool").mkdir()
    # Snakemake's SLURM plugin drops SLURM_CONF from the environment in which a job calls srun.
    wrapper = folder / "bin" / "srun"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\nSLURM_CONF={folder}/slurm.conf exec {shutil.which("srun")} "$@"\n')
    wrapper.chmod(0o755)
    key = folder / "munge.key"
    key.touch(mode=0o600)
    key.write_bytes(secrets.token_bytes(1024))
    controller_port, node_port = free_ports(2)
    (folder / "slurm.conf").write_text(
        CONFIGURATION.format(
            host=socket.gethostname().split(".")[0],
            folder=folder,
            controller_port=controller_port,
            node_port=node_port,
            cpus=max(2, os.cpu_count() or 1),
            memory=psutil.virtual_memory().total // 2**20,
        )
    )


def free_ports(count: int) -> list[int]:
    """Return TCP ports that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in sockets]
    for server in sockets:
        server.close()
    return ports


def commands(folder: Path) -> list[list[str]]:
    """Return the daemons' command lines in the order of their start; all stay in the foreground."""
    munge = [
        "munged",
        "--foreground",
        "--force",
        f"--socket={folder}/munge.socket",
        f"--key-file={folder}/munge.key",
    ]
    munge += [
        f"--pid-file={folder}/munged.pid",
        f"--seed-file={folder}/munged.seed",
        f"--log-file={folder}/munged.log",
    ]
    configuration = str(folder / "slurm.conf")
    return [munge, ["slurmctld", "-D", "-f", configuration], ["slurmd", "-D", "-f", configuration]]


def ask(*command: str) -> str:
    """Return what a SLURM client prints, nothing when it fails."""
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout


def wait_for(is_ready, name: str, folder: Path, seconds: float = 30) -> None:
    """Wait until ``is_ready()``; past ``seconds``, end with the daemons' logs."""
    end = time.monotonic() + seconds
    while not is_ready():
        if time.monotonic() > end:
            logs = [
                f"{path.name}: {path.read_text()[-2000:]}" for path in sorted(folder.glob("*.[lo][ou][gt]"))
            ]
            raise SystemExit(f"{name} did not come up within {seconds:.0f} s.\n" + "\n".join(logs))
        time.sleep(0.2)


def cancel_jobs(seconds: float = 20) -> None:
    """Cancel everything in SLURM and wait until it is gone."""
    ask("scancel", "--user=root")
    end = time.monotonic() + seconds
    while ask("squeue", "--noheader").strip() and time.monotonic() < end:
        time.sleep(0.5)


def stop(daemons: list[subprocess.Popen]) -> None:
    """Cancel what still runs in SLURM, then end the daemons, last started first."""
    if len(daemons) == 3:
        cancel_jobs()
    for daemon in reversed(daemons):
        daemon.terminate()
        try:
            daemon.wait(timeout=20)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()


def end_orphans(configuration: Path) -> None:
    """End processes of cancelled jobs that lost their parent: without cgroups SLURM loses sight of them."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.pid != os.getpid() and process.environ().get("SLURM_CONF") == str(configuration):
                process.kill()
