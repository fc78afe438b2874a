"""Write a variant of a force field as a small file that overrides its base."""

from zifmelt.forcefield.files import make_variant
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    make_variant(
        base_path=snakemake.input.base,
        overrides=snakemake.params.overrides,
        name=snakemake.wildcards.variant,
        path=snakemake.output.forcefield,
    )
