"""Rank candidate symmetry functions by how well they tell the sampled phases apart.

Inputs: run folders. Output: CSV with one chosen function per row, radial ones first: function, separation
(Fisher's criterion of all chosen so far) and mutual_information_bits (of this one alone).
"""

from pathlib import Path

from zifmelt.environments.database import SampledRun, share_configurations
from zifmelt.environments.ranking import rank_candidates
from zifmelt.files import write_table
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    params = snakemake.params
    counts = share_configurations(params.configurations, params.phases)
    folders = [Path(path).parent for path in snakemake.input]
    described = zip(folders, params.phases, params.origins, params.temperatures_K, counts, strict=True)
    runs = [SampledRun(*values) for values in described]
    write_table(snakemake.output[0], rank_candidates(runs, params.cutoff_A))
