"""Draw Fig. 5 or S6: fractions of the classes and three-membered rings against time."""

from pathlib import Path

from zifmelt.environments.classify import Classification
from zifmelt.figures.fig5_transition import plot_transition, transition_run
from zifmelt.figures.plot import save_plot
from zifmelt.files import read_table
from zifmelt.mechanism.event_kinetics import load_watched_run
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    files, params = snakemake.input, snakemake.params
    runs = [
        transition_run(
            Path(rings).parent.name,
            Classification.load(classified).thermal_fractions(),
            read_table(rings),
            load_watched_run(Path(events).parent),
        )
        for classified, rings, events in zip(files.classified, files.rings, files.events, strict=True)
    ]
    plot = plot_transition(runs, params.shown, params.zinc_per_cell, params.crystals)
    save_plot(plot, snakemake.output.svg)
