"""Total scattering of X-rays and neutrons from partial radial distribution functions.

Definitions follow Keen, J. Appl. Cryst. 34, 172 (2001), with Faber-Ziman partial structure factors A_ab(Q)
and number density rho, concentrations c and scattering lengths b (for X-rays the form factors f(Q) of neutral
atoms):

- A_ab(Q) - 1 = 4 pi rho int_0^R r^2 (g_ab(r) - 1) sin(Qr)/(Qr) w(r) dr,  w(r) = sin(pi r/R)/(pi r/R) (Lorch),
  which damps the ripples from cutting at R at the price of broadening each peak in Q by about 5.4/R;
- S(Q) = 1 + sum_ab c_a c_b b_a b_b (A_ab(Q) - 1) / (sum_a c_a b_a)^2, which tends to 1 at large Q;
- D(r) = 2/pi int_0^Qmax Q (S(Q) - 1) sin(Qr) w(Q) dQ, as from measured data; in 1/angstrom^2. Its S(Q) is
  made without w(r): on the way back that window would multiply D(r), the ripples only undo the cut at R.

S(Q) - 1 times (sum c b)^2 is Keen's F(Q); D(r) times (sum c b)^2 is his D(r) for neutrons in absolute units.
Lengths and form factors: gemmi, from International Tables for Crystallography vol. C (1992).
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import gemmi
import numpy as np
import pandas as pd

from ..errors import InputError

RADIATIONS = ("neutron", "xray")

PEAK_WIDTH = 5.4
"""Full width at half maximum of the transform of Lorch's window, times the window's end."""


@cache
def neutron_length(symbol: str) -> float:
    """Return the bound coherent neutron scattering length of an element of natural composition, fm."""
    return gemmi.Element(symbol).neutron92.calculate_sf(0.0)


def scattering_lengths(symbol: str, q: np.ndarray, radiation: str) -> np.ndarray:
    """Give what an atom scatters with.

    Parameters
    ----------
    symbol
        Chemical symbol.
    q
        Shape (k,), 1/angstrom.
    radiation
        ``neutron`` or ``xray``.

    Returns
    -------
    numpy.ndarray
        Shape (k,); neutron lengths in fm, the same at every Q; X-ray form factors in electrons.

    Raises
    ------
    InputError
        The radiation is another one.
    """
    q = np.asarray(q, dtype=float)
    if radiation == "neutron":
        return np.full(q.shape, neutron_length(symbol))
    if radiation == "xray":
        form_factor = gemmi.Element(symbol).it92
        return np.array([form_factor.calculate_sf((value / (4 * np.pi)) ** 2) for value in q])
    raise InputError(f"Radiation {radiation!r} is unknown; it must be one of {', '.join(RADIATIONS)}.")


def lorch_window(x: np.ndarray, end: float) -> np.ndarray:
    """Return sin(pi x/end)/(pi x/end), from 1 at 0 to 0 at `end` (Lorch, J. Phys. C 2, 229 (1969))."""
    return np.sinc(np.asarray(x) / end)


def partial_structure_factor(
    r: np.ndarray, g: np.ndarray, density: float, q: np.ndarray, window: bool = True
) -> np.ndarray:
    """Transform g_ab(r) into the Faber-Ziman A_ab(Q).

    Parameters
    ----------
    r
        Shape (bins,), centres of equal bins that start at 0, angstrom; their end is R.
    g
        Shape (bins,).
    density
        Atoms of all elements per angstrom^3.
    q
        Shape (k,), positive, 1/angstrom.
    window
        Whether to fade g - 1 to zero at R by Lorch's window; else it is cut there.

    Returns
    -------
    numpy.ndarray
        Shape (k,), no unit.
    """
    width = r[1] - r[0]
    weighted = r**2 * (g - 1.0)
    if window:
        weighted = weighted * lorch_window(r, r[-1] + width / 2)
    # np.sinc(x) is sin(pi x)/(pi x). The midpoint rule fits quantities that are averages over bins.
    return 1.0 + 4.0 * np.pi * density * width * np.sinc(np.outer(q, r) / np.pi) @ weighted


def total_structure_factor(
    partials: Mapping[tuple[str, str], np.ndarray],
    concentrations: Mapping[str, float],
    q: np.ndarray,
    radiation: str,
) -> np.ndarray:
    """Weight the partial structure factors to S(Q).

    Parameters
    ----------
    partials
        A_ab(Q), shape (k,) each, every pair of elements once, in either order.
    concentrations
        Fraction of the atoms that is of each element.
    q
        Shape (k,), 1/angstrom.
    radiation
        ``neutron`` or ``xray``.

    Returns
    -------
    numpy.ndarray
        Shape (k,), no unit.

    Raises
    ------
    InputError
        A pair of elements is missing.
    """
    amplitude = {
        symbol: share * scattering_lengths(symbol, q, radiation) for symbol, share in concentrations.items()
    }
    excess = np.zeros(len(q))
    for first in concentrations:
        for second in concentrations:
            partial = partials.get((first, second), partials.get((second, first)))
            if partial is None:
                raise InputError(f"The partial structure factor {first}-{second} is missing.")
            excess += amplitude[first] * amplitude[second] * (partial - 1.0)
    return 1.0 + excess / sum(amplitude.values()) ** 2


def differential_correlation(q: np.ndarray, s: np.ndarray, r: np.ndarray) -> np.ndarray:
    """Transform S(Q) into D(r) with a Lorch window that ends at the largest Q.

    Parameters
    ----------
    q, s
        Shape (k,) each; 1/angstrom and no unit. Below the first Q, Q (S - 1) is taken as linear from 0.
    r
        Shape (m,), angstrom.

    Returns
    -------
    numpy.ndarray
        Shape (m,), 1/angstrom^2; 4 pi r rho (g(r) - 1) for a single element.
    """
    q, s = np.append(0.0, q), np.append(1.0, s)
    integrand = q * (s - 1.0) * lorch_window(q, q[-1]) * np.sin(np.outer(r, q))
    return 2.0 / np.pi * np.trapezoid(integrand, q, axis=1)


def scattering_functions(
    rdf: pd.DataFrame, concentrations: Mapping[str, float], density: float, q: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compute S(Q) and D(r) of both radiations from all partial radial distribution functions.

    Parameters
    ----------
    rdf
        Columns ``pair``, ``r_A``, ``g`` as `zifmelt.properties.rdf.radial_distribution` makes them.
    concentrations
        Fraction of the atoms that is of each element.
    density
        Atoms per angstrom^3.
    q
        Shape (k,), 1/angstrom, ascending.

    Returns
    -------
    tuple of pandas.DataFrame
        Columns ``radiation, q_per_A, s`` and columns ``radiation, r_A, d_per_A2``. D(r) ends where the cut of
        g(r) begins to show, the width of a peak, 5.4 over the largest Q, before it.

    Raises
    ------
    InputError
        A pair of elements is missing.
    """
    faded, cut = (
        {
            tuple(pair.split("-")): partial_structure_factor(
                curve["r_A"].to_numpy(), curve["g"].to_numpy(), density, q, window
            )
            for pair, curve in rdf.groupby("pair")
        }
        for window in (True, False)
    )
    r = np.sort(rdf["r_A"].unique())
    r = r[r < r[-1] - PEAK_WIDTH / q[-1]]
    factors, correlations = [], []
    for radiation in RADIATIONS:
        s = total_structure_factor(faded, concentrations, q, radiation)
        factors.append(pd.DataFrame({"radiation": radiation, "q_per_A": q, "s": s}))
        d = differential_correlation(q, total_structure_factor(cut, concentrations, q, radiation), r)
        correlations.append(pd.DataFrame({"radiation": radiation, "r_A": r, "d_per_A2": d}))
    return pd.concat(factors, ignore_index=True), pd.concat(correlations, ignore_index=True)


def read_measured(path: str | Path) -> np.ndarray:
    """Read a measured curve: two columns of numbers (Q and S, or r and D), lines with ``#`` are comments.

    Returns
    -------
    numpy.ndarray
        Shape (points, 2).

    Raises
    ------
    InputError
        The file is missing or does not hold two columns of numbers.
    """
    try:
        curve = np.loadtxt(path, delimiter="," if str(path).endswith(".csv") else None, ndmin=2)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file.") from None
    except ValueError as error:
        raise InputError(f"{path}: not two columns of numbers ({error}).") from None
    if curve.shape[1] < 2:
        raise InputError(f"{path}: there must be two columns of numbers, it has {curve.shape[1]}.")
    return curve[:, :2]
