"""Draw Fig. S3: box plots of the symmetry functions in the four phases."""

from zifmelt.environments.database import Database
from zifmelt.environments.symmetry_functions import SymmetryFunctions
from zifmelt.figures.figS3_symmetry_functions import plot_symmetry_functions
from zifmelt.figures.plot import save_plot
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    functions = SymmetryFunctions.from_config(snakemake.params.functions)
    plot = plot_symmetry_functions(Database.load(snakemake.input.database), functions)
    save_plot(plot, snakemake.output.svg)
