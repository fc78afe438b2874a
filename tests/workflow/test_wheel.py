"""The package as others get it: a wheel, installed where there is no checkout, with its data."""

import os
import subprocess
import sys
import sysconfig

import pytest

from checkout import ROOT

pytestmark = pytest.mark.slow

ANALYSIS = """
from pathlib import Path
import zifmelt
from zifmelt.configuration import load_configuration
from zifmelt.figures.plot import save_plot
from zifmelt.figures.rings_distribution import plot_rings, tabulate_rings
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.mechanism.net import crystal_net
from zifmelt.mechanism.rings import ring_counts
from zifmelt.shipped import shipped
from zifmelt.structures.crystal import read_crystal
from zifmelt.structures.ligands import recognise_framework
import pandas as pd
import pytest

assert "site-packages" in zifmelt.__file__, zifmelt.__file__
assert load_forcefield(shipped("config/forcefields/nb-zif-ff.yaml")).name == "nb-zif-ff"
assert load_configuration(shipped("config/config.yaml")).annealing.peak_K == 900
net, _ = crystal_net(recognise_framework(read_crystal(shipped("config/structures/ZIF-4.cif"))))
counts = ring_counts(net, 8)
# cag: 4, 16 and 32 rings of 4, 6 and 8 Zn in the cell of 16 Zn, as another program counts.
assert counts.tolist() == [0, 4, 0, 16, 0, 32]
table = pd.DataFrame([{"time_ps": 1.0, "zinc": 16} | {f"rings_of_{n}": c for n, c in enumerate(counts, 3)}])
save_plot(plot_rings(tabulate_rings({"ZIF-4": [table]}, 0.0)), Path("rings"))
# The networks of the published study come with the package.
with pytest.warns(UserWarning, match="a structure at rest"):
    found = zifmelt.classify_trajectory(shipped("config/structures/ZIF-zni.cif"))
assert found.classification.fractions()["ZIF-zni"].tolist() == [1.0]
"""


def run(*command, cwd):
    # A search path that the user has set would find the checkout.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ended = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def test_a_wheel_in_an_empty_folder_analyses_and_draws(tmp_path):
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", "dist", str(ROOT), cwd=tmp_path)
    (wheel,) = (tmp_path / "dist").glob("zifmelt-*-py3-none-any.whl")
    run(sys.executable, "-m", "venv", "--without-pip", "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    run(*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel), cwd=tmp_path)
    # The packages that zifmelt needs come from here, but not the checkout that is installed here as well.
    own = run(
        str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path
    ).strip()
    with open(f"{own}/dependencies.pth", "w") as stream:
        stream.write(sysconfig.get_path("purelib") + "\n")
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    run(str(python), "-c", ANALYSIS, cwd=empty)
    assert {path.name for path in empty.iterdir()} == {"rings.svg", "rings.pdf", "rings.png", "rings.csv"}
