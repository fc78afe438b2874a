"""Total scattering of one run."""

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from ..files import read_table
from ..trajectory import read_topology
from .production import production_thermo
from .scattering import scattering_functions


def analyse_scattering(
    folder: str | Path, rdf: str | Path, q_max: float, q_step: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compute S(Q) and D(r) from the radial distribution functions of a run that stored all atoms.

    Parameters
    ----------
    folder
        Run folder, for its composition and density.
    rdf
        The run's ``rdf.csv``.
    q_max, q_step
        Largest Q and the step of Q, 1/angstrom.

    Returns
    -------
    tuple of pandas.DataFrame
        As `scattering_functions`.

    Raises
    ------
    InputError
        A file cannot be read or a pair of elements is missing.
    """
    topology = read_topology(Path(folder) / "topology.pdb")
    counts = Counter(atom.element.symbol for atom in topology.atoms)
    concentrations = {symbol: count / topology.n_atoms for symbol, count in counts.items()}
    density = topology.n_atoms / production_thermo(folder)["volume_A3"].mean()
    q = q_step * np.arange(1, int(round(q_max / q_step)) + 1)
    return scattering_functions(read_table(rdf, ("pair", "r_A", "g")), concentrations, density, q)
