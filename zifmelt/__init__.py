"""zifmelt: how zeolitic imidazolate frameworks lose their order when heated."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .external.classify import classify_trajectory as classify_trajectory

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Offer `classify_trajectory` without loading what it needs before it is asked for."""
    if name == "classify_trajectory":
        from .external.classify import classify_trajectory

        return classify_trajectory
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
