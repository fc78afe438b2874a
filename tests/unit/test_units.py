"""The constants and conversions are those of scipy."""

import pytest
from scipy import constants

from zifmelt import units

JOULE_PER_KCAL_PER_MOL = constants.kilo * constants.calorie / constants.N_A
JOULE_PER_AMU_A2_PER_FS2 = constants.atomic_mass * (constants.angstrom / constants.femto) ** 2
EV_PER_A3 = constants.e / constants.angstrom**3


@pytest.mark.parametrize(
    ("ours", "value"),
    [
        (units.BOLTZMANN_EV_PER_K, constants.k / constants.e),
        (units.EV_PER_KCAL_PER_MOL, JOULE_PER_KCAL_PER_MOL / constants.e),
        (units.KJ_PER_MOL_PER_EV, constants.e * constants.N_A / constants.kilo),
        (units.GAS_CONSTANT, constants.R / constants.kilo),
        (units.EV_PER_A3_IN_BAR, EV_PER_A3 / constants.bar),
        (units.EV_PER_A3_IN_GPA, EV_PER_A3 / constants.giga),
        (units.BAR_PER_ATM, constants.atm / constants.bar),
        (
            units.G_PER_CM3_PER_AMU_PER_A3,
            constants.atomic_mass / constants.gram / (constants.angstrom / constants.centi) ** 3,
        ),
        (units.EV_PER_AMU_A2_PER_FS2, JOULE_PER_AMU_A2_PER_FS2 / constants.e),
        (units.A_PER_NM, constants.nano / constants.angstrom),
    ],
)
def test_a_constant_is_that_of_scipy(ours, value):
    # The atomic mass unit changes in the ninth digit from one CODATA adjustment to the next.
    assert ours == pytest.approx(value, rel=1e-8)
