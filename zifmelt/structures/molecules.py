"""The two building units of a zinc imidazolate framework, without a force field's dummies."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx


@dataclass(frozen=True)
class Residue:
    """Atoms of a building unit.

    Attributes
    ----------
    name
        Residue name in a PDB file.
    atoms
        Atom names.
    elements
        Chemical symbols.
    bonds
        Pairs of positions in `atoms`.
    """

    name: str
    atoms: tuple[str, ...]
    elements: tuple[str, ...]
    bonds: tuple[tuple[int, int], ...]

    def graph(self) -> "networkx.Graph":
        """Return the bonds as a graph whose nodes carry their ``element``."""
        import networkx  # which takes a while to load: only for those who ask for a graph

        graph = networkx.Graph()
        graph.add_nodes_from((index, {"element": element}) for index, element in enumerate(self.elements))
        graph.add_edges_from(self.bonds)
        return graph


ZINC = Residue(name="ZN", atoms=("ZN",), elements=("Zn",), bonds=())

IMIDAZOLATE = Residue(
    name="IM",
    atoms=("N1", "C2", "N3", "C4", "C5", "H2", "H4", "H5"),
    elements=("N", "C", "N", "C", "C", "H", "H", "H"),
    bonds=((0, 1), (1, 2), (2, 3), (3, 4), (4, 0), (1, 5), (3, 6), (4, 7)),
)
"""IUPAC numbering: C2 lies between N1 and N3. (The force field calls that carbon C4 and the other two C2.)"""
