"""Draw Fig. S4: among disordered zinc, the fraction called liquid, against temperature."""

from pathlib import Path

from zifmelt.figures.figS4_liquid_fraction import plot_liquid_fraction, tabulate_liquid_fraction
from zifmelt.figures.plot import save_plot
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    params = snakemake.params
    files = [
        {name: Path(path).with_name(f"{name}.npz") for name in params.names}
        for path in snakemake.input.classified
    ]
    described = zip(params.temperatures_K, params.phases, params.sampled, files, strict=True)
    keys = ("temperature_K", "phase", "sampled", "files")
    runs = [dict(zip(keys, values, strict=True)) for values in described]
    numbers = tabulate_liquid_fraction(runs, params.equilibration_ps, params.names)
    save_plot(plot_liquid_fraction(numbers), snakemake.output.svg)
