"""Force field files: what they say, what is refused, and variants."""

import copy
import math
from pathlib import Path

import pytest
import yaml

import nb_zif_ff_by_hand as by_hand
from zifmelt.errors import InputError
from zifmelt.forcefield.files import make_variant, read_forcefield_file
from zifmelt.forcefield.lammps import coefficient_commands, setup_commands
from zifmelt.forcefield.parameters import load_forcefield
from zifmelt.forcefield.topology import bonded_terms
from zifmelt.units import EV_PER_KCAL_PER_MOL

FOLDER = Path(__file__).parents[2] / "config/forcefields"
PUBLISHED = FOLDER / "nb-zif-ff.yaml"
FORCEFIELD = load_forcefield(PUBLISHED)
COMPOSITION = {"Zn": 1, "D": 4, "N": 4, "L": 4, "C4": 2, "C2": 4, "H4": 2, "H2": 4}


@pytest.fixture
def changed(tmp_path):
    """Write the published file with a change and return its path."""

    def write(change):
        content = copy.deepcopy(yaml.safe_load(PUBLISHED.read_text()))
        change(content)
        path = tmp_path / "nb-zif-ff.yaml"
        path.write_text(yaml.safe_dump(content, sort_keys=False))
        return path

    return write


def test_a_formula_unit_is_neutral_and_has_the_real_mass():
    particles = FORCEFIELD.particles
    assert sum(COMPOSITION[kind] * p.charge for kind, p in particles.items()) == pytest.approx(0, abs=1e-15)
    assert particles["L"].charge == -0.42029
    mass = sum(COMPOSITION[kind] * p.mass for kind, p in particles.items())
    assert mass == pytest.approx(65.38 + 2 * (3 * 12.011 + 3 * 1.008 + 2 * 14.007))


def test_type_numbers_follow_the_order_of_the_file():
    assert [p.type_id for p in FORCEFIELD.particles.values()] == list(range(1, 9))
    assert len(FORCEFIELD.bonds) == 8
    assert len(FORCEFIELD.angles) == 11
    assert len(FORCEFIELD.dihedrals) + len(FORCEFIELD.impropers) == 13
    assert FORCEFIELD.bond_type("Zn", "D") == FORCEFIELD.bond_type("D", "Zn") == 1
    assert FORCEFIELD.angle_type("C2", "C2", "N") == FORCEFIELD.angle_type("N", "C2", "C2") == 7
    assert (
        FORCEFIELD.dihedral_type("H4", "C4", "N", "C2")
        == FORCEFIELD.dihedral_type("C2", "N", "C4", "H4")
        == 7
    )
    assert FORCEFIELD.improper_type("N", ("L", "C2", "C4")) == 13
    assert FORCEFIELD.improper_order("N") == ("C2", "C4", "L")
    assert FORCEFIELD.bond_length("L", "N") == 0.5


def test_terms_declared_absent_are_none_and_others_an_error():
    assert FORCEFIELD.dihedral_type("D", "Zn", "D", "D") is None
    assert FORCEFIELD.improper_type("C2", ("N", "C2", "H2")) is None
    for look_up in (
        lambda: FORCEFIELD.bond_type("Zn", "N"),
        lambda: FORCEFIELD.angle_type("H4", "C4", "L"),
        lambda: FORCEFIELD.dihedral_type("L", "N", "C2", "L"),
        lambda: FORCEFIELD.improper_type("C4", ("N", "L", "H4")),
        lambda: FORCEFIELD.improper_order("C2"),
    ):
        with pytest.raises(InputError, match=r"nb-zif-ff\.yaml"):
            look_up()


def test_lennard_jones_mixing():
    mixed = FORCEFIELD.lennard_jones("N", "H4")
    assert mixed.sigma == pytest.approx(2.875)
    assert mixed.epsilon == pytest.approx(math.sqrt(0.17010040 * 0.01535970))
    assert FORCEFIELD.lennard_jones("Zn", "N") is None
    assert FORCEFIELD.lennard_jones("L", "N") == FORCEFIELD.soft_core
    assert FORCEFIELD.soft_core.epsilon * EV_PER_KCAL_PER_MOL == pytest.approx(1.001e-7, rel=5e-3)
    assert pytest.approx(0.0401012653, rel=1e-5) == FORCEFIELD.morse.D0 * EV_PER_KCAL_PER_MOL


@pytest.mark.parametrize(
    ("molecule", "counts"), [(by_hand.ZINC, (10, 30, 60)), (by_hand.IMIDAZOLATE, (10, 15, 20))]
)
def test_numbers_of_bonded_terms(molecule, counts):
    """Zinc is the complete graph on 5: 5 C(4,2) angles, 5!/2 dihedrals; imidazolate counted on paper."""
    kinds, bonds = molecule
    terms = bonded_terms(len(kinds), bonds)
    assert tuple(len(members) for members in terms[:3]) == counts
    assert all(len({min(t, t[::-1]) for t in members}) == len(members) for members in terms[:3])


def test_impropers_are_at_the_five_ring_atoms():
    assert [term[0] for term in bonded_terms(10, by_hand.IMIDAZOLATE[1]).impropers] == [0, 1, 2, 3, 4]


def test_every_pair_is_set_with_the_lower_type_first():
    """A pair whose types stand the wrong way round, or that a wildcard skips, would go unset."""
    lines = [line.split() for line in coefficient_commands(FORCEFIELD) if line.startswith("pair_coeff")]
    pairs = {(int(line[1]), int(line[2])) for line in lines}
    assert pairs == {(i, j) for i in range(1, 9) for j in range(i, 9)}
    charged_pairs = {(int(line[1]), int(line[2])) for line in lines if line[3].startswith("coul/long")}
    n_type = FORCEFIELD.particles["N"].type_id
    assert charged_pairs == {pair for pair in pairs if n_type not in pair}


def test_unknown_numerics_are_refused():
    with pytest.raises(InputError, match="reference, efficient"):
        setup_commands(FORCEFIELD, "fastest")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda c: c["bonds"].pop("N-L"), "bonds lacks the term"),
        (lambda c: c["angles"].pop("D-D-Zn"), "angles lacks the term"),
        (lambda c: c["dihedrals"].pop("N-C4-N-L"), "dihedrals lacks the term"),
        (lambda c: c["impropers"].pop("N"), "no improper at N"),
        (lambda c: c["particles"]["C2"].pop("lj"), "neither lj nor soft core"),
        (lambda c: c["particles"]["C2"].update(charge=-0.06), "add up to 0.02476"),
        (lambda c: c["particles"]["C2"]["lj"].update(sigma=-3.4), "particles.C2.lj.sigma"),
        (lambda c: c["particles"]["C2"].update(mass=0), "particles.C2.mass"),
        (lambda c: c["particles"]["C2"].update(radius=1.0), "radius"),
        (
            lambda c: c["particles"]["C2"].update(mass=float("nan")),
            "particles.C2.mass, nan must be .* finite",
        ),
        (
            lambda c: c["bonds"]["N-L"].update(K=float("inf")),
            "bonds.N-L.K, inf must be of type number and finite",
        ),
        (lambda c: c["dihedrals"]["N-C2-C2-N"].update(n=2.0), "N-C2-C2-N.n, 2.0 must be of type integer"),
        (lambda c: c["particles"].update({5: {"charge": 0.0, "mass": 1.0}}), "its key 5 must be text"),
        (lambda c: c["bonds"].update({"N-X": {"K": 1.0, "r0": 1.0}}), "'X'"),
        (lambda c: c["bonds"].update({"L-N": {"K": 1.0, "r0": 1.0}}), "twice"),
        (lambda c: c["molecules"]["zinc"]["bonds"].append([1, 6]), "only particles 1 to 5"),
        (lambda c: c.update(name="other"), "must be the file's name"),
        (lambda c: c.update(mixing="geometric"), "Lorentz-Berthelot"),
        (lambda c: c["numerics"].pop("efficient"), "efficient"),
        (lambda c: c.update(tail=True), "tail"),
        (lambda c: c.update(neutralise="Zn", without_lj=["Zn-Q"]), "'Q'"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(change, message, changed):
    path = changed(change)
    with pytest.raises(InputError, match=message) as caught:
        load_forcefield(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_weaker_wall_differs_in_two_numbers():
    published = read_forcefield_file(PUBLISHED)
    weaker = read_forcefield_file(FOLDER / "nb-zif-ff-D0-0.025eV.yaml")
    assert weaker["morse"]["D0"] * EV_PER_KCAL_PER_MOL == pytest.approx(0.025, rel=1e-6)
    assert weaker["max_timestep_fs"] < published["max_timestep_fs"]
    for key in ("name", "source", "max_timestep_fs"):
        weaker[key] = published[key]
    weaker["morse"]["D0"] = published["morse"]["D0"]
    assert weaker == published


def test_the_fitted_set_differs_in_the_morse_term():
    base = read_forcefield_file(FOLDER / "nb-zif-ff-repartitioned-masses.yaml")
    fitted = read_forcefield_file(FOLDER / "nb-zif-ff-kinetics-repartitioned-masses.yaml")
    morse = fitted["morse"]
    assert morse["D0"] * EV_PER_KCAL_PER_MOL == pytest.approx(0.037, rel=1e-6)
    assert (morse["r0"], morse["alpha"]) == (2.527, 2.35)
    for key in ("name", "source", "morse"):
        fitted[key] = base[key]
    assert fitted == base


def test_the_hash_follows_the_parameters_and_not_the_layout(changed):
    same = load_forcefield(changed(lambda c: None))
    other = load_forcefield(changed(lambda c: c["morse"].update(alpha=2.1)))
    assert same.sha256 == FORCEFIELD.sha256 != other.sha256


def test_make_variant_of_a_variant(tmp_path):
    make_variant(PUBLISHED, {"morse": {"D0": 0.5}}, "weak", tmp_path / "weak.yaml")
    make_variant(tmp_path / "weak.yaml", {"morse": {"alpha": 1.9}}, "wide", tmp_path / "wide.yaml")
    morse = load_forcefield(tmp_path / "wide.yaml").morse
    assert (morse.D0, morse.alpha, morse.r0) == (0.5, 1.9, 2.735)


@pytest.mark.parametrize(
    ("overrides", "name", "message"),
    [
        ({"morse": {"depth": 0.5}}, "weak", "override.morse.depth is not in the base"),
        ({"morse": 0.5}, "weak", "override.morse must have the form"),
        ({"morse": {"D0": -0.5}}, "weak", "morse.D0"),
        ({"morse": {"D0": 0.5}}, "strong", "must be called strong.yaml"),
    ],
)
def test_bad_variants_are_not_written(overrides, name, message, tmp_path):
    with pytest.raises(InputError, match=message):
        make_variant(PUBLISHED, overrides, name, tmp_path / "weak.yaml")
    assert not list(tmp_path.iterdir())


def test_a_missing_or_circular_base_is_refused(tmp_path):
    for base, message in (("nowhere", "neither beside this file"), ("loop", "based on itself")):
        content = {"name": "loop", "base": base, "source": "test", "override": {}}
        (tmp_path / "loop.yaml").write_text(yaml.safe_dump(content))
        with pytest.raises(InputError, match=message):
            load_forcefield(tmp_path / "loop.yaml")
