"""Numbers for reading: as many digits as their errors allow."""

import math

ERROR_DIGITS = 2
PLAIN_DIGITS = 4
LARGEST_PLAIN, SMALLEST_PLAIN = 1e5, 1e-3
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def with_error(value: float, stderr: float) -> str:
    """Write a number with its standard error, the error to two significant digits.

    Parameters
    ----------
    value
        Any number; NaN gives ``not determined``.
    stderr
        Its standard error; NaN or zero leaves it out.
    """
    if not math.isfinite(value):
        return "not determined"
    if not (math.isfinite(stderr) and stderr > 0):
        return plain_number(value)
    power = max(math.floor(math.log10(abs(number))) for number in (value, stderr) if number)
    if SMALLEST_PLAIN <= 10.0**power < LARGEST_PLAIN:
        decimals = max(0, ERROR_DIGITS - 1 - math.floor(math.log10(stderr)))
        return f"{value:.{decimals}f} ± {stderr:.{decimals}f}".replace("-", "−")
    scaled = with_error(value / 10.0**power, stderr / 10.0**power)
    return f"({scaled}) × 10{str(power).translate(RAISED)}"


def plain_number(value: float) -> str:
    """Write a number without error to four significant digits; NaN gives nothing."""
    if not math.isfinite(value):
        return ""
    return f"{value:.{PLAIN_DIGITS}g}".replace("-", "−")
