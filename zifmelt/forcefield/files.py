"""Reading force field files: base and override, schema, and what a schema cannot say."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml

from ..errors import InputError
from ..files import read_yaml, write_text
from ..schema import type_rule, violation
from ..shipped import shipped

SCHEMA = shipped("workflow/schemas/forcefield.schema.yaml")
SHIPPED = shipped("config/forcefields")

_VARIANT_SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "base", "source", "override"],
    "properties": {
        "name": {"type": "string"},
        "base": {"type": "string"},
        "source": {"type": "string"},
        "override": {"type": "object"},
    },
}


def read_forcefield_file(path: str | Path) -> dict[str, Any]:
    """Read a force field file with its base filled in, and check it.

    Parameters
    ----------
    path
        YAML file; either a whole force field or `name`, `base`, `source` and `override`, where `base` names
        another force field file (without suffix), looked for beside `path` and then among the shipped ones.

    Returns
    -------
    dict
        The whole force field as `workflow/schemas/forcefield.schema.yaml` describes it.

    Raises
    ------
    InputError
        A file is missing, a key is unknown, missing or of the wrong type, a term names an unknown particle
        kind, or the name differs from the file's.
    """
    path = Path(path)
    content = _resolve(path, ())
    _check_schema(content, read_yaml(SCHEMA), path)
    if content["name"] != path.name.removesuffix(".yaml"):
        raise InputError(f"{path}: the name {content['name']!r} must be the file's name without '.yaml'.")
    _check_kinds(content, path)
    return content


def check_variants(base_path: str | Path, variants: Mapping[str, Mapping[str, Any]]) -> None:
    """Check overrides before `make_variant` writes them.

    Parameters
    ----------
    base_path
        Force field to start from.
    variants
        Overrides by the name of the variant.

    Raises
    ------
    InputError
        Overrides have a key that is not in the base, or do not make a valid force field.
    """
    base, schema = Path(base_path), read_yaml(SCHEMA)
    content = _resolve(base, ())
    for name, overrides in variants.items():
        try:
            _checked_variant(content, overrides, name, base, schema)
        except InputError as error:
            raise InputError(f"forcefield_scan.variants.{name}, on top of {error}") from None


def make_variant(base_path: str | Path, overrides: Mapping[str, Any], name: str, path: str | Path) -> None:
    """Write a force field file that differs from another in a few numbers.

    Parameters
    ----------
    base_path
        Force field to start from; it must lie beside `path` or among the shipped force fields.
    overrides
        New values under the keys of the base, e.g. ``{"morse": {"D0": 0.5}}`` (units of the base file).
    name
        Name of the new force field.
    path
        File to write, ``<name>.yaml``.

    Raises
    ------
    InputError
        A key of `overrides` is not in the base, or the result is not a valid force field; nothing is written.
    """
    base, path = Path(base_path), Path(path)
    _checked_variant(_resolve(base, ()), overrides, name, path, read_yaml(SCHEMA))
    if path.name != f"{name}.yaml":
        raise InputError(f"{path}: the file of force field {name!r} must be called {name}.yaml.")
    reference = base.name.removesuffix(".yaml")
    if _find_base(reference, path).resolve() != base.resolve():
        raise InputError(f"{path}: its base {base} must lie beside it or in {SHIPPED}.")
    content = {
        "name": name,
        "base": reference,
        "source": f"{reference} with other values of: {', '.join(sorted(overrides))}",
        "override": _plain(overrides),
    }
    write_text(path, yaml.safe_dump(content, sort_keys=False))


def _checked_variant(
    base: Mapping[str, Any], overrides: Mapping[str, Any], name: str, path: Path, schema: Mapping[str, Any]
) -> None:
    merged = {**_merge(base, overrides, path, "override"), "name": name}
    _check_schema(merged, schema, path)
    _check_kinds(merged, path)


def _plain(overrides: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _plain(value) if isinstance(value, Mapping) else value for key, value in overrides.items()}


def _resolve(path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    """Read `path` and merge it over its base, if it names one."""
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise InputError(f"{path}: a force field must be a mapping of keys to values.")
    if "base" not in content:
        return content
    if path.resolve() in seen:
        raise InputError(f"{path}: a force field must not be based on itself.")
    _check_schema(content, _VARIANT_SCHEMA, path)
    base = _resolve(_find_base(content["base"], path), (*seen, path.resolve()))
    merged = _merge(base, content["override"], path, "override")
    return {**merged, "name": content["name"], "source": content["source"]}


def _find_base(name: str, path: Path) -> Path:
    candidates = (path.parent / f"{name}.yaml", SHIPPED / f"{name}.yaml")
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise InputError(f"{path}: the base {name!r} is neither beside this file nor in {SHIPPED}.")


def _merge(base: Mapping[str, Any], override: Mapping[str, Any], path: Path, where: str) -> dict[str, Any]:
    """Replace values of `base` by those of `override`, key by key."""
    merged = deepcopy(dict(base))
    for key, value in override.items():
        here = f"{where}.{key}"
        if key not in merged:
            raise InputError(f"{path}: the key {here} is not in the base force field.")
        if isinstance(merged[key], dict) != isinstance(value, Mapping):
            raise InputError(f"{path}: the key {here} must have the form it has in the base force field.")
        merged[key] = _merge(merged[key], value, path, here) if isinstance(value, Mapping) else value
    return merged


def _check_schema(content: Mapping[str, Any], schema: Mapping[str, Any], path: Path) -> None:
    error = violation(content, schema)
    if error is not None:
        where = ".".join(str(step) for step in error.absolute_path) or "the top level"
        rule = f"{error.instance!r} {type_rule(error)}" if error.validator == "type" else error.message
        raise InputError(f"{path}: at {where}, {rule}.")


def _check_kinds(content: Mapping[str, Any], path: Path) -> None:
    """Refuse a term that names a particle kind the force field does not have."""
    known = content["particles"]
    for where, names in _named_kinds(content):
        for name in names:
            if name not in known:
                raise InputError(
                    f"{path}: {where} names the kind {name!r}, which is not one of {', '.join(known)}."
                )


def _named_kinds(content: Mapping[str, Any]) -> Iterable[tuple[str, Iterable[str]]]:
    for molecule, entry in content["molecules"].items():
        yield f"molecules.{molecule}", entry["particles"]
    yield "neutralise", [content["neutralise"]]
    yield "morse.pair", content["morse"]["pair"].split("-")
    for section in ("without_lj", "bonds", "angles", "dihedrals"):
        for term in content[section]:
            yield f"{section} {term}", term.split("-")
    for section in ("dihedrals_absent_with", "impropers_absent_at"):
        yield section, content[section]
    for centre, entry in content["impropers"].items():
        yield f"impropers {centre}", [centre, *entry["others"]]
