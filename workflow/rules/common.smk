# Configuration, checked before anything runs, and the helper functions that rules use. No rules here. The rules share the
# campaign with its table of simulations (`campaign.runs`) and the functions below, and nothing else.
import os
import re
import sys
from pathlib import Path

# Jobs import the library of this checkout, also in environments that it is not installed in.
sys.path.insert(0, workflow.basedir)
os.environ.update(PYTHONPATH=os.pathsep.join(filter(None, [workflow.basedir, os.environ.get("PYTHONPATH")])))

from snakemake.exceptions import WorkflowError

from zifmelt.campaign import Campaign
from zifmelt.configuration import Configuration
from zifmelt.dynamics.plan import boxes_of, hardware_of, runtime_of, settings_of, told_cost
from zifmelt.dynamics.protocol import plain_segments
from zifmelt.errors import InputError
from zifmelt.files import read_yaml
from zifmelt.input_files import check_input_files
from zifmelt.memory import asked_MB
from zifmelt.patterns import one_of
from zifmelt.runs import is_archived
from zifmelt.usage import told_usage

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
    told_cost(campaign)  # lays out every protocol in time steps, which shows intervals that do not fit
except InputError as error:
    raise WorkflowError(str(error)) from None


def memory(rule):
    """Memory of a rule's jobs, MB: twice as much at the second attempt, and so on."""
    return lambda wildcards, attempt: attempt * asked_MB(campaign, rule, wildcards.get("classifier", "all"))


def by_transition(*numbers):
    """Names of a kind of figure: the paper's numbers for the first transitions, any further one's own name."""
    names = list(campaign.config.transitions)
    return dict(zip([*numbers, *names[len(numbers) :]], names))


def transition_of(wildcards):
    """The transition that Fig. 5, 7, S6, S7 or a further one like them shows."""
    return {**by_transition("fig5", "figS6"), **by_transition("fig7", "figS7")}[wildcards.figure]


wildcard_constraints:
    campaign=re.escape(campaign.name),
    forcefield=r"[^/]+",
    framework=one_of(campaign.frameworks),
    transition=one_of(campaign.config.transitions),
    supercell=r"\d+x\d+x\d+",
    classifier=one_of(campaign.classifiers),
    simulation=one_of(campaign.runs.paths),
    figure=one_of({**by_transition("fig5", "figS6"), **by_transition("fig7", "figS7")}),
    curves="rdf|angles|structure_factor|correlation",


def run_files(*names):
    """Files of one simulation's run folder by name; whatever reads frames needs trajectory, topology and provenance."""
    endings = {"trajectory": "xtc", "topology": "pdb", "thermo": "csv", "final": "data", "provenance": "json"}
    return {name: f"results/{{campaign}}/md/{{simulation}}/{name}.{endings[name]}" for name in names}


def updated(files):
    """Outputs that Snakemake leaves in place for the job to judge: it would delete them before."""
    return {name: update(path) for name, path in files.items()}


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


def frames_of_first(runs):
    """The same of the first of some simulations."""
    return {name: files[0] for name, files in frames(runs).items()}


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


def tables(*names):
    """Finished tables that another one draws on."""
    return [f"results/{{campaign}}/tables/{name}.csv" for name in names]


def figure(name, caption, category):
    """The files of a figure: for the report, for a paper, for a slide, and the plotted numbers."""
    stem = f"results/{{campaign}}/figures/{name}"
    return {
        "svg": report(f"{stem}.svg", caption=f"../report/{caption}.rst", category=category),
        "pdf": f"{stem}.pdf",
        "png": f"{stem}.png",
        "numbers": f"{stem}.csv",
    }


def per_transition(pattern):
    """A file of every transition."""
    return expand(pattern, transition=campaign.config.transitions, allow_missing=True)


def per_classifier(pattern):
    """A file of every classifier."""
    return expand(pattern, classifier=campaign.classifiers, allow_missing=True)


def crystal_of(transition):
    """Framework of the crystal that a transition starts from."""
    return campaign.config.transitions[transition].crystal


def structure_of(framework):
    """Path of a framework's crystal structure."""
    return campaign.config.frameworks[framework].structure


def forcefield_of(wildcards, name):
    """Path of a force field: a shipped one or a variant of the scan."""
    if name in campaign.config.forcefield_scan.variants:
        return f"results/{wildcards.campaign}/forcefields/{name}.yaml"
    return f"config/forcefields/{name}.yaml"


def start_of(wildcards):
    """Start, topology and force field of a simulation: a built structure, or the final state of another one."""
    run = campaign.runs[wildcards.simulation]
    results = f"results/{wildcards.campaign}"
    structure = f"{results}/structures/{run.variant}/{run.framework}/{run.supercell}"
    return {
        "data": f"{structure}/system.data" if run.start is None else f"{results}/md/{run.start}/final.data",
        "topology": f"{structure}/topology.pdb",
        "forcefield": forcefield_of(wildcards, run.variant),
    }


def systems():
    """Folders of the built structures that the campaign starts from, without those of the scan."""
    runs = campaign.runs.select(variant=campaign.config.forcefield)
    folders = (f"structures/{run.variant}/{run.framework}/{run.supercell}" for run in runs)
    return [f"results/{campaign.name}/{folder}" for folder in dict.fromkeys(folders)]


def stage(name):
    """Pattern of the simulations of a stage that may be run: none where all come from an archive, and no archived one."""
    archived = campaign.config.campaign.simulations == "archived"
    paths = [] if archived else campaign.runs.select(stage=name).paths
    return one_of([path for path in paths if not is_archived(f"results/{campaign.name}/md/{path}")])


def watched(runs):
    """The files that tell what happened to the bonds of some simulations; they are read together, by folder."""
    return {
        "events": analysed(runs, "bond_events.csv"),
        "bonds": analysed(runs, "bonds.npz"),
        "lifetimes": analysed(runs, "defect_lifetimes.csv"),
    }


def watched_of(wildcards):
    """The simulations of a transition that the rates of events come from: above its temperature and below."""
    return campaign.production(wildcards.transition) + campaign.production(wildcards.transition, "stable_K")


def results(pattern, **values):
    """Files of this campaign."""
    return expand(f"results/{campaign.name}/{pattern}", **values)
