"""Draw the enthalpy of all phases against temperature, and relative to the disordered branch."""

from zifmelt.figures.enthalpy_of_phases import plot_enthalpies, tabulate_enthalpies
from zifmelt.figures.plot import save_plot
from zifmelt.files import read_table
from zifmelt.scripting import logged
from zifmelt.thermodynamics.enthalpy_fit import load_fits

with logged(snakemake.log[0]):
    runs, curves = read_table(snakemake.input.enthalpies), read_table(snakemake.input.curves)
    _, disordered = load_fits(snakemake.input.fits)
    numbers = tabulate_enthalpies(runs, curves, disordered)
    save_plot(plot_enthalpies(numbers), snakemake.output.svg)
