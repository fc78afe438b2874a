"""Draw Fig. S4: among disordered zinc, the fraction called liquid, against temperature."""

from zifmelt.figures.figS4_liquid_fraction import plot_liquid_fraction, tabulate_liquid_fraction
from zifmelt.figures.plot import save_plot
from zifmelt.scripting import files_of, logged

with logged(snakemake.log[0]):
    params = snakemake.params
    files = {name: files_of(params.runs, snakemake.input[name]) for name in params.names}
    runs = [
        {
            "temperature_K": run.temperature_K,
            "phase": run.phase,
            "sampled": run.path in params.sampled,
            "files": {name: paths[run] for name, paths in files.items()},
        }
        for run in files[params.names[0]]
    ]
    numbers = tabulate_liquid_fraction(
        runs, params.equilibration_ps, params.names, params.disordered, params.liquids
    )
    save_plot(plot_liquid_fraction(numbers), snakemake.output.svg)
