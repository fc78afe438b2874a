"""Recognising zinc imidazolate frameworks, and refusing everything else."""

import numpy as np
import pytest

from structure_cifs import PBCA, SODALITE, ZIF_4, ZIF_ZNI, asymmetric_unit, write_cif
from zifmelt.errors import InputError
from zifmelt.structures.crystal import read_crystal
from zifmelt.structures.ligands import recognise_framework


@pytest.mark.parametrize("path", [ZIF_4, ZIF_ZNI, SODALITE])
def test_ligands_are_whole_and_in_order(path):
    """Bonds of the ring and the hydrogens as IUPAC numbers them: 1.32-1.42 and 1.05-1.11 angstrom."""
    framework = recognise_framework(read_crystal(path))
    crystal = framework.crystal
    assert len(framework.ligands) == 2 * len(framework.zinc)
    assert "".join(crystal.elements[framework.ligands[0]]) == "NCNCCHHH"
    n1, c2, n3, c4, c5, h2, h4, h5 = np.moveaxis(
        (crystal.fractional[framework.ligands] + framework.ligand_shifts) @ crystal.cell, 1, 0
    )
    for one, other in ((n1, c2), (c2, n3), (n3, c4), (c4, c5), (c5, n1)):
        assert np.all(np.abs(np.linalg.norm(one - other, axis=1) - 1.37) < 0.05)
    for one, other in ((c2, h2), (c4, h4), (c5, h5)):
        assert np.all(np.abs(np.linalg.norm(one - other, axis=1) - 1.08) < 0.03)


@pytest.mark.parametrize("path", [ZIF_4, ZIF_ZNI, SODALITE])
def test_every_atom_belongs_to_one_unit_and_every_nitrogen_to_one_zinc(path):
    framework = recognise_framework(read_crystal(path))
    atoms = np.concatenate([framework.zinc, framework.ligands.ravel()])
    assert sorted(atoms.tolist()) == list(range(len(framework.crystal)))
    nitrogen = np.flatnonzero(framework.crystal.elements == "N")
    assert sorted(framework.nitrogen.ravel().tolist()) == nitrogen.tolist()


def refused(tmp_path, sites, message, parameters=None):
    """Check that ZIF-4 with these sites is refused with a sentence that names the file."""
    path = write_cif(tmp_path / "bad.cif", parameters or asymmetric_unit(ZIF_4)[0], sites, PBCA)
    with pytest.raises(InputError, match=message) as error:
        recognise_framework(read_crystal(path))
    assert str(error.value).startswith(str(path))


def test_sodium_chloride(tmp_path):
    sites = [["Na1", "Na", 0, 0, 0, 1, "."], ["Cl1", "Cl", 0.5, 0.5, 0.5, 1, "."]]
    path = write_cif(
        tmp_path / "NaCl.cif", [5.64] * 3 + [90] * 3, sites, "_space_group_name_H-M_alt 'F m -3 m'"
    )
    with pytest.raises(InputError, match="NaCl.cif: atom Na1 is Na"):
        recognise_framework(read_crystal(path))


def test_methylimidazolate(tmp_path):
    """A hydrogen of the first ligand becomes a methyl group (C at 1.5 angstrom, three H around it)."""
    parameters, sites = asymmetric_unit(ZIF_4)
    lengths = np.array(parameters[:3])
    place = {site[0]: np.array(site[2:5]) * lengths for site in sites}
    outward = place["H1"] - place["C1"]
    outward /= np.linalg.norm(outward)
    carbon = place["C1"] + 1.5 * outward
    side = np.cross(outward, place["N1"] - place["C1"])
    side /= np.linalg.norm(side)
    third = np.cross(outward, side)
    turns = np.radians([0, 120, 240])
    hydrogens = [carbon + 0.36 * outward + 1.03 * (np.cos(t) * side + np.sin(t) * third) for t in turns]
    sites = [site for site in sites if site[0] != "H1"]
    sites.append(["CM", "C", *(carbon / lengths), 1, "."])
    sites += [[f"HM{i}", "H", *(hydrogen / lengths), 1, "."] for i, hydrogen in enumerate(hydrogens)]
    refused(tmp_path, sites, "the ligand with atom N1 is C4H5N2, where the ring of imidazolate")


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("H1", "the ligand with atom N1 is C3H2N2"),
        ("C3", "the ligand with atom N1 is C2H2N2"),
        ("Zn2", "atom N2 is bonded to 0 Zn, where 1 is needed"),
        ("N1", "atom Zn1 is bonded to 3 N, where 4 N are needed"),
    ],
)
def test_missing_atom(tmp_path, label, message):
    refused(tmp_path, [site for site in asymmetric_unit(ZIF_4)[1] if site[0] != label], message)


def test_isomer_with_another_ring(tmp_path):
    """Swapping an N and a C of the ring makes pyrazolate, C3H3N2 as well: a Zn is then bonded to C."""
    _, sites = asymmetric_unit(ZIF_4)
    for site in sites:
        site[1] = {"N2": "C", "C1": "N"}.get(site[0], site[1])
    refused(tmp_path, sites, "atom Zn2 is bonded to 1 C, 3 N, where 4 N are needed")


def test_zinc_too_far_from_nitrogen(tmp_path):
    """Zn moved by 0.6 angstrom along a."""
    _, sites = asymmetric_unit(ZIF_4)
    sites[0][2] += 0.04
    refused(tmp_path, sites, "atom Zn1 is bonded to . N, where 4 N are needed")


def test_no_zinc(tmp_path):
    refused(tmp_path, [site for site in asymmetric_unit(ZIF_4)[1] if site[1] != "Zn"], "no Zn atom")


def test_solvent_is_refused(tmp_path):
    parameters, sites = asymmetric_unit(ZIF_4)
    sites.append(["O1W", "O", 0.0, 0.0, 0.5, 1, "."])
    refused(tmp_path, sites, "atom O1W is O")


def test_isomer_with_the_same_ring(tmp_path):
    """A hydrogen moved over to the neighbouring carbon: the formula is right, the ligand is not."""
    parameters, sites = asymmetric_unit(ZIF_4)
    lengths = np.array(parameters[:3])
    place = {site[0]: np.array(site[2:5]) for site in sites}
    c2, c3, h3 = (place[name] * lengths for name in ("C2", "C3", "H3"))
    away = (c3 - h3 + lengths / 2) % lengths - lengths / 2
    plane = np.cross(c3 - c2, away)
    moved = (c3 + 1.09 * plane / np.linalg.norm(plane)) / lengths
    sites = [[site[0], site[1], *moved, 1, "."] if site[0] == "H2" else site for site in sites]
    refused(tmp_path, sites, "is C3H3N2 as it should be, but its atoms are not bonded")
