"""Every molecular-dynamics run of a configured campaign: where it lives, what starts it, what it does.

The workflow asks this module by a run's path below ``results/{run}/md/``: paths and protocols in one place.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from .config import DISORDERED, replica_count
from .dynamics import protocol
from .dynamics.protocol import Segment
from .runs import Run
from .structures.crystal import read_crystal

GLASS, LIQUID = DISORDERED
NETWORK_ATOMS = ("Zn", "N")
ALL_ATOMS = ("Zn", "N", "C", "H")
PARTICLES_PER_ZN = 25


class Campaign:
    """All runs that a configuration asks for.

    Parameters
    ----------
    config
        A configuration that has passed the schema and `zifmelt.config.check_consistency`.
    root
        Folder that the structure paths of the configuration are relative to.
    """

    def __init__(self, config: Mapping[str, Any], root: str | Path = ".") -> None:
        self.config = config
        self.root = Path(root)
        self.frameworks = list(config["frameworks"])
        self.phases = [*self.frameworks, *DISORDERED]

    @cached_property
    def runs(self) -> dict[str, Run]:
        """Every run by its path."""
        stages = (
            self._annealing(),
            self._liquid(),
            self._sampling(),
            self._compression(),
            self._coexistence(),
            self._production(),
            self._scan(),
        )
        return {run.path: run for stage in stages for run in stage}

    def paths(self, prefix: str) -> list[str]:
        """List the paths of all runs below a folder, e.g. ``production/ZIF-4``."""
        return [path for path in self.runs if path.startswith(prefix.rstrip("/") + "/")]

    def seed(self, path: str) -> int:
        """Return the seed of a run: follows from the configured seed and the path, 1 to 2^31 - 1."""
        digest = hashlib.sha256(f"{self.config['run']['seed']}/{path}".encode()).digest()
        return 1 + int.from_bytes(digest[:4], "big") % (2**31 - 2)

    def n_zn(self, framework: str, supercell: str) -> int:
        """Count the Zn of a supercell."""
        cells = prod(int(count) for count in supercell.split("x"))
        return cells * self._zn_per_cell[framework]

    def n_particles(self, run: Run) -> int:
        """Count the particles of a run's box, dummies included."""
        return PARTICLES_PER_ZN * self.n_zn(run.framework, run.supercell)

    @cached_property
    def _zn_per_cell(self) -> dict[str, int]:
        return {
            name: int((read_crystal(self.root / entry["structure"]).elements == "Zn").sum())
            for name, entry in self.config["frameworks"].items()
        }

    def _run(
        self, path: str, framework: str, supercell: str, segments: list[Segment], **settings: Any
    ) -> Run:
        run = Run(
            path=path,
            framework=framework,
            supercell=supercell,
            forcefield=self.config["forcefield"],
            segments=tuple(segments),
            frame_interval_ps=1.0,
            elements=NETWORK_ATOMS,
            start=None,
            pressure_bar=self.config["dynamics"]["pressure_bar"],
        )
        return replace(run, **settings)

    def _small(self, framework: str) -> str:
        return self.config["frameworks"][framework]["supercells"]["small"]

    def _annealing(self) -> list[Run]:
        section = self.config["annealing"]
        runs = []
        for framework in self.frameworks:
            protocols = {
                f"annealing/{framework}/r{replica}": (hold, section["ramp_K_per_ps"])
                for replica, hold in enumerate(section["holds_ps"], start=1)
            }
            protocols[f"annealing_slow/{framework}/r1"] = (
                section["slow_hold_ps"],
                section["slow_ramp_K_per_ps"],
            )
            for path, (hold, rate) in protocols.items():
                segments = protocol.annealing(section, hold_ps=hold, ramp_K_per_ps=rate)
                interval = section["frame_interval_ps"]
                runs.append(
                    self._run(path, framework, self._small(framework), segments, frame_interval_ps=interval)
                )
        return runs

    def _liquid(self) -> list[Run]:
        section = self.config["liquid"]
        segments = protocol.liquid(section, start_K=self.config["annealing"]["start_K"])
        return [
            self._run(
                f"liquid/{framework}/r{replica}",
                framework,
                self._small(framework),
                segments,
                frame_interval_ps=section["frame_interval_ps"],
            )
            for framework in self.frameworks
            for replica in range(1, section["replicas"] + 1)
        ]

    def origins(self, phase: str) -> list[tuple[str, str | None]]:
        """List what starts the independent runs of a phase.

        Parameters
        ----------
        phase
            A framework, ``ZIF_a`` or ``ZIF_liq``.

        Returns
        -------
        list of tuple
            Per replica the framework and the path of the starting run (None for a crystal).
        """
        if phase == GLASS:
            replicas = len(self.config["annealing"]["holds_ps"])
            return [(f, f"annealing/{f}/r{r}") for f in self.frameworks for r in range(1, replicas + 1)]
        if phase == LIQUID:
            replicas = self.config["liquid"]["replicas"]
            return [(f, f"liquid/{f}/r{r}") for f in self.frameworks for r in range(1, replicas + 1)]
        return [(phase, None)] * replica_count(self.config, phase)

    def sampling_paths(self, phase: str, enthalpy: bool = False) -> list[str]:
        """List the sampling runs of a phase, those for the database or, with `enthalpy`, all of them."""
        section = self.config["sampling"]
        entry, replicas = section["phases"][phase], replica_count(self.config, phase)
        series = dict.fromkeys(entry["temperatures_K"], replicas)
        if enthalpy:
            fewer = min(replicas, section["enthalpy_replicas"])
            series = dict.fromkeys(entry["enthalpy_temperatures_K"], fewer) | series
        return [
            f"sampling/{phase}/{temperature}K/r{replica}"
            for temperature in sorted(series)
            for replica in range(1, series[temperature] + 1)
        ]

    def _sampling(self) -> list[Run]:
        section = self.config["sampling"]
        runs = []
        for phase in self.phases:
            origins = self.origins(phase)
            for path in self.sampling_paths(phase, enthalpy=True):
                temperature = float(path.split("/")[2].rstrip("K"))
                framework, start = origins[int(path.rsplit("/r")[-1]) - 1]
                segments = protocol.sampling(
                    temperature_K=temperature,
                    equilibration_ps=section["equilibration_ps"],
                    production_ps=section["phases"][phase]["production_ps"],
                )
                runs.append(
                    self._run(
                        path,
                        framework,
                        self._small(framework),
                        segments,
                        start=start,
                        frame_interval_ps=section["frame_interval_ps"],
                        elements=ALL_ATOMS,
                    )
                )
        return runs

    def _compression(self) -> list[Run]:
        section = self.config["compression"]
        segments = protocol.sampling(
            temperature_K=section["temperature_K"],
            equilibration_ps=section["equilibration_ps"],
            production_ps=section["production_ps"],
        )
        return [
            self._run(
                f"compression/{section['phase']}/{pressure}bar/r{replica}",
                framework,
                self._small(framework),
                segments,
                start=start,
                pressure_bar=pressure,
                frame_interval_ps=self.config["sampling"]["frame_interval_ps"],
            )
            for pressure in section["pressures_bar"]
            for replica, (framework, start) in enumerate(self.origins(section["phase"]), start=1)
        ]

    def _coexistence(self) -> list[Run]:
        section = self.config["coexistence"]
        runs = []
        for framework, entry in section["frameworks"].items():
            supercell = self.config["frameworks"][framework]["supercells"][section["supercell"]]
            interval = section["frame_interval_ps"]
            for replica in range(1, section["replicas"] + 1):
                interface = f"interface/{framework}/r{replica}"
                segments = protocol.interface(section, interface_K=entry["interface_K"])
                runs.append(self._run(interface, framework, supercell, segments, frame_interval_ps=interval))
                for temperature in entry["temperatures_K"]:
                    path = f"coexistence/{framework}/{temperature}K/r{replica}"
                    segments = protocol.coexistence(temperature, section["duration_ps"])
                    runs.append(
                        self._run(
                            path, framework, supercell, segments, start=interface, frame_interval_ps=interval
                        )
                    )
        return runs

    def _production(self) -> list[Run]:
        section = self.config["production"]
        runs = []
        for framework, entry in section["frameworks"].items():
            supercells = self.config["frameworks"][framework]["supercells"]
            series = {
                (supercells[section["supercell"]], entry["transition_K"]): section["replicas"],
                (supercells[section["supercell"]], entry["stable_K"]): 1,
                (supercells["size_check"], entry["transition_K"]): section["replicas"],
            }
            for (supercell, temperature), replicas in series.items():
                segments = protocol.production(temperature, entry["duration_ps"])
                for replica in range(1, replicas + 1):
                    path = f"production/{framework}/{supercell}/{temperature}K/r{replica}"
                    interval = section["frame_interval_ps"]
                    runs.append(self._run(path, framework, supercell, segments, frame_interval_ps=interval))
        return runs

    def _scan(self) -> list[Run]:
        section = self.config["forcefield_scan"]
        runs = []
        conditions = product(
            section["scanned"],
            section["temperatures_K"].items(),
            section["barostats"],
            range(1, section["replicas"] + 1),
        )
        for variant, (framework, temperatures), barostat, replica in conditions:
            supercell = self.config["frameworks"][framework]["supercells"][section["supercell"]]
            for temperature in temperatures:
                segments = protocol.sampling(
                    temperature, section["equilibration_ps"], section["production_ps"], barostat
                )
                run = self._run(
                    f"scan/{variant}/{framework}/{barostat}/{temperature}K/r{replica}",
                    framework,
                    supercell,
                    segments,
                    forcefield=variant,
                    frame_interval_ps=section["frame_interval_ps"],
                )
                runs.append(run)
        return runs + self._scan_glasses()

    def _scan_glasses(self) -> list[Run]:
        section = self.config["forcefield_scan"]
        annealing = self.config["annealing"]
        runs = []
        for variant in section["scanned"]:
            starts = product(section["glasses"].get(variant, ()), annealing["holds_ps"])
            for replica, (framework, hold) in enumerate(starts, start=1):
                runs.append(
                    self._run(
                        f"scan/{variant}/{GLASS}/isotropic/{annealing['start_K']}K/r{replica}",
                        framework,
                        self.config["frameworks"][framework]["supercells"][section["supercell"]],
                        protocol.annealing(annealing, hold, annealing["ramp_K_per_ps"]),
                        forcefield=variant,
                        frame_interval_ps=annealing["frame_interval_ps"],
                    )
                )
        return runs
