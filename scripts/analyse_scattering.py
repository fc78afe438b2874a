"""Total scattering S(Q) and D(r) of one run, for neutrons and X-rays."""

from pathlib import Path

from zifmelt.configuration import Scattering
from zifmelt.files import write_table
from zifmelt.properties.run_scattering import analyse_scattering
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    section = Scattering.from_plain(snakemake.params.scattering)
    folder = Path(snakemake.input.topology).parent
    factors, correlations = analyse_scattering(
        folder, snakemake.input.rdf, section.q_max_per_A, section.q_step_per_A
    )
    write_table(snakemake.output.factors, factors)
    write_table(snakemake.output.correlations, correlations)
