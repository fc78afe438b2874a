"""Symmetry functions against DScribe's ACSF, one thread each."""

from typing import Any

import numpy as np

from zifmelt.environments.symmetry_functions import SymmetryFunctions, compute_symmetry_functions
from zifmelt.files import read_yaml

from .boxes import ROOT, disturbed_box
from .timing import agreeing, comparison, competitor, take_turns

SIZES = {32: (1, 1, 1), 64: (1, 1, 2), 256: (2, 2, 2), 1024: (2, 2, 8)}
LEAST_ENVIRONMENTS = 512
ROUNDS = 5


def main() -> list[dict[str, Any]]:
    """Compare the twelve functions of the configuration; work is counted in environments."""
    acsf, version = competitor("dscribe.descriptors")
    ase, _ = competitor("ase")
    settings = read_yaml(ROOT / "config/config.yaml")["environments"]["symmetry_functions"]
    functions = SymmetryFunctions.from_config(settings)
    theirs = acsf.ACSF(
        species=["Zn"],
        r_cut=functions.cutoff,
        g2_params=[[radial.eta, radial.r_s] for radial in functions.radial],
        g4_params=[[angular.eta, angular.zeta, -angular.lam] for angular in functions.angular],
        periodic=True,
    )
    rows = []
    for size, repeats in SIZES.items():
        count = max(1, LEAST_ENVIRONMENTS // size)
        boxes = [disturbed_box("ZIF-zni", repeats, seed) for seed in range(count)]
        positions, cells = np.stack([box["Zn"] for box in boxes]), np.stack([box["box"] for box in boxes])
        systems = [ase.Atoms("Zn" * size, box["Zn"], cell=box["box"], pbc=True) for box in boxes]
        # DScribe's first column is the plain sum of cutoff functions.
        expected = theirs.create(systems[0])[:, 1:]
        found = compute_symmetry_functions(positions[:1], cells[:1], functions)[0]
        said = agreeing("values", float(np.abs(found / expected - 1).max()), 1e-6)
        seconds = take_turns(
            {
                "ours": lambda x=positions, c=cells: compute_symmetry_functions(x, c, functions),
                "theirs": lambda s=systems: theirs.create(s),
            },
            ROUNDS,
        )
        work = (count * size, count * size)
        what = "symmetry functions, per environment"
        rows.append(comparison(what, size, seconds["ours"], seconds["theirs"], version, said, work))
    return rows
