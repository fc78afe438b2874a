"""An accounting database for the SLURM of the tests: slurmdbd on a MariaDB of its own, both in its folder."""

import secrets
import subprocess
from pathlib import Path

PACKAGES = {"slurmdbd": "slurmdbd", "mariadbd": "mariadb-server", "mariadb-install-db": "mariadb-server"}
CONFIGURATION = """\
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
DbdHost=localhost
DbdAddr=127.0.0.1
DbdPort={port}
SlurmUser=root
LogFile={folder}/slurmdbd.log
PidFile={folder}/slurmdbd.pid
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort={database_port}
StorageUser=slurm
StoragePass={password}
StorageLoc=slurm
"""
IN_SLURM_CONF = """\
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort={port}
AccountingStoragePass={folder}/munge.socket
AccountingStoreFlags=job_comment
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=2
"""


def configure(folder: Path, port: int, database_port: int) -> None:
    """Write the configuration of slurmdbd and an empty database that lets it in."""
    password = secrets.token_hex(16)
    path = folder / "slurmdbd.conf"
    path.touch(mode=0o600)
    path.write_text(
        CONFIGURATION.format(folder=folder, port=port, database_port=database_port, password=password)
    )
    (folder / "first.sql").write_text(
        "CREATE DATABASE IF NOT EXISTS slurm;\n"
        f"CREATE USER IF NOT EXISTS 'slurm'@'127.0.0.1' IDENTIFIED BY '{password}';\n"
        "GRANT ALL ON slurm.* TO 'slurm'@'127.0.0.1';\n"
    )
    subprocess.run(
        [
            "mariadb-install-db",
            "--no-defaults",
            f"--datadir={folder}/database",
            "--user=root",
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ],
        check=True,
        capture_output=True,
    )


def commands(folder: Path, database_port: int) -> dict[str, list[str]]:
    """Return the command lines of database and slurmdbd by name."""
    database = [
        "mariadbd",
        "--no-defaults",
        "--user=root",
        f"--datadir={folder}/database",
        f"--socket={folder}/mariadb.socket",
        f"--pid-file={folder}/mariadb.pid",
        "--bind-address=127.0.0.1",
        f"--port={database_port}",
        "--skip-name-resolve",
        f"--init-file={folder}/first.sql",
    ]
    return {"mariadbd": database, "slurmdbd": ["slurmdbd", "-D"]}
