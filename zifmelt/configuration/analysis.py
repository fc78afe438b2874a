"""Sections of the configuration that say how the simulations are analysed."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ..errors import InputError
from .base import (
    AsWritten,
    Count,
    Distance,
    Duration,
    Fraction,
    LimitOfFraction,
    NotNegative,
    Positive,
    Section,
    Share,
    Supercell,
    Temperature,
    Text,
)

Order = Annotated[int, Field(strict=True, ge=1, le=4)]


class Database(Section):
    """Labelled Zn environments."""

    configurations: dict[Text, Annotated[int, Field(strict=True, ge=2)]] = Field(
        description="number of configurations by phase"
    )
    learning_curve_shares: Annotated[tuple[Share, ...], Field(min_length=1)] = Field(
        description="parts of the database that the learning curve trains on"
    )


class RadialFunction(Section):
    """A function of distances, eq. 2."""

    eta_per_A2: NotNegative = Field(description="width parameter in 1/angstrom^2")
    r_s_A: NotNegative = Field(description="centre in angstrom")


class AngularFunction(Section):
    """A function of angles, eq. 3."""

    eta_per_A2: NotNegative = Field(description="width parameter in 1/angstrom^2")
    lambda_: Annotated[Literal[-1, 1], Field(alias="lambda")] = Field(
        alias="lambda", description="sign of the cosine"
    )
    zeta: AsWritten[Annotated[float, Field(strict=True, ge=1)]] = Field(description="exponent")


class SymmetryFunctionSet(Section):
    """The functions of eqs. 2 and 3, of Zn around Zn."""

    cutoff_A: Distance = Field(description="cutoff radius in angstrom")
    radial: Annotated[tuple[RadialFunction, ...], Field(min_length=1)] = Field(description="radial functions")
    angular: Annotated[tuple[AngularFunction, ...], Field(min_length=1)] = Field(
        description="angular functions"
    )


class Environments(Section):
    """Features of a Zn environment."""

    interval_ps: Duration = Field(description="time in ps between the frames that are classified")
    window_frames: Count = Field(description="odd number of frames that the extended features average over")
    shell_cutoff_A: Distance = Field(
        description="distance in angstrom of the neighbours that the extended features average over"
    )
    symmetry_functions: SymmetryFunctionSet = Field(description="the functions of eqs. 2 and 3")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.shell_cutoff_A > self.symmetry_functions.cutoff_A:
            raise InputError(
                "configuration: environments.shell_cutoff_A must not exceed"
                " environments.symmetry_functions.cutoff_A."
            )
        if self.window_frames % 2 == 0:
            raise InputError("configuration: environments.window_frames must be odd.")
        return self


class Network(Section):
    """Architecture and training of a classifier."""

    features: Literal["symmetry_functions", "extended"] = Field(description="what describes a Zn environment")
    hidden: Annotated[tuple[Count, ...], Field(min_length=1)] = Field(description="sizes of hidden layers")
    members: Count = Field(description="networks whose probabilities are averaged")
    class_weights: Literal["as_sampled", "balanced"] = Field(
        description="whether environments or phases count the same"
    )
    learning_rate: Positive = Field(description="learning rate at the start")
    weight_decay: NotNegative = Field(description="weight decay of the optimiser")
    batch_rows: Count = Field(description="environments per optimisation step")
    steps: Count = Field(description="optimisation steps")


class Classifiers(Section):
    """Networks that classify Zn environments."""

    paper: Network = Field(description="the paper's network")
    extended: Network = Field(description="a larger one on more features")


class Thermodynamics(Section):
    """Analysis of coexistence, enthalpy and free energy."""

    relaxation_ps: NotNegative = Field(description="time in ps left out at the start of a coexistence run")
    smoothing_ps: Duration = Field(
        description="length in ps of the running mean that finds when growth lasts"
    )
    fraction_limits: tuple[LimitOfFraction, LimitOfFraction] = Field(
        description="disordered fractions between which growth is measured"
    )
    confidence: Fraction = Field(description="level of confidence intervals, between 0 and 1")
    interface_contrast: AsWritten[Annotated[float, Field(strict=True, ge=-1, le=1)]] = Field(
        description="least difference of the disordered share between the halves of an interface box"
    )
    closest_A: dict[Literal["Zn-Zn", "Zn-N", "N-N"], Distance] = Field(
        description="distance in angstrom below which a pair of elements overlaps"
    )
    enthalpy_order: Order = Field(description="highest degree of enthalpy against temperature")
    glass_transition_K: Temperature = Field(
        description="temperature in K at which the disordered branch changes its slope"
    )
    reference_K: Temperature = Field(description="temperature in K at which two crystals are compared")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        low, high = self.fraction_limits
        if low >= high:
            raise InputError(
                f"configuration: thermodynamics.fraction_limits is [{low}, {high}]; the first must be below"
                " the second."
            )
        return self


class Thresholds(Section):
    """Fractions that mark stages of a transition."""

    onset: Fraction = Field(description="disordered fraction at which a transition begins")
    completion: Fraction = Field(description="disordered fraction at which it is complete")
    class_onset: Fraction = Field(description="fraction of one class at which this class has arrived")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.onset >= self.completion:
            raise InputError(
                f"configuration: mechanism.thresholds.onset is {self.onset}; it must be below"
                f" mechanism.thresholds.completion, {self.completion}."
            )
        return self


class Mechanism(Section):
    """Analysis of bonds, rings, clusters and lability."""

    bond_form_A: Distance = Field(description="distance in angstrom below which a Zn-N bond forms")
    bond_break_A: Distance = Field(description="distance in angstrom beyond which it is broken")
    bond_persistence_ps: NotNegative = Field(description="least time in ps that a change of bonds must last")
    zinc_neighbours_A: Distance = Field(description="distance in angstrom up to which two Zn are neighbours")
    structure_interval_ps: Duration = Field(
        description="time in ps between frames for rings, clusters and local density"
    )
    ring_max_size: Annotated[int, Field(strict=True, ge=3, le=20)] = Field(
        description="largest ring looked for, in Zn"
    )
    profile_bins: Count = Field(description="number of bins of the density profiles per unit cell")
    extent_bins: Count = Field(description="number of bins of the cluster size")
    folding: dict[Text, Supercell] = Field(
        description="cell that ligand sites are folded onto, by framework, in unit cells along a, b and c"
    )
    thresholds: Thresholds = Field(description="fractions that mark stages of a transition")
    viewer_frames: Count = Field(description="number of frames of the interactive view")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.bond_break_A <= self.bond_form_A:
            raise InputError(
                "configuration: mechanism.bond_break_A must be larger than mechanism.bond_form_A."
            )
        return self


class Properties(Section):
    """Structure of the phases."""

    r_max_A: Distance = Field(description="range of the radial distribution functions in angstrom")
    bin_width_A: Distance = Field(description="bin width in angstrom of the radial distribution functions")
    angle_bin_degrees: Positive = Field(description="bin width in degrees of the angle distributions")
    bond_cutoff_A: Distance = Field(description="distance in angstrom within which N are bonded to a Zn")
    coordination_radius_A: Distance = Field(
        description="distance in angstrom at which the running integral of Zn-N is read off"
    )
    most_frames: Count = Field(description="frames per run that distributions are averaged over")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for key in ("bin_width_A", "bond_cutoff_A", "coordination_radius_A"):
            if getattr(self, key) >= self.r_max_A:
                raise InputError(
                    f"configuration: properties.{key} is {getattr(self, key)} A; it must be below"
                    f" properties.r_max_A, {self.r_max_A} A."
                )
        return self


class MeasuredCurve(Section):
    """A measured curve to draw on top."""

    phase: Text = Field(description="phase that was measured")
    radiation: Literal["neutron", "xray"] = Field(description="radiation used")
    function: Literal["S", "D"] = Field(description="which function the file holds")
    file: Text = Field(description="path of two columns, Q (1/angstrom) and S, or r (angstrom) and D")


class Scattering(Section):
    """Total scattering."""

    q_max_per_A: Positive = Field(description="largest momentum transfer in 1/angstrom")
    q_step_per_A: Positive = Field(description="step of the momentum transfer in 1/angstrom")
    measured: tuple[MeasuredCurve, ...] = Field(description="measured curves to draw on top")
