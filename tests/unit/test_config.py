"""Every configuration we ship is valid, and a broken one is refused with one sentence that names the key."""

import numpy as np
import pandas as pd
import pytest
from jsonschema import Draft202012Validator

from checkout import ROOT
from zifmelt.campaign import Campaign
from zifmelt.configuration import Configuration, merged
from zifmelt.configuration.documents import json_schema, schema_text, table_text
from zifmelt.dynamics.plan import cost_table
from zifmelt.dynamics.protocol import BAROSTATS
from zifmelt.dynamics.settings import ACCELERATORS
from zifmelt.environments.network import CLASS_WEIGHTS
from zifmelt.errors import InputError
from zifmelt.files import read_yaml
from zifmelt.input_files import check_input_files
from zifmelt.mechanism.rings import LARGEST_SIZE, SMALLEST
from zifmelt.properties.scattering import RADIATIONS
from zifmelt.thermodynamics.enthalpy_fit import fit_enthalpy

SCHEMA = json_schema()


def check(config):
    return Configuration.from_plain(config)


def test_schema_and_table_of_keys_are_those_of_the_records(paper):
    made_by = "run `python -m zifmelt.configuration`"
    assert (ROOT / "workflow/schemas/config.schema.yaml").read_text() == schema_text(), made_by
    assert (ROOT / "docs/configuration.md").read_text() == table_text(paper), made_by


@pytest.mark.parametrize("name", ["config", "demo", "workstation", "forcefield_scan"])
def test_records_hold_every_number_as_it_is_written(paper, name):
    content = merged(paper, read_yaml(ROOT / f"config/{name}.yaml"))
    plain = check(content).plain()
    for phase in content["disordered_phases"]:
        content["disordered_phases"][phase].setdefault("frameworks", None)
        content["sampling"]["phases"][phase].setdefault("replicas", None)
    for transition in content["transitions"].values():
        transition["coexistence"].setdefault("replicas", {})
    assert plain == content
    assert repr(plain["dynamics"]) == repr(content["dynamics"])  # 300 is not 300.0, and the order counts
    assert list(plain) == list(content)


def test_the_schema_is_a_schema_and_says_what_every_key_means():
    Draft202012Validator.check_schema(SCHEMA)

    def described(node, path):
        for name, entry in node.get("properties", {}).items():
            target = SCHEMA["$defs"][entry["$ref"].split("/")[-1]] if "$ref" in entry else entry
            assert target.get("description"), f"{path}.{name} has no description"
            described(target, f"{path}.{name}")

    described(SCHEMA, "config")


def test_choices_and_bounds_are_those_of_the_library():
    definitions = SCHEMA["$defs"]

    def keys(section):
        return definitions[section]["properties"]

    rings = keys("Mechanism")["ring_max_size"]
    assert (rings["minimum"], rings["maximum"]) == (SMALLEST, LARGEST_SIZE)
    assert tuple(keys("Hardware")["accelerator"]["enum"]) == ACCELERATORS
    assert set(keys("Network")["class_weights"]["enum"]) == set(CLASS_WEIGHTS)
    assert set(keys("ForceFieldScan")["barostats"]["items"]["enum"]) <= set(BAROSTATS)
    assert set(keys("MeasuredCurve")["radiation"]["enum"]) == set(RADIATIONS)


def test_every_order_that_the_configuration_allows_is_computed():
    """The extremes: a straight line, and a curve of the fourth degree."""
    bounds = SCHEMA["$defs"]["Thermodynamics"]["properties"]["enthalpy_order"]
    assert (bounds["minimum"], bounds["maximum"]) == (1, 4)
    temperatures = np.linspace(300.0, 700.0, 9)
    for degree in (bounds["minimum"], bounds["maximum"]):
        table = pd.DataFrame({"phase": "ZIF-4", "temperature_K": temperatures, "replica": 1})
        table["enthalpy_kJ_per_mol"], table["stderr_kJ_per_mol"] = 0.4 * temperatures, 0.1
        assert fit_enthalpy(table, degree).enthalpy(500.0)[0] == pytest.approx(200.0, abs=0.5)


@pytest.mark.parametrize("name", ["demo", "workstation"])
def test_shipped_configurations_are_valid_and_override_sizes_only(paper, name):
    check(paper)
    small = read_yaml(ROOT / f"config/{name}.yaml")
    config = merged(paper, small)
    check(config)
    assert config["campaign"]["scale"] == {"demo": "reduced", "workstation": "smaller"}[name]
    assert set(small) <= set(paper)
    assert config["forcefield"] == paper["forcefield"]
    assert config["environments"]["symmetry_functions"] == paper["environments"]["symmetry_functions"]
    assert list(config["frameworks"]) == list(paper["frameworks"])


def test_the_paper_protocol_has_the_paper_numbers(paper):
    assert paper["database"]["configurations"] == {
        "ZIF-4": 3000,
        "ZIF-zni": 3000,
        "ZIF_a": 12000,
        "ZIF_liq": 12000,
    }
    assert check(paper).replicas("ZIF_a") == 6
    assert paper["annealing"]["ramp_K_per_ps"] == 4.8
    assert paper["dynamics"]["timestep_fs"] == 0.5


def set_key(config, path, value):
    *parents, last = path.split(".")
    for parent in parents:
        config = config[parent]
    if value is None:
        del config[last]
    else:
        config[last] = value


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("annealing.peek_K", 900, "unknown key 'peek_K' in annealing; did you mean 'peak_K'"),
        ("annealing.peak_K", None, "the key 'peak_K' is missing in annealing"),
        ("annealing.peak_K", "hot", "annealing.peak_K (temperature in K of the hold) is 'hot'"),
        ("annealing.peak_K", -900, "must be greater than 0"),
        (
            "annealing.peak_K",
            float("nan"),
            "annealing.peak_K (temperature in K of the hold) is nan, but must be of type number",
        ),
        ("annealing.peak_K", "9e2", "'9e2', but must be of type number, not text (YAML reads a power of ten"),
        ("dynamics.pressure_bar", float("inf"), "must be of type number and finite"),
        (
            "liquid.replicas",
            3.0,
            "liquid.replicas (number of independent liquids per framework) is 3.0, but must be of type int",
        ),
        ("mechanism.thresholds.onset", 1, "must be less than 1"),
        ("annealing.peak_K", 200, "annealing.peak_K is 200 K; it must be above 300 K"),
        ("annealing.cubic_ps", 300, "annealing.cubic_ps must be shorter"),
        (
            "sampling.phases.ZIF-5",
            {"temperatures_K": [300], "enthalpy_temperatures_K": [], "production_ps": 1},
            "ZIF-5",
        ),
        ("sampling.phases.ZIF-4.replicas", None, "sampling.phases.ZIF-4.replicas is missing"),
        ("sampling.phases.ZIF_a.production_ps", 10, "database.configurations.ZIF_a asks for 12000"),
        ("database.configurations.ZIF_liq", None, "database.configurations has no entry for ZIF_liq"),
        ("transitions.ZIF-4.coexistence.temperatures_K", [420], "can bracket the transition"),
        ("transitions.ZIF-4.coexistence.interface_K", 300, "interface_K is 300 K"),
        (
            "transitions.ZIF-4.coexistence.replicas",
            {410: 2},
            "transitions.ZIF-4.coexistence.replicas has 410 K; it must be one of temperatures_K, [380, 400",
        ),
        ("transitions.ZIF-4.coexistence.replicas", {400: 0}, "replicas.400 is 0, but must be at least 1"),
        (
            "transitions.ZIF-4.coexistence.replicas",
            {"400": 2},
            "replicas.400 is '400', but must be of type number",
        ),
        ("transitions.ZIF-4.crystal", "ZIF-5", "transitions.ZIF-4.crystal names 'ZIF-5'; known are ZIF-4"),
        ("transitions.ZIF-4.disordered", "ZIF-4", "transitions.ZIF-4.disordered names 'ZIF-4'; known are"),
        ("disordered_phases.ZIF_a.frameworks", ["ZIF-4"], "from which no disordered phase is annealed"),
        ("disordered_phases.ZIF_a.frameworks", ["ZIF-5"], "disordered_phases.ZIF_a.frameworks names 'ZIF-5'"),
        ("disordered_phases.ZIF_a.made_by", "magic", "must be one of ['annealing', 'liquid']"),
        ("transitions.ZIF-4.production.stable_K", 560, "stable_K is 560 K; it must be below"),
        ("frameworks.ZIF-4.supercells.small", "2x2", "frameworks.ZIF-4.supercells.small"),
        ("frameworks.ZIF-4.supercells.size_check", "4x4x4", "ZIF-4.supercells.size_check must differ"),
        ("frameworks.ZIF-4.supercells.large", "4x4x1", "ZIF-4.supercells.large needs two or more unit cells"),
        ("hardware.accelerator", "tpu", "must be one of ['cpu', 'gpu']"),
        ("campaign.name", "../etc", "campaign.name"),
        ("mechanism.bond_break_A", 2.4, "mechanism.bond_break_A must be larger"),
        ("environments.window_frames", 4, "environments.window_frames must be odd"),
        ("environments.shell_cutoff_A", 12.5, "environments.shell_cutoff_A must not exceed"),
        ("compression.temperature_K", 310, "compression.temperature_K is 310 K; it must be one of"),
        ("forcefield_scan.scanned", ["publshed"], "forcefield_scan.scanned names 'publshed'"),
        ("forcefield_scan.glasses.publshed", ["ZIF-4"], "forcefield_scan.glasses names 'publshed'"),
        ("forcefield_scan.glasses.published", ["ZIF-5"], "forcefield_scan.glasses.published names 'ZIF-5'"),
        ("classifier", "papper", "classifier (the classifier by which Zn count as disordered) is 'papper'"),
        ("thermodynamics.classifier", "paper", "unknown key 'classifier' in thermodynamics"),
        ("mechanism.thresholds.onset", 0.95, "mechanism.thresholds.onset is 0.95; it must be below"),
        ("thermodynamics.fraction_limits", [0.9, 0.1], "thermodynamics.fraction_limits is [0.9, 0.1]"),
        ("compression.phase", "ZIF_b", "compression.phase must be one of"),
        ("compression.pressures_bar", [1, 500], "compression.pressures_bar holds 1.0 bar"),
        ("sampling.phases.ZIF_a.replicas", 7, "sampling.phases.ZIF_a.replicas would not count"),
        ("coexistence.melt_K", 600, "coexistence.melt_K is 600 K; it must be above"),
        ("thermodynamics.relaxation_ps", 1000, "relaxation_ps is 1000 ps; it must be below"),
        ("thermodynamics.closest_A.Zn-M", 2.0, "unknown key 'Zn-M' in thermodynamics.closest_A"),
        ("properties.bin_width_A", 12.0, "properties.bin_width_A is 12.0 A; it must be below"),
        ("forcefield", "published", "forcefield_scan.variants.published has the name of the campaign's"),
        (
            "scattering.measured",
            [{"phase": "ZIF-8", "radiation": "xray", "function": "S", "file": "x"}],
            "scattering.measured.0.phase is 'ZIF-8'; known are",
        ),
    ],
)
def test_a_broken_configuration_gets_one_sentence(paper, path, value, sentence):
    set_key(paper, path, value)
    with pytest.raises(InputError) as caught:
        check(paper)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_key_that_yaml_does_not_read_as_text_is_refused(paper):
    paper["frameworks"][5] = paper["frameworks"]["ZIF-4"]
    with pytest.raises(InputError, match="frameworks .*its key 5 must be text; put it in quotes"):
        check(paper)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("forcefield", "nowhere", "nowhere.yaml: there is no such file"),
        ("frameworks.ZIF-4.structure", "nowhere.cif", "nowhere.cif: there is no such file"),
        (
            "frameworks.ZIF-4.supercells.large",
            "999x999x999",
            "frameworks.ZIF-4.supercells.large is 999x999x999",
        ),
        (
            "forcefield_scan.variants.published",
            {"morze": {}},
            "forcefield_scan.variants.published, on top of",
        ),
        ("forcefield_scan.variants.published", {"max_timestep_fs": 0}, "at max_timestep_fs, 0 is less than"),
        (
            "scattering.measured",
            [{"phase": "ZIF-4", "radiation": "xray", "function": "S", "file": "README.md"}],
            "README.md: not two columns of numbers",
        ),
    ],
)
def test_a_wrong_file_is_named_before_anything_runs(paper, path, value, sentence):
    set_key(paper, path, value)
    check(paper)
    with pytest.raises(InputError) as caught:
        check_input_files(Campaign(check(paper), ROOT))
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("production.frame_interval_ps", 0.1003, "run production/ZIF-4/4x4x4/550K/r1: dynamics settings"),
        ("production.frame_interval_ps", 1e5, "segment 'production': it lasts 5000 ps, less than half"),
        ("annealing.ramp_K_per_ps", 1e9, "run annealing/ZIF-4/r1: protocol segment 'heating'"),
    ],
)
def test_intervals_that_do_not_fit_name_the_run(paper, path, value, sentence):
    set_key(paper, path, value)
    config = check(paper)
    with pytest.raises(InputError) as caught:
        cost_table(Campaign(config, ROOT))
    assert sentence in str(caught.value)
