"""Reading every file that a configuration names, so that a mistake in one shows before anything runs."""

from .campaign import PARTICLES_PER_ZN, Campaign
from .errors import InputError
from .forcefield.files import check_variants
from .forcefield.parameters import load_forcefield
from .properties.scattering import read_measured

MOST_PARTICLES = 2**31 - 1
"""LAMMPS numbers particles with 32 bits."""


def check_input_files(campaign: Campaign) -> None:
    """Read the force fields, the crystals and the measured curves of a campaign.

    Raises
    ------
    InputError
        A file is missing or wrong, or a supercell has more particles than LAMMPS can number.
    """
    config, forcefields = campaign.config, campaign.root / "config/forcefields"
    load_forcefield(forcefields / f"{config.forcefield}.yaml")
    scan = config.forcefield_scan
    check_variants(forcefields / f"{scan.base}.yaml", scan.variants)
    for curve in config.scattering.measured:
        read_measured(campaign.root / curve.file)
    for name, framework in config.frameworks.items():
        for key, supercell in framework.supercells:
            particles = PARTICLES_PER_ZN * campaign.n_zn(name, supercell)
            if particles > MOST_PARTICLES:
                raise InputError(
                    f"configuration: frameworks.{name}.supercells.{key} is {supercell}, {particles:.1e}"
                    f" particles; LAMMPS can number {MOST_PARTICLES:.1e}."
                )
