"""Draw the growth rate of the disordered phase against temperature, and where it is zero."""

from zifmelt.figures.growth_rates import Growth, plot_growth_rates
from zifmelt.figures.plot import save_plot
from zifmelt.files import read_table
from zifmelt.scripting import logged
from zifmelt.tables.rows import read_paper_values

with logged(snakemake.log[0]):
    files = snakemake.input
    paths = zip(files.rates, files.fit, files.equilibrium, strict=True)
    series = [
        Growth(framework, *(read_table(path) for path in found))
        for framework, found in zip(snakemake.params.frameworks, paths, strict=True)
    ]
    save_plot(plot_growth_rates(series, read_paper_values(files.paper)), snakemake.output.svg)
