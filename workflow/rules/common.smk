# Configuration, checked before anything runs, and the helper functions that rules use. No rules here. The rules share the
# campaign with its table of simulations (`campaign.runs`) and the functions below, and nothing else.
import os
import re
import sys
from pathlib import Path

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

try:
    for configfile in workflow.configfiles:
        read_yaml(configfile)  # Snakemake has read it too, but keeps the last of two equal keys
    campaign = Campaign(Configuration.from_plain(config), workflow.basedir)
    check_input_files(campaign)
    cost_table(campaign)  # lays out every protocol in time steps, which shows intervals that do not fit
except InputError as error:
    raise WorkflowError(str(error)) from None


def one_of(names):
    """Pattern of some names; matches nothing if there are none."""
    return "|".join(map(re.escape, names)) or "(?!)"


wildcard_constraints:
    campaign=re.escape(campaign.name),
    forcefield=r"[^/]+",
    framework=one_of(campaign.frameworks),
    transition=one_of(campaign.config.transitions),
    supercell=r"\d+x\d+x\d+",
    classifier=one_of(campaign.classifiers),
    simulation=one_of(campaign.runs.paths),


def run_files(*names):
    """Files of one simulation's run folder by name; whatever reads frames needs trajectory, topology and provenance."""
    endings = {"trajectory": "xtc", "topology": "pdb", "thermo": "csv", "final": "data", "provenance": "json"}
    return {name: f"results/{{campaign}}/md/{{simulation}}/{name}.{endings[name]}" for name in names}


def md(runs, file):
    """A file of the run folder of each of some simulations."""
    return [f"results/{{campaign}}/md/{path}/{file}" for path in runs.paths]


def frames(runs):
    """The files that frames of some simulations are read from, named as a script asks for them."""
    return {
        "trajectory": md(runs, "trajectory.xtc"),
        "topology": md(runs, "topology.pdb"),
        "provenance": md(runs, "provenance.json"),
    }


def analysed(runs, file):
    """A file of the analysis of each of some simulations."""
    return [f"results/{{campaign}}/analysis/{path}/{file}" for path in runs.paths]


def classified(runs, file=f"{campaign.config.classifier}.npz"):
    """A file of the classification of each of some simulations; by the campaign's classifier if none is named."""
    return [f"results/{{campaign}}/classified/{path}/{file}" for path in runs.paths]


def table(name, caption, category):
    """A table of the report."""
    return report(
        f"results/{{campaign}}/tables/{name}.csv", caption=f"../report/{caption}.rst", category=category
    )


def figure(name, caption, category):
    """The files of a figure: for the report, for a paper, for a slide, and the plotted numbers."""
    stem = f"results/{{campaign}}/figures/{name}"
    return {
        "svg": report(f"{stem}.svg", caption=f"../report/{caption}.rst", category=category),
        "pdf": f"{stem}.pdf",
        "png": f"{stem}.png",
        "numbers": f"{stem}.csv",
    }


def by_transition(*numbers):
    """Names of a kind of figure: the paper's numbers for the first transitions, any further one's own name."""
    names = list(campaign.config.transitions)
    return dict(zip([*numbers, *names[len(numbers) :]], names))


def structure_of(framework):
    """Path of a framework's crystal structure."""
    return campaign.config.frameworks[framework].structure


def forcefield_of(wildcards, name):
    """Path of a force field: a shipped one or a variant of the scan."""
    if name in campaign.config.forcefield_scan.variants:
        return f"results/{wildcards.campaign}/forcefields/{name}.yaml"
    return f"config/forcefields/{name}.yaml"
