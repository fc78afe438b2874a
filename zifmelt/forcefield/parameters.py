"""A force field as checked parameters, in kcal/mol, angstrom, degree, e and g/mol."""

import hashlib
import json
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..errors import InputError
from .files import read_forcefield_file
from .topology import bonded_terms

NEUTRALITY_TOLERANCE = 1e-3
"""Largest charge of a formula unit, e, that is taken for rounding of the published charges and spread."""

Kinds = tuple[str, ...]


@dataclass(frozen=True)
class LennardJones:
    """Lennard-Jones 12-6 term: epsilon in kcal/mol, sigma in angstrom."""

    epsilon: float
    sigma: float


@dataclass(frozen=True)
class Particle:
    """One particle kind: charge in e (exactly neutral per formula unit), mass in g/mol, LAMMPS atom type.

    `lj` is None where the kind has no Lennard-Jones term of its own; `soft_core` marks the dummy kinds, whose
    pairs all have the soft core.
    """

    kind: str
    charge: float
    mass: float
    type_id: int
    lj: LennardJones | None
    soft_core: bool


@dataclass(frozen=True)
class Morse:
    """Morse term of one pair of kinds: D0 in kcal/mol, alpha in 1/angstrom, r0 in angstrom."""

    pair: Kinds
    D0: float
    alpha: float
    r0: float


@dataclass(frozen=True)
class Molecule:
    """Particle kinds of a molecule in writing order, its bonds (from 0) and its number per formula unit."""

    count: int
    kinds: Kinds
    bonds: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Improper:
    """Improper term E = K [1 - cos(2 phi)], phi the dihedral angle of centre and `others` in this order."""

    centre: str
    others: Kinds
    K: float


@dataclass(frozen=True)
class ForceField:
    """Everything the force field says, ready for structures and LAMMPS commands.

    Type numbers count from 1 in the order of the file. Impropers are written as dihedrals: K [1 - cos(2 phi)]
    is K [1 + cos(2 phi - 180 deg)], which saves a style. They take the dihedral type numbers after the proper
    ones; exclusions and 1-4 weights follow from bonds alone, so an improper written so adds none.

    Raises
    ------
    InputError
        From the look-ups: the force field neither has the term nor declares it absent.
    """

    path: Path
    name: str
    source: str
    sha256: str
    particles: Mapping[str, Particle]
    molecules: Mapping[str, Molecule]
    without_lj: frozenset[Kinds]
    soft_core: LennardJones
    morse: Morse
    lj_cutoff: float
    special_bonds: Mapping[str, tuple[float, ...]]
    bonds: Mapping[Kinds, Mapping[str, float]]
    angles: Mapping[Kinds, Mapping[str, float]]
    dihedrals: Mapping[Kinds, Mapping[str, float]]
    dihedrals_absent_with: frozenset[str]
    impropers: tuple[Improper, ...]
    impropers_absent_at: frozenset[str]
    max_timestep_fs: float
    numerics: Mapping[str, Mapping[str, Any]]

    def bond_type(self, a: str, b: str) -> int:
        """Return the bond type number of kinds `a` and `b`, in either order."""
        return self._type_id("bonds", (a, b))

    def angle_type(self, a: str, b: str, c: str) -> int:
        """Return the angle type number of kinds `a`-`b`-`c`, centre `b`, read from either end."""
        return self._type_id("angles", (a, b, c))

    def dihedral_type(self, a: str, b: str, c: str, d: str) -> int | None:
        """Return the dihedral type number of kinds `a`-`b`-`c`-`d`, or None where all such terms are zero."""
        if self.dihedrals_absent_with.intersection((a, b, c, d)):
            return None
        return self._type_id("dihedrals", (a, b, c, d))

    def improper_type(self, centre: str, others: Kinds) -> int | None:
        """Return the *dihedral* type number of the improper at `centre`, or None where there is none.

        The data file lists it among the dihedrals as centre and three others, the others in the order of
        `improper_order(centre)`; `others` here may come in any order.
        """
        if centre in self.impropers_absent_at:
            return None
        for index, improper in enumerate(self.impropers):
            if improper.centre == centre and Counter(improper.others) == Counter(others):
                return len(self.dihedrals) + index + 1
        raise InputError(
            f"{self.path}: there is no improper at {centre} with {', '.join(others)}; add it to impropers."
        )

    def improper_order(self, centre: str) -> Kinds:
        """Return the kinds bonded to `centre` in the order its improper is written."""
        for improper in self.impropers:
            if improper.centre == centre:
                return improper.others
        raise InputError(f"{self.path}: there is no improper at {centre}.")

    def bond_length(self, a: str, b: str) -> float:
        """Return the rest length of the bond between kinds `a` and `b`, angstrom."""
        return list(self.bonds.values())[self.bond_type(a, b) - 1]["r0"]

    def lennard_jones(self, a: str, b: str) -> LennardJones | None:
        """Return the Lennard-Jones term of a pair of kinds: soft core, mixed (Lorentz-Berthelot), or None."""
        one, two = self.particles[a], self.particles[b]
        if canonical((a, b)) in self.without_lj:
            return None
        if one.soft_core or two.soft_core:
            return self.soft_core
        if one.lj is None or two.lj is None:
            raise InputError(
                f"{self.path}: the pair {a}-{b} has neither lj nor soft core; give both kinds lj or name the "
                "pair in without_lj."
            )
        return LennardJones(math.sqrt(one.lj.epsilon * two.lj.epsilon), (one.lj.sigma + two.lj.sigma) / 2)

    def _type_id(self, section: str, kinds: Kinds) -> int:
        try:
            return list(getattr(self, section)).index(canonical(kinds)) + 1
        except ValueError:
            raise InputError(f"{self.path}: {section} lacks the term {'-'.join(kinds)}.") from None


def canonical(kinds: Kinds) -> Kinds:
    """Return the one of the two reading directions of `kinds` under which a term is kept."""
    return min(kinds, kinds[::-1])


def load_forcefield(path: str | Path) -> ForceField:
    """Read, check and complete a force field.

    Parameters
    ----------
    path
        YAML file of `config/forcefields` (or one based on those).

    Returns
    -------
    ForceField
        With charges made exactly neutral on the kind the file names. Its `sha256` is that of the parameters,
        base included, whatever the file's comments and order of keys.

    Raises
    ------
    InputError
        The file does not follow the schema, names an unknown kind, lacks a term its molecules need, gives a
        pair of kinds no term, or is charged by more than `NEUTRALITY_TOLERANCE` per formula unit.
    """
    content = read_forcefield_file(path)
    canonical_text = json.dumps(content, sort_keys=True)
    molecules = {name: _molecule(entry, name, path) for name, entry in content["molecules"].items()}
    forcefield = ForceField(
        path=Path(path),
        name=content["name"],
        source=content["source"],
        sha256=hashlib.sha256(canonical_text.encode()).hexdigest(),
        particles=MappingProxyType(_particles(content, molecules, path)),
        molecules=MappingProxyType(molecules),
        without_lj=frozenset(canonical(tuple(pair.split("-"))) for pair in content["without_lj"]),
        soft_core=LennardJones(**content["soft_core"]),
        morse=Morse(**{**content["morse"], "pair": canonical(tuple(content["morse"]["pair"].split("-")))}),
        lj_cutoff=content["lj_cutoff"],
        special_bonds={term: tuple(weights) for term, weights in content["special_bonds"].items()},
        bonds=_terms(content, "bonds", path),
        angles=_terms(content, "angles", path),
        dihedrals=_terms(content, "dihedrals", path),
        dihedrals_absent_with=frozenset(content["dihedrals_absent_with"]),
        impropers=tuple(Improper(k, tuple(v["others"]), v["K"]) for k, v in content["impropers"].items()),
        impropers_absent_at=frozenset(content["impropers_absent_at"]),
        max_timestep_fs=content["max_timestep_fs"],
        numerics=content["numerics"],
    )
    _check_complete(forcefield)
    return forcefield


def _molecule(entry: Mapping[str, Any], name: str, path: str | Path) -> Molecule:
    kinds = tuple(entry["particles"])
    for a, b in entry["bonds"]:
        if a == b or max(a, b) > len(kinds):
            raise InputError(
                f"{path}: molecules.{name} has the bond [{a}, {b}], but only particles 1 to {len(kinds)}."
            )
    return Molecule(entry["count"], kinds, tuple((a - 1, b - 1) for a, b in entry["bonds"]))


def _particles(
    content: Mapping[str, Any], molecules: Mapping[str, Molecule], path: str | Path
) -> dict[str, Particle]:
    """Give every kind its number and let one of them take the rest of the formula unit's charge."""
    composition: Counter[str] = Counter()
    for molecule in molecules.values():
        composition.update({kind: molecule.count * n for kind, n in Counter(molecule.kinds).items()})
    charges = {kind: entry["charge"] for kind, entry in content["particles"].items()}
    rest = math.fsum(composition[kind] * charge for kind, charge in charges.items())
    taker = content["neutralise"]
    if abs(rest) > NEUTRALITY_TOLERANCE or not composition[taker]:
        raise InputError(
            f"{path}: the charges add up to {rest:.6f} e per Zn(Im)2, which {taker} can take only up to "
            f"{NEUTRALITY_TOLERANCE} e; correct the charges."
        )
    # Ten decimals are exact enough for e and keep binary noise out of the data files.
    charges[taker] = round(charges[taker] - rest / composition[taker], 10)
    return {
        kind: Particle(
            kind=kind,
            charge=charges[kind],
            mass=entry["mass"],
            type_id=index,
            lj=LennardJones(**entry["lj"]) if "lj" in entry else None,
            soft_core=entry.get("soft_core", False),
        )
        for index, (kind, entry) in enumerate(content["particles"].items(), start=1)
    }


def _terms(content: Mapping[str, Any], section: str, path: str | Path) -> Mapping[Kinds, Mapping[str, float]]:
    terms = {}
    for name, coefficients in content[section].items():
        kinds = canonical(tuple(name.split("-")))
        if kinds in terms:
            raise InputError(f"{path}: {section} gives the term {name} twice, once from each end.")
        terms[kinds] = MappingProxyType(coefficients)
    return MappingProxyType(terms)


def _check_complete(forcefield: ForceField) -> None:
    """Look up every term that the molecules and their pairs need."""
    for a in forcefield.particles:
        for b in forcefield.particles:
            forcefield.lennard_jones(a, b)
    for molecule in forcefield.molecules.values():
        kinds = molecule.kinds
        terms = bonded_terms(len(kinds), molecule.bonds)
        look_ups: list[tuple[Callable[..., object], Sequence[tuple[int, ...]]]] = [
            (forcefield.bond_type, terms.bonds),
            (forcefield.angle_type, terms.angles),
            (forcefield.dihedral_type, terms.dihedrals),
        ]
        for look_up, members in look_ups:
            for term in members:
                look_up(*(kinds[i] for i in term))
        for centre, *others in terms.impropers:
            forcefield.improper_type(kinds[centre], tuple(kinds[i] for i in others))
