"""Speed of the search for Zn-N bonds: cell lists against the distances of all pairs."""

import time
from pathlib import Path

import numpy as np

from zifmelt.environments.neighbours import find_neighbours
from zifmelt.files import read_yaml, write_json
from zifmelt.structures.crystal import lattice_translations, read_crystal

ROOT = Path(__file__).resolve().parents[1]
REPEATS = (4, 4, 4)
ROUNDS = 3


def main() -> dict[str, float]:
    """Time both on 1024 Zn of ZIF-4 and write ``results/bench/bond_search.json``.

    Returns
    -------
    dict
        Frames per second of processor time, their ratio, and the number of pairs, which must agree.
    """
    cutoff = read_yaml(ROOT / "config/config.yaml")["mechanism"]["bond_break_A"]
    crystal = read_crystal(ROOT / "config/structures/ZIF-4.cif")
    box = crystal.cell * np.array(REPEATS)[:, None]
    cells = lattice_translations(REPEATS)
    zinc, nitrogen = (
        ((crystal.fractional[crystal.elements == symbol][None] + cells[:, None]).reshape(-1, 3))
        @ crystal.cell
        for symbol in ("Zn", "N")
    )
    seconds, pairs = {}, {}
    for name, search in (("cell_lists", _by_cells), ("all_pairs", _by_all_pairs)):
        times = []
        for _ in range(ROUNDS):
            start = time.process_time()
            pairs[name] = search(zinc, nitrogen, box, cutoff)
            times.append(time.process_time() - start)
        seconds[name] = min(times)
    result = {
        "cell_lists_frames_per_s": 1 / seconds["cell_lists"],
        "all_pairs_frames_per_s": 1 / seconds["all_pairs"],
        "ratio": seconds["all_pairs"] / seconds["cell_lists"],
        "cell_lists_pairs": pairs["cell_lists"],
        "all_pairs_pairs": pairs["all_pairs"],
    }
    write_json(ROOT / "results/bench/bond_search.json", result)
    return result


def _by_cells(zinc: np.ndarray, nitrogen: np.ndarray, box: np.ndarray, cutoff: float) -> int:
    return len(find_neighbours(zinc, nitrogen, box, cutoff).distances)


def _by_all_pairs(zinc: np.ndarray, nitrogen: np.ndarray, box: np.ndarray, cutoff: float) -> int:
    lengths = np.diag(box)
    found = 0
    for position in zinc:
        vectors = nitrogen - position
        vectors -= lengths * np.round(vectors / lengths)
        found += int((np.einsum("ij,ij->i", vectors, vectors) < cutoff**2).sum())
    return found
