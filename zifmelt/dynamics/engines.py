"""The engines that can simulate a job, and all that the rest of the package needs to know about them."""

from importlib import import_module
from importlib.util import find_spec
from typing import Protocol

from ..errors import InputError
from .job import Job
from .settings import Settings


class Engine(Protocol):
    """What a module ``<name>_engine`` offers.

    It works on the checkpoint folder of a job as `publishing` says, and on nothing else. Its state at a
    checkpoint is its own, so a run ends with the engine that it began with; ``final.data`` can start runs of
    any.
    """

    def simulate(self, job: Job, last: int | None) -> None:
        """Simulate and publish all chunks of a job after number `last` (None: all of them)."""


def engine_of(settings: Settings) -> Engine:
    """Return the engine that the settings name; only this one is imported.

    Raises
    ------
    InputError
        Its Python module is not installed.
    """
    if find_spec(settings.engine) is None:  # the Python modules have the engines' names
        raise InputError(
            f"the engine is {settings.engine}, but there is no Python module of that name; docs/cluster.md "
            "says how to install it."
        )
    return import_module(f".{settings.engine}_engine", __package__)
