"""Write an interactive view of a transition: one HTML file with its data, for any browser, offline."""

from pathlib import Path

from zifmelt.config import DISORDERED
from zifmelt.environments.classify import Classification
from zifmelt.figures.viewer import write_viewer
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    params = snakemake.params
    classification = Classification.load(snakemake.input.classified)
    write_viewer(
        Path(snakemake.input.trajectory).parent,
        classification,
        [name for name in classification.classes if name not in DISORDERED],
        params.title,
        params.stick_A,
        params.most_frames,
        snakemake.output[0],
    )
