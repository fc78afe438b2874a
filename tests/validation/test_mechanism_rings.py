"""Primitive rings against known nets, a naive search and another program's counts.

The counts for cag (ZIF-4) and zni were also found with matscipy 1.3.1, ``matscipy.rings.ring_statistics``
(Franzblau's shortest-path rings), on 3x3x3 and 2x2x4 supercells: per unit cell 4, 16 and 32 rings of 4, 6
and 8 Zn in ZIF-4; 8, 48 and 320 rings of 4, 6 and 12 Zn in zni.
"""

from itertools import combinations

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_runs import crystal_atoms
from zifmelt.environments.neighbours import find_neighbours
from zifmelt.errors import InputError
from zifmelt.mechanism.bonds import Atoms
from zifmelt.mechanism.net import Net, zinc_net
from zifmelt.mechanism.periodic import cells_crossed
from zifmelt.mechanism.rings import primitive_rings, ring_counts

STRUCTURES = "config/structures"


def geometric_net(positions, box, cutoff):
    """Join all points within a cutoff; every edge once."""
    pairs = find_neighbours(positions, positions, box, cutoff)
    i, j = pairs.centres, pairs.atoms
    shift = cells_crossed(pairs.vectors, positions[j] - positions[i], box)
    once = [tuple((a, b, *s)) < (b, a, *(-s)) for a, b, s in zip(i, j, shift, strict=True)]
    return Net(len(positions), i[once], j[once], shift[once], np.arange(np.sum(once)))


def repeated(fractional, repeats):
    cells = np.array(list(np.ndindex(*repeats)))
    return (cells[:, None] + fractional[None]).reshape(-1, 3), np.diag(np.array(repeats, dtype=float))


FACES = np.array([[0, 0, 0], [0.5, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0.5]])
DIAMOND = np.concatenate([FACES, FACES + 0.25])
SODALITE = np.array(
    [[0.25, 0.5, 0], [0.75, 0.5, 0], [0.5, 0.25, 0], [0.5, 0.75, 0], [0.25, 0, 0.5], [0.75, 0, 0.5]]
    + [[0, 0.25, 0.5], [0, 0.75, 0.5], [0.5, 0, 0.25], [0.5, 0, 0.75], [0, 0.5, 0.25], [0, 0.5, 0.75]]
)


def rings_per_vertex(rings, size):
    """Number of rings of a size through every vertex."""
    return np.bincount(rings.paths[size].ravel() % rings.net.n_vertices, minlength=rings.net.n_vertices)


@pytest.mark.parametrize("repeats", [(1, 1, 1), (2, 1, 1), (2, 2, 3)])
@pytest.mark.parametrize(
    ("fractional", "cutoff", "per_vertex"),
    [
        # dia: point symbol 6^6, two 6-rings at each of the six angles; sod: vertex symbol 4.4.6.6.6.6.
        (DIAMOND, 0.45, {3: 0, 4: 0, 5: 0, 6: 12, 7: 0, 8: 0}),
        (SODALITE, 0.37, {3: 0, 4: 2, 5: 0, 6: 4, 7: 0, 8: 0}),
        (np.zeros((1, 3)), 1.01, {3: 0, 4: 12, 5: 0}),
    ],
)
def test_known_nets_in_any_box(fractional, cutoff, per_vertex, repeats):
    net = geometric_net(*repeated(fractional, repeats), cutoff)
    rings = primitive_rings(net, max(per_vertex))
    for size, expected in per_vertex.items():
        assert set(rings_per_vertex(rings, size)) == {expected}
        assert rings.number(size) == expected * net.n_vertices / size


@pytest.mark.parametrize("repeats", [(1, 1, 1), (2, 1, 2)])
@pytest.mark.parametrize(
    ("framework", "per_cell"),
    [("ZIF-4", {4: 4, 6: 16, 8: 32}), ("ZIF-zni", {4: 8, 6: 48, 12: 320})],
)
def test_crystals_agree_with_matscipy(framework, per_cell, repeats):
    positions, box, _ = crystal_atoms(f"{STRUCTURES}/{framework}.cif", repeats)
    counts = ring_counts(geometric_net(positions, box, 6.6), 12)
    assert counts.tolist() == [per_cell.get(size, 0) * np.prod(repeats) for size in range(3, 13)]


@pytest.mark.parametrize("framework", ["ZIF-4", "ZIF-zni"])
def test_net_of_bonds_is_the_crystals_net(framework):
    """The net found through Zn-N bonds and ligands, in a single cell and with atoms thrown into other
    cells."""
    positions, box, symbols = crystal_atoms(f"{STRUCTURES}/{framework}.cif", (1, 1, 1), ("Zn", "N"))
    n_zinc = symbols.count("Zn")
    atoms = atoms_of_crystal(positions, box, n_zinc)
    thrown = positions + np.random.default_rng(1).integers(-2, 3, positions.shape) @ box
    close = find_neighbours(positions[:n_zinc], positions[n_zinc:], box, 2.5)
    net = zinc_net(atoms, thrown, box, (close.centres, close.atoms))
    assert len(net.tail) == 2 * n_zinc
    reference = ring_counts(geometric_net(positions[:n_zinc], box, 6.6), 8)
    assert np.array_equal(ring_counts(net, 8), reference)


@pytest.mark.parametrize("seed", range(3))
def test_net_of_a_liquid_agrees_with_a_naive_construction(seed):
    """Zn with any number of N, N on several Zn, ligands with both ends on one Zn, atoms in any cell."""
    generator = np.random.default_rng(seed)
    box = np.array([[11.0, 0, 0], [5.0, 12.0, 0], [-4.0, 5.5, 13.0]])
    zinc, first = generator.random((12, 3)) @ box, generator.random((24, 3)) @ box
    direction = generator.standard_normal(first.shape)
    second = first + 2.2 * direction / np.linalg.norm(direction, axis=1, keepdims=True)
    nitrogen = np.stack([first, second], axis=1).reshape(-1, 3)
    cells = np.array(list(np.ndindex(7, 7, 7))) - 3
    distances = np.linalg.norm(zinc[:, None] + cells @ box - nitrogen[:, None, None], axis=-1)
    bonded = [[(zn, cells[k]) for zn, k in np.argwhere(near < 3.0).tolist()] for near in distances]
    expected = []
    for one, other in zip(bonded[::2], bonded[1::2], strict=True):
        for a, here in one:
            for b, there in other:
                if a != b or np.any(here != there):
                    expected.append((a, b, *(there - here)))
    assert max(len(ends) for ends in bonded) > 1
    positions = np.concatenate([zinc, nitrogen])
    thrown = positions + generator.integers(-2, 3, positions.shape) @ box
    atoms = Atoms(np.arange(12), 12 + np.arange(48), np.arange(48) // 2)
    close = find_neighbours(thrown[:12], thrown[12:], box, 3.0)
    net = zinc_net(atoms, thrown, box, (close.centres, close.atoms))
    # The translations refer to the stored positions of the Zn, which were thrown into other cells.
    moved = np.round((thrown[:12] - zinc) @ np.linalg.inv(box)).astype(int)
    shift = net.shift + moved[net.head] - moved[net.tail]
    found = [(a, b, *s) for a, b, s in zip(net.tail.tolist(), net.head.tolist(), shift, strict=True)]
    assert sorted(found) == sorted(expected)


def atoms_of_crystal(positions, box, n_zinc):
    """Ligands by distance: the two N of an imidazolate are 2.2 angstrom apart."""
    nitrogen = positions[n_zinc:]
    pairs = find_neighbours(nitrogen, nitrogen, box, 2.4)
    ligand = np.full(len(nitrogen), -1)
    for a, b in zip(pairs.centres, pairs.atoms, strict=True):
        if ligand[a] < 0:
            ligand[[a, b]] = ligand.max() + 1
    return Atoms(np.arange(n_zinc), n_zinc + np.arange(len(nitrogen)), ligand)


def naive_counts(net, largest, reach=4):
    """Cycles through each vertex of the middle cell of an explicit cluster of cells, checked pair by pair."""
    graph = networkx.Graph()
    cells = [tuple(cell) for cell in np.ndindex(*(2 * reach + 1,) * 3)]
    for cell in cells:
        for a, b, shift in zip(net.tail, net.head, net.shift, strict=True):
            other = tuple(np.add(cell, shift))
            if min(other) >= 0 and max(other) <= 2 * reach:
                graph.add_edge((a, cell), (b, other))
    middle = (reach,) * 3
    found = np.zeros((largest + 1, net.n_vertices), dtype=int)
    for root in range(net.n_vertices):
        if (root, middle) not in graph:
            continue
        ball = graph.subgraph(networkx.ego_graph(graph, (root, middle), radius=largest))
        distance = dict(networkx.all_pairs_shortest_path_length(ball, cutoff=largest // 2))
        for cycle in cycles_through(ball, (root, middle), largest):
            size = len(cycle)
            if all(
                distance[u].get(v, largest) == min(j - i, size - j + i)
                for (i, u), (j, v) in combinations(enumerate(cycle), 2)
            ):
                found[size, root] += 1
    return found


def cycles_through(graph, root, largest):
    stack = [[root]]
    while stack:
        path = stack.pop()
        for vertex in graph[path[-1]]:
            if vertex == root and len(path) > 2 and path[1] < path[-1]:
                yield path
            elif vertex not in path and len(path) < largest:
                stack.append([*path, vertex])


@pytest.mark.parametrize("seed", range(3))
def test_disordered_nets_agree_with_a_naive_search(seed):
    generator = np.random.default_rng(seed)
    box = np.array([[10.0, 0, 0], [2.0, 9.0, 0], [-1.5, 1.0, 11.0]])
    positions = generator.random((12, 3)) @ box
    net = geometric_net(positions, box, 4.6)
    naive = naive_counts(net, 6)
    rings = primitive_rings(net, 6)
    assert naive[3:].sum() > 10
    for size in range(3, 7):
        assert np.array_equal(rings_per_vertex(rings, size), naive[size])


def test_closed_way_through_the_boundary_is_no_ring():
    # Three vertices in a row along x, joined through the boundary: a chain, not a three-membered ring.
    chain = Net(
        3, np.array([0, 1, 2]), np.array([1, 2, 0]), np.array([[0, 0, 0], [0, 0, 0], [1, 0, 0]]), np.arange(3)
    )
    assert ring_counts(chain, 8).sum() == 0
    triangle = Net(3, chain.tail, chain.head, np.zeros((3, 3), dtype=int), np.arange(3))
    assert ring_counts(triangle, 8).tolist() == [1, 0, 0, 0, 0, 0]
    rings = primitive_rings(triangle, 3)
    assert sorted(rings.of_ligands(3)[:, 1].tolist()) == [0, 1, 2]


def test_two_ligands_between_the_same_zinc_make_no_ring_of_their_own():
    double = Net(3, np.array([0, 0, 1, 2]), np.array([1, 1, 2, 0]), np.zeros((4, 3), dtype=int), np.arange(4))
    assert ring_counts(double, 4).tolist() == [1, 0]
    assert set(primitive_rings(double, 3).of_ligands(3)[:, 1]) == {0, 1, 2, 3}


def test_empty_net_has_no_rings():
    empty = Net(
        4, np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros((0, 3), dtype=int), np.zeros(0, dtype=int)
    )
    assert ring_counts(empty, 12).sum() == 0
    with pytest.raises(InputError, match="ring_max_size"):
        ring_counts(empty, 2)


@st.composite
def nets(draw):
    """Draw a periodic net of few vertices with any edges, also through the boundary, and none twice."""
    number = draw(st.integers(1, 6))
    vertex, step = st.integers(0, number - 1), st.integers(-1, 1)
    drawn = draw(st.lists(st.tuples(vertex, vertex, step, step, step), max_size=12))
    edges = set()
    for a, b, *shift in drawn:
        forth, back = (a, b, *shift), (b, a, *(-s for s in shift))
        if forth != back:
            edges.add(min(forth, back))
    table = np.array(sorted(edges), dtype=int).reshape(-1, 5)
    return Net(number, table[:, 0], table[:, 1], table[:, 2:], np.arange(len(table)))


@settings(max_examples=25)
@given(nets())
def test_any_net_agrees_with_a_naive_search(net):
    naive = naive_counts(net, 5, reach=3)
    rings = primitive_rings(net, 5)
    for size in range(3, 6):
        assert np.array_equal(rings_per_vertex(rings, size), naive[size])


@given(nets(), st.randoms(use_true_random=False))
def test_rings_do_not_depend_on_names_and_stored_images_of_vertices(net, random):
    order = random.sample(range(net.n_vertices), net.n_vertices)
    cells = np.array([[random.randint(-2, 2) for _ in range(3)] for _ in range(net.n_vertices)])
    named = np.array(order)
    shift = net.shift + cells[net.tail] - cells[net.head]
    other = Net(net.n_vertices, named[net.tail], named[net.head], shift, net.ligand)
    assert np.array_equal(ring_counts(other, 6), ring_counts(net, 6))


@given(nets(), st.integers(0, 2))
def test_twice_the_box_has_twice_the_rings(net, axis):
    """Vertex v of the first and second cell are v and v + n."""
    tails, heads, shifts = [], [], []
    for cell in (0, 1):
        reached = cell + net.shift[:, axis]
        shift = net.shift.copy()
        shift[:, axis] = reached // 2
        tails.append(net.tail + cell * net.n_vertices)
        heads.append(net.head + (reached % 2) * net.n_vertices)
        shifts.append(shift)
    double = Net(
        2 * net.n_vertices,
        np.concatenate(tails),
        np.concatenate(heads),
        np.concatenate(shifts),
        np.arange(2 * len(net.tail)),
    )
    assert np.array_equal(ring_counts(double, 6), 2 * ring_counts(net, 6))
