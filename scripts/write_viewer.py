"""Write an interactive view of a transition: one HTML file with its data, for any browser, offline."""

from pathlib import Path

from zifmelt.environments.classify import Classification
from zifmelt.figures.viewer import write_viewer
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    params = snakemake.params
    write_viewer(
        Path(snakemake.input.trajectory).parent,
        Classification.load(snakemake.input.classified),
        params.crystals,
        params.title,
        params.stick_A,
        params.most_frames,
        snakemake.output[0],
    )
