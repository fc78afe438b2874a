"""Sections of the configuration that say which simulations a campaign has."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from ..errors import InputError
from .base import (
    DISTINCT,
    UNIQUE,
    AsWritten,
    Count,
    Duration,
    MoreTemperatures,
    Name,
    Names,
    Number,
    Positive,
    Rate,
    Section,
    Supercell,
    SupercellKey,
    Temperature,
    Temperatures,
    Text,
)


class CampaignName(Section):
    """What this campaign is called and how large it is."""

    name: Name = Field(description="folder below results/")
    seed: Annotated[int, Field(strict=True, ge=0)] = Field(
        description="seed that the seeds of all simulations follow from"
    )
    scale: Literal["paper", "smaller", "reduced"] = Field(
        description="paper, smaller for a study of smaller boxes or shorter runs, which its page says, "
        "or reduced for a demonstration that is not physics"
    )
    simulations: Literal["run", "archived"] = Field(
        description="run what is not there, or take the run folders as they lie in an archive and run none"
    )


class Supercells(Section):
    """Boxes of a framework."""

    small: Supercell
    large: Supercell
    size_check: Supercell


class Framework(Section):
    """A crystal under study."""

    structure: Annotated[str, Field(strict=True, min_length=1)] = Field(
        description="path of a CIF with space group and asymmetric unit"
    )
    supercells: Supercells = Field(description="boxes of the campaign, unit cells along a, b and c")


class DisorderedPhase(Section):
    """A phase without long-range order, and how it is made."""

    made_by: Literal["annealing", "liquid"] = Field(
        description="section whose simulations end in this phase and start its sampling"
    )
    frameworks: Annotated[tuple[Text, ...] | None, Field(min_length=1)] = Field(
        default=None, description="crystals that it is made from; all of them if left out"
    )


class CoexistenceSeries(Section):
    """Half-molten boxes of one transition."""

    interface_K: Temperature = Field(description="temperature in K at which one half is molten")
    temperatures_K: Temperatures = Field(description="temperatures in K that bracket the transition, rising")
    replicas: dict[Temperature, Count] = Field(
        default={},
        description="number of interfaces followed at a temperature in K; coexistence.replicas if left out",
    )


class ProductionSeries(Section):
    """Crystals above and just below one transition."""

    transition_K: Temperature = Field(description="temperature in K at which the crystal transforms")
    stable_K: Temperature = Field(description="temperature in K at which it does not")
    other_K: MoreTemperatures = Field(
        default=(),
        description="more temperatures in K at which boxes of the size check are followed, once each",
    )
    duration_ps: Duration = Field(description="length of every run in ps")


class Transition(Section):
    """A crystal that loses its order: what it turns into, and the simulations that follow it."""

    crystal: Text = Field(description="the framework that transforms")
    disordered: Text = Field(description="the disordered phase that it turns into")
    coexistence: CoexistenceSeries = Field(description="half-molten boxes of this transition")
    production: ProductionSeries = Field(description="runs above and just below this transition")


class Hardware(Section):
    """What one simulation gets."""

    engine: Literal["lammps", "openmm"] = Field(description="what simulates")
    accelerator: Literal["cpu", "gpu"] = Field(description="what it runs on")
    platform: Literal["auto", "CUDA", "HIP", "OpenCL", "CPU", "Reference"] = Field(
        description="OpenMM's platform; auto takes the fastest there is"
    )
    precision: Literal["single", "mixed", "double"] = Field(description="OpenMM's precision on a GPU")
    mpi_ranks: Count = Field(description="MPI ranks per run")
    threads: Count = Field(description="OpenMP threads per rank")
    tune: bool = Field(
        description="LAMMPS on CPUs only: measure which threads, ranks, Coulomb cutoff and skin are the "
        "fastest with the same forces, once for each machine and system, and use them: see docs/speed.md"
    )
    gpus: Count = Field(description="GPUs per run when the accelerator is gpu")
    runs_per_gpu: Count = Field(description="runs that share a GPU, for time limits: see docs/cluster.md")
    throughput_particle_steps_per_core_second: Positive = Field(
        description="measured speed, particles times steps per core and second"
    )
    throughput_particle_steps_per_gpu_second: Positive | None = Field(
        description="measured speed, particles times steps per GPU and second; null: not measured"
    )


class Dynamics(Section):
    """Integration of the equations of motion."""

    numerics: Literal["efficient", "reference", "multistep", "fast"] = Field(
        description="how the force field is evaluated; multistep: LAMMPS only, fast: OpenMM only"
    )
    timestep_fs: AsWritten[Annotated[float, Field(strict=True, gt=0, le=2)]] = Field(
        description="time step in fs"
    )
    hot_timestep_fs: AsWritten[Annotated[float, Field(strict=True, gt=0, le=2)]] = Field(
        description="time step in fs of segments that go above hot_above_K"
    )
    hot_above_K: Temperature = Field(description="temperature in K above which hot_timestep_fs is used")
    slow_timestep_fs: AsWritten[Annotated[float, Field(strict=True, gt=0, le=4)]] = Field(
        description="time step in fs of the slowly varying forces"
    )
    thermostat_damping_steps: AsWritten[Annotated[float, Field(strict=True, ge=10)]] = Field(
        description="Nose-Hoover thermostat damping in time steps"
    )
    barostat_damping_steps: AsWritten[Annotated[float, Field(strict=True, ge=100)]] = Field(
        description="Nose-Hoover barostat damping in time steps"
    )
    pressure_bar: Number = Field(description="target pressure in bar")
    thermo_interval_ps: Duration = Field(description="time between rows of thermo.csv in ps")
    checkpoint_interval_ps: Duration = Field(description="time between checkpoints in ps")


def _peak_above(section: str, peak_K: float, other_K: float) -> None:
    if peak_K <= other_K:
        raise InputError(f"configuration: {section}.peak_K is {peak_K} K; it must be above {other_K} K.")


class Annealing(Section):
    """Crystal to glass by heating, a hold and cooling."""

    start_K: Temperature = Field(description="temperature in K of the crystal and of the glass")
    peak_K: Temperature = Field(description="temperature in K of the hold")
    ramp_K_per_ps: Rate = Field(description="heating and cooling rate in K/ps")
    holds_ps: Annotated[tuple[Duration, ...], Field(min_length=1)] = Field(
        description="lengths of the hold in ps, one glass per framework and hold"
    )
    cubic_ps: Duration = Field(description="first part of the hold in ps, which drives the box to a cube")
    final_hold_ps: Duration = Field(description="time at start_K after cooling in ps")
    frame_interval_ps: Duration = Field(description="time between stored frames in ps")
    slow_ramp_K_per_ps: Rate = Field(description="rate in K/ps of the check of the ramp rate")
    slow_hold_ps: Duration = Field(description="hold in ps of the check of the ramp rate")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        _peak_above("annealing", self.peak_K, self.start_K)
        if self.cubic_ps >= min(self.holds_ps):
            raise InputError(
                "configuration: annealing.cubic_ps must be shorter than the shortest of annealing.holds_ps."
            )
        return self


class Liquid(Section):
    """Crystal to liquid by melting and cooling to the liquid's temperature."""

    peak_K: Temperature = Field(description="temperature in K at which the crystal melts")
    peak_hold_ps: Duration = Field(description="time at peak_K in ps")
    temperature_K: Temperature = Field(description="temperature in K of the liquid")
    ramp_K_per_ps: Rate = Field(description="heating and cooling rate in K/ps")
    equilibration_ps: Duration = Field(description="time at temperature_K in ps")
    frame_interval_ps: Duration = Field(description="time between stored frames in ps")
    replicas: Count = Field(description="number of independent liquids per framework")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        _peak_above("liquid", self.peak_K, self.temperature_K)
        return self


class SampledPhase(Section):
    """Simulations of one phase at constant temperature."""

    temperatures_K: Temperatures = Field(description="temperatures in K; the first is the reference")
    enthalpy_temperatures_K: MoreTemperatures = Field(
        description="further temperatures in K, for the enthalpy only"
    )
    replicas: Count | None = Field(
        default=None,
        description="number of independent runs of a crystal; left out for what annealing or liquid makes",
    )
    production_ps: Duration = Field(description="length of the sampled part in ps")


class Sampling(Section):
    """Simulations at constant temperature of every phase."""

    equilibration_ps: Duration = Field(description="time left out at the start in ps")
    frame_interval_ps: Duration = Field(description="time between stored frames in ps")
    enthalpy_replicas: Count = Field(
        description="number of independent runs at each temperature that serves the enthalpy only"
    )
    phases: dict[Text, SampledPhase] = Field(description="settings by phase")


class Compression(Section):
    """Simulations at raised pressure, for the bulk modulus."""

    phase: Text = Field(description="the phase to compress, which Table I describes")
    temperature_K: Temperature = Field(description="temperature in K, one of those sampled")
    pressures_bar: Annotated[tuple[Number, ...], Field(min_length=1, json_schema_extra=UNIQUE), DISTINCT] = (
        Field(description="pressures in bar")
    )
    equilibration_ps: Duration = Field(description="time left out at the start in ps")
    production_ps: Duration = Field(description="length of the sampled part in ps")


class Coexistence(Section):
    """Boxes of crystal beside disordered phase, for every transition."""

    supercell: SupercellKey = Field(description="which of a framework's supercells")
    melt_K: Temperature = Field(description="temperature in K up to which one half is heated")
    melt_ps: Duration = Field(description="duration of this ramp in ps")
    relax_ps: Duration = Field(description="time at interface_K before and after it in ps")
    duration_ps: Duration = Field(description="length of every run in ps")
    frame_interval_ps: Duration = Field(description="time between stored frames in ps")
    replicas: Count = Field(description="number of independent interfaces")


class ForceFieldScan(Section):
    """Short simulations of the crystals with variants of the force field."""

    base: Name = Field(description="force field that the variants override, a file in config/forcefields")
    variants: Annotated[dict[Name, dict[str, Any]], Field(min_length=1)] = Field(
        description="overrides of the base, entries of a force field file, by variant name"
    )
    scanned: Names = Field(description="names of the variants to run")
    supercell: SupercellKey = Field(description="which of a framework's supercells")
    barostats: Annotated[
        tuple[Literal["isotropic", "anisotropic"], ...],
        Field(min_length=1, json_schema_extra=UNIQUE),
        DISTINCT,
    ] = Field(description="how the box may change")
    temperatures_K: dict[Text, Temperatures] = Field(description="temperatures in K by framework")
    glasses: dict[Text, Names] = Field(
        description="variants that are annealed into glasses too, and the frameworks that these start from"
    )
    equilibration_ps: Duration = Field(description="time left out at the start in ps")
    production_ps: Duration = Field(description="length of the sampled part in ps")
    frame_interval_ps: Duration = Field(description="time between stored frames in ps")
    bond_interval_ps: Duration = Field(
        description="time between the frames that bonds are followed in, ps; a multiple of frame_interval_ps"
    )
    replicas: Count = Field(description="number of independent runs")


class Production(Section):
    """Long simulations above and just below every transition."""

    supercell: SupercellKey = Field(description="which of a framework's supercells")
    frame_interval_ps: Duration = Field(description="time between stored frames in ps")
    replicas: Count = Field(description="number of independent runs at transition_K, of each size of box")
