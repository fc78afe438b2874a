# Configuration, checked before anything runs, and the helper functions that rules use. No rules here.
import re
import sys

sys.path.insert(0, str(Path(workflow.basedir) / "scripts"))

from snakemake.exceptions import WorkflowError
from snakemake.utils import validate

from zifmelt.campaign import Campaign
from zifmelt.config import check_consistency, explain
from zifmelt.errors import InputError

try:
    validate(config, "../schemas/config.schema.yaml")
    check_consistency(config)
    campaign = Campaign(config, workflow.basedir)
    campaign.runs
except InputError as error:
    raise WorkflowError(str(error)) from None
except WorkflowError as error:
    raise WorkflowError(explain(error.__context__)) from None


wildcard_constraints:
    run=re.escape(config["run"]["name"]),
    forcefield=r"[^/]+",
    framework="|".join(map(re.escape, campaign.frameworks)),
    phase="|".join(map(re.escape, campaign.phases)),
    supercell=r"\d+x\d+x\d+",
    temperature=r"[\d.]+",
    pressure=r"-?[\d.]+",
    barostat=r"isotropic|anisotropic",
    replica=r"\d+",
    classifier="paper|extended",
    trajectory="|".join(map(re.escape, campaign.runs)),


def forcefield_file(wildcards):
    """Path of the force field that a path's wildcards name: a shipped one or a variant of the scan."""
    if wildcards.forcefield in config["forcefield_scan"]["variants"]:
        return f"results/{wildcards.run}/forcefields/{wildcards.forcefield}.yaml"
    return f"config/forcefields/{wildcards.forcefield}.yaml"
