"""Settings of the whole test run, and what many tests start from."""

import os

# Matrices here are small: a second BLAS thread gains nothing, and on a busy machine costs a factor of 50.
# Snakemake gives every job as many as it has threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest  # noqa: E402
from hypothesis import settings  # noqa: E402

from checkout import ROOT  # noqa: E402
from zifmelt.files import read_yaml  # noqa: E402

# The same examples in every run, however busy the machine.
settings.register_profile("zifmelt", deadline=None, derandomize=True, database=None)
settings.register_profile("fuzz", deadline=None, max_examples=100_000, database=None)
settings.load_profile("zifmelt")


@pytest.fixture
def paper():
    """Configuration of the paper's protocol as plain values, for a test to change."""
    return read_yaml(ROOT / "config/config.yaml")


@pytest.fixture(scope="session")
def cell(tmp_path_factory):
    """Give a folder with ``system.data`` and ``topology.pdb`` of one unit cell of ZIF-4, 16 Zn."""
    from dynamics_runs import build_cell

    return build_cell(tmp_path_factory.mktemp("cell"))
