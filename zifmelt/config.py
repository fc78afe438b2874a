"""Names of the disordered phases of the published study."""

DISORDERED = ("ZIF_a", "ZIF_liq")
"""Names of the glass and of the liquid, the phases that every framework can turn into."""
