"""The mesh of the long-ranged Coulomb sum must reach every atom between two neighbour lists."""

from dataclasses import replace

import numpy as np
import pytest

from checkout import ROOT
from lammps_energies import Lammps
from zifmelt.dynamics.tuning import CUTOFFS_A, SKINS_A
from zifmelt.forcefield import lammps as commands
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.structures.system import build_system
from zifmelt.structures.writers import write_data_file

FORCEFIELD = load_forcefield(ROOT / "config/forcefields/nb-zif-ff-D0-0.025eV-repartitioned-masses.yaml")


@pytest.fixture(scope="module")
def data_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("cell") / "system.data"
    write_data_file(build_system(ROOT / "config/structures/ZIF-4.cif", FORCEFIELD, (1, 1, 1)), path)
    return path


BREATHING = "x wiggle -0.6 80 y wiggle -0.6 80 z wiggle -0.7 80"
"""The box shrinks by 4 %, stays so, and grows again. LAMMPS lays the mesh for the box of the start, and looks
for a new neighbour list the sooner, the more the box is changing: atoms get furthest where it has shrunk and
is at rest."""

FASTEST = 0.2
"""Speed, angstrom/fs: in 1 fs the fastest hydrogens at 1000 K get as far as here in an outer time step."""


def to_size(final):
    """Lengths that become `final` times as long."""
    return f"x scale {final} y scale {final} z scale {final}"


def with_lengths(coulomb_cutoff, skin):
    how = {**FORCEFIELD.numerics["efficient"], "coulomb_cutoff": coulomb_cutoff, "skin": skin}
    return replace(FORCEFIELD, numerics={"efficient": how})


def drift(data_file, scale, box, forcefield=FORCEFIELD, speed=0.12):
    """Let a resting crystal pass through its box, 7 angstrom or more at `speed` in angstrom/fs.

    Between two neighbour lists all atoms then reach half the skin and one r-RESPA step of 1 fs more, ten
    times what heat makes of it, while the physics knows nothing of it. `scale` stretches the box beforehand;
    `box` is what becomes of its lengths during the run.
    """
    lammps = Lammps(forcefield, data_file, numerics="efficient")
    lammps.do(
        f"change_box all x scale {scale} y scale {scale} z scale {scale} remap",
        f"velocity all set {speed} 0.0 0.0",
        "fix integrate all nve",
        f"run_style {commands.slow_force_levels(2)}",
        "timestep 1.0",
        f"fix resize all deform 1 {box} remap x",
        "run 60",
    )
    lammps.close()


@pytest.mark.parametrize(
    ("scale", "final"), [(0.98, 1.0), (1.01, 1.0), (1.03, 0.93), (1.05, 0.93), (1.0, 1.07)]
)
def test_no_atom_is_out_of_range_of_the_mesh(data_file, scale, final):
    drift(data_file, scale, to_size(final))


@pytest.mark.parametrize("further", CUTOFFS_A)
@pytest.mark.parametrize(
    ("scale", "box", "speed"),
    [(0.98, to_size(1.0), 0.12), (1.03, to_size(0.93), 0.12)]
    + [(scale, BREATHING, FASTEST) for scale in (0.9, 0.98, 0.99, 1.0, 1.1)],
)
def test_nor_is_one_with_the_thickest_skin_that_tuning_tries(data_file, scale, box, speed, further):
    how = FORCEFIELD.numerics["efficient"]
    lengths = with_lengths(how["coulomb_cutoff"] + further, how["skin"] + max(SKINS_A))
    drift(data_file, scale, box, lengths, speed)


def test_with_a_thicker_skin_atoms_get_out_of_range(data_file):
    """Otherwise the test above would show nothing: with 7 angstrom a spacing is hardly half a skin of 2."""
    with pytest.raises(Exception, match="Out of range atoms"):
        drift(data_file, 0.99, BREATHING, with_lengths(7.0, 2.0), FASTEST)


@pytest.mark.parametrize(("scale", "final"), [(1.01, 1.0), (1.03, 0.93)])
def test_with_an_odd_order_atoms_get_out_of_range(data_file, scale, final, monkeypatch):
    """Otherwise the test above would show nothing."""
    monkeypatch.setattr(commands, "MESH_ORDER", 5)
    with pytest.raises(Exception, match="Out of range atoms"):
        drift(data_file, scale, to_size(final))


def test_forces_are_as_near_to_the_reference_as_the_force_field_file_says(data_file):
    forces = {}
    for numerics in ("reference", "efficient"):
        lammps = Lammps(FORCEFIELD, data_file, numerics)
        lammps.do("displace_atoms all random 0.05 0.05 0.05 12345")
        forces[numerics] = lammps.forces()
        lammps.close()
    error = np.sqrt(((forces["efficient"] - forces["reference"]) ** 2).mean())
    assert error < 1e-4 * np.sqrt((forces["reference"] ** 2).mean())
