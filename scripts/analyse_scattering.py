"""Total scattering S(Q) and D(r) of one run, for neutrons and X-rays."""

from pathlib import Path

from zifmelt.files import write_table
from zifmelt.properties.run_scattering import analyse_scattering
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    folder, settings = Path(snakemake.input.topology).parent, snakemake.params.settings
    factors, correlations = analyse_scattering(
        folder, snakemake.input.rdf, settings["q_max_per_A"], settings["q_step_per_A"]
    )
    write_table(snakemake.output.factors, factors)
    write_table(snakemake.output.correlations, correlations)
