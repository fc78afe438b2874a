# Configuration, checked before anything runs, and the helper functions that rules use. No rules here.
import os
import re
import sys
from types import SimpleNamespace

# Jobs import the library of this checkout, also in environments that it is not installed in.
sys.path.insert(0, workflow.basedir)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [workflow.basedir, os.environ.get("PYTHONPATH")]))

from snakemake.exceptions import WorkflowError

from zifmelt.campaign import PARTICLES_PER_ZN, Campaign
from zifmelt.configuration import Configuration
from zifmelt.dynamics.cost import memory_mb
from zifmelt.dynamics.plan import cost_table, runtime_of, settings_of
from zifmelt.dynamics.protocol import plain_segments
from zifmelt.errors import InputError
from zifmelt.files import read_yaml
from zifmelt.input_files import check_input_files

if not Path("config/config.yaml").is_file():
    raise WorkflowError(
        f"{Path.cwd()}: there is no config/config.yaml; start snakemake in the checkout ({workflow.basedir}), or copy its "
        "config/ to where --directory points."
    )

try:
    for configfile in workflow.configfiles:
        read_yaml(configfile)  # Snakemake has read it too, but keeps the last of two equal keys
    campaign = Campaign(Configuration.from_plain(config), workflow.basedir)
    check_input_files(campaign)
    cost_table(campaign)  # lays out every protocol in time steps, which shows intervals that do not fit
except InputError as error:
    raise WorkflowError(str(error)) from None


wildcard_constraints:
    campaign=re.escape(campaign.name),
    forcefield=r"[^/]+",
    framework="|".join(map(re.escape, {**config["frameworks"], **config["transitions"]})),
    phase="|".join(map(re.escape, campaign.phases)),
    supercell=r"\d+x\d+x\d+",
    temperature=r"[\d.]+",
    pressure=r"-?[\d.]+",
    barostat=r"isotropic|anisotropic",
    replica=r"\d+",
    classifier="paper|extended",
    trajectory="|".join(map(re.escape, campaign.runs.paths)),


def forcefield_file(wildcards):
    """Path of the force field that a path's wildcards name: a shipped one or a variant of the scan."""
    if wildcards.forcefield in config["forcefield_scan"]["variants"]:
        return f"results/{wildcards.campaign}/forcefields/{wildcards.forcefield}.yaml"
    return f"config/forcefields/{wildcards.forcefield}.yaml"


def any_of(stage):
    """Pattern of the paths of a stage's runs; matches nothing if there are none."""
    return "|".join(map(re.escape, campaign.runs.select(stage=stage).paths)) or "(?!)"


def dynamics_input(wildcards):
    """Start, topology and force field of a run: a built structure, or the final state of another run."""
    run = campaign.runs[wildcards.trajectory]
    results = f"results/{wildcards.campaign}"
    structure = f"{results}/structures/{run.variant}/{run.framework}/{run.supercell}"
    return {
        "data": f"{structure}/system.data" if run.start is None else f"{results}/md/{run.start}/final.data",
        "topology": f"{structure}/topology.pdb",
        "forcefield": forcefield_file(SimpleNamespace(campaign=wildcards.campaign, forcefield=run.variant)),
    }


def dynamics_protocol(wildcards):
    """Protocol of a run as plain values, so that changing it runs the job again."""
    return plain_segments(campaign.runs[wildcards.trajectory].segments)


def dynamics_settings(wildcards):
    """Settings of a run as plain values, without the hardware."""
    return settings_of(campaign, campaign.runs[wildcards.trajectory])


def dynamics_runtime_minutes(wildcards, threads):
    """Time limit of a run; when it is met, the next attempt goes on from the last checkpoint."""
    return runtime_of(campaign, campaign.runs[wildcards.trajectory], threads)


def dynamics_memory_mb(wildcards):
    """Memory of a run."""
    particles = PARTICLES_PER_ZN * campaign.runs[wildcards.trajectory].n_zn
    return memory_mb(particles, config["hardware"]["mpi_ranks"])
