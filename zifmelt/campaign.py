"""Every simulation of a configured campaign: where it lives, what starts it, what it does."""

import hashlib
from collections.abc import Iterator
from functools import cached_property
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from .configuration import Configuration
from .dynamics import protocol
from .dynamics.protocol import Segment
from .runs import Runs, Simulation
from .structures.crystal import read_crystal

NETWORK_ATOMS = ("Zn", "N")
ALL_ATOMS = ("Zn", "N", "C", "H")
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
        self.name = config.campaign.name
        self.frameworks = list(config.frameworks)
        self.phases = config.phases

    @cached_property
    def runs(self) -> Runs:
        """Table of all simulations."""
        stages = (
            self._annealing(),
            self._liquid(),
            self._sampling(),
            self._compression(),
            self._coexistence(),
            self._production(),
            self._scan(),
        )
        return Runs(simulation for stage in stages for simulation in stage)

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

    def coexistence(self, transition: str) -> Runs:
        """Choose the half-molten boxes of a transition at all temperatures."""
        return Runs(self._coexistence_of(transition))

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
            path=[simulation.path for simulation in self._production_of(transition)],
            supercell=getattr(cells, supercell or section.supercell),
            temperature_K=getattr(record.production, key),
        )

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

    def _simulation(
        self, stage: str, place: str, replica: int, segments: list[Segment], framework: str, **entries: Any
    ) -> Simulation:
        """Make a record; its path is made of stage, place and replica and never read again."""
        small = self.config.frameworks[framework].supercells.small
        values = {
            "phase": framework,
            "supercell": small,
            "pressure_bar": self.config.dynamics.pressure_bar,
            "variant": self.config.forcefield,
            "start": None,
            "elements": NETWORK_ATOMS,
            **entries,
        }
        return Simulation(
            path=f"{stage}/{place}/r{replica}",
            stage=stage,
            framework=framework,
            n_zn=self.n_zn(framework, values["supercell"]),
            temperature_K=segments[-1].to_K,
            replica=replica,
            barostat=segments[-1].barostat,
            segments=tuple(segments),
            **values,
        )

    def _made_by(self, section: str, framework: str) -> str:
        """Name the first disordered phase that a section makes of a framework, or the framework."""
        for name, phase in self.config.disordered_phases.items():
            if phase.made_by == section and framework in (phase.frameworks or self.frameworks):
                return name
        return framework

    def _annealing(self) -> Iterator[Simulation]:
        section = self.config.annealing
        fast = [
            ("annealing", replica, hold, section.ramp_K_per_ps)
            for replica, hold in enumerate(section.holds_ps, start=1)
        ]
        slow = ("annealing_slow", 1, section.slow_hold_ps, section.slow_ramp_K_per_ps)
        for framework, (stage, replica, hold, rate) in product(self.frameworks, [*fast, slow]):
            yield self._simulation(
                stage,
                framework,
                replica,
                protocol.annealing(section.plain(), hold_ps=hold, ramp_K_per_ps=rate),
                framework,
                phase=self._made_by("annealing", framework),
                frame_interval_ps=section.frame_interval_ps,
            )

    def _liquid(self) -> Iterator[Simulation]:
        section = self.config.liquid
        segments = protocol.liquid(section.plain(), start_K=self.config.annealing.start_K)
        for framework, replica in product(self.frameworks, range(1, section.replicas + 1)):
            yield self._simulation(
                "liquid",
                framework,
                replica,
                segments,
                framework,
                phase=self._made_by("liquid", framework),
                frame_interval_ps=section.frame_interval_ps,
            )

    def _origins(self, phase: str) -> list[tuple[str, str | None]]:
        """Framework and starting simulation (None: the crystal) of every replica of a phase."""
        names = self.config.origins(phase)
        if phase in self.frameworks:
            return [(name, None) for name in names]
        stage = self.config.disordered_phases[phase].made_by
        return [
            (name, f"{stage}/{name}/r{names[:place].count(name) + 1}") for place, name in enumerate(names)
        ]

    def _sampling(self) -> Iterator[Simulation]:
        section = self.config.sampling
        for phase in self.phases:
            entry, origins = section.phases[phase], self._origins(phase)
            fewer = dict.fromkeys(entry.enthalpy_temperatures_K, min(len(origins), section.enthalpy_replicas))
            series = fewer | dict.fromkeys(entry.temperatures_K, len(origins))
            for temperature in sorted(series):
                segments = protocol.sampling(
                    float(temperature), section.equilibration_ps, entry.production_ps
                )
                for replica, (framework, start) in enumerate(origins[: series[temperature]], start=1):
                    yield self._simulation(
                        "sampling",
                        f"{phase}/{temperature}K",
                        replica,
                        segments,
                        framework,
                        phase=phase,
                        start=start,
                        frame_interval_ps=section.frame_interval_ps,
                        elements=ALL_ATOMS,
                    )

    def _compression(self) -> Iterator[Simulation]:
        section = self.config.compression
        segments = protocol.sampling(section.temperature_K, section.equilibration_ps, section.production_ps)
        for pressure in section.pressures_bar:
            for replica, (framework, start) in enumerate(self._origins(section.phase), start=1):
                yield self._simulation(
                    "compression",
                    f"{section.phase}/{pressure}bar",
                    replica,
                    segments,
                    framework,
                    phase=section.phase,
                    start=start,
                    pressure_bar=pressure,
                    frame_interval_ps=self.config.sampling.frame_interval_ps,
                )

    def _coexistence(self) -> Iterator[Simulation]:
        for name in self.config.transitions:
            yield from self._interfaces_of(name)
            yield from self._coexistence_of(name)

    def _half_molten(
        self, stage: str, transition: str, place: str, replica: int, segments: list[Segment], **entries: Any
    ) -> Simulation:
        section, crystal = self.config.coexistence, self.config.transitions[transition].crystal
        return self._simulation(
            stage,
            place,
            replica,
            segments,
            crystal,
            supercell=getattr(self.config.frameworks[crystal].supercells, section.supercell),
            frame_interval_ps=section.frame_interval_ps,
            **entries,
        )

    def _interfaces_of(self, transition: str) -> Iterator[Simulation]:
        section = self.config.coexistence
        interface_K = self.config.transitions[transition].coexistence.interface_K
        segments = protocol.interface(section.plain(), interface_K=interface_K)
        for replica in range(1, section.replicas + 1):
            yield self._half_molten("interface", transition, transition, replica, segments)

    def _coexistence_of(self, transition: str) -> Iterator[Simulation]:
        section, series = self.config.coexistence, self.config.transitions[transition].coexistence
        for replica, temperature in product(range(1, section.replicas + 1), series.temperatures_K):
            yield self._half_molten(
                "coexistence",
                transition,
                f"{transition}/{temperature}K",
                replica,
                protocol.coexistence(temperature, section.duration_ps),
                start=f"interface/{transition}/r{replica}",
            )

    def _production(self) -> Iterator[Simulation]:
        for name in self.config.transitions:
            yield from self._production_of(name)

    def _production_of(self, transition: str) -> Iterator[Simulation]:
        section, record = self.config.production, self.config.transitions[transition]
        cells, series = self.config.frameworks[record.crystal].supercells, record.production
        large = getattr(cells, section.supercell)
        for supercell, temperature, replicas in (
            (large, series.transition_K, section.replicas),
            (large, series.stable_K, 1),
            (cells.size_check, series.transition_K, section.replicas),
            *((cells.size_check, temperature, 1) for temperature in series.other_K),
        ):
            for replica in range(1, replicas + 1):
                yield self._simulation(
                    "production",
                    f"{transition}/{supercell}/{temperature}K",
                    replica,
                    protocol.production(temperature, series.duration_ps),
                    record.crystal,
                    supercell=supercell,
                    frame_interval_ps=section.frame_interval_ps,
                )

    def _scan(self) -> Iterator[Simulation]:
        section = self.config.forcefield_scan
        conditions = product(
            section.scanned,
            section.temperatures_K.items(),
            section.barostats,
            range(1, section.replicas + 1),
        )
        for variant, (framework, temperatures), barostat, replica in conditions:
            for temperature in temperatures:
                yield self._scanned(
                    variant,
                    f"{variant}/{framework}/{barostat}/{temperature}K",
                    replica,
                    protocol.sampling(temperature, section.equilibration_ps, section.production_ps, barostat),
                    framework,
                    frame_interval_ps=section.frame_interval_ps,
                )
        yield from self._scan_glasses()

    def _scan_glasses(self) -> Iterator[Simulation]:
        section, annealing = self.config.forcefield_scan, self.config.annealing
        for variant in section.scanned:
            starts = product(section.glasses.get(variant, ()), annealing.holds_ps)
            for replica, (framework, hold) in enumerate(starts, start=1):
                glass = self._made_by("annealing", framework)
                yield self._scanned(
                    variant,
                    f"{variant}/{glass}/isotropic/{annealing.start_K}K",
                    replica,
                    protocol.annealing(annealing.plain(), hold, annealing.ramp_K_per_ps),
                    framework,
                    phase=glass,
                    frame_interval_ps=annealing.frame_interval_ps,
                )

    def _scanned(
        self,
        variant: str,
        place: str,
        replica: int,
        segments: list[Segment],
        framework: str,
        **entries: Any,
    ) -> Simulation:
        supercells = self.config.frameworks[framework].supercells
        supercell = getattr(supercells, self.config.forcefield_scan.supercell)
        return self._simulation(
            "scan", place, replica, segments, framework, variant=variant, supercell=supercell, **entries
        )
