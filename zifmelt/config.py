"""Checks of the configuration that a user's typing error meets first."""

import difflib
from collections.abc import Mapping
from typing import Any

from jsonschema.exceptions import ValidationError

from .errors import InputError
from .schema import type_rule, violation

DISORDERED = ("ZIF_a", "ZIF_liq")
"""Names of the glass and of the liquid, the phases that every framework can turn into."""


def check_schema(config: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    """Check every key and value of the configuration by itself.

    Parameters
    ----------
    config
        The whole configuration.
    schema
        ``workflow/schemas/config.schema.yaml``.

    Raises
    ------
    InputError
        A key is unknown or missing, or a value is not what it may be.
    """
    error = violation(config, schema)
    if error is not None:
        raise InputError(explain(error))


def explain(error: ValidationError) -> str:
    """Say in one sentence what a schema violation is and what would be right.

    Parameters
    ----------
    error
        What a JSON schema validator raised.

    Returns
    -------
    str
        Names the key by its path, the offending value and the rule it breaks.
    """
    key = ".".join(str(part) for part in error.absolute_path) or "the top level"
    if error.validator == "additionalProperties":
        known = list(error.schema.get("properties", {}))
        unknown = next(name for name in error.instance if name not in known)
        close = difflib.get_close_matches(str(unknown), known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"known keys are {', '.join(known)}."
        return f"configuration: unknown key {unknown!r} in {key}; {hint}"
    if error.validator == "required":
        missing = next(name for name in error.validator_value if name not in error.instance)
        return f"configuration: the key {missing!r} is missing in {key}."
    unit = error.schema.get("description", "").rstrip(".")
    meaning = f" ({unit})" if unit else ""
    return f"configuration: {key}{meaning} is {error.instance!r}, but {_rule(error)}."


def _rule(error: ValidationError) -> str:
    expected = error.validator_value
    rules = {
        "type": type_rule(error),
        "enum": f"must be one of {expected}",
        "minimum": f"must be at least {expected}",
        "exclusiveMinimum": f"must be greater than {expected}",
        "maximum": f"must be at most {expected}",
        "exclusiveMaximum": f"must be less than {expected}",
        "pattern": f"must match {expected}",
        "minItems": f"needs at least {expected} entries",
        "maxItems": f"must have at most {expected} entries",
        "uniqueItems": "must not repeat an entry",
        "minProperties": f"needs at least {expected} entries",
    }
    return rules.get(error.validator, error.message)


def check_consistency(config: Mapping[str, Any]) -> None:
    """Check what no schema can: that the parts of the configuration fit each other.

    Parameters
    ----------
    config
        The whole configuration, already valid by the schema.

    Raises
    ------
    InputError
        Two parts contradict each other; the sentence names the keys and what would be right.
    """
    _check_names(config)
    _check_scan(config)
    _check_replicas(config)
    _check_supercells(config)
    _check_temperatures(config)
    _check_database(config)
    _check_limits(config)


def _check_names(config: Mapping[str, Any]) -> None:
    frameworks = list(config["frameworks"])
    for name in frameworks:
        if name in DISORDERED:
            raise InputError(
                f"configuration: frameworks.{name} has the name of a disordered phase; rename it."
            )
    phases = [*frameworks, *DISORDERED]
    sections = {
        "sampling.phases": (config["sampling"]["phases"], phases),
        "database.configurations": (config["database"]["configurations"], phases),
        "coexistence.frameworks": (config["coexistence"]["frameworks"], frameworks),
        "production.frameworks": (config["production"]["frameworks"], frameworks),
        "mechanism.folding": (config["mechanism"]["folding"], frameworks),
    }
    for section, (entries, expected) in sections.items():
        for name in entries:
            if name not in expected:
                raise InputError(f"configuration: {section} names {name!r}; known are {', '.join(expected)}.")
        for name in expected:
            if name not in entries:
                raise InputError(f"configuration: {section} has no entry for {name}; add it.")
    for place, entry in enumerate(config["scattering"]["measured"]):
        if entry["phase"] not in phases:
            raise InputError(
                f"configuration: scattering.measured.{place}.phase is {entry['phase']!r}; known are"
                f" {', '.join(phases)}."
            )
    if config["compression"]["phase"] not in phases:
        raise InputError(f"configuration: compression.phase must be one of {', '.join(phases)}.")


def _check_scan(config: Mapping[str, Any]) -> None:
    scan, frameworks = config["forcefield_scan"], list(config["frameworks"])
    for name in scan["scanned"]:
        if name not in scan["variants"]:
            known = ", ".join(scan["variants"])
            raise InputError(
                f"configuration: forcefield_scan.scanned names {name!r}; known variants are {known}."
            )
    named = {
        "temperatures_K": (scan["temperatures_K"], frameworks),
        "glasses": (scan["glasses"], scan["variants"]),
        **{f"glasses.{variant}": (starts, frameworks) for variant, starts in scan["glasses"].items()},
    }
    for key, (names, known) in named.items():
        for name in names:
            if name not in known:
                raise InputError(
                    f"configuration: forcefield_scan.{key} names {name!r}; known are {', '.join(known)}."
                )
    if config["forcefield"] in scan["variants"]:
        raise InputError(
            f"configuration: forcefield_scan.variants.{config['forcefield']} has the name of the campaign's"
            " force field; rename it."
        )


def _check_replicas(config: Mapping[str, Any]) -> None:
    for name, entry in config["sampling"]["phases"].items():
        if name not in DISORDERED and "replicas" not in entry:
            raise InputError(
                f"configuration: sampling.phases.{name}.replicas is missing; a crystal needs it."
            )
        if name in DISORDERED and "replicas" in entry:
            raise InputError(
                f"configuration: sampling.phases.{name}.replicas would not count; as many runs start as"
                " annealing.holds_ps or liquid.replicas give."
            )


def _check_supercells(config: Mapping[str, Any]) -> None:
    for name, entry in config["frameworks"].items():
        where, cells = f"configuration: frameworks.{name}.supercells", entry["supercells"]
        if cells[config["production"]["supercell"]] == cells["size_check"]:
            raise InputError(
                f"{where}.size_check must differ from the production's {cells['size_check']}, or it checks"
                " nothing."
            )
        long = config["coexistence"]["supercell"]
        if int(cells[long].split("x")[2]) < 2:
            raise InputError(
                f"{where}.{long} needs two or more unit cells along c, so that one half of the coexistence"
                " box is a whole crystal."
            )


def _check_temperatures(config: Mapping[str, Any]) -> None:
    for section in ("annealing", "liquid"):
        peak = config[section]["peak_K"]
        other = (
            config["annealing"]["start_K"] if section == "annealing" else config["liquid"]["temperature_K"]
        )
        if peak <= other:
            raise InputError(f"configuration: {section}.peak_K is {peak} K; it must be above {other} K.")
    for name, entry in config["coexistence"]["frameworks"].items():
        temperatures = entry["temperatures_K"]
        if temperatures != sorted(set(temperatures)) or len(temperatures) < 2:
            raise InputError(
                f"configuration: coexistence.frameworks.{name}.temperatures_K must rise and have two or more"
                " temperatures, so that the series can bracket the transition."
            )
        if entry["interface_K"] <= temperatures[0]:
            raise InputError(
                f"configuration: coexistence.frameworks.{name}.interface_K is {entry['interface_K']} K;"
                f" it must be above the lowest temperature of the series, {temperatures[0]} K."
            )
        if config["coexistence"]["melt_K"] <= entry["interface_K"]:
            raise InputError(
                f"configuration: coexistence.melt_K is {config['coexistence']['melt_K']} K; it must be above"
                f" coexistence.frameworks.{name}.interface_K, {entry['interface_K']} K."
            )
    for name, entry in config["production"]["frameworks"].items():
        if entry["stable_K"] >= entry["transition_K"]:
            raise InputError(
                f"configuration: production.frameworks.{name}.stable_K is {entry['stable_K']} K;"
                f" it must be below transition_K, {entry['transition_K']} K."
            )
    compression = config["compression"]
    sampled = config["sampling"]["phases"][compression["phase"]]["temperatures_K"]
    if compression["temperature_K"] not in sampled:
        raise InputError(
            f"configuration: compression.temperature_K is {compression['temperature_K']} K; it must be one"
            f" of sampling.phases.{compression['phase']}.temperatures_K, {sampled}, to compare with."
        )
    ambient = config["dynamics"]["pressure_bar"]
    if ambient in compression["pressures_bar"]:
        raise InputError(
            f"configuration: compression.pressures_bar holds {ambient} bar, the dynamics.pressure_bar of all"
            " other runs; give other pressures."
        )
    if config["annealing"]["cubic_ps"] >= min(config["annealing"]["holds_ps"]):
        raise InputError(
            "configuration: annealing.cubic_ps must be shorter than the shortest of annealing.holds_ps."
        )


def _check_database(config: Mapping[str, Any]) -> None:
    spacing = config["sampling"]["frame_interval_ps"]
    for phase, wanted in config["database"]["configurations"].items():
        entry = config["sampling"]["phases"][phase]
        runs = len(entry["temperatures_K"]) * replica_count(config, phase)
        available = runs * int(entry["production_ps"] / spacing + 1e-9)
        if wanted > available:
            raise InputError(
                f"configuration: database.configurations.{phase} asks for {wanted}, but {runs} runs of"
                f" sampling.phases.{phase}.production_ps = {entry['production_ps']} ps give {available}."
            )


def _check_limits(config: Mapping[str, Any]) -> None:
    mechanism, environments = config["mechanism"], config["environments"]
    if mechanism["bond_break_A"] <= mechanism["bond_form_A"]:
        raise InputError("configuration: mechanism.bond_break_A must be larger than mechanism.bond_form_A.")
    thresholds = mechanism["thresholds"]
    if thresholds["onset"] >= thresholds["completion"]:
        raise InputError(
            f"configuration: mechanism.thresholds.onset is {thresholds['onset']}; it must be below"
            f" mechanism.thresholds.completion, {thresholds['completion']}."
        )
    relaxation, duration = config["thermodynamics"]["relaxation_ps"], config["coexistence"]["duration_ps"]
    if relaxation >= duration:
        raise InputError(
            f"configuration: thermodynamics.relaxation_ps is {relaxation} ps; it must be below"
            f" coexistence.duration_ps, {duration} ps."
        )
    properties = config["properties"]
    for key in ("bin_width_A", "bond_cutoff_A", "coordination_radius_A"):
        if properties[key] >= properties["r_max_A"]:
            raise InputError(
                f"configuration: properties.{key} is {properties[key]} A; it must be below"
                f" properties.r_max_A, {properties['r_max_A']} A."
            )
    low, high = config["thermodynamics"]["fraction_limits"]
    if low >= high:
        raise InputError(
            f"configuration: thermodynamics.fraction_limits is [{low}, {high}]; the first must be below the"
            " second."
        )
    if environments["shell_cutoff_A"] > environments["symmetry_functions"]["cutoff_A"]:
        raise InputError(
            "configuration: environments.shell_cutoff_A must not exceed"
            " environments.symmetry_functions.cutoff_A."
        )
    if environments["window_frames"] % 2 == 0:
        raise InputError("configuration: environments.window_frames must be odd.")


def replica_count(config: Mapping[str, Any], phase: str) -> int:
    """Count the independent runs of a phase: given for a crystal, one per glass or liquid run otherwise."""
    if phase == "ZIF_a":
        return len(config["frameworks"]) * len(config["annealing"]["holds_ps"])
    if phase == "ZIF_liq":
        return len(config["frameworks"]) * config["liquid"]["replicas"]
    return config["sampling"]["phases"][phase]["replicas"]
