"""The configuration as typed, frozen records: one source for checks, schema and documentation."""

from .analysis import (
    Classifiers,
    Database,
    Environments,
    Mechanism,
    Network,
    Properties,
    Scattering,
    SymmetryFunctionSet,
    Thermodynamics,
    Thresholds,
)
from .base import Section
from .simulations import (
    Annealing,
    Coexistence,
    Compression,
    DisorderedPhase,
    Dynamics,
    ForceFieldScan,
    Framework,
    Hardware,
    Liquid,
    Production,
    Sampling,
    Transition,
)
from .whole import Configuration, load_configuration, merged

__all__ = [
    "Annealing",
    "Classifiers",
    "Coexistence",
    "Compression",
    "Configuration",
    "Database",
    "DisorderedPhase",
    "Dynamics",
    "Environments",
    "ForceFieldScan",
    "Framework",
    "Hardware",
    "Liquid",
    "Mechanism",
    "Network",
    "Production",
    "Properties",
    "Sampling",
    "Scattering",
    "Section",
    "SymmetryFunctionSet",
    "Thermodynamics",
    "Thresholds",
    "Transition",
    "load_configuration",
    "merged",
]
