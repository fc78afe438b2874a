"""What a configured campaign simulates, stage by stage: where each simulation lives and what starts it."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from .configuration import Configuration
from .dynamics import protocol
from .dynamics.protocol import Segment
from .runs import Simulation

NETWORK_ATOMS = ("Zn", "N")
ALL_ATOMS = ("Zn", "N", "C", "H")


class Stages:
    """Records of the simulations that a configuration asks for.

    Parameters
    ----------
    config
        The configuration.
    n_zn
        Counts the Zn of a framework's supercell.
    """

    def __init__(self, config: Configuration, n_zn: Callable[[str, str], int]) -> None:
        self._config = config
        self._n_zn = n_zn
        self._frameworks = list(config.frameworks)

    def all(self) -> Iterator[Simulation]:
        """Make the records of all stages."""
        yield from self.annealing()
        yield from self.liquid()
        yield from self.sampling()
        yield from self.compression()
        for name in self._config.transitions:
            yield from self.interfaces(name)
            yield from self.coexistence(name)
        for name in self._config.transitions:
            yield from self.production(name)
        yield from self.scan()

    def _simulation(
        self, stage: str, place: str, replica: int, segments: list[Segment], framework: str, **entries: Any
    ) -> Simulation:
        """Make a record; its path is made of stage, place and replica and never read again."""
        small = self._config.frameworks[framework].supercells.small
        values = {
            "phase": framework,
            "supercell": small,
            "pressure_bar": self._config.dynamics.pressure_bar,
            "variant": self._config.forcefield,
            "start": None,
            "elements": NETWORK_ATOMS,
            **entries,
        }
        return Simulation(
            path=f"{stage}/{place}/r{replica}",
            stage=stage,
            framework=framework,
            n_zn=self._n_zn(framework, values["supercell"]),
            temperature_K=segments[-1].to_K,
            replica=replica,
            barostat=segments[-1].barostat,
            segments=tuple(segments),
            **values,
        )

    def annealing(self) -> Iterator[Simulation]:
        """Make glasses, and one of each framework slowly."""
        section = self._config.annealing
        fast = [
            ("annealing", replica, hold, section.ramp_K_per_ps)
            for replica, hold in enumerate(section.holds_ps, start=1)
        ]
        slow = ("annealing_slow", 1, section.slow_hold_ps, section.slow_ramp_K_per_ps)
        for (framework, phase), (stage, replica, hold, rate) in product(
            self._config.made_by("annealing").items(), [*fast, slow]
        ):
            yield self._simulation(
                stage,
                framework,
                replica,
                protocol.annealing(section.plain(), hold_ps=hold, ramp_K_per_ps=rate),
                framework,
                phase=phase,
                frame_interval_ps=section.frame_interval_ps,
            )

    def liquid(self) -> Iterator[Simulation]:
        """Make liquids."""
        section = self._config.liquid
        segments = protocol.liquid(section.plain(), start_K=self._config.annealing.start_K)
        replicas = range(1, section.replicas + 1)
        for (framework, phase), replica in product(self._config.made_by("liquid").items(), replicas):
            yield self._simulation(
                "liquid",
                framework,
                replica,
                segments,
                framework,
                phase=phase,
                frame_interval_ps=section.frame_interval_ps,
            )

    def _origins(self, phase: str) -> list[tuple[str, str | None]]:
        """Framework and starting simulation (None: the crystal) of every replica of a phase."""
        names = self._config.origins(phase)
        if phase in self._frameworks:
            return [(name, None) for name in names]
        stage = self._config.disordered_phases[phase].made_by
        return [
            (name, f"{stage}/{name}/r{names[:place].count(name) + 1}") for place, name in enumerate(names)
        ]

    def sampling(self) -> Iterator[Simulation]:
        """Sample every phase at constant temperature."""
        section = self._config.sampling
        for phase in self._config.phases:
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

    def compression(self) -> Iterator[Simulation]:
        """Compress one phase."""
        section = self._config.compression
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
                    frame_interval_ps=self._config.sampling.frame_interval_ps,
                )

    def _half_molten(
        self, stage: str, transition: str, place: str, replica: int, segments: list[Segment], **entries: Any
    ) -> Simulation:
        section, crystal = self._config.coexistence, self._config.transitions[transition].crystal
        return self._simulation(
            stage,
            place,
            replica,
            segments,
            crystal,
            supercell=getattr(self._config.frameworks[crystal].supercells, section.supercell),
            frame_interval_ps=section.frame_interval_ps,
            **entries,
        )

    def interfaces(self, transition: str) -> Iterator[Simulation]:
        """Melt one half of the boxes of a transition."""
        section = self._config.coexistence
        interface_K = self._config.transitions[transition].coexistence.interface_K
        segments = protocol.interface(section.plain(), interface_K=interface_K)
        for replica in range(1, max(self._interfaces(transition).values()) + 1):
            yield self._half_molten("interface", transition, transition, replica, segments)

    def coexistence(self, transition: str) -> Iterator[Simulation]:
        """Follow the half-molten boxes of a transition at every temperature."""
        counts, duration_ps = self._interfaces(transition), self._config.coexistence.duration_ps
        for replica, temperature in product(range(1, max(counts.values()) + 1), counts):
            if replica <= counts[temperature]:
                yield self._half_molten(
                    "coexistence",
                    transition,
                    f"{transition}/{temperature}K",
                    replica,
                    protocol.coexistence(temperature, duration_ps),
                    start=f"interface/{transition}/r{replica}",
                )

    def _interfaces(self, transition: str) -> dict[float, int]:
        """Count the interfaces that are followed at each temperature of a transition."""
        series, usual = self._config.transitions[transition].coexistence, self._config.coexistence.replicas
        return {kelvin: series.replicas.get(kelvin, usual) for kelvin in series.temperatures_K}

    def production(self, transition: str) -> Iterator[Simulation]:
        """Watch a crystal above and just below its transition."""
        section, record = self._config.production, self._config.transitions[transition]
        cells, series = self._config.frameworks[record.crystal].supercells, record.production
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

    def scan(self) -> Iterator[Simulation]:
        """Try variants of the force field."""
        section = self._config.forcefield_scan
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
        section, annealing = self._config.forcefield_scan, self._config.annealing
        for variant in section.scanned:
            starts = product(section.glasses.get(variant, ()), annealing.holds_ps)
            for replica, (framework, hold) in enumerate(starts, start=1):
                glass = self._config.made_by("annealing")[framework]
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
        supercells = self._config.frameworks[framework].supercells
        supercell = getattr(supercells, self._config.forcefield_scan.supercell)
        return self._simulation(
            "scan", place, replica, segments, framework, variant=variant, supercell=supercell, **entries
        )
