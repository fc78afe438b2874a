"""What LAMMPS says when it stops must keep its meaning."""

import pytest

from zifmelt.dynamics.lammps_engine import UNSTABLE

UNSTABLE_RUNS = [
    "Lost atoms: original 400 current 399",
    "Out of range atoms - cannot compute PPPM",
    "Non-numeric pressure - simulation unstable",
    "Non-numeric atom coords - simulation unstable",
    "Bond atoms 12 13 missing on proc 0 at step 871",
    "Dihedral atoms 1 2 3 4 missing on proc 1 at step 40",
    "Bond atom missing in image check",
]
OTHER_TROUBLE = [
    "Cannot open file /data/missing/system.data: No such file or directory",
    "Cannot open restart file /data/NaN/Lost atoms: /chunk.restart",
    "Illegal fix npt command: missing argument(s)",
    "Not all per-type masses are set. Type 3 is missing",
    "All pair coeffs are not set. Status: missing",
    "Unexpected end of data file",
]


@pytest.mark.parametrize("message", UNSTABLE_RUNS)
def test_an_unstable_run_is_called_so(message):
    assert UNSTABLE.match(message)


@pytest.mark.parametrize("message", OTHER_TROUBLE)
def test_nothing_else_is_called_unstable(message):
    assert not UNSTABLE.match(message)
