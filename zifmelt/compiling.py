"""Compiling inner loops: plain Python in the modules named ``*_loops``, which numba turns into machine code.

Those modules are imported where their functions are called: to import numba takes half a second, which many
jobs need not spend. The machine code is kept beside the module, or in the user's cache folder where that
cannot be written to. It is renewed when the module changes, but not when another one changes from which it
takes a function or a number: a module of loops takes none from others.
"""

from collections.abc import Callable
from typing import Any

import numba

FUSED = {"contract"}
"""A product and a sum may be rounded once instead of twice."""

ANY_ORDER = {"contract", "reassoc"}
"""Besides, terms may be summed in any order, several sums going side by side: for sums over long arrays."""


def compiled(function: Callable[..., Any], order: set[str] = FUSED) -> Callable[..., Any]:
    """Compile a function at its first call, or load it as it was compiled before.

    Division by zero gives infinity, as in numpy, instead of costing a test.
    """
    options: dict[str, Any] = {"error_model": "numpy", "fastmath": order}
    try:
        return numba.njit(function, cache=True, **options)
    except RuntimeError:  # there is no folder to keep it in
        return numba.njit(function, **options)
