"""Physical constants and conversions; every other module takes them from here.

Working units: angstrom, picosecond, kelvin, electronvolt, bar, gram per mole. Source: CODATA 2022,
as scipy has it.
"""

from scipy import constants

BOLTZMANN_EV_PER_K = constants.k / constants.e
"""Boltzmann constant, eV/K."""

EV_PER_KCAL_PER_MOL = constants.kilo * constants.calorie / constants.N_A / constants.e
"""One kcal/mol (thermochemical) in eV per particle."""

KJ_PER_MOL_PER_EV = constants.e * constants.N_A / constants.kilo
"""One eV per particle in kJ/mol."""

GAS_CONSTANT = BOLTZMANN_EV_PER_K * KJ_PER_MOL_PER_EV
"""Gas constant, kJ/mol/K."""

EV_PER_A3_IN_BAR = constants.e / constants.angstrom**3 / constants.bar
"""One eV/angstrom^3 in bar."""

EV_PER_A3_IN_GPA = constants.e / constants.angstrom**3 / constants.giga
"""One eV/angstrom^3 in GPa."""

BAR_PER_ATM = constants.atm / constants.bar
"""One standard atmosphere in bar."""

G_PER_CM3_PER_AMU_PER_A3 = (
    constants.atomic_mass / constants.gram / (constants.angstrom / constants.centi) ** 3
)
"""One atomic mass unit per angstrom^3 in g/cm^3."""

A_PER_NM = 10.0
"""Angstrom per nanometre (mdtraj works in nanometres)."""

ZN_IM2_MOLAR_MASS = 65.38 + 2 * (3 * 12.011 + 3 * 1.008 + 2 * 14.007)
"""Molar mass of Zn(imidazolate)2, g/mol, with standard atomic weights."""
