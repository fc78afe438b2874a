"""Primitive rings of up to eight Zn against matscipy and networkx, one thread each."""

from collections.abc import Callable
from typing import Any

import numpy as np

from zifmelt.environments.neighbours import find_neighbours
from zifmelt.mechanism.net import Net
from zifmelt.mechanism.periodic import cells_crossed
from zifmelt.mechanism.rings import SMALLEST, ring_counts

from .boxes import disturbed_box
from .timing import MissingCompetitor, comparison, competitor, take_turns

SIZES = {432: (3, 3, 3), 1024: (4, 4, 4), 2000: (5, 5, 5)}
"""Boxes of ZIF-4 in which no ring of this size closes through the boundary; the others count such rings."""
LARGEST = 8
BRIDGED_A = 6.7
"""Zn closer than this are bridged by a ligand."""
ROUNDS = 5

Counter = Callable[[], np.ndarray]


def main() -> list[dict[str, Any]]:
    """Compare from positions of Zn to the number of rings of every size."""
    rows, missing = [], []
    for package, build in (("matscipy", _matscipy), ("networkx", _networkx)):
        for size, repeats in SIZES.items():
            box = disturbed_box("ZIF-4", repeats)
            try:
                theirs, version = build(box)
            except MissingCompetitor as error:
                missing.append(error)
                break
            rows.append(_compare(size, box, theirs, version, 2 if package == "networkx" else ROUNDS))
            if package == "networkx" and size >= 1024:
                break
    if not rows:
        raise missing[0]
    for error in missing:
        print(f"rings: {error}", flush=True)
    return rows


def _compare(
    size: int, box: dict[str, np.ndarray], theirs: Counter, version: str, rounds: int
) -> dict[str, Any]:
    def ours() -> np.ndarray:
        return ring_counts(_net(box), LARGEST)

    if not np.array_equal(ours(), theirs()):
        raise RuntimeError(f"rings: {version} finds {theirs()}, we find {ours()}: not the same work.")
    seconds = take_turns({"ours": ours, "theirs": theirs}, rounds)
    said = "numbers of rings of every size equal"
    return comparison("rings to 8, per frame", size, seconds["ours"], seconds["theirs"], version, said)


def _net(box: dict[str, np.ndarray]) -> Net:
    near = find_neighbours(box["Zn"], box["Zn"], box["box"], BRIDGED_A)
    once = near.centres < near.atoms
    tail, head = near.centres[once], near.atoms[once]
    shift = cells_crossed(near.vectors[once], box["Zn"][head] - box["Zn"][tail], box["box"])
    return Net(len(box["Zn"]), tail, head, shift, np.arange(len(tail)))


def _matscipy(box: dict[str, np.ndarray]) -> tuple[Counter, str]:
    rings, version = competitor("matscipy.rings")
    ase, _ = competitor("ase")
    atoms = ase.Atoms(f"Zn{len(box['Zn'])}", box["Zn"], cell=box["box"], pbc=True)

    def count() -> np.ndarray:
        # It finds rings that are shorter than its maxlength.
        found = rings.ring_statistics(atoms, BRIDGED_A, maxlength=LARGEST + 1)
        return np.pad(found, (0, LARGEST + 1))[SMALLEST : LARGEST + 1]

    return count, version


def _networkx(box: dict[str, np.ndarray]) -> tuple[Counter, str]:
    networkx, version = competitor("networkx")
    near = find_neighbours(box["Zn"], box["Zn"], box["box"], BRIDGED_A)
    edges = list(zip(near.centres.tolist(), near.atoms.tolist(), strict=True))

    def count() -> np.ndarray:
        graph = networkx.Graph(edges)
        half = LARGEST // 2
        apart = {v: networkx.single_source_shortest_path_length(graph, v, cutoff=half) for v in graph}
        counts = np.zeros(LARGEST + 1, dtype=int)
        for cycle in networkx.chordless_cycles(graph, LARGEST):
            size = len(cycle)
            counts[size] += all(
                apart[a].get(b, half + 1) >= size // 2
                for i, a in enumerate(cycle)
                for b in (cycle[(i + size // 2) % size],)
            )
        return counts[SMALLEST:]

    return count, f"{version} (chordless cycles, then shortest paths)"
