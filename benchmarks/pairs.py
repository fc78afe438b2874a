"""Neighbours, radial distribution functions and clusters against freud and mdtraj, one thread each."""

from collections.abc import Callable
from typing import Any

import mdtraj
import numpy as np

from zifmelt.environments.neighbours import find_neighbours
from zifmelt.mechanism.clusters import find_clusters
from zifmelt.properties.rdf import radial_distribution
from zifmelt.trajectory import Frames
from zifmelt.units import A_PER_NM

from .boxes import disturbed_box, topology_of
from .timing import agreeing, comparison, competitor, take_turns

SIZES = {128: (2, 2, 2), 432: (3, 3, 3), 1024: (4, 4, 4)}
BOND_BREAK_A, CLUSTER_A = 3.2, 6.6
R_MAX_A, BIN_A = 12.0, 0.2
"""Range of g(r), below half the shortest box for the others' sake; with finer bins freud is far slower."""
SHARE = 0.3
"""Share of the Zn that the clusters are made of."""
ROUNDS, CALLS = 5, 3

Contest = tuple[Callable[[], Any], Callable[[], Any], str, str]


def main() -> list[dict[str, Any]]:
    """Compare per frame, from positions to the result."""
    rows = []
    for size, repeats in SIZES.items():
        box = disturbed_box("ZIF-4", repeats)
        for what, build in CONTESTS.items():
            ours, theirs, said, version = build(box)
            contestants = {"ours": _several(ours), "theirs": _several(theirs)}
            seconds = take_turns(contestants, ROUNDS)
            work = (CALLS, CALLS)
            rows.append(comparison(what, size, seconds["ours"], seconds["theirs"], version, said, work))
    return rows


def _several(work: Callable[[], Any]) -> Callable[[], None]:
    def repeated() -> None:
        for _ in range(CALLS):
            work()

    return repeated


def _freud() -> tuple[Any, str]:
    freud, version = competitor("freud", "freud-analysis")
    freud.parallel.set_num_threads(1)
    return freud, version


def _neighbours(box: dict[str, np.ndarray]) -> Contest:
    freud, version = _freud()
    cell = freud.box.Box.from_matrix(box["box"].T)

    def ours() -> np.ndarray:
        return np.sort(find_neighbours(box["Zn"], box["N"], box["box"], BOND_BREAK_A).distances)

    def theirs() -> np.ndarray:
        query = freud.locality.AABBQuery(cell, box["N"]).query(box["Zn"], {"r_max": BOND_BREAK_A})
        return np.sort(query.toNeighborList().distances)

    return ours, theirs, agreeing("distances (A)", np.abs(ours() - theirs()).max(), 1e-4), version


def _clusters(box: dict[str, np.ndarray]) -> Contest:
    freud, version = _freud()
    cell = freud.box.Box.from_matrix(box["box"].T)
    member = np.random.default_rng(2).random(len(box["Zn"])) < SHARE

    def ours() -> np.ndarray:
        return find_clusters(box["Zn"], box["box"], member, CLUSTER_A).sizes

    def theirs() -> np.ndarray:
        points = box["Zn"][member]
        found = freud.cluster.Cluster().compute((cell, points), neighbors={"r_max": CLUSTER_A})
        return np.array([len(keys) for keys in found.cluster_keys])

    if not np.array_equal(np.sort(ours()), np.sort(theirs())):
        raise RuntimeError("clusters: other sizes than freud's: not the same work.")
    return ours, theirs, "sizes of all clusters equal", version


def _rdf_freud(box: dict[str, np.ndarray]) -> Contest:
    freud, version = _freud()
    cell = freud.box.Box.from_matrix(box["box"].T)
    bins = round(R_MAX_A / BIN_A)

    def theirs() -> np.ndarray:
        return freud.density.RDF(bins, R_MAX_A).compute((cell, box["N"]), box["Zn"]).n_r

    ours = _our_rdf(box)
    # Its g(r) is stored in single precision, its running integral ends at the upper edge of a bin.
    found, expected = ours()["coordination"].to_numpy(), theirs()
    middle = (expected + np.append(0, expected[:-1])) / 2
    return (
        ours,
        theirs,
        agreeing("numbers of neighbours", np.abs(found - middle).max() / found.max(), 1e-2),
        version,
    )


def _rdf_mdtraj(box: dict[str, np.ndarray]) -> Contest:
    frames = _frames(box)
    zinc = frames.topology.select("element Zn")
    pairs = frames.topology.select_pairs(zinc, frames.topology.select("element N"))
    trajectory = mdtraj.Trajectory(frames.positions / A_PER_NM, frames.topology)
    trajectory.unitcell_vectors = (frames.boxes / A_PER_NM).astype(np.float32)
    reach = (0.0, R_MAX_A / A_PER_NM)

    def theirs() -> np.ndarray:
        return mdtraj.compute_rdf(trajectory, pairs, r_range=reach, bin_width=BIN_A / A_PER_NM)[1]

    ours = _our_rdf(box)
    found, expected = ours()["g"].to_numpy(), theirs()
    difference = np.sqrt(np.mean((found - expected) ** 2) / np.mean(found**2))
    return ours, theirs, agreeing("g(r), relative rms", difference, 1e-2), f"mdtraj {mdtraj.__version__}"


def _our_rdf(box: dict[str, np.ndarray]) -> Callable[[], Any]:
    frames = _frames(box)
    return lambda: radial_distribution(frames, ("Zn", "N"), R_MAX_A, BIN_A)


def _frames(box: dict[str, np.ndarray]) -> Frames:
    positions = np.concatenate([box["Zn"], box["N"]])[None]
    return Frames(positions, box["box"][None], np.zeros(1), topology_of(box))


CONTESTS: dict[str, Callable[[dict[str, np.ndarray]], Contest]] = {
    "Zn-N neighbours to 3.2 A, per frame": _neighbours,
    "clusters, per frame": _clusters,
    "Zn-N g(r) to 12 A, per frame": _rdf_freud,
    "Zn-N g(r) to 12 A, per frame (mdtraj)": _rdf_mdtraj,
}
