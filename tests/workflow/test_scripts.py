"""Every script asks for what its rule gives, and for nothing else."""

import ast
import os
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from snakemake.api import OutputSettings, ResourceSettings, SnakemakeApi
from snakemake.io import is_callable
from snakemake.settings.enums import Quietness

from checkout import ROOT

pytestmark = pytest.mark.slow

KINDS = ("input", "output", "params")


def asked_for(script):
    """Names that a script takes from Snakemake's input, output and params, also through short names."""
    tree = ast.parse(script.read_text())
    short = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            several = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            pairs = zip(target.elts, value.elts, strict=True) if several else [(target, value)]
            for name, source in pairs:
                if isinstance(name, ast.Name) and kind_of(source, {}):
                    short[name.id] = kind_of(source, {})
    names = {kind: set() for kind in KINDS}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and kind_of(node.value, short) in KINDS:
            names[kind_of(node.value, short)].add(node.attr)
    return names


def kind_of(node, short):
    """Tell which of the rule's namespaces an expression is, or None."""
    if isinstance(node, ast.Name):
        return short.get(node.id)
    inside = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    return node.attr if inside and node.value.id == "snakemake" and node.attr in KINDS else None


@pytest.fixture(scope="module")
def rules():
    # Read in this process, the rules set the search path of their jobs, which later tests must not inherit.
    with (
        patch.dict(os.environ),
        patch.object(sys, "path", list(sys.path)),
        SnakemakeApi(OutputSettings(quiet={Quietness.ALL})) as api,
    ):
        workflow = api.workflow(
            resource_settings=ResourceSettings(cores=1), snakefile=ROOT / "Snakefile", workdir=ROOT
        )._workflow
        return [rule for rule in workflow.rules if rule.script]


def test_scripts_and_rules_fit_each_other(rules):
    wrong = []
    for rule in rules:
        script = Path(rule.basedir.get_path_or_uri(secret_free=True)) / rule.script
        names = asked_for(script)
        for kind in KINDS:
            given = dict(getattr(rule, kind).items())
            open_ended = kind == "input" and any(map(is_callable, getattr(rule, kind)))
            missing = set() if open_ended else names[kind] - set(given)
            unused = set(given) - names[kind] if kind == "params" else set()
            wrong += [f"{rule.name}: {kind}.{name} is not given" for name in missing]
            wrong += [f"{rule.name}: params.{name} is not used" for name in unused]
    assert not wrong, "\n".join(sorted(wrong))
