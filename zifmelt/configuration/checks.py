"""What no section can check alone: that the parts of the configuration fit each other."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from ..errors import InputError

if TYPE_CHECKING:
    from .whole import Configuration


def check_consistency(config: "Configuration") -> None:
    """Check that the sections do not contradict each other.

    Raises
    ------
    InputError
        Two parts contradict each other; the sentence names the keys and what would be right.
    """
    _check_hardware(config)
    _check_phases(config)
    _check_transitions(config)
    _check_scan(config)
    _check_replicas(config)
    _check_supercells(config)
    _check_temperatures(config)
    _check_database(config)


def _known(key: str, names: Iterable[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise InputError(f"configuration: {key} names {name!r}; known are {', '.join(known)}.")


def _check_hardware(config: "Configuration") -> None:
    hardware = config.hardware
    if hardware.tune and (hardware.engine, hardware.accelerator) != ("lammps", "cpu"):
        raise InputError(
            "configuration: hardware.tune is for LAMMPS on CPUs; set it to false, or hardware.engine to"
            " lammps and hardware.accelerator to cpu."
        )


def _check_phases(config: "Configuration") -> None:
    for name in config.frameworks:
        if name in config.disordered_phases:
            raise InputError(
                f"configuration: frameworks.{name} has the name of a disordered phase; rename it."
            )
    for name, phase in config.disordered_phases.items():
        _known(f"disordered_phases.{name}.frameworks", phase.frameworks or (), config.frameworks)
    sections: dict[str, tuple[Collection[str], list[str]]] = {
        "sampling.phases": (config.sampling.phases, config.phases),
        "database.configurations": (config.database.configurations, config.phases),
        "mechanism.folding": (config.mechanism.folding, list(config.frameworks)),
    }
    for key, (entries, expected) in sections.items():
        _known(key, entries, expected)
        for name in expected:
            if name not in entries:
                raise InputError(f"configuration: {key} has no entry for {name}; add it.")
    for place, curve in enumerate(config.scattering.measured):
        if curve.phase not in config.phases:
            raise InputError(
                f"configuration: scattering.measured.{place}.phase is {curve.phase!r}; known are"
                f" {', '.join(config.phases)}."
            )
    if config.compression.phase not in config.phases:
        raise InputError(f"configuration: compression.phase must be one of {', '.join(config.phases)}.")


def _check_transitions(config: "Configuration") -> None:
    for name, transition in config.transitions.items():
        _known(f"transitions.{name}.crystal", [transition.crystal], config.frameworks)
        _known(f"transitions.{name}.disordered", [transition.disordered], config.disordered_phases)
        if name in config.phases and name != transition.crystal:
            raise InputError(
                f"configuration: transitions.{name} has the name of another phase than its crystal"
                f" {transition.crystal}; rename it."
            )


def _check_scan(config: "Configuration") -> None:
    scan = config.forcefield_scan
    for name in scan.scanned:
        if name not in scan.variants:
            raise InputError(
                f"configuration: forcefield_scan.scanned names {name!r}; known variants are"
                f" {', '.join(scan.variants)}."
            )
    _known("forcefield_scan.temperatures_K", scan.temperatures_K, config.frameworks)
    _known("forcefield_scan.glasses", scan.glasses, scan.variants)
    annealed = config.made_by("annealing")
    for variant, starts in scan.glasses.items():
        _known(f"forcefield_scan.glasses.{variant}", starts, config.frameworks)
        for name in starts:
            if name not in annealed:
                raise InputError(
                    f"configuration: forcefield_scan.glasses.{variant} names {name!r}, from which no"
                    " disordered phase is annealed; leave it out, or add it to such a phase's frameworks."
                )
    if config.forcefield in scan.variants:
        raise InputError(
            f"configuration: forcefield_scan.variants.{config.forcefield} has the name of the campaign's"
            " force field; rename it."
        )


def _check_replicas(config: "Configuration") -> None:
    for name, entry in config.sampling.phases.items():
        if name in config.frameworks and entry.replicas is None:
            raise InputError(
                f"configuration: sampling.phases.{name}.replicas is missing; a crystal needs it."
            )
        if name in config.disordered_phases and entry.replicas is not None:
            raise InputError(
                f"configuration: sampling.phases.{name}.replicas would not count; as many runs start as"
                " annealing.holds_ps or liquid.replicas give."
            )


def _check_supercells(config: "Configuration") -> None:
    for name, framework in config.frameworks.items():
        where, cells = f"configuration: frameworks.{name}.supercells", framework.supercells
        if getattr(cells, config.production.supercell) == cells.size_check:
            raise InputError(
                f"{where}.size_check must differ from the production's {cells.size_check}, or it checks"
                " nothing."
            )
        long = config.coexistence.supercell
        if int(getattr(cells, long).split("x")[2]) < 2:
            raise InputError(
                f"{where}.{long} needs two or more unit cells along c, so that one half of the coexistence"
                " box is a whole crystal."
            )


def _check_temperatures(config: "Configuration") -> None:
    for name, transition in config.transitions.items():
        where = f"configuration: transitions.{name}"
        series, production = transition.coexistence, transition.production
        temperatures = list(series.temperatures_K)
        if temperatures != sorted(temperatures) or len(temperatures) < 2:
            raise InputError(
                f"{where}.coexistence.temperatures_K must rise and have two or more temperatures, so that"
                " the series can bracket the transition."
            )
        for kelvin in series.replicas:
            if kelvin not in temperatures:
                raise InputError(
                    f"{where}.coexistence.replicas has {kelvin} K; it must be one of temperatures_K,"
                    f" {temperatures}."
                )
        if series.interface_K <= temperatures[0]:
            raise InputError(
                f"{where}.coexistence.interface_K is {series.interface_K} K; it must be above the lowest"
                f" temperature of the series, {temperatures[0]} K."
            )
        if config.coexistence.melt_K <= series.interface_K:
            raise InputError(
                f"configuration: coexistence.melt_K is {config.coexistence.melt_K} K; it must be above"
                f" transitions.{name}.coexistence.interface_K, {series.interface_K} K."
            )
        if production.stable_K >= production.transition_K:
            raise InputError(
                f"{where}.production.stable_K is {production.stable_K} K; it must be below transition_K,"
                f" {production.transition_K} K."
            )
    compression, thermodynamics = config.compression, config.thermodynamics
    sampled = list(config.sampling.phases[compression.phase].temperatures_K)
    if compression.temperature_K not in sampled:
        raise InputError(
            f"configuration: compression.temperature_K is {compression.temperature_K} K; it must be one of"
            f" sampling.phases.{compression.phase}.temperatures_K, {sampled}, to compare with."
        )
    ambient = config.dynamics.pressure_bar
    if ambient in compression.pressures_bar:
        raise InputError(
            f"configuration: compression.pressures_bar holds {ambient} bar, the dynamics.pressure_bar of all"
            " other runs; give other pressures."
        )
    if thermodynamics.relaxation_ps >= config.coexistence.duration_ps:
        raise InputError(
            f"configuration: thermodynamics.relaxation_ps is {thermodynamics.relaxation_ps} ps; it must be"
            f" below coexistence.duration_ps, {config.coexistence.duration_ps} ps."
        )


def _check_database(config: "Configuration") -> None:
    spacing = config.sampling.frame_interval_ps
    for phase, wanted in config.database.configurations.items():
        entry = config.sampling.phases[phase]
        runs = len(entry.temperatures_K) * config.replicas(phase)
        available = runs * int(entry.production_ps / spacing + 1e-9)
        if wanted > available:
            raise InputError(
                f"configuration: database.configurations.{phase} asks for {wanted}, but {runs} runs of"
                f" sampling.phases.{phase}.production_ps = {entry.production_ps} ps give {available}."
            )
