"""Any number of crystals, transitions and disordered phases has a whole DAG, by configuration alone."""

import shutil

import pytest
import yaml

from checkout import ROOT, copy_workflow, snakemake

pytestmark = pytest.mark.slow


def configuration_of(frameworks):
    """Lay out the paper's configuration for these frameworks alone; the paper has no sodalite, SOD."""
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    config["frameworks"]["SOD"] = {**config["frameworks"]["ZIF-4"], "structure": "sodalite.cif"}
    for section in (config["sampling"]["phases"], config["database"]["configurations"]):
        section["SOD"] = section["ZIF-4"]
    config["transitions"]["SOD"] = {
        **config["transitions"]["ZIF-4"],
        "crystal": "SOD",
        "disordered": "ZIF_liq",
    }
    config["mechanism"]["folding"]["SOD"] = "1x1x1"
    config["forcefield_scan"].update(temperatures_K={}, glasses={})
    # Fewer frameworks make fewer glasses and liquids, which then give fewer configurations.
    config["database"]["configurations"].update(ZIF_a=3000, ZIF_liq=3000)
    sections = [config["frameworks"], config["transitions"], config["mechanism"]["folding"]]
    sections += [config["sampling"]["phases"], config["database"]["configurations"]]
    for section in sections:
        for name in {"ZIF-4", "ZIF-zni", "SOD"} - set(frameworks):
            section.pop(name, None)
    return config


def dry_run(config, folder, *targets):
    """Copy the workflow and dry-run it with this configuration."""
    shutil.copy(ROOT / "tests/data/sodalite.cif", copy_workflow(folder))
    (folder / "config/config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
    ended = snakemake("--dry-run", "all", *targets, cwd=folder)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.parametrize("frameworks", [["ZIF-4"], ["SOD"], ["ZIF-4", "ZIF-zni", "SOD"]])
def test_any_number_of_frameworks_has_a_whole_dag(frameworks, tmp_path):
    figures = []
    for number, name in enumerate(frameworks):
        figures.append(["fig5_transition", "figS6_transition", f"{name}_transition"][number])
        figures.append(["fig7_anisotropy", "figS7_anisotropy", f"{name}_anisotropy"][number])
    dry_run(
        configuration_of(frameworks), tmp_path, *(f"results/paper/figures/{name}.svg" for name in figures)
    )


def test_a_second_transition_of_a_crystal_and_a_third_disordered_phase_have_a_whole_dag(tmp_path):
    config = configuration_of(["ZIF-4", "ZIF-zni"])
    config["transitions"]["ZIF-4-melting"] = {
        "crystal": "ZIF-4",
        "disordered": "ZIF_liq",
        "coexistence": {"interface_K": 720, "temperatures_K": [600, 650], "replicas": {650: 5}},
        "production": {"transition_K": 720, "stable_K": 690, "duration_ps": 1000},
    }
    config["disordered_phases"]["ZIF_b"] = {"made_by": "annealing", "frameworks": ["ZIF-zni"]}
    config["sampling"]["phases"]["ZIF_b"] = config["sampling"]["phases"]["ZIF_a"]
    config["database"]["configurations"]["ZIF_b"] = 600
    listed = dry_run(config, tmp_path)
    for path in (
        "md/interface/ZIF-4-melting/r5",
        "md/coexistence/ZIF-4-melting/600K/r4",
        "md/coexistence/ZIF-4-melting/650K/r5",
        "md/production/ZIF-4-melting/4x4x4/720K/r4",
        "md/sampling/ZIF_b/500K/r3",
        "tables/mechanism_ZIF-4-melting.csv",
        "tables/sequence_ZIF-4-melting.csv",
        "figures/ZIF-4-melting_transition.svg",
        "figures/viewer_ZIF-4-melting.html",
        "analysis/coexistence/ZIF-4-melting/equilibrium.csv",
    ):
        assert f"results/paper/{path}" in listed
    assert "coexistence/ZIF-4-melting/600K/r5" not in listed
