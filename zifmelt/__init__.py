"""zifmelt: how zeolitic imidazolate frameworks lose their order when heated."""

__version__ = "0.1.0"
