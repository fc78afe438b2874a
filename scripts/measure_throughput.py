"""Measure the speed of the configured engine here, for given sizes, and keep it for the cost table."""

from zifmelt.dynamics.settings import settings_from
from zifmelt.dynamics.speeds import MEASURED, cache_path, remember
from zifmelt.dynamics.throughput import measure
from zifmelt.scripting import logged

with logged(snakemake.log[0]) as stream:
    settings = settings_from(snakemake.params.settings)
    for cif, supercell in snakemake.params.boxes:
        result = measure(cif, tuple(supercell), snakemake.input.forcefield, settings)
        remember(cache_path(MEASURED), result)
        print(
            f"{result['particles']} particles: {result['steps_per_second']:.0f} steps/s, "
            f"{result['ns_per_day']:.1f} ns/day",
            file=stream,
            flush=True,
        )
