"""Physical constants and conversions; every other module takes them from here.

Working units: angstrom, picosecond, kelvin, electronvolt, bar, gram per mole. Source: CODATA 2022. The
constants are written out because hundreds of short jobs would load scipy for them alone; a test compares.
"""

_BOLTZMANN_J_PER_K = 1.380649e-23
_ELEMENTARY_CHARGE_C = 1.602176634e-19
_PER_MOL = 6.02214076e23
"""Exact, by the definition of the SI."""

_ATOMIC_MASS_KG = 1.66053906892e-27

BOLTZMANN_EV_PER_K = _BOLTZMANN_J_PER_K / _ELEMENTARY_CHARGE_C
"""Boltzmann constant, eV/K."""

EV_PER_KCAL_PER_MOL = 4184.0 / _PER_MOL / _ELEMENTARY_CHARGE_C
"""One kcal/mol (thermochemical) in eV per particle."""

KJ_PER_MOL_PER_EV = _ELEMENTARY_CHARGE_C * _PER_MOL / 1e3
"""One eV per particle in kJ/mol."""

GAS_CONSTANT = BOLTZMANN_EV_PER_K * KJ_PER_MOL_PER_EV
"""Gas constant, kJ/mol/K."""

EV_PER_A3_IN_BAR = _ELEMENTARY_CHARGE_C * 1e30 / 1e5
"""One eV/angstrom^3 in bar."""

EV_PER_A3_IN_GPA = _ELEMENTARY_CHARGE_C * 1e30 / 1e9
"""One eV/angstrom^3 in GPa."""

BAR_PER_ATM = 1.01325
"""One standard atmosphere in bar."""

G_PER_CM3_PER_AMU_PER_A3 = _ATOMIC_MASS_KG * 1e3 * 1e24
"""One atomic mass unit per angstrom^3 in g/cm^3."""

EV_PER_AMU_A2_PER_FS2 = _ATOMIC_MASS_KG * 1e10 / _ELEMENTARY_CHARGE_C
"""One g/mol (angstrom/fs)^2 per particle in eV."""

A_PER_NM = 10.0
"""Angstrom per nanometre (mdtraj works in nanometres)."""

ZN_IM2_MOLAR_MASS = 65.38 + 2 * (3 * 12.011 + 3 * 1.008 + 2 * 14.007)
"""Molar mass of Zn(imidazolate)2, g/mol, with standard atomic weights."""
