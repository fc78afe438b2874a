"""Rank candidate symmetry functions by how well they tell the sampled phases apart.

Output: CSV with one chosen function per row, radial ones first: function, separation
(Fisher's criterion of all chosen so far) and mutual_information_bits (of this one alone).
"""

from zifmelt.environments.database import SampledRun, share_configurations
from zifmelt.environments.ranking import rank_candidates
from zifmelt.files import write_table
from zifmelt.scripting import logged, run_folders

with logged(snakemake.log[0]):
    params = snakemake.params
    folders = run_folders(params.runs, snakemake.input.trajectory)
    phases = [run.phase for run in folders]
    # A sixth of the database, at least one configuration of every run, is enough to rank by.
    wanted = {phase: max(count // 6, phases.count(phase)) for phase, count in params.configurations.items()}
    sampled = [
        SampledRun(folder, run.phase, run.path, run.temperature_K, count)
        for (run, folder), count in zip(folders.items(), share_configurations(wanted, phases), strict=True)
    ]
    write_table(snakemake.output.ranking, rank_candidates(sampled, params.cutoff_A))
