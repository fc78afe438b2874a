"""The configuration of a campaign from its files, as Snakemake puts them on top of each other."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..files import read_yaml
from ..shipped import shipped


def layered(configfiles: Iterable[str | Path]) -> dict[str, Any]:
    """Read ``config/config.yaml`` and put files on top of it; mappings merge, other values replace."""
    config = read_yaml(shipped("config/config.yaml"))
    for path in configfiles:
        _update(config, read_yaml(path))
    return config


def _update(lower: dict[str, Any], upper: dict[str, Any]) -> None:
    for key, value in upper.items():
        if isinstance(value, dict) and isinstance(lower.get(key), dict):
            _update(lower[key], value)
        else:
            lower[key] = value
