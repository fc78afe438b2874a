"""A configured campaign: its table of simulations, and which of them an analysis asks for."""

import hashlib
from functools import cached_property
from math import prod
from pathlib import Path

from .configuration import Configuration
from .runs import Runs
from .stages import Stages
from .structures.crystal import read_crystal

PARTICLES_PER_ZN = 25


class Campaign:
    """All simulations that a configuration asks for.

    Parameters
    ----------
    config
        The configuration.
    root
        Folder that the structure paths of the configuration are relative to.
    """

    def __init__(self, config: Configuration, root: str | Path = ".") -> None:
        self.config = config
        self.root = Path(root)
        self._stages = Stages(config, self.n_zn)
        self.name = config.campaign.name
        self.frameworks = list(config.frameworks)
        self.phases = config.phases
        self.classifiers = {"paper": config.classifiers.paper, "extended": config.classifiers.extended}

    @cached_property
    def runs(self) -> Runs:
        """Table of all simulations."""
        return Runs(self._stages.all())

    def sampled(self, *phases: str) -> Runs:
        """Choose the simulations that sample phases for the database, not those for the enthalpy alone.

        Parameters
        ----------
        phases
            Names of phases; none: all.
        """
        return self._at_temperatures(phases, slice(None))

    def reference(self, *phases: str) -> Runs:
        """Choose the simulations that sample phases (none named: all) at their first temperature."""
        return self._at_temperatures(phases, slice(1))

    def _at_temperatures(self, phases: tuple[str, ...], chosen: slice) -> Runs:
        sampled = self.config.sampling.phases
        return Runs(
            simulation
            for phase in phases or self.phases
            for simulation in self.runs.select(
                stage="sampling", phase=phase, temperature_K=sampled[phase].temperatures_K[chosen]
            )
        )

    def disordered(self) -> Runs:
        """Choose the simulations at constant temperature of all disordered phases."""
        return self.runs.select(stage="sampling", phase=list(self.config.disordered_phases))

    def crystals(self) -> Runs:
        """Choose the simulations that begin with a crystal: those that sample it, then production."""
        return self.runs.select(stage="sampling", phase=self.frameworks) + self.runs.select(
            stage="production"
        )

    def pressures(self) -> Runs:
        """Choose the simulations of one phase and temperature at all pressures, ambient first."""
        section = self.config.compression
        return self.runs.select(
            stage=["sampling", "compression"], phase=section.phase, temperature_K=section.temperature_K
        )

    def interfaces(self, transition: str) -> Runs:
        """Choose the simulations that melt one half of the boxes of a transition."""
        return Runs(self._stages.interfaces(transition))

    def coexistence(self, transition: str) -> Runs:
        """Choose the half-molten boxes of a transition at all temperatures."""
        return Runs(self._stages.coexistence(transition))

    def production(self, transition: str, key: str = "transition_K", supercell: str | None = None) -> Runs:
        """Choose the long runs of a transition.

        Parameters
        ----------
        transition
            Name of the transition.
        key
            Which temperature: ``transition_K`` or ``stable_K``.
        supercell
            Which of the framework's supercells, e.g. ``size_check``; None: that of the production runs.
        """
        record, section = self.config.transitions[transition], self.config.production
        cells = self.config.frameworks[record.crystal].supercells
        return self.runs.select(
            path=[simulation.path for simulation in self._stages.production(transition)],
            supercell=getattr(cells, supercell or section.supercell),
            temperature_K=getattr(record.production, key),
        )

    def watched(self, transition: str) -> Runs:
        """Choose the long runs of a transition at all temperatures and of every size of box."""
        return Runs(self._stages.production(transition))

    def heated(self, transition: str) -> Runs:
        """Choose those of them that are not at the temperature at which the crystal is to last."""
        stable = self.production(transition, "stable_K").paths
        return Runs(run for run in self.watched(transition) if run.path not in stable)

    def transforming(self) -> Runs:
        """Choose the long runs of all transitions in which the crystal transforms."""
        return Runs(run for name in self.config.transitions for run in self.production(name))

    def shown(self) -> Runs:
        """Choose the one long run that figures of a single run show, the first of the first transition."""
        return self.production(next(iter(self.config.transitions))).select(replica=1)

    def seed(self, path: str) -> int:
        """Return the seed of a simulation: follows from the configured seed and the path, 1 to 2^31 - 1."""
        digest = hashlib.sha256(f"{self.config.campaign.seed}/{path}".encode()).digest()
        return 1 + int.from_bytes(digest[:4], "big") % (2**31 - 2)

    def n_zn(self, framework: str, supercell: str) -> int:
        """Count the Zn of a supercell."""
        cells = prod(int(count) for count in supercell.split("x"))
        return cells * self._zn_per_cell[framework]

    @cached_property
    def _zn_per_cell(self) -> dict[str, int]:
        return {
            name: int((read_crystal(self.root / framework.structure).elements == "Zn").sum())
            for name, framework in self.config.frameworks.items()
        }
