"""The campaign of one framework, and of three: any number of crystals has a whole DAG."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]


def campaign_of(frameworks, folder):
    """Copy the workflow with the configuration for these frameworks alone and dry-run it."""
    for name in ("config", "envs", "scripts", "workflow", "zifmelt"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (ROOT / "Snakefile", ROOT / "tests/data/sodalite.cif"):
        shutil.copy(path, folder)
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text())
    sodalite = {"structure": "sodalite.cif", "disordered": "ZIF_liq"}
    config["frameworks"]["SOD"] = {**config["frameworks"]["ZIF-4"], **sodalite}
    for section in (config["sampling"]["phases"], config["database"]["configurations"]):
        section["SOD"] = section["ZIF-4"]
    for section in ("coexistence", "production"):
        config[section]["frameworks"]["SOD"] = config[section]["frameworks"]["ZIF-4"]
    config["mechanism"]["folding"]["SOD"] = "1x1x1"
    config["forcefield_scan"].update(temperatures_K={}, glasses={})
    # Fewer frameworks make fewer glasses and liquids, which then give fewer configurations.
    config["database"]["configurations"].update(ZIF_a=3000, ZIF_liq=3000)
    sections = [config["frameworks"], config["mechanism"]["folding"]]
    sections += [config[name]["frameworks"] for name in ("coexistence", "production")]
    sections += [config["sampling"]["phases"], config["database"]["configurations"]]
    for section in sections:
        for name in {"ZIF-4", "ZIF-zni", "SOD"} - set(frameworks):
            section.pop(name, None)
    (folder / "config/config.yaml").write_text(yaml.safe_dump(config, sort_keys=False))
    targets = ["all"]
    for number, name in enumerate(frameworks):
        first = ["fig5_transition", "figS6_transition", f"{name}_transition"][number]
        second = ["fig7_anisotropy", "figS7_anisotropy", f"{name}_anisotropy"][number]
        targets += [f"results/paper/figures/{figure}.svg" for figure in (first, second)]
    command = [sys.executable, "-m", "snakemake", "--cores", "1", "--dry-run", *targets]
    environment = {key: value for key, value in os.environ.items() if key != "SNAKEMAKE_PROFILE"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


@pytest.mark.parametrize("frameworks", [["ZIF-4"], ["SOD"], ["ZIF-4", "ZIF-zni", "SOD"]])
def test_any_number_of_frameworks_has_a_whole_dag(frameworks, tmp_path):
    ended = campaign_of(frameworks, tmp_path)
    assert ended.returncode == 0, ended.stdout + ended.stderr
