"""The configuration of a campaign."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from ..errors import InputError
from ..files import read_yaml
from . import analysis, simulations
from .base import Name, PlainName, Section
from .checks import check_consistency


class Configuration(Section):
    """Configuration of a zifmelt campaign; every key has a unit in its name or in its description."""

    campaign: simulations.CampaignName
    forcefield: Name = Field(description="name of a file in config/forcefields")
    frameworks: Annotated[dict[PlainName, simulations.Framework], Field(min_length=1)] = Field(
        description="crystals under study by name"
    )
    disordered_phases: Annotated[dict[PlainName, simulations.DisorderedPhase], Field(min_length=1)] = Field(
        description="phases without long-range order by name"
    )
    transitions: Annotated[dict[PlainName, simulations.Transition], Field(min_length=1)] = Field(
        description="crystals that lose their order, by the name that folders and files have"
    )
    hardware: simulations.Hardware
    dynamics: simulations.Dynamics
    annealing: simulations.Annealing
    liquid: simulations.Liquid
    sampling: simulations.Sampling
    compression: simulations.Compression
    database: analysis.Database
    environments: analysis.Environments
    classifier: Literal["paper", "extended"] = Field(
        description="the classifier by which Zn count as disordered"
    )
    classifiers: analysis.Classifiers
    coexistence: simulations.Coexistence
    forcefield_scan: simulations.ForceFieldScan
    production: simulations.Production
    thermodynamics: analysis.Thermodynamics
    mechanism: analysis.Mechanism
    properties: analysis.Properties
    scattering: analysis.Scattering

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_consistency(self)
        return self

    @property
    def phases(self) -> list[str]:
        """Names of all phases, crystals first; a phase's place is its number as a class."""
        return [*self.frameworks, *self.disordered_phases]

    @property
    def liquids(self) -> list[str]:
        """Names of the disordered phases that are made as a liquid."""
        return [name for name, phase in self.disordered_phases.items() if phase.made_by == "liquid"]

    def made_by(self, section: str) -> dict[str, str]:
        """Name the first disordered phase that a section makes of each framework that it makes one of."""
        made: dict[str, str] = {}
        for name, phase in self.disordered_phases.items():
            if phase.made_by == section:
                made = dict.fromkeys(phase.frameworks or self.frameworks, name) | made
        return {framework: made[framework] for framework in self.frameworks if framework in made}

    def origins(self, phase: str) -> list[str]:
        """Frameworks that the independent runs of a phase are made from, in the order of their replicas."""
        if phase in self.frameworks:
            return [phase] * (self.sampling.phases[phase].replicas or 0)
        made = self.disordered_phases[phase]
        each = len(self.annealing.holds_ps) if made.made_by == "annealing" else self.liquid.replicas
        return [name for name in made.frameworks or self.frameworks for _ in range(each)]

    def replicas(self, phase: str) -> int:
        """Count the independent runs of a phase."""
        return len(self.origins(phase))


def load_configuration(*paths: str | Path) -> Configuration:
    """Read YAML files, each on top of those before it, as ``snakemake --configfile`` does.

    Raises
    ------
    InputError
        A file cannot be read, or the configuration they make together is wrong.
    """
    content: dict[str, Any] = {}
    for path in paths:
        top = read_yaml(path)
        if not isinstance(top, Mapping):
            raise InputError(f"{path}: a configuration must be a mapping of keys to values.")
        content = merged(content, top)
    return Configuration.from_plain(content)


def merged(base: Mapping[str, Any], top: Mapping[str, Any]) -> dict[str, Any]:
    """Lay nested mappings on top of others; anything else replaces what is below it."""
    result = dict(base)
    for key, value in top.items():
        below = result.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            result[key] = merged(below, value)
        else:
            result[key] = value
    return result
