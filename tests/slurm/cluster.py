"""A SLURM of one node, as long as a ``with`` block: own key, own ports, own folder, stopped by process id."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import accounting
import psutil

PACKAGES = {
    **dict.fromkeys(("slurmctld", "slurmd", "sbatch", "srun", "squeue"), "slurm-wlm"),
    "munged": "munge",
}
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
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/completed.txt
MinJobAge=300
KillWait=5
ReturnToService=2
SlurmdParameters=config_overrides
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory}
PartitionName=test Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""
NO_ACCOUNTING = """\
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
JobRequeue=0
"""
PLACES = 8
"""Jobs that this node takes at once, whatever its number of cores."""


def install(packages: dict[str, str]) -> None:
    """Install those of Debian's packages whose programs are not there."""
    missing = sorted({package for program, package in packages.items() if shutil.which(program) is None})
    if not missing:
        return
    if shutil.which("apt-get") is None:
        raise SystemExit(f"There is no apt-get to install {' and '.join(missing)} with.")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *missing]
    for step in (["apt-get", "update", "--quiet"], command):
        done = subprocess.run(step, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"SLURM could not be installed: `{' '.join(step)}` failed:\n{done.stderr}")


class Slurm:
    """The daemons of a SLURM in a folder.

    Parameters
    ----------
    folder
        Empty folder for all that it keeps.
    with_accounting
        Whether it has a database of its jobs.
    """

    def __init__(self, folder: Path, with_accounting: bool) -> None:
        self.folder = folder
        self.with_accounting = with_accounting
        self.daemons: dict[str, subprocess.Popen] = {}
        self.commands = self._configured()

    @property
    def node(self) -> str:
        """Name of the one node."""
        return socket.gethostname().split(".")[0]

    def jobs(self) -> dict[str, str]:
        """Return the final state of every job that ended, by its number, as SLURM noted them."""
        completed = self.folder / "completed.txt"
        lines = completed.read_text().splitlines() if completed.exists() else []
        words = [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in lines]
        return {entry["JobId"]: entry["JobState"] for entry in words}

    def start(self) -> None:
        """Start everything and wait until the node takes jobs."""
        self.start_daemon("munged")
        wait_for((self.folder / "munge.socket").exists, "munged", self.folder)
        if self.with_accounting:
            self.start_daemon("mariadbd")
            wait_for((self.folder / "mariadb.socket").exists, "MariaDB", self.folder)
            self.start_daemon("slurmdbd")
            wait_for(
                lambda: "test" in ask("sacctmgr", "-i", "add", "cluster", "test"), "slurmdbd", self.folder
            )
        self.start_daemon("slurmctld")
        self.start_daemon("slurmd")
        self.wait_until_idle()

    def wait_until_idle(self) -> None:
        """Wait until the node takes jobs."""
        states = ("idle", "mixed", "allocated")
        wait_for(lambda: ask("sinfo", "--noheader", "--format=%T").startswith(states), "SLURM", self.folder)

    def start_daemon(self, name: str) -> None:
        """Start a daemon; it stays in the foreground."""
        with (self.folder / f"{name}.out").open("a") as output:
            self.daemons[name] = subprocess.Popen(
                self.commands[name],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill_daemon(self, name: str) -> None:
        """End a daemon at once."""
        self.daemons[name].kill()
        self.daemons[name].wait()

    def fail_node(self) -> None:
        """Let the node die with all that runs on it, and come back."""
        self.kill_daemon("slurmd")
        ask("scontrol", "update", f"nodename={self.node}", "state=down", "reason=test")
        end_processes(self.folder / "slurm.conf", "SLURM_JOB_ID")
        self.start_daemon("slurmd")
        self.wait_until_idle()

    def stop(self) -> None:
        """Cancel what still runs, then end the daemons, last started first."""
        if "slurmd" in self.daemons:
            cancel_jobs()
        for daemon in reversed(self.daemons.values()):
            daemon.terminate()
            try:
                daemon.wait(timeout=20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()
        # Without cgroups SLURM loses sight of processes of cancelled jobs that lost their parent.
        end_processes(self.folder / "slurm.conf", "SLURM_CONF")

    def _configured(self) -> dict[str, list[str]]:
        """Write the configuration and a key of our own; return the command lines of the daemons by name."""
        folder = self.folder
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
        controller, node, database_daemon, database = free_ports(4)
        text = CONFIGURATION.format(
            host=self.node,
            folder=folder,
            controller_port=controller,
            node_port=node,
            cpus=max(PLACES, os.cpu_count() or 1),
            memory=psutil.virtual_memory().total // 2**20,
        )
        commands = {"munged": munge_command(folder)}
        if self.with_accounting:
            accounting.configure(folder, database_daemon, database)
            commands |= accounting.commands(folder, database)
            text += accounting.IN_SLURM_CONF.format(folder=folder, port=database_daemon)
        else:
            text += NO_ACCOUNTING
        path = folder / "slurm.conf"
        path.write_text(text)
        return commands | {name: [name, "-D", "-f", str(path)] for name in ("slurmctld", "slurmd")}


@contextmanager
def local_slurm(with_accounting: bool) -> Iterator[Slurm]:
    """Run SLURM on this machine; clients find it through ``SLURM_CONF`` of this process."""
    if os.geteuid() != 0:
        raise SystemExit("Only root can start the SLURM of this test.")
    running = {process.info["name"] for process in psutil.process_iter(["name"])} & {"slurmctld", "slurmd"}
    if running:
        raise SystemExit(f"{' and '.join(sorted(running))} already run on this machine; stop them first.")
    install(PACKAGES | (accounting.PACKAGES if with_accounting else {}))
    folder = Path(tempfile.mkdtemp(prefix="slurm-test-"))
    before = dict(os.environ)
    os.environ["SLURM_CONF"] = str(folder / "slurm.conf")
    os.environ["PATH"] = f"{folder / 'bin'}:{before['PATH']}"
    slurm = None
    try:
        slurm = Slurm(folder, with_accounting)
        slurm.start()
        yield slurm
    finally:
        if slurm is not None:
            slurm.stop()
        os.environ.clear()
        os.environ.update(before)
        shutil.rmtree(folder)


def free_ports(count: int) -> list[int]:
    """Return TCP ports that nobody listens on."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [server.getsockname()[1] for server in sockets]
    for server in sockets:
        server.close()
    return ports


def munge_command(folder: Path) -> list[str]:
    """Return the command line of the daemon that signs what the others say."""
    return [
        "munged",
        "--foreground",
        "--force",
        f"--socket={folder}/munge.socket",
        f"--key-file={folder}/munge.key",
        f"--pid-file={folder}/munged.pid",
        f"--seed-file={folder}/munged.seed",
        f"--log-file={folder}/munged.log",
    ]


def ask(*command: str) -> str:
    """Return what a SLURM client prints, nothing when it fails."""
    return subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL).stdout


def wait_for(is_ready: Callable[[], bool], name: str, folder: Path, seconds: float = 60) -> None:
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


def end_processes(configuration: Path, variable: str) -> None:
    """End the processes of this SLURM that have a variable in their environment, but not this one."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            environment = process.environ()
            ours = environment.get("SLURM_CONF") == str(configuration) and process.pid != os.getpid()
            if ours and variable in environment:
                process.send_signal(signal.SIGKILL)
