"""Speed of the symmetry functions: the library against plain loops over the same neighbours."""

import time
from itertools import combinations
from pathlib import Path

import numpy as np

from zifmelt.environments.neighbours import find_neighbours
from zifmelt.environments.symmetry_functions import SymmetryFunctions, compute_symmetry_functions
from zifmelt.files import read_yaml, write_json
from zifmelt.structures.crystal import read_crystal

ROOT = Path(__file__).resolve().parents[1]
LIBRARY_FRAMES = 20


def main() -> dict[str, float]:
    """Time both on disturbed unit cells of ZIF-zni and write ``results/bench/symmetry_functions.json``.

    Returns
    -------
    dict
        Environments per second of processor time, their ratio, and the largest relative difference.
    """
    settings = read_yaml(ROOT / "config/config.yaml")["environments"]["symmetry_functions"]
    functions = SymmetryFunctions.from_config(settings)
    crystal = read_crystal(ROOT / "config/structures/ZIF-zni.cif")
    zinc = crystal.fractional[crystal.elements == "Zn"] @ crystal.cell
    rng = np.random.default_rng(1)
    frames = zinc + rng.normal(scale=0.2, size=(LIBRARY_FRAMES, *zinc.shape))
    boxes = np.repeat(crystal.cell[None], LIBRARY_FRAMES, axis=0)
    start = time.process_time()
    fast = compute_symmetry_functions(frames, boxes, functions)
    library = LIBRARY_FRAMES * len(zinc) / (time.process_time() - start)
    start = time.process_time()
    slow = _by_loops(frames[0], crystal.cell, functions)
    loops = len(zinc) / (time.process_time() - start)
    result = {
        "library_environments_per_s": library,
        "loops_environments_per_s": loops,
        "ratio": library / loops,
        "largest_relative_difference": float(np.abs(fast[0] / slow - 1).max()),
    }
    write_json(ROOT / "results/bench/symmetry_functions.json", result)
    return result


def _by_loops(positions: np.ndarray, box: np.ndarray, functions: SymmetryFunctions) -> np.ndarray:
    near = find_neighbours(positions, positions, box, functions.cutoff)
    values = np.zeros((len(positions), len(functions.names)))
    for centre in range(len(positions)):
        vectors = near.vectors[near.centres == centre]
        lengths = np.linalg.norm(vectors, axis=1)
        fades = 0.5 * (np.cos(np.pi * lengths / functions.cutoff) + 1)
        for column, radial in enumerate(functions.radial):
            for length, fade in zip(lengths, fades, strict=True):
                values[centre, column] += np.exp(-radial.eta * (length - radial.r_s) ** 2) * fade
        for j, k in combinations(range(len(vectors)), 2):
            apart = np.linalg.norm(vectors[j] - vectors[k])
            if apart >= functions.cutoff:
                continue
            weight = fades[j] * fades[k] * 0.5 * (np.cos(np.pi * apart / functions.cutoff) + 1)
            cosine = vectors[j] @ vectors[k] / (lengths[j] * lengths[k])
            squares = lengths[j] ** 2 + lengths[k] ** 2 + apart**2
            for column, angular in enumerate(functions.angular, start=len(functions.radial)):
                term = (1 - angular.lam * cosine) ** angular.zeta * np.exp(-angular.eta * squares)
                values[centre, column] += 2 ** (1 - angular.zeta) * term * weight
    return values
